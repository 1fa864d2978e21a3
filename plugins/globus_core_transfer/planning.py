"""
What is behind the items of a transfer: directories are listed, and files looked up.
"""

from __future__ import annotations

import dataclasses
import itertools
import typing as t

from globus_core.polling import polled
from globus_core.rate_limits import RequestBudget

from .errors import TransferAPIError
from .many_items import TransferItem

if t.TYPE_CHECKING:
    from globus_core import GlobusHTTPResponse

    from .many_items import Split
    from .operations import Operations

    Entry = dict[str, t.Any]

#: how many items are looked up together
_AT_ONCE = 1000
#: as many entries as Transfer lists at once
_MOST_LISTED = 100_000


@dataclasses.dataclass
class PlannedTask:
    """
    What a task would move.

    :param items: how many files and directories would be submitted
    :param files: how many files there are, those in directories too
    :param directories: how many directories there are, those in directories too; none if their
        files are submitted instead
    :param bytes: the size of the files
    """

    items: int = 0
    files: int = 0
    directories: int = 0
    bytes: int = 0


@dataclasses.dataclass
class TransferPlan:
    """
    What several tasks would move.

    :param tasks: the tasks
    :param missing: paths in the source collection that are not there
    """

    tasks: list[PlannedTask]
    missing: list[str]

    @property
    def files(self) -> int:
        """
        How many files there are.
        """
        return sum(task.files for task in self.tasks)

    @property
    def directories(self) -> int:
        """
        How many directories there are.
        """
        return sum(task.directories for task in self.tasks)

    @property
    def bytes(self) -> int:
        """
        The size of all files.
        """
        return sum(task.bytes for task in self.tasks)


def planned(
    client: Operations,
    source: str,
    items: t.Iterator[TransferItem],
    split: Split,
    *,
    expand: bool,
) -> TransferPlan:
    """
    The plan for items.

    :param client: the client
    :param source: the source collection
    :param items: the items
    :param split: how they are split into tasks
    :param expand: whether tasks have the files of directories instead of the directories
    """
    plan = TransferPlan([], [])
    if expand:
        for batch in split.batches(expanded(client, source, items, 0.0)):
            plan.tasks.append(_measured(batch, batch, plan.missing))
    else:
        for batch in split.batches(items):
            plan.tasks.append(_measured(batch, found(client, source, batch, 0.0), plan.missing))
    return plan


def _measured(
    batch: list[TransferItem], parts: t.Iterable[TransferItem], missing: list[str]
) -> PlannedTask:
    task = PlannedTask(items=len(batch))
    for part in parts:
        if part.recursive:
            task.directories += 1
        elif part.size is None:
            missing.append(part.source_path)
        else:
            task.files += 1
            task.bytes += part.size
    return task


def expanded(
    client: Operations, source: str, items: t.Iterable[TransferItem], patience: float | None
) -> t.Iterator[TransferItem]:
    """
    The files of items, those in directories too; items that are not there stay as they are.

    :param client: the client
    :param source: the source collection
    :param items: the items
    :param patience: see :func:`found`
    """
    return (part for part in found(client, source, items, patience) if not part.recursive)


def found(
    client: Operations, source: str, items: t.Iterable[TransferItem], patience: float | None
) -> t.Iterator[TransferItem]:
    """
    The directories and files of items; ``recursive`` is True for directories, and for files
    ``size`` is None if they are not there.

    :param client: the client
    :param source: the source collection
    :param items: the items
    :param patience: how long to list a directory again after errors that may pass, in seconds; None
        does not give up
    :raises TransferAPIError: if a directory that is there cannot be listed
    """
    tree = _Tree(RequestBudget(client), source, patience)
    remaining = iter(items)
    while chunk := list(itertools.islice(remaining, _AT_ONCE)):
        entries = tree.entries(item.source_path for item in chunk if _is_unknown(item))
        for item in chunk:
            entry = entries.get(item.source_path, {})
            if _is_directory(item) or entry.get("type") == "dir":
                yield from tree.below(item)
            else:
                yield item._replace(size=entry.get("size", item.size), recursive=item.recursive)


class _Tree:
    """The directories of a collection."""

    def __init__(
        self, budget: RequestBudget[Operations], collection: str, patience: float | None
    ) -> None:
        self._budget = budget
        self._collection = collection
        self._patience = patience

    def entries(self, paths: t.Iterable[str]) -> dict[str, Entry]:
        """Those of some files that are there, by path."""
        folders: dict[str, list[str]] = {}
        for path in paths:
            folders.setdefault(path.rpartition("/")[0] + "/", []).append(path)
        known: dict[str, Entry] = {}
        for folder, wanted in folders.items():
            if len(wanted) == 1:
                entry = self._stat(wanted[0])
                known.update({} if entry is None else {wanted[0]: entry})
            else:
                listed = {f"{folder}{entry['name']}": entry for entry in self._list(folder) or ()}
                known.update({path: listed[path] for path in wanted if path in listed})
        return known

    def below(self, item: TransferItem) -> t.Iterator[TransferItem]:
        """A directory, and all that is in it; links are left out, as tasks do by default."""
        waiting = [(_with_slash(item.source_path), _with_slash(item.destination_path))]
        while waiting:
            source, target = waiting.pop()
            entries = self._list(source)
            if entries is None:
                yield TransferItem(source, target, recursive=False)
                continue
            yield TransferItem(source, target, recursive=True)
            # in an order that does not change, so that a run with a key finds the same tasks
            for entry in sorted(entries, key=lambda entry: str(entry["name"])):
                name = entry["name"]
                if entry.get("link_target") is not None:
                    continue
                if entry["type"] == "dir":
                    waiting.append((f"{source}{name}/", f"{target}{name}/"))
                elif entry["type"] == "file":
                    yield TransferItem(source + name, target + name, entry["size"], recursive=False)

    def _list(self, folder: str) -> list[Entry] | None:
        entries: list[Entry] = []
        while True:
            page = self._page(folder, len(entries))
            if page is None:
                return None
            entries += page
            if len(page) < _MOST_LISTED:
                return entries

    def _page(self, folder: str, offset: int) -> list[Entry] | None:
        listed = self._sent(
            lambda client: client.operation_ls(
                self._collection, folder, limit=_MOST_LISTED, offset=offset, orderby="name"
            )
        )
        return None if listed is None else listed["DATA"]

    def _stat(self, path: str) -> Entry | None:
        found = self._sent(lambda client: client.operation_stat(self._collection, path))
        return None if found is None else found.data

    def _sent(
        self, request: t.Callable[[Operations], GlobusHTTPResponse]
    ) -> GlobusHTTPResponse | None:
        """The response; None if there is no such file or directory."""
        try:
            return next(polled(lambda: self._budget.send(request), self._patience))
        except TransferAPIError as error:
            if "NotFound" in (error.code or ""):
                return None
            raise


def _is_directory(item: TransferItem) -> bool:
    return item.recursive is True or item.source_path.endswith("/")


def _is_unknown(item: TransferItem) -> bool:
    return item.size is None and not _is_directory(item)


def _with_slash(path: str) -> str:
    return path if path.endswith("/") else path + "/"
