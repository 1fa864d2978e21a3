"""
Apps that act on behalf of a user.
"""

from __future__ import annotations

import itertools

from globus_core import compose
from globus_core.scopes import ScopeParser
from globus_core.token_storage import (
    HasRefreshTokensValidator,
    NotExpiredValidator,
    ScopeRequirementsValidator,
    UnchangingIdentityIDValidator,
)

from ._config_objects import as_scopes, configured_login_flow
from .app import GlobusApp
from .authorizer_factory import (
    AccessTokenAuthorizerFactory,
    EitherTokenAuthorizerFactory,
    RefreshTokenAuthorizerFactory,
)
from .login_again import LoginAgain

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.gare import GlobusAuthorizationParameters
    from globus_core.token_storage import (
        TokenDataValidator,
        TokenStorageData,
        ValidatingTokenStorage,
    )
    from globus_core.token_storage.validating_token_storage import TokenValidationContext
    from globus_core.transport import RetryCheck

    from .authorizer_factory import AuthorizerFactory


class UserApp(GlobusApp):
    """
    An app that logs a user in.

    With ``client_id`` alone it is a native client, with ``client_secret`` a confidential one.
    Parameters as for GlobusApp.
    """

    @property
    def renews_by(self) -> str | None:
        return "refresh token" if self.config.request_refresh_tokens else None

    def _validators(self) -> list[TokenDataValidator]:
        return [
            self._lasting(),
            ScopeRequirementsValidator(
                self._scope_requirements, _ConsentsOf(self, self._login_client)
            ),
            UnchangingIdentityIDValidator(),
        ]

    def _lasting(self) -> TokenDataValidator:
        if not self.config.request_refresh_tokens:
            return NotExpiredValidator()
        return HasRefreshTokensValidator()

    def _factory(self, token_storage: ValidatingTokenStorage) -> AuthorizerFactory:
        self._login_again = LoginAgain(self)
        self._refused: set[str] = set()
        if not self.config.request_refresh_tokens:
            made = AccessTokenAuthorizerFactory(token_storage)
            made.refused = self._refused
            return made
        renewing = self._renewing_factory(token_storage)
        renewing.login_again = self._login_again
        return renewing

    def _renewing_factory(
        self, token_storage: ValidatingTokenStorage
    ) -> RefreshTokenAuthorizerFactory:
        return RefreshTokenAuthorizerFactory(token_storage, self._login_client)

    def get_client_retry_checks(self) -> list[RetryCheck]:
        """
        Retry checks for clients of this app.
        """
        return [*super().get_client_retry_checks(), self._login_again.make_check()]

    def _refuse_token(self, access_token: str) -> None:
        """
        Have an access token count as missing, because a service did not accept it.

        :param access_token: the token
        """
        self._refused.add(access_token)

    def _set_up_login(self) -> None:
        self._login_flow_manager = configured_login_flow(
            self.config, self.app_name, login_client=self._login_client
        )

    def _checked_storage(self) -> ValidatingTokenStorage:
        checked = super()._checked_storage()
        decoder = checked.id_token_decoder
        if decoder is not getattr(self._login_client, "id_token_decoder", None):
            # the decoder that a program brings decides in its logins as well
            self._login_flow_manager.id_token_decoder = decoder
        return checked

    def _merged(
        self, auth_params: GlobusAuthorizationParameters | None
    ) -> GlobusAuthorizationParameters:
        """
        With the scopes that stored tokens have already, where the login replaces these: one for
        less would take scopes away from other programs with the same login.
        """
        merged = super()._merged(auth_params)
        asked = as_scopes(merged.required_scopes or ())
        stored = self._token_storage.token_storage.get_token_data_by_resource_server()
        names = [scope.scope_string for scope in asked]
        replaced = [data for data in stored.values() if _is_replaced(data, names)]
        kept = itertools.chain.from_iterable(data.scope.split() for data in replaced)
        plain = [scope for scope in kept if _is_plain(scope)]
        scopes = ScopeParser.merge_scopes(asked, as_scopes(plain))
        merged.required_scopes = [str(scope) for scope in scopes]
        return merged

    def _run_login(self, auth_params: GlobusAuthorizationParameters) -> t.Any:
        response = self._login_flow_manager.run_login_flow(auth_params)
        if hasattr(response, "by_resource_server"):
            return response
        from globus_core import OAuthTokenResponse

        return compose.expect(
            response, OAuthTokenResponse, self._login_flow_manager, "run_login_flow"
        )


def _is_replaced(data: TokenStorageData, asked: t.Iterable[str]) -> bool:
    """Whether a login that asks for some scopes replaces a stored token."""
    granted = data.scope.split()
    return any(scope in granted or f":{data.resource_server}:" in scope for scope in asked)


def _is_plain(scope: str) -> bool:
    """Whether a granted scope has no dependencies, and is nothing else that a file may contain."""
    return scope.isprintable() and not set("[]*") & set(scope)


class ReadingApp(UserApp):
    """
    A user's app for which the access token of an earlier login is enough, whoever requested it.

    It uses a refresh token where there is one; a login of its own requests what the settings say.
    """

    def _lasting(self) -> TokenDataValidator:
        return _RenewableOrNotExpired()

    def _renewing_factory(
        self, token_storage: ValidatingTokenStorage
    ) -> RefreshTokenAuthorizerFactory:
        made = EitherTokenAuthorizerFactory(token_storage, self._login_client)
        made.by_access_token.refused = self._refused
        return made


class _RenewableOrNotExpired(NotExpiredValidator):
    def after_retrieve(
        self,
        token_data_by_resource_server: t.Mapping[str, TokenStorageData],
        context: TokenValidationContext,
    ) -> None:
        fixed = {
            server: data
            for server, data in token_data_by_resource_server.items()
            if data.refresh_token is None
        }
        super().after_retrieve(fixed, context)


class _ConsentsOf:
    """Gets a user's consents with a client that is made only when needed."""

    def __init__(self, app: GlobusApp, login_client: t.Any) -> None:
        self._app = app
        self._login_client = login_client

    def get_consents(self, identity_id: str) -> t.Any:
        from globus_core import AuthClient

        login_client = self._login_client
        client = AuthClient(
            base_url=login_client.base_url,
            app=self._app,
            app_scopes=[],
            environment=login_client.environment,
            app_name=login_client.app_name or self._app.app_name,
            transport=login_client.transport,  # which the app closes
        )
        return client.get_consents(identity_id)
