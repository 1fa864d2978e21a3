"""
Authorizers: they provide the Authorization header, and renew the token in it.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
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
