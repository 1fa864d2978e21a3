"""
Globus Auth in the sandbox. For development only.

Needs the extra ``sandbox``; importing this package loads nothing.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "seeds": (
            "ClientSeed",
            "DependentScope",
            "IdentityProvider",
            "Person",
            "Policy",
            "Project",
            "ScopeSeed",
            "Seeds",
        ),
        "service": ("AuthSandbox",),
    },
)

#: the names for each namespace of globus_core that does not get all of them
NAMESPACES = {
    "testing.sandbox": (
        "ClientSeed",
        "DependentScope",
        "IdentityProvider",
        "Person",
        "Policy",
        "Project",
        "ScopeSeed",
        "Seeds",
    ),
}
