# mypy: disable-error-code="assignment,override,misc"
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false

import typing as t
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from typing import Any, Generic

from typing_extensions import Self

from globus_core._http_methods import Headers as _Headers
from globus_core._http_methods import Params as _Params
from globus_core.authorizers.base import GlobusAuthorizer as SyncGlobusAuthorizer
from globus_core.authorizers.renewing import TokenResponse as _TokenResponse
from globus_core.client import AppScopes, Headers, Params
from globus_core.exc.api import GlobusAPIError
from globus_core.gare._documents import GlobusAuthorizationParameters
from globus_core.paging.base import P, PageT, R
from globus_core.response import GlobusHTTPResponse
from globus_core.scopes._scope import Scope
from globus_core.scopes.collection import ScopeCollection
from globus_core.token_storage.base import (
    DEFAULT_NAMESPACE,
    RENEWAL_LOCK_SECONDS,
    StorageDescription,
    TokenResponse,
)
from globus_core.token_storage.base import TokenStorage as SyncTokenStorage
from globus_core.token_storage.data import UNUSED_SECONDS, TokenStorageData
from globus_core.token_storage.validating_token_storage.context import TokenValidationContext
from globus_core.token_storage.validating_token_storage.validators import TokenDataValidator, Tokens
from globus_core.transport import RetryCheck
from globus_core.transport.requests_transport import RequestsTransport
from globus_core.transport.retry import RetryConfig
from globus_core_app.app import GlobusApp as SyncGlobusApp
from globus_core_async.awaited.app import GlobusApp
from globus_core_async.awaited.shapes import Each, Entered, Facade

class LoginFlowManager(Facade):
    id_token_decoder: t.Any
    def __init__(
        self,
        login_client: t.Any,
        *,
        request_refresh_tokens: bool = False,
        native_prefill_named_grant: str | None = None,
    ) -> None: ...
    async def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any: ...
    async def start_flow(
        self, auth_parameters: GlobusAuthorizationParameters, redirect_uri: str | None
    ) -> tuple[t.Any, str]: ...
    login_client: t.Any
    request_refresh_tokens: bool
    native_prefill_named_grant: str | None

class TokenStorage(Facade):
    namespaces_have_slashes: bool
    namespace: str
    id_token_decoder: t.Any
    def __init__(self, namespace: str = DEFAULT_NAMESPACE) -> None: ...
    async def in_namespace(self, namespace: str) -> Self: ...
    async def for_namespace(self, namespace: str) -> Self: ...
    def namespaces(self) -> Each[str]: ...
    async def sweep(self, *, unused_seconds: float = UNUSED_SECONDS) -> int: ...
    async def for_server(self, namespace: str) -> Self: ...
    async def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None: ...
    async def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]: ...
    async def get_token_data(self, resource_server: str) -> TokenStorageData | None: ...
    async def remove_token_data(self, resource_server: str) -> bool: ...
    async def replace(
        self, resource_server: str, expected: str, new: TokenStorageData | None
    ) -> bool: ...
    async def describe(self) -> StorageDescription: ...
    def renewal_lock(
        self, resource_server: str, *, timeout: float = RENEWAL_LOCK_SECONDS
    ) -> Entered[t.Any]: ...
    async def store_token_response(self, token_response: TokenResponse) -> None: ...
    async def close(self) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exc_info: object) -> None: ...

