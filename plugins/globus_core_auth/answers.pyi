# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

import typing as t

from globus_core.response import GlobusHTTPResponse, IterableResponse

from .answer_documents import (
    ClientDocument,
    ClientsDocument,
    ConsentDocument,
    ConsentsDocument,
    CredentialDocument,
    CredentialsDocument,
    IdentitiesDocument,
    IdentityDocument,
    IdentityProviderDocument,
    IdentityProvidersDocument,
    IncludedDocuments,
    IntrospectionDocument,
    IssuedToken,
    LinkedIdentity,
    PoliciesDocument,
    PolicyDocument,
    PolicyEvaluation,
    ProjectDocument,
    ProjectsDocument,
    ScopeDocument,
    ScopesDocument,
    SessionDocument,
    TokensDocument,
    UserinfoDocument,
)

DefaultT = t.TypeVar("DefaultT")

class UserinfoResponse(GlobusHTTPResponse[UserinfoDocument]):
    @t.overload
    def __getitem__(
        self, key: t.Literal["sub", "preferred_username", "identity_provider"]
    ) -> str: ...
    @t.overload
    def __getitem__(
        self, key: t.Literal["name", "email", "organization", "identity_provider_display_name"]
    ) -> str | None: ...
    @t.overload
    def __getitem__(self, key: t.Literal["last_authentication"]) -> int | None: ...
    @t.overload
    def __getitem__(self, key: t.Literal["identity_set"]) -> list[LinkedIdentity]: ...
    @t.overload
    def get(
        self, key: t.Literal["sub", "preferred_username", "identity_provider"], default: None = None
    ) -> str | None: ...
    @t.overload
    def get(
        self, key: t.Literal["sub", "preferred_username", "identity_provider"], default: DefaultT
    ) -> str | DefaultT: ...
    @t.overload
    def get(
        self,
        key: t.Literal["name", "email", "organization", "identity_provider_display_name"],
        default: None = None,
    ) -> str | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal["name", "email", "organization", "identity_provider_display_name"],
        default: DefaultT,
    ) -> str | DefaultT | None: ...
    @t.overload
    def get(self, key: t.Literal["last_authentication"], default: None = None) -> int | None: ...
    @t.overload
    def get(
        self, key: t.Literal["last_authentication"], default: DefaultT
    ) -> int | DefaultT | None: ...
    @t.overload
    def get(
        self, key: t.Literal["identity_set"], default: None = None
    ) -> list[LinkedIdentity] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["identity_set"], default: DefaultT
    ) -> list[LinkedIdentity] | DefaultT: ...

class IntrospectionResponse(GlobusHTTPResponse[IntrospectionDocument]):
    @t.overload
    def __getitem__(self, key: t.Literal["active"]) -> bool: ...
    @t.overload
    def __getitem__(
        self, key: t.Literal["token_type", "scope", "client_id", "username", "sub", "iss"]
    ) -> str: ...
    @t.overload
    def __getitem__(self, key: t.Literal["name", "email"]) -> str | None: ...
    @t.overload
    def __getitem__(self, key: t.Literal["aud", "identity_set"]) -> list[str]: ...
    @t.overload
    def __getitem__(self, key: t.Literal["iat", "nbf", "exp"]) -> int: ...
    @t.overload
    def __getitem__(self, key: t.Literal["session_info"]) -> SessionDocument | None: ...
    @t.overload
    def __getitem__(self, key: t.Literal["identity_set_detail"]) -> list[LinkedIdentity]: ...
    @t.overload
    def __getitem__(self, key: t.Literal["policy_evaluations"]) -> dict[str, PolicyEvaluation]: ...
    @t.overload
    def get(self, key: t.Literal["active"], default: None = None) -> bool | None: ...
    @t.overload
    def get(self, key: t.Literal["active"], default: DefaultT) -> bool | DefaultT: ...
    @t.overload
    def get(
        self,
        key: t.Literal["token_type", "scope", "client_id", "username", "sub", "iss"],
        default: None = None,
    ) -> str | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal["token_type", "scope", "client_id", "username", "sub", "iss"],
        default: DefaultT,
    ) -> str | DefaultT: ...
    @t.overload
    def get(self, key: t.Literal["name", "email"], default: None = None) -> str | None: ...
    @t.overload
    def get(self, key: t.Literal["name", "email"], default: DefaultT) -> str | DefaultT | None: ...
    @t.overload
    def get(
        self, key: t.Literal["aud", "identity_set"], default: None = None
    ) -> list[str] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["aud", "identity_set"], default: DefaultT
    ) -> list[str] | DefaultT: ...
    @t.overload
    def get(self, key: t.Literal["iat", "nbf", "exp"], default: None = None) -> int | None: ...
    @t.overload
    def get(self, key: t.Literal["iat", "nbf", "exp"], default: DefaultT) -> int | DefaultT: ...
    @t.overload
    def get(
        self, key: t.Literal["session_info"], default: None = None
    ) -> SessionDocument | None: ...
    @t.overload
    def get(
        self, key: t.Literal["session_info"], default: DefaultT
    ) -> SessionDocument | DefaultT | None: ...
    @t.overload
    def get(
        self, key: t.Literal["identity_set_detail"], default: None = None
    ) -> list[LinkedIdentity] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["identity_set_detail"], default: DefaultT
    ) -> list[LinkedIdentity] | DefaultT: ...
    @t.overload
    def get(
        self, key: t.Literal["policy_evaluations"], default: None = None
    ) -> dict[str, PolicyEvaluation] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["policy_evaluations"], default: DefaultT
    ) -> dict[str, PolicyEvaluation] | DefaultT: ...

