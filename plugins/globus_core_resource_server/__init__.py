"""
Services that accept tokens of Globus Auth: who calls, and what to answer to those who may not.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "caller": ("Authentication", "Caller", "CallerSession"),
        "checker": ("TokenChecker",),
        "refusals": (
            "CheckFailedError",
            "ForbiddenError",
            "RefusedError",
            "UnauthenticatedError",
        ),
    },
)

#: what namespaces of globus_core get of these names
NAMESPACES = {
    "": ("TokenChecker",),
    "resource_server": (
        "Authentication",
        "Caller",
        "CallerSession",
        "CheckFailedError",
        "ForbiddenError",
        "RefusedError",
        "TokenChecker",
        "UnauthenticatedError",
    ),
}
