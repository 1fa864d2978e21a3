"""
Public names that are imported when they are first used.

A namespace of the kernel (``globus_core``, ``globus_core.token_storage`` ...) answers a name
in this order: its own lazy names, its submodules, the names that plugins contribute to it.
The top level answers the names of its namespaces as well, before those of plugins.
Names with a leading underscore never start plugin discovery.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Names = t.Mapping[str, tuple[str, ...]]

ROOT = "globus_core"


def import_module(name: str) -> t.Any:
    """
    Import a module by its dotted name, as importlib does, without importing importlib.

    :param name: the absolute dotted name
    """
    __import__(name)
    return sys.modules[name]


def attach(
    package: str, kernel: Names, *, submodules: tuple[str, ...] = ()
) -> tuple[t.Callable[[str], t.Any], t.Callable[[], list[str]], list[str]]:
    """
    Make ``__getattr__``, ``__dir__`` and ``__all__`` for a namespace.

    :param package: the namespace's ``__name__``
    :param kernel: for each submodule, or absolute module of ours, the public names that it holds
    :param submodules: submodules that may be used without importing them first
    """
    origins = {name: module for module, names in kernel.items() for name in names}
    namespace = package[len(ROOT) + 1 :]

    def __getattr__(name: str) -> t.Any:  # noqa: N807
        module = origins.get(name)
        if module is None and package == ROOT and name not in submodules and name[0] != "_":
            module = import_module(f"{ROOT}._elsewhere").MODULES.get(name)
        if module is not None:
            path = module if module.startswith(f"{ROOT}.") else f"{package}.{module}"
            value = getattr(import_module(path), name)
            setattr(sys.modules[package], name, value)
            return value
        if name in submodules:
            return import_module(f"{package}.{name}")
        if name.startswith("_"):
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return _plugin_manager().public_name(namespace, name)

    def __dir__() -> list[str]:  # noqa: N807
        own = {name for name in vars(sys.modules[package]) if name.startswith("__")}
        contributed = _plugin_manager().public_names(namespace)
        return sorted(own.union(origins, submodules, contributed))

    return __getattr__, __dir__, sorted(origins)


def _plugin_manager() -> t.Any:
    return import_module(f"{ROOT}.plugins.current").get_plugin_manager()


def lazy_exports(package: str, names: Names) -> tuple[t.Callable[[str], t.Any], list[str]]:
    """
    Make ``__getattr__`` and ``__all__`` for a plugin's package, whose names load when used.

    :param package: the package's ``__name__``
    :param names: for each submodule, the public names that it holds
    """
    origins = {name: module for module, exported in names.items() for name in exported}

    def __getattr__(name: str) -> t.Any:  # noqa: N807
        if name not in origins:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{origins[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return __getattr__, sorted(origins)
