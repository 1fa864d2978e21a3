# mypy: disable-error-code="assignment,override,misc"
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false

import string
import typing as t
import uuid
from collections.abc import Callable, Coroutine
from typing import Any

from typing_extensions import Self

from globus_core.gare._documents import GlobusAuthorizationParameters
from globus_core.scopes._scope import Scope
from globus_core.token_storage.validating_token_storage.storage import (
    ValidatingTokenStorage as SyncValidatingTokenStorage,
)
from globus_core.transport import RetryCheck
from globus_core_app._config_objects import Scopes
from globus_core_app.config import GlobusAppConfig
from globus_core_app.local_server_login_flow import LOGIN_SECONDS
from globus_core_app.revocation import RevocationFailure
from globus_core_app.token_outlook import Outlook
from globus_core_async.awaited.kernel import (
    GlobusAuthorizer,
    LoginFlowManager,
    ValidatingTokenStorage,
)
from globus_core_async.awaited.shapes import Entered, Facade

class AuthorizerFactory(Facade):
    app: GlobusApp | None
    def __init__(
        self, token_storage: SyncValidatingTokenStorage | ValidatingTokenStorage
    ) -> None: ...
    async def store_token_response_and_clear_cache(self, token_res: t.Any) -> None: ...
    async def clear_cache(self, *resource_servers: str) -> None: ...
    async def get_authorizer(self, resource_server: str) -> GlobusAuthorizer: ...
    async def can_authorize(self, resource_server: str) -> bool: ...
    async def get_cached_authorizer(self, resource_server: str) -> GlobusAuthorizer | None: ...
    token_storage: ValidatingTokenStorage

class GlobusApp(Facade):
    def __init__(
        self,
        app_name: str = "Unnamed Globus App",
        *,
        login_client: t.Any = None,
        client_id: uuid.UUID | str | None = None,
        client_secret: str | None = None,
        scope_requirements: t.Mapping[str, Scopes] | None = None,
        config: GlobusAppConfig | None = None,
    ) -> None: ...
    async def service_url(self, service: str) -> str | None: ...
    @property
    def token_storage(self) -> ValidatingTokenStorage: ...
    @property
    def scope_requirements(self) -> dict[str, list[Scope]]: ...
    async def add_scope_requirements(self, scope_requirements: t.Mapping[str, Scopes]) -> None: ...
    async def get_authorizer(self, resource_server: str) -> GlobusAuthorizer: ...
    async def get_authorizer_without_login(self, resource_server: str) -> GlobusAuthorizer: ...
    @property
    def renews_by(self) -> str | None: ...
    async def login(
        self, *, auth_params: GlobusAuthorizationParameters | None = None, force: bool = False
    ) -> None: ...
    async def login_required(self) -> bool: ...
    async def ensure_valid_for(
        self,
        hours: float,
        *,
        session_hours: float | None = None,
        refresh: bool = True,
        login: bool = False,
    ) -> Outlook: ...
    async def logout(self, *, sweep: bool = False) -> list[RevocationFailure]: ...
    async def get_client_retry_checks(self) -> list[RetryCheck]: ...
    async def get_consent_retry_checks(self) -> list[RetryCheck]: ...
    async def close(self) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exc_info: object) -> None: ...
    app_name: str
    config: Any
    client_id: str

class AccessTokenAuthorizerFactory(AuthorizerFactory):
    def __init__(
        self, token_storage: SyncValidatingTokenStorage | ValidatingTokenStorage
    ) -> None: ...
    refused: set[str]

class ClientApp(GlobusApp):
    @property
    def renews_by(self) -> str | None: ...

class ClientCredentialsAuthorizerFactory(AuthorizerFactory):
    def __init__(
        self,
        token_storage: SyncValidatingTokenStorage | ValidatingTokenStorage,
        confidential_client: t.Any,
        scope_requirements: t.Mapping[str, t.Sequence[Scope]],
    ) -> None: ...
    confidential_client: t.Any
    scope_requirements: t.Mapping[str, t.Sequence[Scope]]

class LocalServerLoginFlowManager(LoginFlowManager):
    def __init__(
        self,
        login_client: t.Any,
        *,
        request_refresh_tokens: bool = False,
        native_prefill_named_grant: str | None = None,
        server_address: tuple[str, int] = ("localhost", 0),
        html_template: string.Template | None = None,
        open_browser: t.Callable[[str], bool]
        | Callable[[str], Coroutine[Any, Any, bool]]
        | None = None,
        timeout: float = LOGIN_SECONDS,
    ) -> None: ...
    @property
    def html_template(self) -> string.Template: ...
    @classmethod
    async def for_globus_app(
        cls, app_name: str, login_client: t.Any, config: GlobusAppConfig
    ) -> Self: ...
    async def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any: ...
    async def background_local_server(self) -> Any: ...
    async def print_authorize_url(self, authorize_url: str) -> None: ...
    async def show_in_browser(self, authorize_url: str) -> None: ...
    server_address: Any
    open_browser: t.Callable[[str], bool] | None
    timeout: float

class RefreshTokenAuthorizerFactory(AuthorizerFactory):
    def __init__(
        self,
        token_storage: SyncValidatingTokenStorage | ValidatingTokenStorage,
        auth_login_client: t.Any,
    ) -> None: ...
    auth_login_client: t.Any
    login_again: Any | None

class UserApp(GlobusApp):
    @property
    def renews_by(self) -> str | None: ...
    async def get_client_retry_checks(self) -> list[RetryCheck]: ...

class CommandLineLoginFlowManager(LoginFlowManager):
    async def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any: ...
    async def finish_by_code(self, flow: t.Any, authorize_url: str) -> t.Any: ...
    async def print_authorize_url(self, authorize_url: str) -> None: ...
    async def prompt_for_code(self) -> str: ...
    login_command: list[str] | None
    def __init__(
        self,
        login_client: t.Any,
        *,
        redirect_uri: str | None = None,
        request_refresh_tokens: bool = False,
        native_prefill_named_grant: str | None = None,
    ) -> None: ...
    @classmethod
    async def for_globus_app(
        cls, app_name: str, login_client: t.Any, config: GlobusAppConfig
    ) -> Self: ...
    def prompting(self, auth_parameters: GlobusAuthorizationParameters) -> Entered[None]: ...
    redirect_uri: str | None
