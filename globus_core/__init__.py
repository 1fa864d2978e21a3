"""
globus-core: Globus Auth and the services behind it, for Python.

The kernel's names (BaseClient, authorizers, Scope ...) and those that plugins contribute
(AuthClient, UserApp ...) are all importable from here; each is loaded when first used.
"""

from __future__ import annotations

from ._lazy import attach

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "_lazy": ("lazy_exports",),
        "_markers": ("hookimpl",),
        "documents": ("MISSING", "MissingType"),
        "authorizers": (
            "AccessTokenAuthorizer",
            "BasicAuthorizer",
            "ClientCredentialsAuthorizer",
            "NullAuthorizer",
            "RefreshTokenAuthorizer",
        ),
        "client": ("BaseClient",),
        "clients": ("client_class", "service_names"),
        "exc": (
            "ErrorSubdocument",
            "GlobusAPIError",
            "GlobusConnectionError",
            "GlobusConnectionTimeoutError",
            "GlobusError",
            "GlobusSDKUsageError",
            "GlobusTimeoutError",
            "NetworkError",
            "RemovedInV5Warning",
            "ValidationError",
        ),
        "identities": ("is_username", "split_ids_and_usernames"),
        "response": ("ArrayResponse", "GlobusHTTPResponse", "IterableResponse"),
        "scopes": ("Scope", "ScopeCycleError", "ScopeParseError"),
    },
    submodules=(
        "authorizers",
        "cli",
        "client",
        "clients",
        "compose",
        "config",
        "documents",
        "events",
        "exc",
        "gare",
        "globus_app",
        "hookspecs",
        "identities",
        "locks",
        "login_flows",
        "paging",
        "plugins",
        "response",
        "scopes",
        "testing",
        "token_storage",
        "translation",
        "transport",
        "waiting",
    ),
)
__all__ += ["__version__"]
