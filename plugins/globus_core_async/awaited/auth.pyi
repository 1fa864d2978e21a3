# mypy: disable-error-code="assignment,override,misc"
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false

import typing as t
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from typing_extensions import Self

from globus_core import MISSING
from globus_core.authorizers.base import GlobusAuthorizer as SyncGlobusAuthorizer
from globus_core.documents import IDs, MissingType
from globus_core.response import GlobusHTTPResponse
from globus_core.scopes._scope import Scope
from globus_core.transport.requests_transport import RequestsTransport
from globus_core.transport.retry import RetryConfig
from globus_core_async.awaited.kernel import BaseClient, GlobusAuthorizer
from globus_core_async.awaited.shapes import Facade
from globus_core_auth._request_parameters import Scopes
from globus_core_auth.answers import IntrospectionResponse, UserinfoResponse
from globus_core_auth.callbacks import Callback
from globus_core_auth.confidential_client import (
    ConfidentialAppAuthClient as SyncConfidentialAppAuthClient,
)
from globus_core_auth.dependent_scope import DependentScopeSpec
from globus_core_auth.errors import AuthAPIError
from globus_core_auth.id_token import DEFAULT_LEEWAY
from globus_core_auth.login_client import AuthLoginClient as SyncAuthLoginClient
from globus_core_auth.login_client import Params as _Params
from globus_core_auth.login_client import R
from globus_core_auth.native_client import NativeAppAuthClient as SyncNativeAppAuthClient
from globus_core_auth.projects import Params
from globus_core_auth.registered_clients import ClientType, Visibility
from globus_core_auth.registered_scopes import Dependents
from globus_core_auth.responses import (
    GetClientCredentialsResponse,
    GetClientsResponse,
    GetConsentsResponse,
    GetIdentitiesResponse,
    GetIdentityProvidersResponse,
    GetPoliciesResponse,
    GetProjectsResponse,
    GetScopesResponse,
)
from globus_core_auth.token_responses import (
    OAuthAuthorizationCodeResponse,
    OAuthClientCredentialsResponse,
    OAuthDependentTokenResponse,
    OAuthRefreshTokenResponse,
    OAuthTokenResponse,
)

class GlobusOAuthFlowManager(Facade):
    def __init__(
        self,
        auth_client: SyncAuthLoginClient | AuthLoginClient,
        redirect_uri: str,
        requested_scopes: Scopes | None,
        *,
        state: str | None,
        refresh_tokens: bool,
        verifier: str | None,
        nonce: str | MissingType | None,
        prefill_named_grant: str | MissingType | None,
    ) -> None: ...
    @property
    def challenge(self) -> str | None: ...
    async def get_authorize_url(
        self, query_params: t.Mapping[str, t.Any] | None = None, **params: t.Any
    ) -> str: ...
    async def exchange_code_for_tokens(self, auth_code: str) -> OAuthAuthorizationCodeResponse: ...
    async def exchange_callback(self, callback: Callback) -> OAuthAuthorizationCodeResponse: ...
    async def exchange_through_client(self, auth_code: str) -> OAuthAuthorizationCodeResponse: ...
    async def code_from(self, callback: Callback) -> str: ...
    async def check_callback(self, callback: Callback) -> dict[str, str]: ...
    auth_client: AuthLoginClient
    client_id: Any
    redirect_uri: str
    requested_scopes: Any
    state: Any
    refresh_tokens: bool
    verifier: str | None
    nonce: Any
    prefill_named_grant: str | MissingType | None
    id_token_decoder: t.Any

