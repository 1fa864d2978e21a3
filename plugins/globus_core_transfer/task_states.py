"""
What the methods that wait for tasks and watch them give.
"""

from __future__ import annotations

import dataclasses
import enum
import typing as t

if t.TYPE_CHECKING:
    from .answer_documents import TaskDocument, TaskEvent


#: a task of which nothing else is known, since Transfer was not asked
UNKNOWN_TASK: TaskDocument = {"status": "ACTIVE"}  # type: ignore[typeddict-item]


class TaskOutcome(enum.Enum):
    """
    Why waiting for a task has ended.
    """

    #: all is done
    SUCCEEDED = "succeeded"
    #: it has failed or was canceled; ``fatal_error`` of the task may say why
    FAILED = "failed"
    #: it has failed, as it was not done by its own deadline
    DEADLINE = "deadline"
    #: a manager of a collection has paused it; it may go on later
    PAUSED = "paused"
    #: it is INACTIVE until its owner gives a consent or logs in again
    NEEDS_CONSENT = "needs consent"
    #: the time to wait has run out; the task goes on
    TIMEOUT = "timeout"

    @property
    def is_final(self) -> bool:
        """
        Whether the task has ended.
        """
        return self in {self.SUCCEEDED, self.FAILED, self.DEADLINE}


class TaskResult(t.NamedTuple):
    """
    How waiting for a task has ended, and the task's last document.

    :param outcome: why it has ended
    :param task: the document
    """

    outcome: TaskOutcome
    task: TaskDocument

    def _repr_html_(self) -> str:
        from .task_views import task_html

        return task_html(self.task, self.outcome)


@dataclasses.dataclass(frozen=True)
class TaskState:
    """
    A task at one moment.

    :param task: its document
    :param outcome: what it has come to; None while Transfer works on it
    :param events: what has happened since the state before, the latest last
    """

    task: TaskDocument
    outcome: TaskOutcome | None
    events: list[TaskEvent]

    @property
    def status(self) -> str:
        """
        ACTIVE, INACTIVE, SUCCEEDED or FAILED.
        """
        return self.task["status"]

    @property
    def files(self) -> int:
        """
        How many files Transfer has found until now.
        """
        return self.task.get("files", 0)

    @property
    def files_transferred(self) -> int:
        """
        How many files have been transferred.
        """
        return self.task.get("files_transferred", 0)

    @property
    def bytes_transferred(self) -> int:
        """
        How many bytes have been transferred.
        """
        return self.task.get("bytes_transferred", 0)

    @property
    def bytes_per_second(self) -> int:
        """
        The mean rate since the task was submitted.
        """
        return self.task.get("effective_bytes_per_second", 0)

    @property
    def faults(self) -> int:
        """
        How many errors there have been; Transfer tries again after most of them.
        """
        return self.task.get("faults", 0)

    def _repr_html_(self) -> str:
        from .task_views import task_html

        return task_html(self.task, self.outcome, self.events)


def outcome_of(task: TaskDocument) -> TaskOutcome | None:
    """
    What a task has come to; None while Transfer works on it.

    :param task: its document
    """
    status = task["status"]
    if status == "SUCCEEDED":
        return TaskOutcome.SUCCEEDED
    if status == "FAILED":
        return TaskOutcome.DEADLINE if _is_expired(task) else TaskOutcome.FAILED
    if status == "INACTIVE":
        return TaskOutcome.NEEDS_CONSENT
    return TaskOutcome.PAUSED if task.get("is_paused") else None


def _is_expired(task: TaskDocument) -> bool:
    fatal = task.get("fatal_error")
    return bool(task.get("subtasks_expired")) or (
        fatal is not None and fatal.get("code") == "EXPIRED"
    )
