"""
Many files and directories to transfer, split into tasks.
"""

from __future__ import annotations

import typing as t

from globus_core import MISSING
from globus_core.arguments import check_numbers, kind
from globus_core.exc import GlobusSDKUsageError

from .transfer_data import TransferData


class TransferItem(t.NamedTuple):
    """
    A file or directory to transfer.

    :param source_path: where it is
    :param destination_path: where it will be, with its name
    :param size: its size in bytes; None if it is not known
    :param recursive: True for a directory, False for a file; None lets Transfer find out
    """

    source_path: str
    destination_path: str
    size: int | None = None
    recursive: bool | None = None


#: what stands for an item: source path, destination path, and what else is known
Item: t.TypeAlias = "TransferItem | tuple[str, str] | tuple[str, str, int | None]"


class Split(t.NamedTuple):
    """
    How many items and bytes a task has at most.
    """

    items: int
    bytes: int

    def checked(self) -> Split:
        """
        The same limits.

        :raises GlobusSDKUsageError: if one is no number, or less than 1
        """
        limits = {"items_per_task": self.items, "bytes_per_task": self.bytes}
        check_numbers(**limits)
        for name, value in limits.items():
            if not value >= 1:
                raise GlobusSDKUsageError(f"{name!r} must be at least 1, not {value!r}")
        return self

    def batches(self, items: t.Iterable[TransferItem]) -> t.Iterator[list[TransferItem]]:
        """
        Items in lists, each of which is a task; read as they are needed.

        An item without a size counts as empty, and one with too many bytes is a task of its own.

        :param items: the items
        """
        batch: list[TransferItem] = []
        size = 0
        for item in items:
            more = item.size or 0
            if batch and (len(batch) >= self.items or size + more > self.bytes):
                yield batch
                batch, size = [], 0
            batch.append(item)
            size += more
        if batch:
            yield batch


def read_items(items: t.Iterable[Item]) -> t.Iterator[TransferItem]:
    """
    Items from what a caller gives, one after the other.

    :param items: tuples
    :raises GlobusSDKUsageError: if one is no such tuple
    """
    for number, item in enumerate(items):
        if not isinstance(item, (tuple, list)) or not 2 <= len(item) <= 4:
            raise GlobusSDKUsageError(
                f"item {number} must be a source path and a destination path, and the size if it "
                f"is known, not {kind(item)}"
            )
        yield TransferItem(*t.cast("tuple[t.Any, ...]", item))


def document(data: t.Mapping[str, t.Any], batch: t.Iterable[TransferItem]) -> dict[str, t.Any]:
    """
    The document of a task.

    :param data: all but the items
    :param batch: the items
    """
    filled = TransferData("", "")
    filled.update(data)
    filled["DATA"] = []
    for item in batch:
        recursive = MISSING if item.recursive is None else item.recursive
        filled.add_item(item.source_path, item.destination_path, recursive=recursive)
    return filled