class IDTokenDecoder(Facade):
    def __init__(
        self,
        auth_client: t.Any = None,
        *,
        jwt_leeway: float | timedelta = DEFAULT_LEEWAY,
        jwt_options: t.Mapping[str, t.Any] | None = None,
        openid_configuration: t.Any = None,
        jwks_uri: str | None = None,
    ) -> None: ...
    @classmethod
    async def for_globus_app(cls, *, app_name: str, config: t.Any, login_client: t.Any) -> Self: ...
    async def decode(
        self,
        id_token: str,
        *,
        verify_signature: bool = True,
        verify_audience: str | list[str] | None = None,
        verify_exp: bool = True,
        nonce: str | None = None,
        access_token: str | None = None,
        max_age: float | None = None,
    ) -> dict[str, t.Any]: ...
    async def get_jwt_audience(self) -> str | None: ...
    async def store_openid_configuration(self, openid_configuration: t.Any) -> None: ...
    async def store_jwk(self, jwk: t.Any) -> None: ...
    async def get_openid_configuration(self) -> t.Mapping[str, t.Any]: ...
    async def get_jwk(self) -> t.Any: ...
    auth_client: t.Any
    jwt_leeway: float | timedelta
    jwt_options: t.Any

class GlobusAuthorizationCodeFlowManager(GlobusOAuthFlowManager):
    def __init__(
        self,
        auth_client: SyncConfidentialAppAuthClient | ConfidentialAppAuthClient,
        redirect_uri: str,
        requested_scopes: Scopes | None = None,
        state: str | None = "_default",
        refresh_tokens: bool = False,
        *,
        prefill_named_grant: str | MissingType | None = MISSING,
        nonce: str | MissingType | None = MISSING,
        pkce: bool = False,
        verifier: str | MissingType | None = MISSING,
    ) -> None: ...

class GlobusNativeAppFlowManager(GlobusOAuthFlowManager):
    def __init__(
        self,
        auth_client: SyncNativeAppAuthClient | NativeAppAuthClient,
        requested_scopes: Scopes | None = None,
        redirect_uri: str | MissingType | None = MISSING,
        state: str | None = "_default",
        verifier: str | MissingType | None = MISSING,
        refresh_tokens: bool = False,
        prefill_named_grant: str | MissingType | None = MISSING,
        *,
        nonce: str | MissingType | None = MISSING,
    ) -> None: ...

