"""
Apps that act on their own behalf.
"""

from __future__ import annotations

from globus_core.exc import GlobusSDKUsageError
from globus_core.token_storage import ScopeRequirementsValidator, TokenDataValidator
from globus_core.token_storage.validating_token_storage import IdentityMismatchError

from .app import GlobusApp
from .authorizer_factory import ClientCredentialsAuthorizerFactory

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.gare import GlobusAuthorizationParameters
    from globus_core.token_storage import TokenStorageData, ValidatingTokenStorage
    from globus_core.token_storage.validating_token_storage import TokenValidationContext

    from .authorizer_factory import AuthorizerFactory


class ClientApp(GlobusApp):
    """
    An app whose client gets tokens for itself (client credentials grant).

    Its tokens have their own namespace, ``client:<client id>``, so that a user's tokens in the
    same storage are kept. Parameters as for GlobusApp; ``login_flow_manager`` must not be set.

    :raises IdentityMismatchError: if a storage object, which keeps its own namespace, has tokens
        of another identity there
    """

    @property
    def renews_by(self) -> str | None:
        return "client secret"

    def _set_up_login(self) -> None:
        if self.config.login_flow_manager is not None:
            raise GlobusSDKUsageError(
                "a ClientApp does not log in a person, so 'login_flow_manager' must be None"
            )
        if not hasattr(self._login_client, "oauth2_client_credentials_tokens"):
            raise GlobusSDKUsageError(
                f"a ClientApp needs a ConfidentialAppAuthClient, not {self._login_client!r}"
            )

    def _make_login_client(self, client_id: str, client_secret: str | None) -> t.Any:
        if client_secret is None:
            raise GlobusSDKUsageError("a ClientApp needs a 'client_secret'")
        return super()._make_login_client(client_id, client_secret)

    def _namespace(self) -> str:
        return f"client:{self.client_id}"

    def _checked_storage(self) -> ValidatingTokenStorage:
        checked = super()._checked_storage()
        _check_owner(checked.identity_id, self.client_id)
        return checked

    def _validators(self) -> list[TokenDataValidator]:
        return [
            _OwnTokens(self.client_id),
            ScopeRequirementsValidator(self._scope_requirements, None),
        ]

    def _factory(self, token_storage: ValidatingTokenStorage) -> AuthorizerFactory:
        return ClientCredentialsAuthorizerFactory(
            token_storage, self._login_client, self._scope_requirements
        )

    def _run_login(self, auth_params: GlobusAuthorizationParameters) -> t.Any:
        return self._login_client.oauth2_client_credentials_tokens(auth_params.required_scopes)


class _OwnTokens(TokenDataValidator):
    """
    Refuses to use or replace a user's tokens, where the program has chosen the namespace.

    The identity id of a client is its client id.
    """

    def __init__(self, client_id: str) -> None:
        self._client_id = client_id

    def before_store(
        self,
        token_data_by_resource_server: t.Mapping[str, TokenStorageData],
        context: TokenValidationContext,
    ) -> None:
        _check_owner(context.prior_identity_id, self._client_id)

    def after_retrieve(
        self,
        token_data_by_resource_server: t.Mapping[str, TokenStorageData],
        context: TokenValidationContext,
    ) -> None:
        _check_owner(context.token_data_identity_id, self._client_id)


def _check_owner(identity_id: str | None, client_id: str) -> None:
    if identity_id is None or identity_id == client_id:
        return
    error = IdentityMismatchError(
        f"the stored tokens belong to the identity {identity_id!r}, not to this client",
        identity_id,
        client_id,
    )
    error.advice = "give the client its own storage, or its own namespace"
    raise error
