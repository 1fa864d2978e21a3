"""
The public names that plugins contribute to the namespaces of the kernel.

A package is announced for a namespace by one entry point; which names it has, the package
itself says (``__all__``, or ``NAMESPACES`` where they are not the same in each namespace). It is
imported, which is cheap for a package whose names load when used, when a name is looked up in
that namespace and no plugin that goes before has it. A name can also be announced alone.
"""

from __future__ import annotations

import sys

from globus_core._lazy import ROOT, import_module

from .discovery import NAMES_GROUP, PLUGIN_GROUP

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .discovery import EntryPoint
    from .records import PluginRecord

    Provider = tuple[PluginRecord, str]

_OUT = ("blocked", "shadowed")


class PublicNames:
    """
    Which plugins provide which public name.

    A name, or a package, belongs to the plugin of the same distribution and package, else to the
    first plugin of the same distribution.

    :param points: the entry points of all groups
    :param records: the plugins, those first whose names win
    """

    def __init__(self, points: t.Iterable[EntryPoint], records: t.Sequence[PluginRecord]) -> None:
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

    def within(self, namespace: str) -> list[str]:
        """
        The names in a namespace, of plugins that are not out on purpose.

        :param namespace: dotted, without ``globus_core``; empty for the top level
        """
        names = set(self._single.get(namespace, ()))
        for record, package in self._packages.get(namespace, ()):
            names.update(self._names_of(record, package, namespace) or ())
        return list(names)

    def providers(self, namespace: str, name: str) -> t.Iterator[Provider]:
        """
        The plugins that offer a name, with their references, the one that keeps it first.

        A package is imported only when those before it do not suffice.

        :param namespace: dotted, without ``globus_core``; empty for the top level
        :param name: the public name
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

    def conflicts(self) -> list[tuple[str, PluginRecord, PluginRecord]]:
        """
        Each name that was found since the last call to be offered by two plugins: the dotted
        name, who keeps it, who loses it.
        """
        found, self._conflicts = self._conflicts, []
        return found

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
        """What a package has for a namespace; None if it cannot, or must not, be imported."""
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
        except (Exception, SystemExit):  # a plugin's; told when one of its names is used
            return None
        for namespace, names in exports.items():
            for name in names:
                self._claim(namespace, name, record)
        return exports


def _is_listed(package: str, name: str) -> bool:
    """
    Whether the text of a package that is not imported lists a name.

    A plugin that is not used is not imported either, not even for the error that says so.
    """
    try:
        text = _source_of(package)
    except Exception:  # whichever finder or loader it is, it is not ours
        return False
    return f'"{name}"' in text or f"'{name}'" in text


def _source_of(package: str) -> str:
    """The text of a package's ``__init__.py``, found without importing its parents."""
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