class AuthClient(BaseClient):
    service_name: str
    error_class: type[AuthAPIError]
    scopes: Any
    @property
    def key_store(self) -> Any: ...
    @property
    def default_scope_requirements(self) -> list[Scope]: ...
    async def get_openid_configuration(self) -> GlobusHTTPResponse: ...
    async def get_jwk(
        self, openid_configuration: t.Any = MISSING, *, as_pem: bool = False
    ) -> t.Any: ...
    async def userinfo(self) -> UserinfoResponse: ...
    async def get_identities(
        self,
        *,
        usernames: t.Iterable[str] | AsyncIterator[str] | str | MissingType | None = MISSING,
        ids: IDs | MissingType | None = MISSING,
        provision: bool = False,
        query_params: Params = None,
        **params: t.Any,
    ) -> GetIdentitiesResponse: ...
    async def get_identity_providers(
        self,
        *,
        domains: t.Iterable[str] | AsyncIterator[str] | str | MissingType | None = MISSING,
        ids: IDs | MissingType | None = MISSING,
        query_params: Params = None,
        **params: t.Any,
    ) -> GetIdentityProvidersResponse: ...
    async def get_consents(
        self,
        identity_id: uuid.UUID | str | None = None,
        *,
        all: bool = False,
        query_params: Params = None,
        **params: t.Any,
    ) -> GetConsentsResponse: ...
    async def get_project(
        self, project_id: uuid.UUID | str, *, query_params: Params = None, **params: t.Any
    ) -> GlobusHTTPResponse: ...
    async def get_projects(
        self, *, query_params: Params = None, **params: t.Any
    ) -> GetProjectsResponse: ...
    async def create_project(
        self,
        display_name: str,
        contact_email: str,
        *,
        admin_ids: IDs | MissingType = MISSING,
        admin_group_ids: IDs | MissingType = MISSING,
    ) -> GlobusHTTPResponse: ...
    async def update_project(
        self,
        project_id: uuid.UUID | str,
        *,
        display_name: str | MissingType = MISSING,
        contact_email: str | MissingType = MISSING,
        admin_ids: IDs | MissingType = MISSING,
        admin_group_ids: IDs | MissingType = MISSING,
    ) -> GlobusHTTPResponse: ...
    async def delete_project(self, project_id: uuid.UUID | str) -> GlobusHTTPResponse: ...
    async def get_policy(
        self, policy_id: uuid.UUID | str, *, query_params: Params = None, **params: t.Any
    ) -> GlobusHTTPResponse: ...
    async def get_policies(
        self, *, query_params: Params = None, **params: t.Any
    ) -> GetPoliciesResponse: ...
    async def create_policy(
        self,
        *,
        project_id: uuid.UUID | str,
        display_name: str,
        description: str,
        high_assurance: bool | MissingType = MISSING,
        authentication_assurance_timeout: int | MissingType = MISSING,
        required_mfa: bool | MissingType = MISSING,
        domain_constraints_include: t.Iterable[str]
        | AsyncIterator[str]
        | MissingType
        | None = MISSING,
        domain_constraints_exclude: t.Iterable[str]
        | AsyncIterator[str]
        | MissingType
        | None = MISSING,
    ) -> GlobusHTTPResponse: ...
    async def update_policy(
        self,
        policy_id: uuid.UUID | str,
        *,
        project_id: uuid.UUID | str | MissingType = MISSING,
        authentication_assurance_timeout: int | MissingType = MISSING,
        required_mfa: bool | MissingType = MISSING,
        display_name: str | MissingType = MISSING,
        description: str | MissingType = MISSING,
        domain_constraints_include: t.Iterable[str]
        | AsyncIterator[str]
        | MissingType
        | None = MISSING,
        domain_constraints_exclude: t.Iterable[str]
        | AsyncIterator[str]
        | MissingType
        | None = MISSING,
    ) -> GlobusHTTPResponse: ...
    async def delete_policy(self, policy_id: uuid.UUID | str) -> GlobusHTTPResponse: ...
    async def get_client(
        self,
        *,
        client_id: uuid.UUID | str | MissingType = MISSING,
        fqdn: str | MissingType = MISSING,
        query_params: Params = None,
        **params: t.Any,
    ) -> GlobusHTTPResponse: ...
    async def get_clients(
        self, *, query_params: Params = None, **params: t.Any
    ) -> GetClientsResponse: ...
    async def create_client(
        self,
        name: str,
        project: uuid.UUID | str,
        *,
        public_client: bool | MissingType = MISSING,
        client_type: ClientType | MissingType = MISSING,
        visibility: Visibility | MissingType = MISSING,
        redirect_uris: t.Iterable[str] | AsyncIterator[str] | str | MissingType = MISSING,
        terms_and_conditions: str | MissingType = MISSING,
        privacy_policy: str | MissingType = MISSING,
        required_idp: uuid.UUID | str | MissingType = MISSING,
        preselect_idp: uuid.UUID | str | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | MissingType | None = MISSING,
    ) -> GlobusHTTPResponse: ...
    async def update_client(
        self,
        client_id: uuid.UUID | str,
        *,
        name: str | MissingType = MISSING,
        visibility: Visibility | MissingType = MISSING,
        redirect_uris: t.Iterable[str] | AsyncIterator[str] | str | MissingType = MISSING,
        terms_and_conditions: str | MissingType | None = MISSING,
        privacy_policy: str | MissingType | None = MISSING,
        required_idp: uuid.UUID | str | MissingType | None = MISSING,
        preselect_idp: uuid.UUID | str | MissingType | None = MISSING,
        additional_fields: t.Mapping[str, t.Any] | MissingType | None = MISSING,
    ) -> GlobusHTTPResponse: ...
    async def delete_client(self, client_id: uuid.UUID | str) -> GlobusHTTPResponse: ...
    async def get_client_credentials(
        self, client_id: uuid.UUID | str, *, query_params: Params = None, **params: t.Any
    ) -> GetClientCredentialsResponse: ...
    async def create_client_credential(
        self, client_id: uuid.UUID | str, name: str
    ) -> GlobusHTTPResponse: ...
    async def delete_client_credential(
        self, client_id: uuid.UUID | str, credential_id: uuid.UUID | str
    ) -> GlobusHTTPResponse: ...
    async def get_scope(
        self, scope_id: uuid.UUID | str, *, query_params: Params = None, **params: t.Any
    ) -> GlobusHTTPResponse: ...
    async def get_scopes(
        self,
        scope_ids: IDs | MissingType | None = None,
        *,
        scope_strings: t.Iterable[str] | AsyncIterator[str] | str | MissingType | None = MISSING,
        ids: IDs | MissingType | None = MISSING,
        query_params: Params = None,
        **params: t.Any,
    ) -> GetScopesResponse: ...
    async def create_scope(
        self,
        client_id: uuid.UUID | str,
        name: str,
        description: str,
        scope_suffix: str,
        *,
        required_domains: t.Iterable[str] | AsyncIterator[str] | str | MissingType = MISSING,
        dependent_scopes: Dependents
        | AsyncIterator[DependentScopeSpec | dict[str, t.Any]]
        | MissingType = MISSING,
        advertised: bool | MissingType = MISSING,
        allows_refresh_token: bool | MissingType = MISSING,
    ) -> GlobusHTTPResponse: ...
    async def update_scope(
        self,
        scope_id: uuid.UUID | str,
        *,
        name: str | MissingType = MISSING,
        description: str | MissingType = MISSING,
        scope_suffix: str | MissingType = MISSING,
        required_domains: t.Iterable[str] | AsyncIterator[str] | str | MissingType = MISSING,
        dependent_scopes: Dependents
        | AsyncIterator[DependentScopeSpec | dict[str, t.Any]]
        | MissingType = MISSING,
        advertised: bool | MissingType = MISSING,
        allows_refresh_token: bool | MissingType = MISSING,
    ) -> GlobusHTTPResponse: ...
    async def delete_scope(self, scope_id: uuid.UUID | str) -> GlobusHTTPResponse: ...

