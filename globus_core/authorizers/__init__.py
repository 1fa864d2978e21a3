"""
Authorizers: what gives the Authorization header, and renews what it is made of.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "base": ("GlobusAuthorizer", "NullAuthorizer", "StaticGlobusAuthorizer"),
        "access_token": ("AccessTokenAuthorizer",),
        "basic": ("BasicAuthorizer",),
        "renewing": ("RenewingAuthorizer",),
        "refresh_token": ("RefreshTokenAuthorizer",),
        "client_credentials": ("ClientCredentialsAuthorizer",),
    },
)
