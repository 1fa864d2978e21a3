"""
The public names that plugins contribute to the namespaces of the kernel.

An entry point declares a package for a namespace; the package itself lists its names (``__all__``,
or ``NAMESPACES`` if they differ between namespaces). It is imported when a name is looked up in
that namespace and no plugin with higher precedence has it; this is cheap, because its names are
loaded when used. An entry point can also declare a single name.
"""

from __future__ import annotations

import sys

from globus_core._lazy import ROOT, import_module
from globus_core.exc.base import PluginUnavailableError

from .discovery import NAMES_GROUP, PLUGIN_GROUP
from .loading import resolve
from .records import raise_interrupt
from .selection import BLOCK_VARIABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .discovery import EntryPoint
    from .manager import PluginManager
    from .records import PluginRecord

    Provider = tuple[PluginRecord, str]

_OUT = ("blocked", "shadowed")


class PublicNames:
    """
    Which plugins provide which public name.

    A name, or a package, belongs to the plugin of the same distribution and package, else to the
    first plugin of the same distribution.

    :param manager: loads plugins, and takes reports of names that two of them offer
    :param points: the entry points of all groups
    :param records: the plugins, those first whose names win
    """

    def __init__(
        self,
        manager: PluginManager,
        points: t.Iterable[EntryPoint],
        records: t.Sequence[PluginRecord],
    ) -> None:
        self._manager = manager
        self._ranks = {record: rank for rank, record in enumerate(records)}
        self._single: dict[str, dict[str, list[Provider]]] = {}
        self._packages: dict[str, list[Provider]] = {}
        self._exports: dict[str, t.Mapping[str, frozenset[str]] | None] = {}
        self._claims: dict[tuple[str, str], PluginRecord] = {}
        self._conflicts: list[tuple[str, PluginRecord, PluginRecord]] = []
        owners: dict[tuple[str | None, str], PluginRecord] = {}
        for record in records:
            owners.setdefault((record.distribution, _top(record.module)), record)
            owners.setdefault((record.distribution, ""), record)
        for point in points:
            by_package = owners.get((point.distribution, _top(point.value)))
            owner = by_package or owners.get((point.distribution, ""))
            if owner is not None and point.group != PLUGIN_GROUP:
                self._add(point, owner)

    def _add(self, point: EntryPoint, owner: PluginRecord) -> None:
        if point.group == NAMES_GROUP:
            namespace, _, name = point.name.rpartition(".")
            providers = self._single.setdefault(namespace, {}).setdefault(name, [])
            self._claim(namespace, name, owner)
        else:
            namespace = point.group[len(ROOT) + 1 :]
            providers = self._packages.setdefault(namespace, [])
        providers.append((owner, point.value))
        providers.sort(key=self._rank)

    def available(self, namespace: str) -> list[str]:
        """
        The names in a namespace that can be imported.

        :param namespace: dotted, without ``globus_core``; empty for the top level
        """
        names = set(self._single.get(namespace, ()))
        for record, package in self._packages.get(namespace, ()):
            names.update(self._names_of(record, package, namespace) or ())
        found = [name for name in names if self._is_available(namespace, name)]
        self.report_conflicts()
        return found

    def provider(self, namespace: str, name: str) -> Provider | None:
        """
        The plugin that provides a name: the first that is neither blocked nor shadowed (it may have
        failed), else the first of those that are.

        :param namespace: dotted, without ``globus_core``; empty for the top level
        :param name: the public name
        """
        found = None
        for record, reference in self._providers(namespace, name):
            found = found or (record, reference)
            if self._manager.require(record) or record.state == "failed":
                found = (record, reference)
                break
        self.report_conflicts()
        return found

    def report_conflicts(self) -> None:
        """
        Report each name that two plugins offer, if it was found since the last call.
        """
        found, self._conflicts = self._conflicts, []
        for name, keeper, loser in found:
            if keeper.usable and loser.usable:
                self._manager.report(
                    loser.label,
                    "its public names",
                    f"{name!r} is held by {keeper.label}; to use this one instead, "
                    f"set {BLOCK_VARIABLE}={keeper.label}",
                )

    def _providers(self, namespace: str, name: str) -> t.Iterator[Provider]:
        """
        The plugins that offer a name, with their references, the one that wins it first.

        A package is imported only if those before it are not enough.
        """
        single = self._single.get(namespace, {}).get(name, [])
        packages = self._packages.get(namespace, [])
        for record, value in sorted([*single, *packages], key=self._rank):
            if (record, value) in single:
                yield record, value
                continue
            names = self._names_of(record, value, namespace)
            if name in names if names is not None else _is_listed(value, name):
                yield record, f"{value}:{name}"

    def _is_available(self, namespace: str, name: str) -> bool:
        provider = self.provider(namespace, name)
        if provider is None or not provider[0].usable:
            return False
        if not hasattr(provider[0].plugin, "EXTRA"):
            return True
        try:  # only importing it shows whether the extra is installed
            resolve(*provider)
        except PluginUnavailableError:
            return False
        return True

    def _rank(self, provider: Provider) -> int:
        return self._ranks[provider[0]]

    def _claim(self, namespace: str, name: str, record: PluginRecord) -> None:
        holder = self._claims.setdefault((namespace, name), record)
        if holder is not record:
            keeper, loser = sorted((holder, record), key=self._ranks.__getitem__)
            self._claims[namespace, name] = keeper
            self._conflicts.append((f"{namespace}.{name}".lstrip("."), keeper, loser))

    def _names_of(
        self, record: PluginRecord, package: str, namespace: str
    ) -> frozenset[str] | None:
        """The names of a package for a namespace; None if it cannot or must not be imported."""
        if package not in self._exports:
            if record.state in _OUT:
                return None
            self._exports[package] = self._read(record, package)
        exports = self._exports[package]
        return None if exports is None else exports.get(namespace, frozenset())

    def _read(self, record: PluginRecord, package: str) -> dict[str, frozenset[str]] | None:
        try:
            module = import_module(package)
            listed: t.Mapping[str, t.Iterable[str]] = getattr(module, "NAMESPACES", {})
            exports = {
                namespace: frozenset(listed.get(namespace, module.__all__))
                for namespace, packages in self._packages.items()
                if any(package == other for _, other in packages)
            }
        except BaseException as error:  # reported when one of its names is used
            raise_interrupt(error)
            return None
        for namespace, names in exports.items():
            for name in names:
                self._claim(namespace, name, record)
        return exports


def _is_listed(package: str, name: str) -> bool:
    """
    Whether the source text of a package that is not imported lists a name.

    A plugin that is not used is not imported, not even for the error about it.
    """
    try:
        text = _source_of(package)
    except BaseException as error:  # a foreign finder or loader
        raise_interrupt(error)
        return False
    return f'"{name}"' in text or f"'{name}'" in text


def _source_of(package: str) -> str:
    """The source text of a package's ``__init__.py``, found without importing its parents."""
    path: t.Sequence[str] | None = None
    spec: t.Any = None
    parts = package.split(".")
    for length in range(1, len(parts) + 1):
        found = (
            finder.find_spec(".".join(parts[:length]), path)
            for finder in sys.meta_path
            if hasattr(finder, "find_spec")
        )
        spec = next(filter(None, found))
        path = spec.submodule_search_locations
    return spec.loader.get_source(package) or ""


def _top(reference: str) -> str:
    return reference.partition(":")[0].partition(".")[0]
