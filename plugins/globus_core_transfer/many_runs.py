"""
Many tasks: submitted as there is room for them, and looked at with one request.
"""

from __future__ import annotations

import dataclasses
import typing as t

from globus_core.rate_limits import RequestBudget

from .errors import TransferAPIError
from .many_items import document
from .many_states import ManyState, ManyTask
from .submission_store import Place
from .submissions import Submission, has_identical_paths, new_id, submit, submit_once
from .task_states import TaskOutcome, outcome_of

if t.TYPE_CHECKING:
    from .answer_documents import TaskDocument
    from .many_items import TransferItem
    from .submission_store import SubmissionStore
    from .watching import Watching

#: the code by which Transfer says that the caller has too many unfinished tasks
_TOO_MANY = "TooManyPendingJobs"
_STUCK = (TaskOutcome.NEEDS_CONSENT, TaskOutcome.PAUSED)


@dataclasses.dataclass
class _Pending:
    """The next task; after an error it is submitted again under the same id."""

    items: int
    document: dict[str, t.Any]
    submission_id: str | None = None


class Keys(t.NamedTuple):
    """
    The key of many submissions, and where it is kept.
    """

    key: str
    store: SubmissionStore


class ManyRun:
    """
    Submits tasks and looks at them.

    :param client: the client
    :param data: the document of each task without its items
    :param batches: the items of each task
    :param keys: where submission ids are kept; None keeps them in memory
    :param most: how many tasks may be unfinished at once
    :param codes: the events after which a task is canceled
    """

    def __init__(
        self,
        client: Watching,
        data: t.Mapping[str, t.Any],
        batches: t.Iterator[list[TransferItem]],
        *,
        keys: Keys | None,
        most: int,
        codes: frozenset[str],
    ) -> None:
        self._client = client
        self._budget = RequestBudget(client)
        self._data = data
        self._batches = batches
        self._keys = keys
        self._most = most
        self._codes = codes
        self._pending: _Pending | None = None
        self._is_all_submitted = False
        self._tasks: dict[str, ManyTask] = {}
        #: the tasks that have not ended, in the order of their submission
        self._open: dict[str, None] = {}
        #: the error of the items, which cannot be read any further
        self.failure: Exception | None = None

    def look(self) -> ManyState:
        """
        Submit as many tasks as there is room for, and look at those that have not ended.

        An error of the items is kept in ``failure``.

        :raises GlobusError: if one of the requests fails; the next look goes on from there
        """
        while True:
            found_earlier_ones = self._submit_more()
            self._refresh()
            if not found_earlier_ones:  # which have mostly ended, so that there is room for more
                return ManyState(list(self._tasks.values()), self._is_all_submitted)

    # submitting

    def _submit_more(self) -> bool:
        """Submit tasks while there is room; whether one of them had been submitted before."""
        found_earlier_ones = False
        while self._has_room() and (pending := self._next()) is not None:
            try:
                submission = self._submit(pending)
            except TransferAPIError as error:
                if _is_full(error):  # by other tasks of the caller
                    break
                raise
            self._pending = None
            self._open[submission.task_id] = None
            self._tasks[submission.task_id] = ManyTask(submission.task_id, pending.items)
            found_earlier_ones = found_earlier_ones or not submission.is_new
        return found_earlier_ones

    def _has_room(self) -> bool:
        # What has stopped one task would stop others between the same collections too.
        is_stuck = any(self._tasks[task_id].outcome in _STUCK for task_id in self._open)
        return len(self._open) < self._most and not is_stuck

    def _next(self) -> _Pending | None:
        if self._pending is None:
            batch = self._next_batch()
            if batch is not None:
                self._pending = _Pending(len(batch), document(self._data, batch))
        return self._pending

    def _next_batch(self) -> list[TransferItem] | None:
        if self.failure is not None or self._is_all_submitted:
            return None
        try:
            batch = next(self._batches, None)
        except Exception as error:
            # A generator that has failed ends at the next call, as if there were no more items.
            self.failure = error
            return None
        self._is_all_submitted = batch is None
        return batch

    def _submit(self, pending: _Pending) -> Submission:
        if self._keys is not None:
            place = Place(self._client.base_url, self._keys.key, len(self._tasks) + 1)
            return submit_once(self._client, pending.document, place, self._keys.store)
        if pending.submission_id is None:
            pending.submission_id = new_id(self._client)
        return submit(self._client, pending.document, pending.submission_id)

    # looking

    def _refresh(self) -> None:
        wanted = list(self._open)
        if not wanted:
            return
        found = self._budget.send(
            lambda client: client.task_list(filter={"task_id": wanted}, limit=len(wanted))
        )
        documents = {task["task_id"]: task for task in found}
        for task_id in wanted:
            task = documents.get(task_id)
            self._update(task_id, self._client._task(task_id) if task is None else task)

    def _update(self, task_id: str, task: TaskDocument) -> None:
        before = self._tasks[task_id]
        event, error = None, before.fault
        if task.get("faults", 0) > before.faults:
            event = self._client._fault(task_id, task, self._codes)
        if event is not None:
            error = self._client._cancel_after(task_id, event)
            task = self._client._task(task_id)
        self._tasks[task_id] = now = dataclasses.replace(
            before, task=task, outcome=outcome_of(task), fault=error
        )
        if now.is_ended:
            del self._open[task_id]


def _is_full(error: TransferAPIError) -> bool:
    """Whether the caller has too many unfinished tasks."""
    is_other_conflict = error.http_status == 409 and not has_identical_paths(error)
    return error.code == _TOO_MANY or is_other_conflict
