"""
Namespace for asyncio: the names of ``globus_core``, awaited.

A plugin provides ``wrap``, which makes the awaited form of any class; with it this namespace has
all names of ``globus_core``, those of third-party plugins as well. Exceptions, documents and other
data are the same in both.
"""

from __future__ import annotations

import sys

import globus_core
from globus_core._lazy import attach

_own_name, _own_names = attach(__name__, {})


def __getattr__(name: str) -> object:
    try:
        return _own_name(name)
    except AttributeError:
        value = None if name.startswith("_") else getattr(globus_core, name)
        if value is None or isinstance(value, type(sys)):
            raise
    return _own_name("wrap")(value)


def __dir__() -> list[str]:
    names = globus_core.__all__  # pyright: ignore[reportAttributeAccessIssue]
    return sorted({*_own_names(), *names} - {"__version__"})
