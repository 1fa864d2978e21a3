"""
A local Globus Auth to develop, demonstrate and test against. For development only.

Needs the extra ``sandbox``; importing this package loads nothing, using :py:class:`Sandbox`
loads Authlib and Flask.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.testing.sandbox import (
        ClientSeed,
        DependentScope,
        IdentityProvider,
        Person,
        Policy,
        Project,
        ScopeSeed,
        Seeds,
    )

    from .control.remote import SandboxControl
    from .errors import SandboxError, SandboxStartError
    from .http.journal import JournalRecord
    from .sandbox import Sandbox

__all__ = (
    "ClientSeed",
    "DependentScope",
    "IdentityProvider",
    "JournalRecord",
    "Person",
    "Policy",
    "Project",
    "Sandbox",
    "SandboxControl",
    "SandboxError",
    "SandboxStartError",
    "ScopeSeed",
    "Seeds",
)

#: the names for each namespace of globus_core that does not get all of them
NAMESPACES = {
    "testing": ("Sandbox", "SandboxControl"),
}

_ORIGINS = {
    "JournalRecord": "http.journal",
    "Sandbox": "sandbox",
    "SandboxControl": "control.remote",
    "SandboxError": "errors",
    "SandboxStartError": "errors",
}
_EXTRA = ("authlib", "flask", "joserfc", "werkzeug")


def __getattr__(name: str) -> t.Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    own = _ORIGINS.get(name)
    try:
        # The seeds are those of Globus Auth, whose plugin contributes them under this name.
        module = import_module(f"{__name__}.{own}" if own else "globus_core.testing.sandbox")
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise ImportError(
            f'the sandbox needs {error.name!r}: pip install "globus-core[sandbox]"',
            name=error.name,
        ) from error
    value = globals()[name] = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
