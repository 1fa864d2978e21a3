"""
Services that accept tokens of Globus Auth: who calls, and what to answer to those who may not.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "asgi": ("ASGIProtection",),
        "caller": ("Authentication", "Caller", "CallerSession"),
        "checker": ("TokenChecker",),
        "fastapi_paths": ("FastAPIProtection",),
        "flask_views": ("flask_protection",),
        "mcp_tokens": ("MCPTokenVerifier",),
        "refusals": (
            "CheckFailedError",
            "ForbiddenError",
            "RefusedError",
            "UnauthenticatedError",
        ),
        "wsgi": ("WSGIProtection",),
    },
)

#: what namespaces of globus_core get of these names
NAMESPACES = {
    "": ("TokenChecker",),
    "resource_server": (
        "ASGIProtection",
        "Authentication",
        "Caller",
        "CallerSession",
        "CheckFailedError",
        "FastAPIProtection",
        "ForbiddenError",
        "MCPTokenVerifier",
        "RefusedError",
        "TokenChecker",
        "UnauthenticatedError",
        "WSGIProtection",
        "flask_protection",
    ),
}
