"""The thread that works on tasks, a step of each at a time."""

from __future__ import annotations

import itertools
import threading
import typing as t

from globus_core import waiting
from globus_core.testing.sandbox import World

from .tasks import Task

#: how many tasks are worked on; the others wait
MOST_ACTIVE = 3

#: work that goes on at once (None), or at a time of the sandbox's clock
Steps = t.Iterator[float | None]


class _Job:
    """
    A task with the rest of its work.
    """

    def __init__(self, task: Task, steps: Steps) -> None:
        self.task = task
        self.steps = steps
        self.due = 0.0
        self.turn = 0


class Worker:
    """
    Works on tasks in the order in which they come, at most three at once.

    :param world: the data shared with the other services
    """

    def __init__(self, world: World) -> None:
        self._now = world.clock.now
        self._jobs: list[_Job] = []
        self._turns = itertools.count(1)
        self._thread: threading.Thread | None = None
        self._is_stepping = False
        self._is_stopped = False
        self.changed = threading.Condition(threading.RLock())
        world.clock.watch(self.wake)

    def start(self) -> None:
        """
        Be ready to work; the thread begins with the first task.
        """
        self._is_stopped = False

    def stop(self) -> None:
        """
        End the thread, after the step that it is doing.
        """
        with self.changed:
            thread, self._thread = self._thread, None
            self._is_stopped = True
            self.changed.notify_all()
        if thread is not None:
            waiting.blocking(thread.join)
        self._drop(self._jobs)

    def reset(self) -> None:
        """
        Forget all tasks.
        """
        with self.changed:
            while self._is_stepping:
                waiting.wait(self.changed)
            self._drop(self._jobs)

    def add(self, task: Task, steps: Steps) -> None:
        """
        Work on a task.

        :param task: the task
        :param steps: its work
        """
        with self.changed:
            self._jobs.append(_Job(task, steps))
            if self._thread is None and not self._is_stopped:
                self._thread = threading.Thread(
                    target=self._work, name="globus-core-transfer-sandbox", daemon=True
                )
                self._thread.start()
            self.changed.notify_all()

    def wake(self) -> None:
        """
        Look again at what can be done.
        """
        with self.changed:
            self.changed.notify_all()

    def settle(self) -> None:
        """
        Wait until nothing can be done before the clock moves.
        """
        with self.changed:
            while self._thread is not None and (self._is_stepping or self._next() is not None):
                waiting.wait(self.changed)

    def _work(self) -> None:
        while (job := self._take()) is not None:
            try:
                self._step(job)
            finally:
                with self.changed:
                    self._is_stepping = False
                    job.turn = next(self._turns)
                    self.changed.notify_all()

    def _take(self) -> _Job | None:
        with self.changed:
            while not self._is_stopped:
                if (job := self._next()) is not None:
                    self._is_stepping = True
                    return job
                waiting.wait(self.changed, self._seconds_left())
            return None

    def _next(self) -> _Job | None:
        now = self._now()
        for job in self._jobs:
            if job.task.is_finished or job.task.deadline <= now:
                return job
        ready = [job for job in self._active() if job.due <= now]
        return min(ready, key=lambda job: job.turn, default=None)

    def _active(self) -> list[_Job]:
        able = [job for job in self._jobs if _is_able(job.task)]
        for place, job in enumerate(able):
            job.task.is_queued = place >= MOST_ACTIVE
        return able[:MOST_ACTIVE]

    def _seconds_left(self) -> float | None:
        times = [job.due for job in self._active()] + [job.task.deadline for job in self._jobs]
        return max(min(times) - self._now(), 0.001) if times else None

    def _step(self, job: _Job) -> None:
        task = job.task
        if not task.is_finished and task.deadline <= self._now():
            self._end(task, "FAILED", "EXPIRED", "the task was not finished by its deadline")
        if task.is_finished:
            self._drop([job])
            return
        try:
            job.due = next(job.steps) or 0.0
        except StopIteration:
            self._end(task, "SUCCEEDED", "SUCCEEDED", None)
        except Exception as error:
            self._end(task, "FAILED", getattr(error, "code", "INTERNAL_ERROR"), str(error))

    def _end(self, task: Task, status: str, code: str, fatal: str | None) -> None:
        with self.changed:
            if not task.is_finished:
                task.finish(self._now(), status, code, fatal)

    def _drop(self, jobs: t.Iterable[_Job]) -> None:
        with self.changed:
            for job in list(jobs):
                self._jobs.remove(job)
                if isinstance(job.steps, t.Generator):
                    job.steps.close()


def _is_able(task: Task) -> bool:
    return task.status == "ACTIVE" and task.pause_message is None
