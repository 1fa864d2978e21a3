"""
Many entries: split into requests, several tasks at once, and the reasons of what fails.
"""

from __future__ import annotations

import collections

from globus_core.arguments import check_iterables, check_numbers, check_path
from globus_core.documents import path
from globus_core.exc import GlobusSDKUsageError

from .entries import Entries
from .errors import IngestStoppedError, SearchAPIError
from .waiting_for_tasks import ENDED, WaitingForTasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    import typing as t

    from .batches import Batch, EncodedEntry
    from .indices import ID, Body
    from .ingest_progress import Progress, ProgressFile
    from .ingest_results import IngestResult

#: the largest request that Search takes, in bytes
LARGEST_REQUEST = 10_000_000

#: refusals of a document, which may be those of a single entry in it
_OF_A_DOCUMENT = frozenset({400, 413, 422})


class IngestingMany(Entries, WaitingForTasks):
    """
    The method for many entries.
    """

    service_name = "search"

    def ingest_many(
        self,
        index_id: ID,
        entries: t.Iterable[Body],
        *,
        progress_file: str | os.PathLike[str] | None = None,
        tasks_at_once: int = 4,
        most_bytes: int = LARGEST_REQUEST,
        most_faulty: int = 100,
        timeout: float | None = None,
    ) -> IngestResult:
        """
        Ingest any number of entries, wait for the tasks, and say which entries have failed and why.

        The entries are read one by one, and sent in requests of up to ``most_bytes``, which are
        kept until their tasks have ended. If a request is refused or its task fails, its entries
        are sent again in halves, until it is known which of them are at fault; the others are
        ingested. No entry may be there twice with the same subject and id.

        :param index_id: the index's id
        :param entries: documents with ``subject``, ``visible_to``, ``content`` and perhaps ``id``
        :param progress_file: a file in which the progress is kept. If it exists, the entries that
            it has as settled are passed over, and tasks that were submitted are waited for; the
            entries must be the same then. None keeps nothing
        :param tasks_at_once: how many tasks may be unfinished
        :param most_bytes: the largest request, 10 MB at most
        :param most_faulty: how many entries may fail; with one more the run ends
        :param timeout: how long to wait for one task, in seconds of real time; None waits for as
            long as it takes
        :return: how many entries were ingested, and the faulty ones with their reasons, those of
            earlier runs included
        :raises IngestStoppedError: if too many entries are faulty, or a task has not ended until
            ``timeout``
        :raises SearchAPIError: if there is no such index, or the caller must not write to it
        :raises NetworkError: if Search cannot be reached
        :raises GlobusSDKUsageError: if an argument is wrong, or the progress is that of other
            entries or of another index
        """
        from .batches import ENVELOPE, Batches
        from .ingest_progress import ProgressFile

        check_iterables(entries=entries)
        if progress_file is not None:
            check_path(progress_file, "progress_file")
        _check_range("tasks_at_once", tasks_at_once, 1)
        _check_range("most_bytes", most_bytes, ENVELOPE + 1, LARGEST_REQUEST)
        _check_range("most_faulty", most_faulty, 0)
        if timeout is not None:
            _check_range("timeout", timeout, 0)
        address = path("/v1/index/{}/ingest", index_id)
        file = ProgressFile(progress_file)
        run = _Run(self, address, file, file.read(str(index_id)), most_faulty, timeout)
        batches = Batches(entries, most_bytes)
        batches.skip(run.progress.done, run.progress.digest)
        for batch in batches:
            run.submit(batch)
            run.settle(tasks_at_once - 1)
        run.settle(0)
        return run.progress.as_result()


