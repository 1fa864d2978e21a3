"""
Authorizers made from stored tokens, one for each resource server.
"""

from __future__ import annotations

import time

from globus_core import waiting
from globus_core.arguments import check_has
from globus_core.authorizers import (
    AccessTokenAuthorizer,
    ClientCredentialsAuthorizer,
    RefreshTokenAuthorizer,
)
from globus_core.exc import GlobusAPIError, GlobusSDKUsageError
from globus_core.token_storage.validating_token_storage import (
    MissingTokenError,
    TokenValidationError,
)
from globus_core.transport.deadline import current_deadline

from ._pickling import PickledByApp

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.authorizers import GlobusAuthorizer
    from globus_core.scopes import Scope
    from globus_core.token_storage import TokenStorageData, ValidatingTokenStorage

    from .app import GlobusApp
    from .login_again import LoginAgain


class AuthorizerFactory:
    """
    Makes authorizers and caches them.

    :param token_storage: the validating storage with the tokens
    :ivar app: the app that pickled authorizers refer to, or None
    """

    app: GlobusApp | None = None

    def __init__(self, token_storage: ValidatingTokenStorage) -> None:
        wanted = "a ValidatingTokenStorage"
        check_has(token_storage, "token_storage", ("get_token_data",), wanted)
        self.token_storage = token_storage
        self._authorizers: dict[str, GlobusAuthorizer] = {}

    def store_token_response_and_clear_cache(self, token_res: t.Any) -> None:
        """
        Store the tokens of a new login and clear the cache.

        :param token_res: the token response
        :raises TokenValidationError: if the tokens are not valid; then nothing is stored
        """

        def store() -> None:
            self.token_storage.store_token_response(token_res)
            self.clear_cache()

        waiting.to_the_end(store)

    def clear_cache(self, *resource_servers: str) -> None:
        """
        Remove authorizers from the cache.

        :param resource_servers: the resource servers; none means all
        """
        if not resource_servers:
            self._authorizers = {}
        for resource_server in resource_servers:
            self._authorizers.pop(resource_server, None)

    def get_authorizer(self, resource_server: str) -> GlobusAuthorizer:
        """
        The authorizer for a resource server.

        :param resource_server: the resource server
        :raises TokenValidationError: if the stored tokens are missing or not valid
        """
        known = self.get_cached_authorizer(resource_server)
        if known is not None:
            return known
        made = self._authorizers[resource_server] = self._make(resource_server)
        if self.app is not None and isinstance(made, PickledByApp):
            made.made_by = self.app, resource_server
        return made

    def can_authorize(self, resource_server: str) -> bool:
        """
        Whether the stored tokens for a resource server are valid, so that there is an authorizer.

        :param resource_server: the resource server
        """
        try:
            self.get_authorizer(resource_server)
        except TokenValidationError:
            return False
        return True

    def get_cached_authorizer(self, resource_server: str) -> GlobusAuthorizer | None:
        """
        The cached authorizer for a resource server if it can still be used, or None.

        :param resource_server: the resource server
        """
        known = self._authorizers.get(resource_server)
        return known if known is not None and self._still_good(known) else None

    def _make(self, resource_server: str) -> GlobusAuthorizer:
        raise NotImplementedError(f"{type(self).__name__} does not make authorizers")

    def _still_good(self, authorizer: GlobusAuthorizer) -> bool:
        return True


class ExpiringAuthorizer(PickledByApp, AccessTokenAuthorizer):
    """An access token with its expiry."""

    def __init__(self, access_token: str, expires_at: int) -> None:
        super().__init__(access_token)
        self.expires_at = expires_at


class AccessTokenAuthorizerFactory(AuthorizerFactory):
    """
    For apps without refresh tokens; a token is used until it expires, or is refused.

    :param token_storage: the validating storage with the tokens
    :ivar refused: access tokens that a service did not accept, which count as missing
    """

    def __init__(self, token_storage: ValidatingTokenStorage) -> None:
        super().__init__(token_storage)
        self.refused: set[str] = set()

    def _make(self, resource_server: str) -> GlobusAuthorizer:
        data = self.token_storage.get_token_data(resource_server)
        if data.access_token in self.refused:
            message = f"the access token for {resource_server!r} was refused"
            raise MissingTokenError(message, resource_server)
        return ExpiringAuthorizer(data.access_token, data.expires_at_seconds)

    def _still_good(self, authorizer: GlobusAuthorizer) -> bool:
        if not isinstance(authorizer, ExpiringAuthorizer):
            return False
        return time.time() < authorizer.expires_at and authorizer.access_token not in self.refused


