"""
The public names that plugins contribute to the namespaces of the kernel, read from metadata.
"""

from __future__ import annotations

from .discovery import NAMES_GROUP

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .discovery import EntryPoint
    from .records import PluginRecord

    Provider = tuple[PluginRecord, str]


class PublicNames:
    """
    Which plugins provide which public name.

    A name belongs to the plugin of the same distribution and package, else to the first
    plugin of the same distribution.

    :param points: the entry points of both groups
    :param records: the plugins, those first whose names win
    """

    def __init__(self, points: t.Iterable[EntryPoint], records: t.Sequence[PluginRecord]) -> None:
        self._namespaces: dict[str, dict[str, list[Provider]]] = {}
        ranks = {record: rank for rank, record in enumerate(records)}
        owners: dict[tuple[str | None, str], PluginRecord] = {}
        for record in records:
            owners.setdefault((record.distribution, _package(record.module)), record)
            owners.setdefault((record.distribution, ""), record)
        for point in points:
            by_package = owners.get((point.distribution, _package(point.value)))
            owner = by_package or owners.get((point.distribution, ""))
            if point.group == NAMES_GROUP and owner is not None:
                namespace, _, name = point.name.rpartition(".")
                names = self._namespaces.setdefault(namespace, {})
                names.setdefault(name, []).append((owner, point.value))
        for names in self._namespaces.values():
            for providers in names.values():
                providers.sort(key=lambda provider: ranks[provider[0]])

    def within(self, namespace: str) -> list[str]:
        """
        The names in a namespace, available or not.

        :param namespace: dotted, without ``globus_core``; empty for the top level
        """
        return list(self._namespaces.get(namespace, ()))

    def providers(self, namespace: str, name: str) -> list[Provider]:
        """
        The plugins that offer a name, with their references, the one that keeps it first.

        :param namespace: dotted, without ``globus_core``; empty for the top level
        :param name: the public name
        """
        return self._namespaces.get(namespace, {}).get(name, [])

    def conflicts(self) -> t.Iterator[tuple[str, PluginRecord, PluginRecord]]:
        """
        Each name that two plugins offer: the dotted name, who keeps it, who loses it.
        """
        for namespace, names in self._namespaces.items():
            for name, providers in names.items():
                for loser, _ in providers[1:]:
                    yield f"{namespace}.{name}".lstrip("."), providers[0][0], loser


def _package(reference: str) -> str:
    return reference.partition(":")[0].partition(".")[0]
