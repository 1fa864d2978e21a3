"""
Apps that act for themselves.
"""

from __future__ import annotations

from globus_core.exc import GlobusSDKUsageError
from globus_core.token_storage import ScopeRequirementsValidator

from .app import GlobusApp
from .authorizer_factory import ClientCredentialsAuthorizerFactory

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.gare import GlobusAuthorizationParameters
    from globus_core.token_storage import TokenDataValidator, ValidatingTokenStorage

    from .authorizer_factory import AuthorizerFactory


class ClientApp(GlobusApp):
    """
    An app whose client gets tokens for itself, by its secret.

    Parameters as for GlobusApp; a login flow manager has no place in its settings.
    """

    def _set_up_login(self) -> None:
        if self.config.login_flow_manager is not None:
            raise GlobusSDKUsageError(
                "a ClientApp logs nobody in: 'login_flow_manager' must be None"
            )
        if not hasattr(self._login_client, "oauth2_client_credentials_tokens"):
            raise GlobusSDKUsageError(
                f"a ClientApp needs a ConfidentialAppAuthClient, not {self._login_client!r}"
            )

    def _make_login_client(self, client_id: str, client_secret: str | None) -> t.Any:
        if client_secret is None:
            raise GlobusSDKUsageError("a ClientApp needs a 'client_secret'")
        from globus_core import ConfidentialAppAuthClient

        return ConfidentialAppAuthClient(
            client_id,
            client_secret,
            environment=self.config.environment,
            app_name=self.app_name,
        )

    def _validators(self) -> list[TokenDataValidator]:
        return [ScopeRequirementsValidator(self._scope_requirements, None)]

    def _factory(self, token_storage: ValidatingTokenStorage) -> AuthorizerFactory:
        return ClientCredentialsAuthorizerFactory(
            token_storage, self._login_client, self._scope_requirements
        )

    def _run_login(self, auth_params: GlobusAuthorizationParameters) -> t.Any:
        return self._login_client.oauth2_client_credentials_tokens(auth_params.required_scopes)
