"""
Tokens for other services in place of a caller's token (the dependent token grant of Globus Auth).
"""

from __future__ import annotations

import logging
import math
import time
import typing as t
from functools import partial
from hashlib import sha256

from globus_core.documents import why_not_bearer
from globus_core.exc import GlobusAPIError, GlobusError, RenewalError, StorageError
from globus_core.leases import renewed_under_lock
from globus_core.printable import safe_repr
from globus_core.token_storage import TokenStorageData
from globus_core.transport import RequestsTransport

from .answers import failure, hasty
from .consents import consent_required, required_elsewhere
from .flights import Flights
from .memory import PAUSE, Memory
from .refusals import UnauthenticatedError

if t.TYPE_CHECKING:
    from globus_core import ConfidentialAppAuthClient
    from globus_core.token_storage import TokenStorage

    from .answers import Limits

    Tokens = dict[str, TokenStorageData]

#: seconds before its expiry from which a token is not used
MARGIN = 60.0
#: what is locked in a storage while tokens are asked for
LOCK = "dependent tokens"
AWAY = "Globus Auth cannot be reached for tokens of other services"
BROKEN = "this service cannot get tokens for other services; its operator can see why"

_log = logging.getLogger("globus_core.resource_server")


class CallersToken(t.NamedTuple):
    """
    The token of one request; it is in no storage, and in no memory that outlives the caller object.
    """

    token: str
    digest: bytes
    identity_id: str

    @safe_repr
    def __repr__(self) -> str:
        return f"<the token of {self.identity_id}>"


