"""
What was read of a file, which the storages of many people share.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorageData

    Document = dict[str, t.Any]
    State = tuple[int, int, int]


class Snapshot:
    """
    The content of a file in one state.

    :param state: what tells whether the file has changed; None for one that does not exist
    :param document: the content, which is never modified
    :ivar records: the records read so far, by namespace and resource server; None is one that
        cannot be used
    """

    __slots__ = ("document", "records", "state")

    def __init__(self, state: State | None, document: Document) -> None:
        self.state = state
        self.document = document
        self.records: dict[tuple[str, str], TokenStorageData | None] = {}


class Cache:
    """
    The place of the last snapshot.

    :ivar snapshot: the snapshot, or None
    """

    __slots__ = ("snapshot",)

    def __init__(self) -> None:
        self.snapshot: Snapshot | None = None