class TokensResponse(GlobusHTTPResponse[TokensDocument]):
    @t.overload
    def __getitem__(
        self,
        key: t.Literal[
            "access_token",
            "token_type",
            "resource_server",
            "scope",
            "refresh_token",
            "id_token",
            "state",
        ],
    ) -> str: ...
    @t.overload
    def __getitem__(self, key: t.Literal["expires_in"]) -> int: ...
    @t.overload
    def __getitem__(self, key: t.Literal["other_tokens"]) -> list[IssuedToken]: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "access_token",
            "token_type",
            "resource_server",
            "scope",
            "refresh_token",
            "id_token",
            "state",
        ],
        default: None = None,
    ) -> str | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "access_token",
            "token_type",
            "resource_server",
            "scope",
            "refresh_token",
            "id_token",
            "state",
        ],
        default: DefaultT,
    ) -> str | DefaultT: ...
    @t.overload
    def get(self, key: t.Literal["expires_in"], default: None = None) -> int | None: ...
    @t.overload
    def get(self, key: t.Literal["expires_in"], default: DefaultT) -> int | DefaultT: ...
    @t.overload
    def get(
        self, key: t.Literal["other_tokens"], default: None = None
    ) -> list[IssuedToken] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["other_tokens"], default: DefaultT
    ) -> list[IssuedToken] | DefaultT: ...

class IdentitiesResponse(IterableResponse[IdentityDocument, IdentitiesDocument]):
    @t.overload
    def __getitem__(self, key: t.Literal["identities"]) -> list[IdentityDocument]: ...
    @t.overload
    def __getitem__(self, key: t.Literal["included"]) -> IncludedDocuments: ...
    @t.overload
    def get(
        self, key: t.Literal["identities"], default: None = None
    ) -> list[IdentityDocument] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["identities"], default: DefaultT
    ) -> list[IdentityDocument] | DefaultT: ...
    @t.overload
    def get(self, key: t.Literal["included"], default: None = None) -> IncludedDocuments | None: ...
    @t.overload
    def get(
        self, key: t.Literal["included"], default: DefaultT
    ) -> IncludedDocuments | DefaultT: ...

class IdentityProvidersResponse(
    IterableResponse[IdentityProviderDocument, IdentityProvidersDocument]
):
    def __getitem__(
        self, key: t.Literal["identity_providers"]
    ) -> list[IdentityProviderDocument]: ...
    @t.overload
    def get(
        self, key: t.Literal["identity_providers"], default: None = None
    ) -> list[IdentityProviderDocument] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["identity_providers"], default: DefaultT
    ) -> list[IdentityProviderDocument] | DefaultT: ...

class ConsentsResponse(IterableResponse[ConsentDocument, ConsentsDocument]):
    def __getitem__(self, key: t.Literal["consents"]) -> list[ConsentDocument]: ...
    @t.overload
    def get(
        self, key: t.Literal["consents"], default: None = None
    ) -> list[ConsentDocument] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["consents"], default: DefaultT
    ) -> list[ConsentDocument] | DefaultT: ...

class ProjectsResponse(IterableResponse[ProjectDocument, ProjectsDocument]):
    def __getitem__(self, key: t.Literal["projects"]) -> list[ProjectDocument]: ...
    @t.overload
    def get(
        self, key: t.Literal["projects"], default: None = None
    ) -> list[ProjectDocument] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["projects"], default: DefaultT
    ) -> list[ProjectDocument] | DefaultT: ...

class PoliciesResponse(IterableResponse[PolicyDocument, PoliciesDocument]):
    def __getitem__(self, key: t.Literal["policies"]) -> list[PolicyDocument]: ...
    @t.overload
    def get(
        self, key: t.Literal["policies"], default: None = None
    ) -> list[PolicyDocument] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["policies"], default: DefaultT
    ) -> list[PolicyDocument] | DefaultT: ...

class ClientsResponse(IterableResponse[ClientDocument, ClientsDocument]):
    def __getitem__(self, key: t.Literal["clients"]) -> list[ClientDocument]: ...
    @t.overload
    def get(
        self, key: t.Literal["clients"], default: None = None
    ) -> list[ClientDocument] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["clients"], default: DefaultT
    ) -> list[ClientDocument] | DefaultT: ...

class CredentialsResponse(IterableResponse[CredentialDocument, CredentialsDocument]):
    def __getitem__(self, key: t.Literal["credentials"]) -> list[CredentialDocument]: ...
    @t.overload
    def get(
        self, key: t.Literal["credentials"], default: None = None
    ) -> list[CredentialDocument] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["credentials"], default: DefaultT
    ) -> list[CredentialDocument] | DefaultT: ...

class ScopesResponse(IterableResponse[ScopeDocument, ScopesDocument]):
    def __getitem__(self, key: t.Literal["scopes"]) -> list[ScopeDocument]: ...
    @t.overload
    def get(self, key: t.Literal["scopes"], default: None = None) -> list[ScopeDocument] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["scopes"], default: DefaultT
    ) -> list[ScopeDocument] | DefaultT: ...