class AuthLoginClient(AuthClient):
    current_oauth2_flow_manager: GlobusOAuthFlowManager | None
    def __init__(
        self,
        client_id: uuid.UUID | str | None = None,
        environment: str | None = None,
        base_url: str | None = None,
        authorizer: SyncGlobusAuthorizer | GlobusAuthorizer | None = None,
        app_name: str | None = None,
        transport: RequestsTransport | None = None,
        retry_config: RetryConfig | None = None,
        *,
        transport_params: t.Mapping[str, t.Any] | None = None,
    ) -> None: ...
    @property
    def client_id(self) -> str | None: ...
    @property
    def default_scope_requirements(self) -> list[Scope]: ...
    async def oauth2_get_authorize_url(
        self,
        *,
        session_required_identities: IDs | MissingType | None = MISSING,
        session_required_single_domain: t.Iterable[str]
        | AsyncIterator[str]
        | str
        | MissingType
        | None = MISSING,
        session_required_policies: IDs | MissingType | None = MISSING,
        session_required_mfa: bool | MissingType | None = MISSING,
        session_message: str | MissingType | None = MISSING,
        prompt: str | MissingType | None = MISSING,
        query_params: _Params = None,
        **params: t.Any,
    ) -> str: ...
    async def oauth2_exchange_code_for_tokens(
        self, auth_code: str
    ) -> OAuthAuthorizationCodeResponse: ...
    @property
    def id_token_decoder(self) -> IDTokenDecoder: ...
    async def oauth2_refresh_token(
        self, refresh_token: str, *, body_params: _Params = None
    ) -> OAuthRefreshTokenResponse: ...
    async def oauth2_token(
        self,
        form_data: t.Mapping[str, t.Any],
        *,
        body_params: _Params = None,
        response_class: type[R] = OAuthTokenResponse,
    ) -> R: ...
    async def oauth2_revoke_token(
        self, token: str, *, body_params: _Params = None
    ) -> GlobusHTTPResponse: ...