class _WatchedRefreshAuthorizer(PickledByApp, RefreshTokenAuthorizer):
    """
    A refresh token that is recorded when Globus Auth refuses it.

    If that ends the stored login, there is a new one: not after a logout, which removed it before.
    """

    refused: set[str]
    ended: set[str]
    login_again: LoginAgain | None

    _call: object = None  # the last call with a login

    def ensure_valid_token(self) -> None:
        begun, tried = time.monotonic(), self.refresh_token
        try:
            super().ensure_valid_token()
        except GlobusAPIError as error:
            if self.login_again is None or self.ended.isdisjoint((tried, self.refresh_token)):
                raise
            self._log_in_once(self.login_again, error, begun)
            super().ensure_valid_token()  # which reads the new login from the storage

    def _log_in_once(self, login_again: LoginAgain, error: GlobusAPIError, begun: float) -> None:
        call = current_deadline.get()
        if self.made_by is None or not login_again.possible or (call and call is self._call):
            raise error
        self._call = call
        login_again.authorizer(self.made_by[1], error, begun)

    def _remove_refused(self, stored: TokenStorageData | None) -> None:
        self.refused.add(self.refresh_token)  # also if the storage cannot remove it
        if stored is not None and stored.refresh_token == self.refresh_token:
            self.ended.add(self.refresh_token)
        super()._remove_refused(stored)


class RefreshTokenAuthorizerFactory(AuthorizerFactory):
    """
    For apps with refresh tokens; renewed tokens are stored.

    A refresh token that was refused counts as missing, because its login has ended.

    :param token_storage: the validating storage with the tokens
    :param auth_login_client: the client that the tokens were issued to
    :ivar login_again: logs in when Globus Auth ends a login; None leaves that to the caller
    """

    def __init__(self, token_storage: ValidatingTokenStorage, auth_login_client: t.Any) -> None:
        super().__init__(token_storage)
        self.auth_login_client = auth_login_client
        self.login_again: LoginAgain | None = None
        self._refused: set[str] = set()
        self._ended: set[str] = set()  # those of them that the storage still had

    def _make(self, resource_server: str) -> GlobusAuthorizer:
        data = self.token_storage.get_token_data(resource_server)
        if data.refresh_token is None:
            message = f"there is no refresh token for {resource_server!r}"
            raise MissingTokenError(message, resource_server)
        if data.refresh_token in self._refused:
            message = f"the refresh token for {resource_server!r} was refused"
            raise MissingTokenError(message, resource_server)
        made = _WatchedRefreshAuthorizer(
            data.refresh_token,
            self.auth_login_client,
            access_token=data.access_token,
            expires_at=data.expires_at_seconds,
            # not the validating storage: validators may need a token themselves
            token_storage=self.token_storage.token_storage,
            resource_server=resource_server,
            identity_id=self.token_storage.identity_id,
        )
        made.refused, made.ended = self._refused, self._ended
        made.login_again = self.login_again
        return made

    def _still_good(self, authorizer: GlobusAuthorizer) -> bool:
        if getattr(authorizer, "logged_out", False):
            return False
        refresh_token = getattr(authorizer, "refresh_token", None)
        return not self._refused or refresh_token not in self._refused


class EitherTokenAuthorizerFactory(RefreshTokenAuthorizerFactory):
    """
    For apps that use a refresh token where there is one, and else the access token.

    :param token_storage: the validating storage with the tokens
    :param auth_login_client: the client that the tokens were issued to
    :ivar by_access_token: makes the authorizers without a refresh token
    """

    def __init__(self, token_storage: ValidatingTokenStorage, auth_login_client: t.Any) -> None:
        super().__init__(token_storage, auth_login_client)
        self.by_access_token = AccessTokenAuthorizerFactory(token_storage)

    def _make(self, resource_server: str) -> GlobusAuthorizer:
        data = self.token_storage.get_token_data(resource_server)
        if data.refresh_token is None:
            return self.by_access_token._make(resource_server)
        return super()._make(resource_server)

    def _still_good(self, authorizer: GlobusAuthorizer) -> bool:
        if isinstance(authorizer, ExpiringAuthorizer):
            return self.by_access_token._still_good(authorizer)
        return super()._still_good(authorizer)


class ClientCredentialsAuthorizerFactory(AuthorizerFactory):
    """
    For client apps; a token is requested when first needed, and renewed with the secret.

    :param token_storage: the validating storage with the tokens
    :param confidential_client: the client
    :param scope_requirements: the scopes to request, by resource server; read at each use
    """

    def __init__(
        self,
        token_storage: ValidatingTokenStorage,
        confidential_client: t.Any,
        scope_requirements: t.Mapping[str, t.Sequence[Scope]],
    ) -> None:
        super().__init__(token_storage)
        self.confidential_client = confidential_client
        self.scope_requirements = scope_requirements

    def _still_good(self, authorizer: GlobusAuthorizer) -> bool:
        return not getattr(authorizer, "logged_out", False)

    def _make(self, resource_server: str) -> GlobusAuthorizer:
        scopes = self.scope_requirements.get(resource_server)
        if not scopes:
            raise GlobusSDKUsageError(
                f"the app has no scope requirements for {resource_server!r}; add them with "
                "add_scope_requirements"
            )
        try:
            data = self.token_storage.get_token_data(resource_server)
        except MissingTokenError:
            data = None
        return ClientCredentialsAuthorizer(
            self.confidential_client,
            scopes,
            access_token=None if data is None else data.access_token,
            expires_at=None if data is None else data.expires_at_seconds,
            token_storage=self.token_storage.token_storage,
            resource_server=resource_server,
            identity_id=None if data is None else data.identity_id,
        )
