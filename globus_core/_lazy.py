"""
Public names that are imported at first use.

A namespace of the kernel (``globus_core``, ``globus_core.token_storage`` ...) looks up a name in
this order: its own lazy names, its submodules, the names that plugins contribute to it. Names of
the kernel stay on the module, those of plugins stay until plugins change. Names with a leading
underscore never start plugin discovery, except ``__all__``, which lists the names of plugins too.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Names = t.Mapping[str, tuple[str, ...]]

ROOT = "globus_core"
_NONE: Names = {}


def import_module(name: str) -> t.Any:
    """
    Import a module by its dotted name, as importlib does, without importing importlib.

    :param name: the absolute dotted name
    """
    __import__(name)
    return sys.modules[name]


def attach(
    package: str,
    kernel: Names,
    *,
    submodules: tuple[str, ...] = (),
    unlisted: Names = _NONE,
) -> tuple[t.Callable[[str], t.Any], t.Callable[[], list[str]]]:
    """
    Make ``__getattr__`` and ``__dir__`` for a namespace; the former also answers ``__all__``, which
    depends on the plugins in use.

    :param package: the namespace's ``__name__``
    :param kernel: the public names of each submodule, or of another module of the kernel by its
        absolute name
    :param submodules: submodules that can be used without importing them first
    :param unlisted: names that work as well but are neither in ``dir()`` nor in ``__all__``; by
        submodule, as in ``kernel``
    """
    listed = {name: module for module, names in kernel.items() for name in names}
    origins = {name: module for module, names in unlisted.items() for name in names} | listed
    namespace = package[len(ROOT) + 1 :]

    def __getattr__(name: str) -> t.Any:  # noqa: N807
        if name in origins:
            return _import_name(package, origins[name], name)
        if name in submodules:
            return import_module(f"{package}.{name}")
        if name == "__all__":
            own = {"__version__"}.intersection(vars(sys.modules[package]))
            return sorted(own.union(listed, contributed()))
        if name.startswith("_"):
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return _plugins().public_name(namespace, name)

    def __dir__() -> list[str]:  # noqa: N807
        own = {name for name in vars(sys.modules[package]) if name.startswith("__")}
        return sorted(own.union(listed, submodules, contributed()))

    def contributed() -> list[str]:
        names: list[str] = _plugins().get_plugin_manager().public_names(namespace)
        return names

    return __getattr__, __dir__


def _plugins() -> t.Any:
    """The one upward import, made when a name of a plugin is looked up."""
    return import_module(f"{ROOT}.plugins.current_manager")


def _import_name(package: str, module: str, name: str) -> t.Any:
    path = module if module.startswith(f"{ROOT}.") else f"{package}.{module}"
    value = getattr(import_module(path), name)
    setattr(sys.modules[package], name, value)
    return value


def lazy_exports(package: str, names: Names) -> tuple[t.Callable[[str], t.Any], list[str]]:
    """
    Make ``__getattr__`` and ``__all__`` for a plugin's package, whose names are imported at first
    use.

    :param package: the package's ``__name__``
    :param names: the public names of each submodule
    """
    origins = {name: module for module, exported in names.items() for name in exported}

    def __getattr__(name: str) -> t.Any:  # noqa: N807
        if name not in origins:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return _import_name(package, origins[name], name)

    return __getattr__, sorted(origins)


def forward(
    module: str, names: Names
) -> tuple[t.Callable[[str], t.Any], t.Callable[[], list[str]]]:
    """
    Make ``__getattr__`` and ``__dir__`` for a module that has names of other modules: each is
    looked up there at every use, since those of plugins change with the plugins.

    :param module: the module's ``__name__``
    :param names: the names of each other module, by its absolute name
    """
    origins = {name: other for other, forwarded in names.items() for name in forwarded}

    def __getattr__(name: str) -> t.Any:  # noqa: N807
        if name not in origins:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        return getattr(import_module(origins[name]), name)

    def __dir__() -> list[str]:  # noqa: N807
        return sorted({*vars(sys.modules[module]), *origins})

    return __getattr__, __dir__