class BaseClient(Facade):
    service_name: str
    base_url: str
    service_url: str | None
    scopes: ScopeCollection | None
    error_class: type[GlobusAPIError]
    retry_checks: t.Sequence[RetryCheck] | None
    logs_in_for_consents: bool
    canned_responses: str
    def __init__(
        self,
        environment: str | None = None,
        base_url: str | None = None,
        app: SyncGlobusApp | GlobusApp | None = None,
        app_scopes: AppScopes = None,
        authorizer: SyncGlobusAuthorizer | GlobusAuthorizer | None = None,
        app_name: str | None = None,
        transport: RequestsTransport | None = None,
        retry_config: RetryConfig | None = None,
        *,
        transport_params: t.Mapping[str, t.Any] | None = None,
    ) -> None: ...
    resource_server: str | None
    @property
    def default_scope_requirements(self) -> list[Scope]: ...
    @property
    def app_name(self) -> str | None: ...
    async def attach_globus_app(
        self, app: SyncGlobusApp | GlobusApp, app_scopes: AppScopes = None
    ) -> None: ...
    async def add_app_scope(
        self, scope_collection: str | Scope | t.Iterable[str | Scope] | AsyncIterator[str | Scope]
    ) -> Self: ...
    async def allow_credentials_to(self, url: str) -> None: ...
    async def close(self) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exc_info: object) -> None: ...
    @property
    def paginated(self) -> Any: ...
    async def request(
        self,
        method: str,
        path: str,
        *,
        query_params: Params = None,
        data: t.Any = None,
        headers: Headers = None,
        encoding: str | None = None,
        allow_redirects: bool = True,
        stream: bool = False,
        automatic_authorization: bool = True,
        single_use: bool = False,
    ) -> GlobusHTTPResponse: ...
    async def get(
        self,
        path: str,
        *,
        query_params: _Params = None,
        headers: _Headers = None,
        automatic_authorization: bool = True,
    ) -> GlobusHTTPResponse: ...
    async def head(
        self,
        path: str,
        *,
        query_params: _Params = None,
        headers: _Headers = None,
        automatic_authorization: bool = True,
    ) -> GlobusHTTPResponse: ...
    async def delete(
        self,
        path: str,
        *,
        query_params: _Params = None,
        headers: _Headers = None,
        automatic_authorization: bool = True,
    ) -> GlobusHTTPResponse: ...
    async def post(
        self,
        path: str,
        *,
        query_params: _Params = None,
        data: t.Any = None,
        headers: _Headers = None,
        encoding: str | None = None,
        automatic_authorization: bool = True,
    ) -> GlobusHTTPResponse: ...
    async def put(
        self,
        path: str,
        *,
        query_params: _Params = None,
        data: t.Any = None,
        headers: _Headers = None,
        encoding: str | None = None,
        automatic_authorization: bool = True,
    ) -> GlobusHTTPResponse: ...
    async def patch(
        self,
        path: str,
        *,
        query_params: _Params = None,
        data: t.Any = None,
        headers: _Headers = None,
        encoding: str | None = None,
        automatic_authorization: bool = True,
    ) -> GlobusHTTPResponse: ...
    environment: Any
    authorizer: GlobusAuthorizer | None
    app_scopes: AppScopes

class GlobusAuthorizer(Facade):
    async def get_authorization_header(self) -> str | None: ...
    async def handle_missing_authorization(self) -> bool: ...

class ScopeRequirementsValidator(Facade):
    def __init__(
        self, scope_requirements: t.Mapping[str, t.Sequence[Scope]], consent_client: t.Any
    ) -> None: ...
    async def before_store(
        self, token_data_by_resource_server: Tokens, context: TokenValidationContext
    ) -> None: ...
    async def after_retrieve(
        self, token_data_by_resource_server: Tokens, context: TokenValidationContext
    ) -> None: ...
    scope_requirements: t.Mapping[str, t.Sequence[Scope]]
    consent_client: t.Any

class ValidatingTokenStorage(TokenStorage):
    namespaces_have_slashes: bool
    def __init__(
        self,
        token_storage: SyncTokenStorage | TokenStorage,
        *,
        validators: t.Iterable[TokenDataValidator] | AsyncIterator[TokenDataValidator] = (),
    ) -> None: ...
    async def in_namespace(self, namespace: str) -> Self: ...
    async def for_namespace(self, namespace: str) -> Self: ...
    def namespaces(self) -> Each[str]: ...
    async def sweep(self, *, unused_seconds: float = UNUSED_SECONDS) -> int: ...
    async def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None: ...
    async def replace(
        self, resource_server: str, expected: str, new: TokenStorageData | None
    ) -> bool: ...
    async def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]: ...
    async def get_token_data(self, resource_server: str) -> TokenStorageData: ...
    async def remove_token_data(self, resource_server: str) -> bool: ...
    async def describe(self) -> StorageDescription: ...
    def renewal_lock(
        self, resource_server: str, *, timeout: float | None = None
    ) -> Entered[t.Any]: ...
    async def forget_identity(self) -> None: ...
    async def close(self) -> None: ...
    async def check_retrieved(self, tokens: t.Mapping[str, TokenStorageData]) -> None: ...
    token_storage: TokenStorage
    validators: Any
    identity_id: Any

class NullAuthorizer(GlobusAuthorizer):
    async def get_authorization_header(self) -> None: ...

class Paginator(Facade, Generic[PageT]):
    def __init__(
        self,
        method: Callable[..., PageT] | Callable[..., Coroutine[Any, Any, PageT]],
        *,
        items_key: str | None = None,
        client_args: Iterable[t.Any] | AsyncIterator[t.Any],
        client_kwargs: dict[str, t.Any],
        **kwargs: t.Any,
    ) -> None: ...
    def __aiter__(self) -> AsyncIterator[PageT]: ...
    def pages(self) -> Each[PageT]: ...
    def items(self) -> Each[t.Any]: ...
    @classmethod
    async def wrap(
        cls, method: Callable[P, R] | Callable[P, Coroutine[Any, Any, R]]
    ) -> Callable[P, Paginator[R]]: ...
    method: Callable[..., PageT]
    items_key: str | None
    client_args: Any
    client_kwargs: dict[str, t.Any]

class StaticGlobusAuthorizer(GlobusAuthorizer):
    async def get_authorization_header(self) -> str: ...

class AccessTokenAuthorizer(StaticGlobusAuthorizer):
    def __init__(self, access_token: str) -> None: ...
    @property
    def access_token_hash(self) -> str: ...
    header_val: Any
    access_token: str

