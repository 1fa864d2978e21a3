"""
``import globus_sdk`` gives globus-core, for libraries that are written for globus-sdk.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from importlib.abc import Loader
from importlib.machinery import ModuleSpec

from ._lazy import ROOT, import_module
from .exc.base import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from collections.abc import Iterable, Sequence
    from importlib.metadata import Distribution

    from typing_extensions import Self

SDK = "globus_sdk"
#: the version of globus-sdk whose names and behaviour are here
SDK_VERSION = "4.10.0"


def as_globus_sdk() -> SDKAlias:
    """
    From now on, ``import globus_sdk`` and imports of its modules give globus-core, in this process.

    Call this before the first import of globus-sdk and of the libraries that use it. As a context
    manager, or by :meth:`SDKAlias.undo`, it is undone; a library that was imported meanwhile keeps
    globus-core. Calls may be nested: the last one to be undone ends it.

    :raises GlobusSDKUsageError: if globus-sdk itself has been imported, since its classes would be
        mixed with those of globus-core
    """
    alias = SDKAlias()
    if not _active:
        _refuse_imported()
        sys.meta_path.insert(0, _FINDER)
    _active.append(alias)
    return alias


class SDKAlias:
    """
    What :func:`as_globus_sdk` has done, to undo it.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.undo()

    def undo(self) -> None:
        """
        Let ``import globus_sdk`` find globus-sdk again, if it is installed; do nothing if that is
        done.
        """
        if self not in _active:
            return
        _active.remove(self)
        if _active:
            return
        sys.meta_path.remove(_FINDER)
        for name in _imported():
            del sys.modules[name]


def _imported() -> list[str]:
    return [name for name in sys.modules if name == SDK or name.startswith(f"{SDK}.")]


def _refuse_imported() -> None:
    if _imported():
        raise GlobusSDKUsageError(
            "globus_sdk has been imported already; call as_globus_sdk() before the first import of "
            "globus_sdk and of libraries that use it"
        )


class _TopLevel(types.ModuleType):
    """The module ``globus_sdk``: the names of globus_core, but the version of globus-sdk."""

    __version__ = SDK_VERSION

    def __getattr__(self, name: str) -> t.Any:
        return getattr(sys.modules[ROOT], name)

    def __dir__(self) -> list[str]:
        return dir(sys.modules[ROOT])


class _Loader(Loader):
    """Gives the module of globus-core itself, so that a class is the same by both paths."""

    def __init__(self, spec: ModuleSpec) -> None:
        self._spec = spec

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        if spec.name == SDK:
            return _TopLevel(SDK, sys.modules[ROOT].__doc__)
        module: types.ModuleType = import_module(self._spec.name)
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """Give a module of globus-core back its own spec, which the import has replaced."""
        if not isinstance(module, _TopLevel):
            module.__spec__ = self._spec


class _Finder:
    """Finds globus_sdk in globus_core, and a distribution of that name."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: types.ModuleType | None = None,
    ) -> ModuleSpec | None:
        top, dot, rest = fullname.partition(".")
        ours = importlib.util.find_spec(f"{ROOT}{dot}{rest}") if top == SDK else None
        if ours is None:
            return None
        package = ours.submodule_search_locations is not None
        found = ModuleSpec(fullname, _Loader(ours), origin=ours.origin, is_package=package)
        if package:
            found.submodule_search_locations = ours.submodule_search_locations
        return found

    def find_distributions(self, context: t.Any) -> Iterable[Distribution]:
        """
        For ``importlib.metadata.version("globus-sdk")``, and for checks of requirements.
        """
        from importlib.metadata import Distribution

        class Named(Distribution):
            def read_text(self, filename: str) -> str | None:
                return _METADATA if filename == "METADATA" else None

            def locate_file(self, path: t.Any) -> t.Any:
                import pathlib

                return pathlib.Path(path)

        name = (context.name or "").replace("_", "-").replace(".", "-").lower()
        return [Named()] if name == SDK.replace("_", "-") else []


_METADATA = f"Metadata-Version: 2.1\nName: globus-sdk\nVersion: {SDK_VERSION}\n"
_FINDER = _Finder()
_active: list[SDKAlias] = []
