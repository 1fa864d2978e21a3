"""
How far many entries have got, kept in a file so that another run goes on from there.
"""

from __future__ import annotations

import dataclasses
import json
import os
import typing as t

from globus_core.exc import GlobusSDKUsageError

from .ingest_results import FaultyEntry, IngestResult

_VERSION = 1


@dataclasses.dataclass
class Progress:
    """
    How far the entries have got.

    :param index_id: the index
    :param done: how many entries are settled, from the first on
    :param digest: their digest
    :param ingested: how many of them are in the index
    :param faulty: those that are not
    :param tasks: the tasks that were submitted and not settled, by the positions after their last
        entries and the digests until there
    """

    index_id: str
    done: int = 0
    digest: str = ""
    ingested: int = 0
    faulty: list[FaultyEntry] = dataclasses.field(default_factory=list)
    tasks: dict[str, str] = dataclasses.field(default_factory=dict)

    def as_result(self) -> IngestResult:
        """
        What has become of the entries until now.
        """
        return IngestResult(self.ingested, sorted(self.faulty, key=lambda each: each.position))


class ProgressFile:
    """
    A file with the progress of a run, which only its owner can read; it is replaced as a whole.

    :param path: the file, which need not exist; None keeps nothing
    """

    def __init__(self, path: str | os.PathLike[str] | None) -> None:
        self._path = None if path is None else os.fspath(path)

    def read(self, index_id: str) -> Progress:
        """
        The progress of a run before this one, if there was one.

        :param index_id: the index
        :raises GlobusSDKUsageError: if the file is of another index, or is something else
        :raises OSError: if it cannot be read
        """
        if self._path is None or not os.path.exists(self._path):
            return Progress(index_id)
        with open(self._path, encoding="utf-8") as file:
            progress = self._parsed(file)
        if progress.index_id != index_id:
            raise GlobusSDKUsageError(
                f"{self._path!r} has the progress of another index, {progress.index_id!r}"
            )
        return progress

    def _parsed(self, file: t.TextIO) -> Progress:
        try:
            data = json.load(file)
            if data.pop("version") != _VERSION:
                raise ValueError
            faulty = [FaultyEntry(**each) for each in data.pop("faulty")]
            progress = Progress(**data, faulty=faulty)
            if not (isinstance(progress.done, int) and isinstance(progress.tasks, dict)):
                raise TypeError
            return progress
        except (ValueError, TypeError, KeyError, AttributeError):
            raise GlobusSDKUsageError(
                f"{self._path!r} does not have the progress of entries"
            ) from None

    def write(self, progress: Progress) -> None:
        """
        Keep the progress.

        :param progress: the progress
        :raises OSError: if the file cannot be written
        """
        if self._path is None:
            return
        new = f"{self._path}.new"
        with open(new, "w", encoding="utf-8", opener=_private) as file:
            json.dump({"version": _VERSION, **dataclasses.asdict(progress)}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, self._path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