class DependentTokens:
    """
    The tokens that a service has for its callers: from memory, from the storage that all workers
    share, from Globus Auth.

    They are kept for each token of a caller, since that is what they depend on: another login of
    the same person may have other consents, and another session.

    :param client: exchanges tokens
    :param storage: where all workers share them, or None
    :param service_scope: the scope of the service, which a login asks for if a consent is missing
    :param limits: how many are remembered in this process, and how long Globus Auth may take
    :param forget: called with the SHA-256 of a token that Globus Auth does not know any more
    """

    def __init__(
        self,
        client: ConfidentialAppAuthClient,
        storage: TokenStorage | None,
        service_scope: str,
        limits: Limits,
        forget: t.Callable[[bytes], None],
    ) -> None:
        self.service_scope = service_scope
        self.environment = getattr(client, "environment", None)
        self.app_name = getattr(client, "app_name", None) or f"service-{client.client_id}"
        self._client = hasty(client, limits.timeout)
        self._whose = f"{client.base_url} {client.client_id} ".encode()
        self._storage = storage
        self._paused_until = 0.0
        #: sends the requests of all clients, so that they share connections
        self.transport = RequestsTransport()
        self._flights = Flights()
        self._memory = Memory["Tokens"](limits.max_entries)
        self._forget = forget

    def get(
        self, caller: CallersToken, scopes: frozenset[str], refused: str | None = None
    ) -> Tokens:
        """
        The tokens that have some scopes, by resource server.

        :param caller: the caller's token
        :param scopes: the scopes, of one resource server or several
        :param refused: a token that a service has refused, so that it is replaced
        :raises ForbiddenError: if a consent is missing, or another login is required
        :raises UnauthenticatedError: if the caller's token is not valid any more
        :raises CheckFailedError: if Globus Auth does not answer
        """
        while True:
            found = _covering(self._memory.get(caller.digest), scopes, refused)
            if found is not None:
                return found
            mine: list[Tokens] = []

            def renew(mine: list[Tokens] = mine) -> None:
                mine.append(self._renewed(caller, scopes, refused))

            self._flights.answer(caller.digest, renew)
            if mine:
                return mine[0]

    def sweep(self) -> int:
        """
        Remove the tokens that nobody can use any more, and return how many there were.

        :raises StorageError: if the storage cannot be read or written
        """
        return 0 if self._storage is None else self._storage.sweep()

    def _renewed(self, caller: CallersToken, scopes: frozenset[str], refused: str | None) -> Tokens:
        found = _covering(self._memory.get(caller.digest), scopes, refused)
        if found is not None:  # the thread before this one has asked
            return found
        if self._storage is None or time.time() < self._paused_until:
            return self._granted(caller, scopes, {}, None)
        try:
            storage = self._storage.for_namespace(self._namespace(caller))
            renew = partial(self._read_or_granted, caller, scopes, refused, storage)
            return renewed_under_lock(storage, LOCK, renew)
        except StorageError as error:
            _log.warning("the storage of dependent tokens cannot be used: %s", error)
            self._paused_until = time.time() + PAUSE
        except RenewalError as error:
            _log.warning("dependent tokens are asked for without a lock: %s", error)
        return self._granted(caller, scopes, {}, None)

    def _read_or_granted(
        self,
        caller: CallersToken,
        scopes: frozenset[str],
        refused: str | None,
        storage: TokenStorage,
        sending: t.ContextManager[None],
    ) -> Tokens:
        stored = storage.get_token_data_by_resource_server()
        found = _covering(stored, scopes, refused)
        if found is not None:
            self._memory.put(caller.digest, stored)
            return found
        with sending:
            return self._granted(caller, scopes, stored, storage)

    def _granted(
        self,
        caller: CallersToken,
        scopes: frozenset[str],
        stored: Tokens,
        storage: TokenStorage | None,
    ) -> Tokens:
        """New tokens, also for what this caller's tokens were used for before."""
        known = {**(self._memory.get(caller.digest) or {}), **stored}
        before = frozenset(scope for data in known.values() for scope in data.scope.split())
        granted = self._asked(caller, scopes, before)
        self._memory.put(caller.digest, {**known, **granted})
        if storage is not None:
            storage.store_token_data_by_resource_server(granted)
        # however soon they expire, there are none that last longer
        found = _covering(granted, scopes, None, margin=-math.inf)
        if found is None:
            had = frozenset(scope for data in granted.values() for scope in data.scope.split())
            raise consent_required(self.service_scope, sorted(scopes - had))
        return found

    def _asked(
        self, caller: CallersToken, scopes: frozenset[str], before: frozenset[str]
    ) -> Tokens:
        try:
            return self._exchanged(caller, scopes | before)
        except GlobusAPIError as error:
            if before <= scopes or required_elsewhere(error, self.service_scope) is None:
                raise self._refusal(caller, error) from error
        except GlobusError as error:
            raise self._refusal(caller, error) from error
        try:  # a consent that is not needed now was withdrawn
            return self._exchanged(caller, scopes)
        except GlobusError as error:
            raise self._refusal(caller, error) from error

    def _exchanged(self, caller: CallersToken, scopes: frozenset[str]) -> Tokens:
        answer = self._client.oauth2_get_dependent_tokens(caller.token, scope=sorted(scopes))
        return {
            name: TokenStorageData(
                resource_server=name,
                identity_id=caller.identity_id,
                scope=token["scope"],
                access_token=token["access_token"],
                refresh_token=None,
                expires_at_seconds=token["expires_at_seconds"],
                token_type=token.get("token_type"),
            )
            for name, token in answer.by_resource_server.items()
        }

    def _refusal(self, caller: CallersToken, error: GlobusError) -> GlobusError:
        required = required_elsewhere(error, self.service_scope)
        if required is not None:
            return required
        if isinstance(error, GlobusAPIError) and _is_of_token(error):
            self._memory.discard(caller.digest)
            self._forget(caller.digest)
            return UnauthenticatedError(
                "the token is expired, revoked or unknown",
                code="Unauthorized",
                error="invalid_token",
                scopes=[self.service_scope],
            )
        return failure(error, AWAY, BROKEN)

    def _namespace(self, caller: CallersToken) -> str:
        return f"dependent-{sha256(self._whose + caller.digest).hexdigest()}"

    @safe_repr
    def __repr__(self) -> str:
        return f"<tokens of {len(self._memory)} callers>"


def _covering(
    tokens: Tokens | None, scopes: frozenset[str], refused: str | None, *, margin: float = MARGIN
) -> Tokens | None:
    """The tokens that together have some scopes and can be used; None if there are not enough."""
    found: Tokens = {}
    left = set(scopes)
    for name, data in (tokens or {}).items():
        had = left & set(data.scope.split())
        if not had:
            continue
        if data.access_token == refused or time.time() + margin >= data.expires_at_seconds:
            return None
        if why_not_bearer(data.access_token, data.token_type) is not None:
            return None
        left -= had
        found[name] = data
    return None if left else found


def _is_of_token(error: GlobusAPIError) -> bool:
    """Whether the caller's token was refused (RFC 6749 section 5.2), not this service's secret."""
    body = error.raw_json
    code = body.get("error") if isinstance(body, dict) else None
    return error.http_status in (400, 401, 403) and code == "invalid_grant"