class BasicAuthorizer(StaticGlobusAuthorizer):
    def __init__(self, username: str, password: str) -> None: ...
    username: str
    password: str
    header_val: Any

class RenewingAuthorizer(GlobusAuthorizer):
    on_refresh: t.Callable[[_TokenResponse], t.Any] | None
    logged_out: bool
    def __init__(
        self,
        access_token: str | None = None,
        expires_at: int | None = None,
        on_refresh: t.Callable[[_TokenResponse], t.Any]
        | Callable[[_TokenResponse], Coroutine[Any, Any, t.Any]]
        | None = None,
        *,
        token_storage: SyncTokenStorage | TokenStorage | None = None,
        resource_server: str | None = None,
        identity_id: str | None = None,
    ) -> None: ...
    async def get_authorization_header(self) -> str: ...
    async def ensure_valid_token(self) -> None: ...
    async def ensure_valid_for(self, *, hours: float) -> int: ...
    async def handle_missing_authorization(self) -> bool: ...
    async def handle_refused_header(self, header: str) -> bool: ...
    @property
    def access_token(self) -> str | None: ...
    @property
    def expires_at(self) -> int | None: ...

class ClientCredentialsAuthorizer(RenewingAuthorizer):
    def __init__(
        self,
        confidential_client: t.Any,
        scopes: str | Scope | t.Iterable[str | Scope] | AsyncIterator[str | Scope],
        *,
        access_token: str | None = None,
        expires_at: int | None = None,
        on_refresh: t.Callable[[t.Any], t.Any]
        | Callable[[t.Any], Coroutine[Any, Any, t.Any]]
        | None = None,
        token_storage: SyncTokenStorage | TokenStorage | None = None,
        resource_server: str | None = None,
        identity_id: str | None = None,
    ) -> None: ...
    confidential_client: t.Any
    scopes: Any

class HasNextPaginator(Paginator[PageT]):
    def __init__(
        self,
        method: Callable[..., PageT] | Callable[..., Coroutine[Any, Any, PageT]],
        *,
        items_key: str | None = None,
        get_page_size: Callable[[PageT], int] | Callable[[PageT], Coroutine[Any, Any, int]],
        max_total_results: int,
        page_size: int,
        client_args: Iterable[t.Any] | AsyncIterator[t.Any],
        client_kwargs: dict[str, t.Any],
    ) -> None: ...
    @property
    def offset(self) -> int: ...
    def pages(self) -> Each[PageT]: ...
    get_page_size: Callable[[PageT], int]
    max_total_results: int
    limit: Any

class JSONAPIPaginator(Paginator[PageT]):
    def pages(self) -> Each[PageT]: ...

class LastKeyPaginator(Paginator[PageT]):
    @property
    def last_key(self) -> t.Any: ...
    def pages(self) -> Each[PageT]: ...

class LimitOffsetTotalPaginator(Paginator[PageT]):
    def __init__(
        self,
        method: Callable[..., PageT] | Callable[..., Coroutine[Any, Any, PageT]],
        *,
        items_key: str | None = None,
        get_page_size: Callable[[PageT], int] | Callable[[PageT], Coroutine[Any, Any, int]],
        max_total_results: int,
        page_size: int,
        client_args: Iterable[t.Any] | AsyncIterator[t.Any],
        client_kwargs: dict[str, t.Any],
    ) -> None: ...
    @property
    def offset(self) -> int: ...
    def pages(self) -> Each[PageT]: ...
    get_page_size: Callable[[PageT], int]
    max_total_results: int
    limit: Any

class MarkerPaginator(Paginator[PageT]):
    @property
    def marker(self) -> t.Any: ...
    def __init__(
        self,
        method: Callable[..., PageT] | Callable[..., Coroutine[Any, Any, PageT]],
        *,
        items_key: str | None = None,
        marker_key: str = "marker",
        client_args: Iterable[t.Any] | AsyncIterator[t.Any],
        client_kwargs: dict[str, t.Any],
    ) -> None: ...
    def pages(self) -> Each[PageT]: ...
    marker_key: str

class NextTokenPaginator(Paginator[PageT]):
    @property
    def next_token(self) -> t.Any: ...
    def pages(self) -> Each[PageT]: ...

class RefreshTokenAuthorizer(RenewingAuthorizer):
    def __init__(
        self,
        refresh_token: str,
        auth_client: t.Any,
        *,
        access_token: str | None = None,
        expires_at: int | None = None,
        on_refresh: t.Callable[[t.Any], t.Any]
        | Callable[[t.Any], Coroutine[Any, Any, t.Any]]
        | None = None,
        token_storage: SyncTokenStorage | TokenStorage | None = None,
        resource_server: str | None = None,
        identity_id: str | None = None,
    ) -> None: ...
    refresh_token: str
    auth_client: t.Any

class NullableMarkerPaginator(MarkerPaginator[PageT]): ...