class _Run:
    """
    Sends batches, and settles them in their order.

    :param client: the client
    :param address: the path of the requests
    :param file: where the progress is kept
    :param progress: the progress until now
    :param most_faulty: how many entries may fail
    :param timeout: how long to wait for one task
    """

    def __init__(
        self,
        client: IngestingMany,
        address: str,
        file: ProgressFile,
        progress: Progress,
        most_faulty: int,
        timeout: float | None,
    ) -> None:
        self._client = client
        self._address = address
        self._file = file
        self.progress = progress
        self._most_faulty = most_faulty
        self._timeout = timeout
        #: batches with their tasks, or with the reasons why they were refused
        self._sent: collections.deque[tuple[Batch, str | None, str]] = collections.deque()

    def submit(self, batch: Batch) -> None:
        """
        Send a batch, unless that was done before.

        :param batch: the batch
        """
        key = f"{batch.end} {batch.digest}"
        task_id, reason = self._known_task(key), ""
        if task_id is None and batch.entries:
            task_id, reason = self._send(batch.entries)
            if task_id is not None:
                self.progress.tasks[key] = task_id
                self._file.write(self.progress)
        self._sent.append((batch, task_id, reason))

    def settle(self, left: int) -> None:
        """
        Wait for the oldest batches.

        :param left: how many may be left
        """
        while len(self._sent) > left:
            batch, task_id, reason = self._sent.popleft()
            self._note(batch.faulty)
            self._conclude(batch.entries, task_id, reason)
            progress = self.progress
            progress.done, progress.digest = batch.end, batch.digest
            progress.tasks.pop(f"{batch.end} {batch.digest}", None)
            self._file.write(progress)

    def _conclude(self, entries: list[EncodedEntry], task_id: str | None, reason: str) -> None:
        """Wait for a task; if it fails, find out which entries are at fault."""
        if task_id is not None:
            failure = self._failure(task_id)
            if failure is None:
                self.progress.ingested += len(entries)
                return
            reason = failure
        if len(entries) <= 1:
            self._note([entry.faulty(reason) for entry in entries])
            return
        middle = len(entries) // 2
        for half in (entries[:middle], entries[middle:]):
            self._conclude(half, *self._send(half))

    def _known_task(self, key: str) -> str | None:
        """The task that an earlier run has submitted; None if Search has forgotten it."""
        task_id = self.progress.tasks.get(key)
        if task_id is not None:
            try:
                self._client.get_task(task_id)
            except SearchAPIError as error:
                if error.http_status != 404:
                    raise
                return None
        return task_id

    def _send(self, entries: list[EncodedEntry]) -> tuple[str | None, str]:
        """Submit a task: its id, or None and the reason of a refusal."""
        from .batches import body

        headers = {"Content-Type": "application/json"}
        try:
            answer = self._client.post(self._address, data=body(entries), headers=headers)
        except SearchAPIError as error:
            if error.http_status not in _OF_A_DOCUMENT:
                raise
            return None, _reason(error.message or error.http_reason, error.error_data)
        return str(answer["task_id"]), ""

    def _failure(self, task_id: str) -> str | None:
        task = self._client.wait_for_task(task_id, self._timeout)
        if task["state"] not in ENDED:
            raise self._stopped(f"task {task_id} has not ended after {self._timeout} seconds")
        if task["state"] == "SUCCESS":
            return None
        return _reason(task.get("message") or "the task has failed", task.get("additional_details"))

    def _note(self, faulty: t.Iterable[t.Any]) -> None:
        for each in faulty:
            self.progress.faulty.append(each)
            if len(self.progress.faulty) > self._most_faulty:
                raise self._stopped(f"more than {self._most_faulty} entries are faulty")

    def _stopped(self, why: str) -> IngestStoppedError:
        last = self.progress.faulty[-1:]
        about = "".join(f"; the last is {each.subject!r}: {each.reason}" for each in last)
        return IngestStoppedError(f"{why}{about}", self.progress.as_result())


def _check_range(name: str, value: float, least: float, most: float = float("inf")) -> None:
    check_numbers(**{name: value})
    if not least <= value <= most:
        raise GlobusSDKUsageError(f"{name!r} must be from {least} to {most}, but is {value}")


def _reason(message: str, details: t.Any) -> str:
    import json

    return f"{message} {json.dumps(details)}" if details else message
