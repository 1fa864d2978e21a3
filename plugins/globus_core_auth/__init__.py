"""
Globus Auth: login clients, flows, token responses, ID tokens.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "client": ("AuthClient",),
        "confidential_client": ("ConfidentialAppAuthClient",),
        "consents": (
            "Consent",
            "ConsentForest",
            "ConsentParseError",
            "ConsentTree",
            "ConsentTreeConstructionError",
        ),
        "dependent_scope": ("DependentScopeSpec",),
        "errors": ("AuthAPIError",),
        "flow_managers": (
            "GlobusAuthorizationCodeFlowManager",
            "GlobusNativeAppFlowManager",
            "GlobusOAuthFlowManager",
        ),
        "id_token": ("IDTokenDecoder",),
        "login_client": ("AuthLoginClient",),
        "native_client": ("NativeAppAuthClient",),
        "responses": (
            "GetClientCredentialsResponse",
            "GetClientsResponse",
            "GetConsentsResponse",
            "GetIdentitiesResponse",
            "GetIdentityProvidersResponse",
            "GetPoliciesResponse",
            "GetProjectsResponse",
            "GetScopesResponse",
        ),
        "token_responses": (
            "OAuthAuthorizationCodeResponse",
            "OAuthClientCredentialsResponse",
            "OAuthDependentTokenResponse",
            "OAuthRefreshTokenResponse",
            "OAuthTokenResponse",
        ),
    },
)

#: what namespaces of globus_core get of these names, where it is not all of them
NAMESPACES = {
    "scopes.consents": (
        "Consent",
        "ConsentForest",
        "ConsentParseError",
        "ConsentTree",
        "ConsentTreeConstructionError",
    ),
}
