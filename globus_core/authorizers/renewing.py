"""
Authorizers whose token is renewed: once for all threads and processes that need it.
"""

from __future__ import annotations

import time
from abc import abstractmethod

from globus_core import waiting
from globus_core._log import LazyLogger
from globus_core.arguments import check_functions, check_has, check_numbers, check_texts
from globus_core.exc.base import GlobusError, GlobusSDKUsageError, NotPicklableError, RenewalError
from globus_core.locks import OwnedLock

from ._answers import check_answer, check_record, is_invalid_grant, read, store, usable
from .held_token import EXPIRES_ADJUST_SECONDS, HeldToken

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.exc import GlobusAPIError
    from globus_core.token_storage import TokenStorage, TokenStorageData

    TokenResponse = t.Any  # recognised by its ``by_resource_server``

log = LazyLogger("globus_core.authorizers")

#: seconds that a thread waits for another thread's renewal
RENEWAL_WAIT_SECONDS = 120.0
#: seconds after a failed early renewal before the next one is tried; doubled for each further one
RETRY_EARLY_SECONDS = 10


class RenewingAuthorizer(HeldToken):
    """
    Base of authorizers that renew their access token.

    With a storage, a renewal takes the storage's renewal lock and reads the storage again before it
    calls Globus Auth, so that processes that share the storage renew once; the new token is stored
    before it is used. A renewal only replaces the record that it has read: once that was removed,
    by a logout, a login is required.

    :param access_token: a token to start with; together with ``expires_at``, or neither
    :param expires_at: when that token expires, in UTC epoch seconds
    :param on_refresh: called with each token response; after storing
    :param token_storage: where the token is stored and shared, or None
    :param resource_server: the token's resource server; required with a storage
    :param identity_id: whose token it is, so that no other person's is used if the storage has one
        later; None takes the identity of the record that is read first
    :raises GlobusSDKUsageError: if only one of the token and its expiry is given
    """

    #: attributes that are secret or belong to one process; a subclass adds its own
    _not_pickled: frozenset[str] = frozenset(
        (
            "_early_failures",
            "_expires_at",
            "_header",
            "_own_lock",
            "_refusal",
            "_refused_headers",
            "_running",
            "logged_out",
            "_token",
            "_valid_until",
        )
    )

    # Defaults, so that a subclass need not call __init__, and for what is not pickled.
    on_refresh: t.Callable[[TokenResponse], t.Any] | None = None
    logged_out = False
    _storage: TokenStorage | None = None
    _resource_server: str | None = None
    _identity_id: str | None = None
    _logged_in = False  # whether the storage had a record
    _running: list[GlobusError] | None = None  # the failure of a renewal in progress, if it fails
    _early_failures = 0
    _refusal: GlobusAPIError | None = None  # of the grant whose record was removed for it

    if not TYPE_CHECKING:

        def __class_getitem__(cls, response_class):
            """Allow a subscript for type checkers: the class of the token responses."""
            return cls

    def __init__(
        self,
        access_token: str | None = None,
        expires_at: int | None = None,
        on_refresh: t.Callable[[TokenResponse], t.Any] | None = None,
        *,
        token_storage: TokenStorage | None = None,
        resource_server: str | None = None,
        identity_id: str | None = None,
    ) -> None:
        check_texts(resource_server=resource_server, identity_id=identity_id)
        check_numbers(expires_at=expires_at)
        check_functions(on_refresh=on_refresh)
        if token_storage is not None:
            check_has(token_storage, "token_storage", ("get_token_data",), "a TokenStorage")
        if (access_token is None) != (expires_at is None):
            raise GlobusSDKUsageError("'access_token' and 'expires_at' go together")
        if token_storage is not None and resource_server is None:
            raise GlobusSDKUsageError("'token_storage' needs 'resource_server'")
        self.on_refresh = on_refresh
        self._storage = token_storage
        self._resource_server = resource_server
        self._identity_id = identity_id
        self._logged_in = access_token is not None
        if access_token is not None and expires_at is not None:
            self._use(access_token, expires_at)
        else:
            self.ensure_valid_token()

    # Both are made when they are first needed; setdefault() makes one for all threads.
    @property
    def _lock(self) -> OwnedLock:
        if (made := vars(self).get("_own_lock")) is None:
            made = vars(self).setdefault("_own_lock", OwnedLock("a renewal of this token"))
        lock: OwnedLock = made
        return lock

    @property
    def _refused(self) -> dict[t.Hashable, str]:
        """The headers of a 401, by thread."""
        refused: dict[t.Hashable, str] = vars(self).setdefault("_refused_headers", {})
        return refused

    def __getstate__(self) -> dict[str, t.Any]:
        if self._storage is None:
            raise NotPicklableError(
                f"{type(self).__name__} holds tokens that no storage has, and cannot be pickled; "
                "pass it a token_storage that processes can share, or make it in the other process"
            )
        return {name: value for name, value in vars(self).items() if name not in self._not_pickled}

    def __setstate__(self, state: dict[str, t.Any]) -> None:
        vars(self).update(state)  # the storage is read when a header is first asked for

    def get_authorization_header(self) -> str:
        """
        The Bearer header, with a new token if the current one is about to expire.

        :raises GlobusError: if a new token is needed and cannot be had
        """
        if time.time() < self._valid_until:  # hot path, runs for every request: no further calls
            return self._header
        self.ensure_valid_token()
        return self._header

    def ensure_valid_token(self) -> None:
        """
        Renew the token if it is about to expire or was refused.

        A token that is still valid is used while another thread renews it. A thread that waits for
        a renewal shares its result, a token or an error.

        :raises GlobusError: if a new token is needed and cannot be had
        """
        if self._fresh() or (self._lock.busy and self._usable_for_now()):
            return
        waiting.renewal(self._ensure_fresh)

    def _ensure_fresh(self) -> None:
        awaited = self._running
        with self._lock.held(RENEWAL_WAIT_SECONDS):
            if self._fresh():
                return
            if awaited:
                raise awaited[0]  # another request for each waiting thread would not help
            self._renew_shared(self._renew_or_keep_valid)

    def ensure_valid_for(self, *, hours: float) -> int:
        """
        Renew the token now if it would expire earlier, and return when it expires.

        The server chooses the lifetime of tokens, so the expiry may still be earlier than
        requested.

        :param hours: how long the token has to be valid from now on
        :return: when the token expires, in UTC epoch seconds
        :raises GlobusError: if it has to be renewed and cannot be
        """
        return waiting.renewal(self._ensure_valid_for, hours)

    def _ensure_valid_for(self, hours: float) -> int:
        with self._lock.held(RENEWAL_WAIT_SECONDS):
            end = time.time() + hours * 3600
            if self._expires_before(end):
                asked = self._renew_shared(self._renew_under_lock)
                # One that another process has stored may be newer than ours, but not new enough.
                if not asked and self._expires_before(end):
                    self._renew_shared(self._renew_under_lock)
        return self.expires_at or 0

    def _renew_shared(self, renew: t.Callable[[], bool]) -> bool:
        """Renew, and share a failure with waiting threads; return whether a server was called."""
        from globus_core.steps import renewal

        self._running = failures = []
        try:
            with renewal(self._storage, self._resource_server):
                return renew()
        except GlobusError as error:
            failures.append(error)
            raise
        finally:
            self._running = None

    def handle_missing_authorization(self) -> bool:
        """
        After a 401: have the token renewed before the next request; always returns True.
        """
        self._refuse(self._refused.get(waiting.owner(), self._header))
        return True

    def handle_refused_header(self, header: str) -> bool:
        """
        After a 401: have the token renewed, unless an older one was refused.

        It calls :meth:`handle_missing_authorization`, which a subclass may override.

        :param header: the Authorization header of the refused request
        """
        me = waiting.owner()
        self._refused[me] = header
        try:
            return self.handle_missing_authorization()
        finally:
            del self._refused[me]

    def _refuse(self, header: str) -> None:
        with self._lock.held(RENEWAL_WAIT_SECONDS):
            if header == self._header:
                self.expires_at = None

    def _usable_for_now(self) -> bool:
        return not self._expires_before(time.time())

    def _end(self) -> None:
        """Forget a token whose login has ended."""
        self.logged_out = True
        self._drop()

    # what a subclass says

    @abstractmethod
    def _get_token_response(self) -> TokenResponse:
        """Request a new token."""

    def _extract_token_data(self, res: TokenResponse) -> dict[str, t.Any]:
        """The one token of a response, from its ``by_resource_server``."""
        tokens: dict[str, dict[str, t.Any]] = res.by_resource_server
        if len(tokens) != 1:
            raise RenewalError(
                f"a renewal must return one token, but returned {len(tokens)}: {', '.join(tokens)}"
            )
        (token,) = tokens.values()
        return token

    def _prepare(self, stored: TokenStorageData) -> None:
        """Use what a renewal needs from a stored token, such as its refresh token."""

    def _has_newer_grant(self, stored: TokenStorageData | None) -> bool:
        """Whether a stored token has a grant that was not refused; if so, use it."""
        return False

    def _remove_refused(self, stored: TokenStorageData | None) -> None:
        """Remove a stored token if its grant is the one that was refused, which ends the login."""

    def _before_storing(self, token: dict[str, t.Any]) -> None:
        """Check and complete a new token before it is stored."""

    # renewing

    def _renew_or_keep_valid(self) -> bool:
        """Renew; after a failure a token that is still valid stays in use, and is renewed later."""
        before = self._token
        try:
            return self._renew_under_lock()
        except GlobusError as error:
            came = self._token is not before  # so using the new token failed, not getting it
            if came or not self._usable_for_now():
                raise
            log.warning("renewing a token early failed; it is used while valid: %s", error)
            pause = RETRY_EARLY_SECONDS * 2**self._early_failures
            self._early_failures += 1
            self._valid_until = min(time.time() + pause, float(self.expires_at or 0))
            return True

    def _renew_under_lock(self) -> bool:
        """Renew, unless another process has; return whether a server was called."""
        if self._storage is None or self._resource_server is None:
            self._store_and_use(self._get_token_response(), None)
            return True
        from globus_core.leases import renewed_under_lock

        return renewed_under_lock(self._storage, self._resource_server, self._renew_once)

    def _renew_once(self, sending: t.ContextManager[None]) -> bool:
        """Renew under the storage's lock; requests are sent in a ``with`` block of ``sending``."""
        stored = self._stored()
        if self._use_if_newer(stored):
            return False
        with sending:
            answer = self._ask(stored)
        self._store_and_use(*answer)
        return True

    def _stored(self) -> TokenStorageData | None:
        """
        The stored record, usable or not; None if there has not been one yet.

        :raises LoginRequiredError: if there no longer is one
        :raises IdentityMismatchError: if it is another person's
        """
        stored = read(self._storage, self._resource_server)
        if stored is None and self._refusal is not None:
            raise self._refusal
        try:
            check_record(stored, self._resource_server, self._logged_in, self._identity_id)
        except GlobusError:
            self._end()
            raise
        if stored is not None:
            self._logged_in, self._refusal = True, None
            self._identity_id = self._identity_id or stored.identity_id
        return stored

    def _use_if_newer(self, stored: TokenStorageData | None) -> bool:
        """Use a token that another process has stored meanwhile; return whether there is one."""
        if stored is None or not usable(self._storage, stored):
            return False
        self._prepare(stored)
        fresh = time.time() < stored.expires_at_seconds - EXPIRES_ADJUST_SECONDS
        if not fresh or stored.access_token == self._token:
            return False
        self._use(stored.access_token, stored.expires_at_seconds)
        return True

    def _ask(
        self, stored: TokenStorageData | None
    ) -> tuple[TokenResponse, TokenStorageData | None]:
        """
        Request a token; again if the grant is refused and a newer one was stored meanwhile.

        :return: the response, and the record of the token that it replaces
        """
        from globus_core.exc import GlobusAPIError

        while True:
            try:
                return self._get_token_response(), stored
            except GlobusAPIError as error:
                if not is_invalid_grant(error):
                    raise
                stored = self._stored()
                if not self._has_newer_grant(stored):
                    self._refusal = error
                    self._remove_refused(stored)
                    raise

    def _store_and_use(self, response: TokenResponse, replaced: TokenStorageData | None) -> None:
        """Store a new token, unless the record that it replaces is no longer there, and use it."""
        token = self._extract_token_data(response)
        check_answer(
            response, token, resource_server=self._resource_server, replaced=replaced
        )  # before it is stored or used, so that the old token stays if it is refused
        self._before_storing(token)
        stored = True
        try:
            if self._storage is not None:
                stored = store(self._storage, response, self._resource_server, replaced)
                self._logged_in = True
        finally:
            if stored:  # or storing failed: this token is the only valid one
                self._use(token["access_token"], token["expires_at_seconds"], new=True)
        if not stored:
            self._use_stored()
            return
        if self.on_refresh is not None:
            self.on_refresh(response)

    def _use_stored(self) -> None:
        """Use the token that somebody stored while we asked for one, which is not stored."""
        stored = self._stored()
        if stored is None or not usable(self._storage, stored):
            what = f"the token for {self._resource_server!r}"
            raise RenewalError(f"{what} was replaced during its renewal by one that is not usable")
        self._prepare(stored)
        self._use(stored.access_token, stored.expires_at_seconds)

    def _use(self, access_token: str, expires_at: int, *, new: bool = False) -> None:
        self._hold(access_token, expires_at, new=new)
        self._early_failures = 0
