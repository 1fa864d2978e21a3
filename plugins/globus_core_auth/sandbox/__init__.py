"""
Globus Auth in the sandbox. For development only.

Needs the extra ``sandbox``; importing this package loads nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .seeds import ClientSeed as ClientSeed
    from .seeds import DependentScope as DependentScope
    from .seeds import IdentityProvider as IdentityProvider
    from .seeds import Person as Person
    from .seeds import Policy as Policy
    from .seeds import Project as Project
    from .seeds import ScopeSeed as ScopeSeed
    from .seeds import Seeds as Seeds
    from .service import AuthSandbox as AuthSandbox

__all__ = (
    "AuthSandbox",
    "ClientSeed",
    "DependentScope",
    "IdentityProvider",
    "Person",
    "Policy",
    "Project",
    "ScopeSeed",
    "Seeds",
)


def __getattr__(name: str) -> t.Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = import_module(f"{__name__}.{'service' if name == 'AuthSandbox' else 'seeds'}")
    value = globals()[name] = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
