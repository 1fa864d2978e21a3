"""The thread that runs timers when they are due, by the sandbox's clock."""

from __future__ import annotations

import threading
import typing as t

from globus_core import waiting
from globus_core.testing.sandbox import ApiError, World

from .jobs import Job
from .runs import Busy, Requirements, run

#: how long, and how often, a run waits for a task of an earlier one, in seconds of real time
_PAUSE = 0.02
_MOST_PAUSES = 500


class Runner:
    """
    Runs timers one after another, the one that is due first; missed runs are made up for.

    :param world: the data shared with the other services
    :param jobs: all timers, by id
    """

    def __init__(self, world: World, jobs: t.Mapping[str, Job]) -> None:
        self._world = world
        self._jobs = jobs
        self._thread: threading.Thread | None = None
        self._is_running = False
        self._is_stopped = True  # until the other services have addresses
        #: held by whoever reads or changes timers
        self.changed = threading.Condition(threading.RLock())
        world.clock.watch(self.wake)

    def start(self) -> None:
        """
        Be ready to run; the thread begins with the first timer.
        """
        self._is_stopped = False
        self.wake()

    def stop(self) -> None:
        """
        End the thread, after the run that it is in.
        """
        with self.changed:
            thread, self._thread = self._thread, None
            self._is_stopped = True
            self.changed.notify_all()
        if thread is not None:
            waiting.blocking(thread.join)

    def wake(self) -> None:
        """
        Look again at what is due.
        """
        with self.changed:
            if self._thread is None and self._jobs and not self._is_stopped:
                self._thread = threading.Thread(
                    target=self._work, name="globus-core-timers-sandbox", daemon=True
                )
                self._thread.start()
            self.changed.notify_all()

    def settle(self) -> None:
        """
        Wait until no timer is due before the clock moves.
        """
        with self.changed:
            while self._thread is not None and (self._is_running or self._due() is not None):
                waiting.wait(self.changed)

    def finish(self) -> None:
        """
        Wait for the end of the run that the thread is in.
        """
        with self.changed:
            while self._is_running:
                waiting.wait(self.changed)

    def _work(self) -> None:
        while (job := self._take()) is not None:
            try:
                self._run(job)
            finally:
                with self.changed:
                    self._is_running = job.is_running = False
                    self.changed.notify_all()

    def _take(self) -> Job | None:
        with self.changed:
            while not self._is_stopped:
                if (job := self._due()) is not None:
                    self._is_running = job.is_running = True
                    return job
                waiting.wait(self.changed, self._seconds_left())
            return None

    def _run(self, job: Job) -> None:
        at = job.due
        if at is None:  # it was paused in the meantime
            return
        try:
            status, data = run(self._world, job)
        except Requirements as needed:
            with self.changed:
                job.suspend("globus_auth_requirements", needed.document)
        except Busy as busy:
            self._pause(job, at, str(busy))
        except ApiError as error:
            self._count(job, at, error.status, None, error.detail)
        except Exception as error:  # a run must not end the thread
            self._count(job, at, 500, None, str(error))
        else:
            self._count(job, at, status, data)

    def _pause(self, job: Job, at: float, reason: str) -> None:
        """Let an earlier run end; in real time it would have ended long ago."""
        with self.changed:
            job.pauses += 1
            if job.pauses > _MOST_PAUSES:
                self._count(job, at, 409, None, reason)
            else:
                waiting.wait(self.changed, _PAUSE)

    def _count(
        self, job: Job, at: float, status: int, data: t.Any, errors: str | None = None
    ) -> None:
        with self.changed:
            job.ran(at, status, data, errors)

    def _due(self) -> Job | None:
        now = self._world.clock.now()
        due = [job for job in self._waiting() if t.cast("float", job.due) <= now]
        return min(due, key=lambda job: t.cast("float", job.due), default=None)

    def _seconds_left(self) -> float | None:
        times = [t.cast("float", job.due) for job in self._waiting()]
        return max(min(times) - self._world.clock.now(), 0.001) if times else None

    def _waiting(self) -> list[Job]:
        return [job for job in self._jobs.values() if job.due is not None]
