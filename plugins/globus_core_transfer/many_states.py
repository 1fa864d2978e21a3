"""
What the methods for many tasks give.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .task_states import TaskOutcome

if t.TYPE_CHECKING:
    from .answer_documents import TaskDocument
    from .errors import TaskFaultError


@dataclasses.dataclass(frozen=True)
class ManyTask:
    """
    One of many tasks.

    :param task_id: its id
    :param items: how many files and directories were submitted
    :param task: its last document; None if it was not fetched yet
    :param outcome: what it has come to; None while Transfer works on it
    :param fault: why it was canceled, if that is because of ``fail_on``
    """

    task_id: str
    items: int
    task: TaskDocument | None = None
    outcome: TaskOutcome | None = None
    fault: TaskFaultError | None = None

    @property
    def is_ended(self) -> bool:
        """
        Whether Transfer is done with it.
        """
        return self.outcome is not None and self.outcome.is_final

    @property
    def faults(self) -> int:
        """
        How many errors there have been.
        """
        return 0 if self.task is None else self.task.get("faults", 0)


@dataclasses.dataclass(frozen=True)
class ManyState:
    """
    Many tasks at one moment.

    :param tasks: those that were submitted, the first one first
    :param is_all_submitted: whether no further ones will be
    """

    tasks: list[ManyTask]
    is_all_submitted: bool

    @property
    def is_ended(self) -> bool:
        """
        Whether all tasks were submitted and have ended.
        """
        return self.is_all_submitted and not self.unfinished

    @property
    def is_success(self) -> bool:
        """
        Whether all tasks were submitted and have succeeded.
        """
        succeeded = all(each.outcome is TaskOutcome.SUCCEEDED for each in self.tasks)
        return self.is_all_submitted and succeeded

    @property
    def unfinished(self) -> list[ManyTask]:
        """
        The tasks that have not ended.
        """
        return [each for each in self.tasks if not each.is_ended]

    @property
    def files_transferred(self) -> int:
        """
        How many files have been transferred.
        """
        documents = (each.task for each in self.tasks if each.task is not None)
        return sum(task.get("files_transferred", 0) for task in documents)

    @property
    def bytes_transferred(self) -> int:
        """
        How many bytes have been transferred.
        """
        documents = (each.task for each in self.tasks if each.task is not None)
        return sum(task.get("bytes_transferred", 0) for task in documents)

    @property
    def faults(self) -> int:
        """
        How many errors there have been; Transfer tries again after most of them.
        """
        return sum(each.faults for each in self.tasks)

    def _repr_html_(self) -> str:
        from .task_views import many_html

        return many_html(self)

    def is_stuck(self, *, also_when_paused: bool = True) -> bool:
        """
        Whether there are unfinished tasks, none of which can go on.

        :param also_when_paused: False if a paused task can, as a manager may resume it
        """
        stuck = {TaskOutcome.NEEDS_CONSENT}
        if also_when_paused:
            stuck.add(TaskOutcome.PAUSED)
        unfinished = self.unfinished
        return bool(unfinished) and all(each.outcome in stuck for each in unfinished)

    def timed_out(self) -> ManyState:
        """
        The same tasks, where those that go on have the outcome ``TIMEOUT``.
        """
        late = TaskOutcome.TIMEOUT
        tasks = [
            dataclasses.replace(each, outcome=late) if each.outcome is None else each
            for each in self.tasks
        ]
        return dataclasses.replace(self, tasks=tasks)
