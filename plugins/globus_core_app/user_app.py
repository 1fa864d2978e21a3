"""
Apps that act for a person.
"""

from __future__ import annotations

from globus_core import compose
from globus_core.token_storage import (
    HasRefreshTokensValidator,
    NotExpiredValidator,
    ScopeRequirementsValidator,
    UnchangingIdentityIDValidator,
)

from .app import GlobusApp
from .authorizer_factory import AccessTokenAuthorizerFactory, RefreshTokenAuthorizerFactory
from .config import usage_error_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.gare import GlobusAuthorizationParameters
    from globus_core.login_flows import LoginFlowManager
    from globus_core.token_storage import TokenDataValidator, ValidatingTokenStorage

    from .authorizer_factory import AuthorizerFactory


class UserApp(GlobusApp):
    """
    An app that logs a person in.

    With ``client_id`` alone it makes a native client, with ``client_secret`` a confidential one.
    Parameters as for GlobusApp.
    """

    def _validators(self) -> list[TokenDataValidator]:
        lasting = (
            HasRefreshTokensValidator()
            if self.config.request_refresh_tokens
            else NotExpiredValidator()
        )
        return [
            lasting,
            ScopeRequirementsValidator(self._scope_requirements, _ConsentsOf(self)),
            UnchangingIdentityIDValidator(),
        ]

    def _factory(self, token_storage: ValidatingTokenStorage) -> AuthorizerFactory:
        if self.config.request_refresh_tokens:
            return RefreshTokenAuthorizerFactory(token_storage, self._login_client)
        return AccessTokenAuthorizerFactory(token_storage)

    def _set_up_login(self) -> None:
        self._renews_by_refresh_token = self.config.request_refresh_tokens
        self._login_flow_manager = self._chosen_login_flow()

    def _chosen_login_flow(self) -> LoginFlowManager:
        chosen: t.Any = self.config.login_flow_manager or "command-line"
        if isinstance(chosen, str):
            chosen = compose.select("globus_login_flows", chosen, what="login flow")
        if not isinstance(chosen, type) and hasattr(chosen, "run_login_flow"):
            manager: LoginFlowManager = chosen
            return manager
        if not hasattr(chosen, "for_globus_app"):
            raise usage_error_for("login_flow_manager", chosen)
        made: LoginFlowManager = chosen.for_globus_app(
            app_name=self.app_name, config=self.config, login_client=self._login_client
        )
        return made

    def _run_login(self, auth_params: GlobusAuthorizationParameters) -> t.Any:
        return self._login_flow_manager.run_login_flow(auth_params)


class _ConsentsOf:
    """The consents of an app's person, through a client that the app makes only later."""

    def __init__(self, app: GlobusApp) -> None:
        self._app = app

    def get_consents(self, identity_id: str) -> t.Any:
        return self._app._consent_client.get_consents(identity_id)
