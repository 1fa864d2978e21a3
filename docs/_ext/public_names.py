"""
The public names of globus-core, as the reference and its test see them.
"""

from __future__ import annotations

import inspect
from importlib import import_module


def public_names(namespace: str) -> list[str]:
    """
    The public names of a namespace, without its submodules.
    """
    module = import_module(namespace)
    listed = hasattr(module, "__dir__") and "__dir__" in vars(module)
    names = dir(module) if listed else getattr(module, "__all__", None) or vars(module)
    found = {name: getattr(module, name) for name in names if not name.startswith("_")}
    own = {name: value for name, value in found.items() if not inspect.ismodule(value)}
    if listed or hasattr(module, "__all__"):
        return sorted(own)
    return [name for name, value in own.items() if getattr(value, "__module__", "") == namespace]


def selected(argument: str) -> tuple[str, list[str]]:
    """
    The namespace and the names that a directive's argument means.
    """
    namespace, _, listed = argument.partition(":")
    return namespace.strip(), listed.split() or public_names(namespace.strip())


def is_private(value: type) -> bool:
    """
    Whether a class of ours is not to be had from the package that it is in.
    """
    package, _, module = value.__module__.rpartition(".")
    if not (package.startswith("globus_core") and module.startswith("_")):
        return False
    return getattr(import_module(package), value.__name__, None) is not value