class ConfidentialAppAuthClient(AuthLoginClient):
    def __init__(
        self,
        client_id: uuid.UUID | str,
        client_secret: str,
        environment: str | None = None,
        base_url: str | None = None,
        app_name: str | None = None,
        transport: RequestsTransport | None = None,
        retry_config: RetryConfig | None = None,
        *,
        transport_params: t.Mapping[str, t.Any] | None = None,
    ) -> None: ...
    async def oauth2_start_flow(
        self,
        redirect_uri: str,
        requested_scopes: Scopes | None = None,
        *,
        state: str | None = "_default",
        refresh_tokens: bool = False,
        prefill_named_grant: str | MissingType | None = MISSING,
        nonce: str | MissingType | None = MISSING,
        pkce: bool = False,
        verifier: str | MissingType | None = MISSING,
    ) -> GlobusAuthorizationCodeFlowManager: ...
    async def oauth2_client_credentials_tokens(
        self,
        requested_scopes: Scopes | None = None,
        *,
        body_params: t.Mapping[str, t.Any] | None = None,
    ) -> OAuthClientCredentialsResponse: ...
    async def oauth2_get_dependent_tokens(
        self,
        token: str,
        *,
        refresh_tokens: bool = False,
        scope: t.Any = MISSING,
        requested_scopes: t.Iterable[t.Any] | AsyncIterator[t.Any] | None = None,
        additional_params: t.Mapping[str, t.Any] | None = None,
    ) -> OAuthDependentTokenResponse: ...
    async def oauth2_token_introspect(
        self,
        token: str,
        *,
        include: t.Iterable[str] | AsyncIterator[str] | str | MissingType | None = MISSING,
        authentication_policies: IDs | MissingType | None = MISSING,
        additional_fields: t.Mapping[str, t.Any] | MissingType | None = None,
        query_params: t.Mapping[str, t.Any] | None = None,
    ) -> IntrospectionResponse: ...
    async def oauth2_validate_token(self, token: str) -> IntrospectionResponse: ...
    async def create_child_client(
        self,
        name: str,
        *,
        public_client: bool | MissingType = MISSING,
        client_type: ClientType | MissingType = MISSING,
        visibility: Visibility | MissingType = MISSING,
        redirect_uris: t.Iterable[str] | AsyncIterator[str] | str | MissingType = MISSING,
        terms_and_conditions: str | MissingType = MISSING,
        privacy_policy: str | MissingType = MISSING,
        required_idp: uuid.UUID | str | MissingType = MISSING,
        preselect_idp: uuid.UUID | str | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | MissingType | None = None,
    ) -> GlobusHTTPResponse: ...

class NativeAppAuthClient(AuthLoginClient):
    def __init__(
        self,
        client_id: uuid.UUID | str,
        environment: str | None = None,
        base_url: str | None = None,
        app_name: str | None = None,
        transport: RequestsTransport | None = None,
        retry_config: RetryConfig | None = None,
        *,
        transport_params: t.Mapping[str, t.Any] | None = None,
    ) -> None: ...
    async def oauth2_start_flow(
        self,
        requested_scopes: Scopes | None = None,
        *,
        redirect_uri: str | MissingType | None = MISSING,
        state: str | None = "_default",
        verifier: str | MissingType | None = MISSING,
        refresh_tokens: bool = False,
        prefill_named_grant: str | MissingType | None = MISSING,
        nonce: str | MissingType | None = MISSING,
        pkce: bool = True,
    ) -> GlobusNativeAppFlowManager: ...
    async def create_native_app_instance(
        self, template_id: uuid.UUID | str, name: str
    ) -> GlobusHTTPResponse: ...
