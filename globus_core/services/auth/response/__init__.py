"""
The names of globus-sdk's module of this path, loaded when used.
"""

# Written by tests/layout/sdk_paths.py, from its table.

from __future__ import annotations

from globus_core._lazy import forward as _forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.services.auth import (
        GetClientCredentialsResponse as GetClientCredentialsResponse,
    )
    from globus_core.services.auth import GetClientsResponse as GetClientsResponse
    from globus_core.services.auth import GetConsentsResponse as GetConsentsResponse
    from globus_core.services.auth import GetIdentitiesResponse as GetIdentitiesResponse
    from globus_core.services.auth import (
        GetIdentityProvidersResponse as GetIdentityProvidersResponse,
    )
    from globus_core.services.auth import GetPoliciesResponse as GetPoliciesResponse
    from globus_core.services.auth import GetProjectsResponse as GetProjectsResponse
    from globus_core.services.auth import GetScopesResponse as GetScopesResponse
    from globus_core.services.auth import (
        OAuthAuthorizationCodeResponse as OAuthAuthorizationCodeResponse,
    )
    from globus_core.services.auth import (
        OAuthClientCredentialsResponse as OAuthClientCredentialsResponse,
    )
    from globus_core.services.auth import OAuthDependentTokenResponse as OAuthDependentTokenResponse
    from globus_core.services.auth import OAuthRefreshTokenResponse as OAuthRefreshTokenResponse
    from globus_core.services.auth import OAuthTokenResponse as OAuthTokenResponse
else:
    __getattr__, __dir__ = _forward(
        __name__,
        {
            "globus_core.services.auth": (
                "GetClientCredentialsResponse",
                "GetClientsResponse",
                "GetConsentsResponse",
                "GetIdentitiesResponse",
                "GetIdentityProvidersResponse",
                "GetPoliciesResponse",
                "GetProjectsResponse",
                "GetScopesResponse",
                "OAuthAuthorizationCodeResponse",
                "OAuthClientCredentialsResponse",
                "OAuthDependentTokenResponse",
                "OAuthRefreshTokenResponse",
                "OAuthTokenResponse",
            )
        },
    )

__all__ = (
    "GetClientCredentialsResponse",
    "GetClientsResponse",
    "GetConsentsResponse",
    "GetIdentitiesResponse",
    "GetIdentityProvidersResponse",
    "GetPoliciesResponse",
    "GetProjectsResponse",
    "GetScopesResponse",
    "OAuthAuthorizationCodeResponse",
    "OAuthClientCredentialsResponse",
    "OAuthDependentTokenResponse",
    "OAuthRefreshTokenResponse",
    "OAuthTokenResponse",
)
