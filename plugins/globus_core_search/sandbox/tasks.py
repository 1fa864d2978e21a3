"""Tasks: changes of an index that are done in order, by the sandbox's clock."""

from __future__ import annotations

import dataclasses
import typing as t

from globus_core.testing.sandbox import World

from . import answers

_DESCRIPTIONS = {
    "PENDING": "Task is waiting",
    "PROGRESS": "Task is being worked on",
    "SUCCESS": "Task succeeded",
    "FAILED": "Task failed",
}


class TaskFailure(Exception):  # noqa: N818 - it is the reason why a task has failed
    """
    A task cannot be done.

    :param message: why
    :param details: more about it, or None
    """

    def __init__(self, message: str, details: dict[str, t.Any] | None = None) -> None:
        super().__init__(message)
        self.details = details


@dataclasses.dataclass(eq=False)
class Task:
    """
    A task.

    :param id: its id
    :param index_id: its index
    :param created: when it was submitted, in UTC epoch seconds
    :param begins: when it is begun
    :param ends: when it is done
    :param work: does it; it may raise TaskFailure
    """

    id: str
    index_id: str
    created: float
    begins: float
    ends: float
    work: t.Callable[[], None] | None
    state: str = "PENDING"
    message: str | None = None
    details: dict[str, t.Any] | None = None

    def do(self) -> None:
        """
        Do its work, and end it.
        """
        work, self.work = self.work, None
        self.state = "SUCCESS"
        try:
            if work is not None:
                work()
        except TaskFailure as failure:
            self.state, self.message, self.details = "FAILED", str(failure), failure.details

    def document(self) -> dict[str, t.Any]:
        """
        Its document.
        """
        is_done = self.state in {"SUCCESS", "FAILED"}
        return {
            "task_id": self.id,
            "index_id": self.index_id,
            "state": self.state,
            "state_description": _DESCRIPTIONS[self.state],
            "message": self.message,
            "additional_details": self.details,
            "creation_date": answers.iso(self.created, "T"),
            "completion_date": answers.iso(self.ends, "T") if is_done else None,
        }


class Queue:
    """
    The tasks of all indices. What is due by the clock is done when somebody looks.

    :param world: the data shared with the other services
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.seconds = 1.0
        self.tasks: dict[str, Task] = {}
        self._waiting: dict[str, list[Task]] = {}
        #: messages of tasks that are to fail, by index
        self._failures: dict[str, list[str]] = {}

    def reset(self) -> None:
        """
        Forget all tasks.
        """
        self.seconds = 1.0
        self.tasks.clear()
        self._waiting.clear()
        self._failures.clear()

    def add(self, index_id: str, work: t.Callable[[], None]) -> Task:
        """
        Submit a task.

        :param index_id: its index
        :param work: does it; it may raise TaskFailure
        """
        now = self._world.clock.now()
        waiting = self._waiting.setdefault(index_id, [])
        begins = max([now + self.seconds / 2, *(task.ends for task in waiting[-1:])])
        ends = max(now + self.seconds, begins)
        if self._failures.get(index_id):
            work = _failing(self._failures[index_id].pop(0))
        task = Task(self._world.new_id(), index_id, now, begins, ends, work)
        self.tasks[task.id] = task
        waiting.append(task)
        self.advance()
        return task

    def fail(self, index_id: str, message: str, times: int) -> None:
        """
        Let the next tasks of an index fail.

        :param index_id: the index
        :param message: why
        :param times: how many
        """
        self._failures.setdefault(index_id, []).extend([message] * times)

    def advance(self) -> None:
        """
        Do what is due.
        """
        now = self._world.clock.now()
        for waiting in self._waiting.values():
            while waiting and waiting[0].ends <= now:
                waiting.pop(0).do()
            if waiting and waiting[0].begins <= now:
                waiting[0].state = "PROGRESS"

    def settle(self) -> None:
        """
        Do everything now.
        """
        now = self._world.clock.now()
        for waiting in self._waiting.values():
            while waiting:
                task = waiting.pop(0)
                task.ends = now
                task.do()


def _failing(message: str) -> t.Callable[[], None]:
    def work() -> None:
        raise TaskFailure(message)

    return work
