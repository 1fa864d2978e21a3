"""
What has become of many entries.
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class FaultyEntry:
    """
    An entry that was not ingested.

    :param position: its position among all entries, from 0
    :param subject: its subject; None if it has none
    :param entry_id: its id, or None
    :param reason: what is wrong with it, in Search's words if Search has refused it
    """

    position: int
    subject: str | None
    entry_id: str | None
    reason: str


@dataclasses.dataclass(frozen=True)
class IngestResult:
    """
    What has become of many entries.

    :param ingested: how many are in the index now
    :param faulty: those that are not, in their order
    """

    ingested: int
    faulty: list[FaultyEntry]
