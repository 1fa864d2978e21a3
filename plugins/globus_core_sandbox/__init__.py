"""
A local Globus Auth to develop, demonstrate and test against. For development only.

Needs the extra ``sandbox``; importing this package loads nothing, using :py:class:`Sandbox`
loads Authlib and Flask.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from ._control import SandboxControl
    from ._exc import SandboxError, SandboxStartError
    from ._journal import JournalRecord
    from ._sandbox import Sandbox
    from ._seeds import (
        ClientSeed,
        DependentScope,
        IdentityProvider,
        Person,
        Policy,
        Project,
        ScopeSeed,
        Seeds,
    )

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

_ORIGINS = {
    "JournalRecord": "_journal",
    "Sandbox": "_sandbox",
    "SandboxControl": "_control",
    "SandboxError": "_exc",
    "SandboxStartError": "_exc",
}
_EXTRA = ("authlib", "flask", "joserfc", "werkzeug")


def __getattr__(name: str) -> t.Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    try:
        module = import_module(f"{__name__}.{_ORIGINS.get(name, '_seeds')}")
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
