"""
The contract of token storages.
"""

from __future__ import annotations

from globus_core._lazy import forward
from globus_core.locks import Mutexes, held_once

from .data import UNUSED_SECONDS, TokenStorageData, check_bearer

TYPE_CHECKING = False
if TYPE_CHECKING:
    import contextlib
    import typing as t

    from typing_extensions import Self

    from ._made_with import Arguments

    TokenResponse = t.Any  # recognised by its ``by_resource_server``

#: the namespace of storages and apps that choose no other
DEFAULT_NAMESPACE = "DEFAULT"
#: seconds to wait for another renewal of the same token
RENEWAL_LOCK_SECONDS = 120.0


class StorageDescription:
    """
    Where a storage keeps tokens and how they are protected there.

    :param location: a path, a URL without secrets, or ``memory of this process``
    :param protection: in words, such as ``file readable by its owner only``
    :param shared: whether other processes see the stored tokens
    """

    __slots__ = ("location", "protection", "shared")

    def __init__(self, *, location: str, protection: str, shared: bool) -> None:
        self.location = location
        self.protection = protection
        self.shared = shared

    def __repr__(self) -> str:
        if not hasattr(self, "shared"):  # set last
            return "<StorageDescription, not complete>"
        return f"<tokens in {self.location}: {self.protection}>"


