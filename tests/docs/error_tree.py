"""
The tree of exceptions, drawn from the classes.
"""

from __future__ import annotations

from importlib import import_module

from globus_core.exc import GlobusError

#: where exceptions have public names
NAMESPACES = (
    "globus_core",
    "globus_core.exc",
    "globus_core.login_flows",
    "globus_core.scopes",
    "globus_core.scopes.consents",
    "globus_core.token_storage",
    "globus_core.token_storage.validating_token_storage",
    "globus_core_sandbox",
    "globus_core_storage",
)


def error_tree() -> str:
    """
    Every public exception below GlobusError, indented under its first base.
    """
    return "\n".join(_drawn(GlobusError, _public_errors(), 0)) + "\n"


def _public_errors() -> set[type[GlobusError]]:
    errors = set()
    for namespace in NAMESPACES:
        module = import_module(namespace)
        for name in (name for name in dir(module) if name.endswith(("Error", "Denied"))):
            value = getattr(module, name)
            if isinstance(value, type) and issubclass(value, GlobusError):
                errors.add(value)
    return errors


def _drawn(error: type[GlobusError], errors: set[type[GlobusError]], depth: int) -> list[str]:
    others = ", ".join(base.__name__ for base in error.__bases__[1:])
    lines = ["  " * depth + error.__name__ + (f" ({others})" if others else "")]
    for child in sorted((e for e in errors if e.__bases__[0] is error), key=lambda e: e.__name__):
        lines += _drawn(child, errors, depth + 1)
    return lines