class TokenStorage:
    """
    Stores tokens by resource server, separately for each namespace.

    A subclass overrides the four methods on token data and :meth:`describe`, and, if processes can
    share it, :meth:`renewal_lock`. It is safe to share between threads. Storing keeps the tokens of
    other resource servers, and is atomic.

    :param namespace: which tokens this object sees
    :raises GlobusSDKUsageError: if the namespace is not a name, see ``check_namespace``
    :ivar id_token_decoder: decodes ID tokens for :meth:`store_token_response`; None lets the
        response decode them
    """

    #: attributes that hold tokens or belong to one process; a subclass adds its own
    _not_pickled: frozenset[str] = frozenset(("_renewal_locks",))
    #: whether a namespace may have slashes, as ``user/production``: only where it never becomes a
    #: part of a path
    namespaces_have_slashes: t.ClassVar[bool] = False
    #: for subclasses whose constructor does not call the one here
    namespace: str = DEFAULT_NAMESPACE
    id_token_decoder: t.Any = None
    #: the namespace of the server that an app uses this object for, once one does
    _server_namespace: str
    #: what an object was made with, if its class has a constructor of its own
    _made_with: Arguments

    def __init_subclass__(cls, **kwargs: t.Any) -> None:
        super().__init_subclass__(**kwargs)
        if "__init__" in vars(cls) and cls._use_namespace is TokenStorage._use_namespace:
            from ._made_with import remembering

            cls.__init__ = remembering(cls.__init__)  # type: ignore[method-assign]

    def __init__(self, namespace: str = DEFAULT_NAMESPACE) -> None:
        self._check_namespace(namespace)
        self.namespace = namespace
        self.id_token_decoder = None
        self._renewal_locks = Mutexes()

    def __getstate__(self) -> dict[str, t.Any]:
        return {name: value for name, value in vars(self).items() if name not in self._not_pickled}

    def __setstate__(self, state: dict[str, t.Any]) -> None:
        vars(self).update(state)
        self._renewal_locks = Mutexes()

    def in_namespace(self, namespace: str) -> Self:
        """
        This storage for another namespace: the same place, other tokens. Each is closed by itself.

        :param namespace: which tokens the other object sees
        :raises GlobusSDKUsageError: if the namespace is not a name
        """
        return self if namespace == self.namespace else self._copy_in(namespace)

    def _copy_in(self, namespace: str) -> Self:
        self._check_namespace(namespace)
        from copy import copy

        other = copy(self)
        vars(other).pop("_server_namespace", None)  # the namespace of the copy was chosen
        other._use_namespace(namespace)
        return other

    def for_namespace(self, namespace: str) -> Self:
        """
        The tokens of one person, in a program that many people use: this storage for another
        namespace.

        It shares locks and connections with this object, which outlives it, so that it costs
        little: make one for each request, and close it or forget it afterwards.

        :param namespace: such as the id of the person's identity
        :raises GlobusSDKUsageError: if the namespace is not a name
        """
        other = self._copy_in(namespace)
        other._share(self)
        return other

    def _share(self, origin: TokenStorage) -> None:
        """
        Use the locks of another object for the same place; a subclass adds connections, which
        :meth:`close` must then leave open.
        """
        self._renewal_locks = vars(origin).setdefault("_renewal_locks", Mutexes())

    def namespaces(self) -> t.Iterator[str]:
        """
        All namespaces that have tokens, each of them once.

        :raises StorageError: if the storage cannot be read
        """
        raise NotImplementedError(f"{type(self).__name__} does not list its namespaces")

    def sweep(self, *, unused_seconds: float = UNUSED_SECONDS) -> int:
        """
        Remove the tokens that nobody can use any more, in all namespaces, and what is left of
        locks; return how many tokens there were. A program for many people does so once a day.

        These are access tokens that have expired and cannot be renewed, and refresh tokens that
        have not been used for long. Others are left alone, also those that are stored meanwhile.

        :param unused_seconds: how long after its access token has expired a refresh token is kept;
            Globus Auth forgets one that is not used for six months
        :raises StorageError: if the storage cannot be read or written
        """
        from .sweeping import sweep

        return sweep(self, unused_seconds)

    def for_server(self, namespace: str) -> Self:
        """
        This storage for the tokens of one server, as an app uses it that was given the object.

        A namespace that the program has chosen stays. The default one becomes that of the first
        app's server; an app at another server gets an object of its own.

        :param namespace: the namespace for tokens of that server
        """
        if "_server_namespace" not in vars(self) and self.namespace != DEFAULT_NAMESPACE:
            return self
        self._check_namespace(namespace)
        # one step, so that of two threads one is first
        if vars(self).setdefault("_server_namespace", namespace) == namespace:
            self._use_namespace(namespace)
            return self
        other = self.in_namespace(namespace)
        other._server_namespace = namespace
        return other

    def _use_namespace(self, namespace: str) -> None:
        """
        Change the namespace.

        Constructors may make a path or a key of the namespace, so this runs the constructor again.
        A subclass that reads ``self.namespace`` at each use overrides this, and forgets what it has
        read in the old one.
        """
        if namespace == self.namespace:
            return
        made_with = vars(self).get("_made_with")
        if made_with is not None:
            decoder = self.id_token_decoder
            made_with.make_again(self, namespace)
            self.id_token_decoder = decoder
        self.namespace = namespace

    def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None:
        """
        Store tokens, replacing those of the same resource servers and no others.

        :param token_data_by_resource_server: the records by resource server
        :raises StorageError: if they could not be stored
        """
        raise NotImplementedError(f"{type(self).__name__} cannot store")

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        """
        All tokens of the namespace, by resource server.

        :raises StorageError: if the storage cannot be read
        """
        raise NotImplementedError(f"{type(self).__name__} cannot read")

    def get_token_data(self, resource_server: str) -> TokenStorageData | None:
        """
        The tokens of one resource server, or None.

        :param resource_server: the resource server
        :raises StorageError: if the storage cannot be read
        """
        return self.get_token_data_by_resource_server().get(resource_server)

    def remove_token_data(self, resource_server: str) -> bool:
        """
        Remove the tokens of one resource server, and return whether there were any.

        :param resource_server: the resource server
        :raises StorageError: if the storage cannot be written
        """
        raise NotImplementedError(f"{type(self).__name__} cannot remove")

    def replace(self, resource_server: str, expected: str, new: TokenStorageData | None) -> bool:
        """
        Replace or remove a record, only if it is still the expected one; return whether it was.

        A renewal stores by this, so that it does not undo a logout or a new login. This one reads
        and then stores, which is safe only between threads and processes that hold the
        :meth:`renewal_lock`; a storage overrides it to do both in one step.

        :param resource_server: the resource server
        :param expected: the :attr:`~TokenStorageData.revision` that the stored record must have
        :param new: the new record; None removes the old one
        :raises StorageError: if the storage cannot be read or written
        """
        stored = self.get_token_data(resource_server)
        if stored is None or stored.revision != expected:
            return False
        if new is None:
            return self.remove_token_data(resource_server)
        self.store_token_data_by_resource_server({resource_server: new})
        return True

    def describe(self) -> StorageDescription:
        """
        Where the tokens are and how they are protected.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say where it keeps tokens")

    def renewal_lock(
        self, resource_server: str, *, timeout: float = RENEWAL_LOCK_SECONDS
    ) -> contextlib.AbstractContextManager[t.Any]:
        """
        A lock, for a ``with`` block, on the renewal of one resource server's token.

        Storing and reading do not wait for this lock. This one is between threads; a storage that
        processes share overrides it with one between processes.

        :param resource_server: the resource server
        :param timeout: the longest time to wait for it, in seconds
        :raises RenewalError: if this thread already holds it, or it is not free in time
        """
        locks: Mutexes = vars(self).setdefault("_renewal_locks", Mutexes())
        mutex = locks.get((self.namespace, resource_server))
        return held_once(mutex, f"a renewal of the token for {resource_server!r}", timeout)

    def store_token_response(self, token_response: TokenResponse) -> None:
        """
        Store the tokens of a response, with the identity from its ID token.

        :param token_response: the response to a token request
        :raises StorageError: if they could not be stored
        :raises IDTokenError: if there is an ID token and it is not valid
        """
        self._store_response(token_response, None)

    def _store_response(
        self, token_response: TokenResponse, replaced: TokenStorageData | None
    ) -> None:
        """Store a response; a renewal passes the record of the token that it replaces."""
        self.store_token_data_by_resource_server(self._records(token_response, replaced))

    def _records(
        self, token_response: TokenResponse, replaced: TokenStorageData | None
    ) -> dict[str, TokenStorageData]:
        """The records to store for a response."""
        for token in token_response.by_resource_server.values():
            check_bearer(token["access_token"], token.get("token_type"))
        identity_id, extra = self._identity_and_extra(token_response, replaced)
        return {
            resource_server: TokenStorageData(
                resource_server=token["resource_server"],
                identity_id=identity_id,
                scope=token["scope"],
                access_token=token["access_token"],
                refresh_token=token.get("refresh_token"),
                expires_at_seconds=token["expires_at_seconds"],
                token_type=token.get("token_type"),
                extra=dict(extra),
            )
            for resource_server, token in token_response.by_resource_server.items()
        }

    def _identity_and_extra(
        self, token_response: TokenResponse, replaced: TokenStorageData | None
    ) -> tuple[str | None, dict[str, t.Any]]:
        """The identity of the tokens, and the ``extra`` of their records."""
        if getattr(token_response, "keeps_identity", False):
            # The response to a refresh names no identity: it is that of the stored token.
            known = replaced or self._first_stored(token_response.by_resource_server)
            if known is None:
                return None, {}
            check_same_identity(token_response, known.identity_id)
            return known.identity_id, known.extra
        if token_response.get("id_token") is None:
            return None, {}
        claims = self._claims(token_response)
        return str(claims["sub"]), self._kept_claims(claims)

    def _first_stored(self, resource_servers: t.Iterable[str]) -> TokenStorageData | None:
        stored = (self.get_token_data(server) for server in resource_servers)
        return next((data for data in stored if data is not None), None)

    def _claims(self, token_response: TokenResponse) -> t.Any:
        """The claims of the ID token, which each decoder verifies once."""
        decoder = self.id_token_decoder
        if decoder is None:
            return token_response.decode_id_token()
        verified = getattr(token_response, "verified_claims", None)
        known = None if verified is None else verified(decoder)
        return known or decoder.decode(token_response.get("id_token"))

    def _kept_claims(self, claims: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """The claims of an ID token to keep in the ``extra`` of each record."""
        return {}

    def close(self) -> None:
        """
        Close files and connections; stored tokens are kept.
        """

    def _check_namespace(self, namespace: str) -> None:
        if namespace != DEFAULT_NAMESPACE:
            from .names import check_namespace

            check_namespace(namespace, slashes=self.namespaces_have_slashes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def check_same_identity(token_response: TokenResponse, known: str | None) -> None:
    """
    Refuse a renewal whose ID token is of another person (OpenID Connect Core section 12.2).

    :param token_response: the response; one without ``claimed_identity`` names nobody
    :param known: whose token it is; None if that is not known
    :raises IdentityMismatchError: if the response names another one
    :raises IDTokenError: if its ID token cannot be read
    """
    claimed = getattr(token_response, "claimed_identity", None)
    if claimed is None or known is None or claimed == known:
        return
    from .validating_token_storage.errors import IdentityMismatchError

    raise IdentityMismatchError(
        f"a token of the identity {known!r} was renewed, but the answer is of {claimed[:200]!r}",
        known,
        claimed,
    )


if not TYPE_CHECKING:  # where globus-sdk has it; it is a plugin's
    __getattr__, __dir__ = forward(__name__, {"globus_core.token_storage": ("FileTokenStorage",)})
