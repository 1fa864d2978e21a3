"""The thread that works on runs, a step of each at a time."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time

from globus_core import waiting
from globus_core.testing.sandbox import World

from .records import Run
from .states import Progress, Steps

#: seconds of real time between two looks at an action
LOOK_SECONDS = 0.1


class _Job:
    """
    A run with the rest of its work.
    """

    def __init__(self, run: Run, progress: Progress) -> None:
        self.run = run
        self.progress = progress
        self.steps: Steps = progress.steps()
        self.turn = 0
        #: when it goes on: by the sandbox's clock; and in real time, while it looks at an action
        self.due = 0.0
        self.next_look: float | None = None
        self.looks = 0

    def note(self, pause: float | None) -> None:
        """
        Note what the last step has said.
        """
        if pause is None:
            self.looks += 1
            self.next_look = time.monotonic() + LOOK_SECONDS
        else:
            self.due, self.next_look = pause, None

    def seconds_left(self, now: float) -> float:
        """
        How long until it goes on, in seconds of both clocks.
        """
        if self.run.is_finished:
            return 0.0
        if self.next_look is not None:
            return self.next_look - time.monotonic()
        return self.due - now


class Worker:
    """
    Works on runs in turn.

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
        Be ready to work; the thread begins with the first run.
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
        self._jobs.clear()

    def reset(self) -> None:
        """
        Forget all runs.
        """
        with self.changed:
            while self._is_stepping:
                waiting.wait(self.changed)
            self._jobs.clear()

    def add(self, run: Run, progress: Progress) -> None:
        """
        Work on a run.

        :param run: the run
        :param progress: its work
        """
        with self.changed:
            self._jobs.append(_Job(run, progress))
            if self._thread is None and not self._is_stopped:
                self._thread = threading.Thread(
                    target=self._work, name="globus-core-flows-sandbox", daemon=True
                )
                self._thread.start()
            self.changed.notify_all()

    def resume(self, run: Run) -> None:
        """
        Let an inactive run go on.

        :param run: the run
        """
        with self.changed:
            run.go_on("ACTIVE", run.details)
            for job in self._jobs:
                if job.run is run:
                    job.due = 0.0
            self.changed.notify_all()

    def wake(self) -> None:
        """
        Look again at what can be done.
        """
        with self.changed:
            self.changed.notify_all()

    def settle(self) -> None:
        """
        Wait until no run can do anything before the clock moves, or an action does.

        Each action has been looked at once more then.
        """
        with self.changed:
            seen = {id(job): job.looks for job in self._jobs}
            for job in self._jobs:
                job.next_look = None if job.next_look is None else 0.0
            self.changed.notify_all()
            while self._thread is not None and (self._is_stepping or self._is_busy(seen)):
                waiting.wait(self.changed)

    def _is_busy(self, seen: dict[int, int]) -> bool:
        now = self._now()
        return any(
            job.looks <= seen.get(id(job), 0)
            if job.next_look is not None
            else job.seconds_left(now) <= 0
            for job in self._jobs
        )

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
                now = self._now()
                ready = [job for job in self._jobs if job.seconds_left(now) <= 0]
                if ready:
                    self._is_stepping = True
                    return min(ready, key=lambda job: job.turn)
                left = min((job.seconds_left(now) for job in self._jobs), default=float("inf"))
                waiting.wait(self.changed, None if left == float("inf") else max(left, 0.001))
            return None

    def _step(self, job: _Job) -> None:
        if job.run.is_finished:  # by a request
            with contextlib.suppress(Exception):  # Transfer may be gone
                job.progress.cancel()
            self._drop(job)
            return
        try:
            job.note(next(job.steps))
        except StopIteration:
            self._drop(job)
        except Exception as error:
            told = {"error": "InternalError", "cause": str(error)}
            text = "The sandbox failed to work on the run"
            job.run.finish(self._now(), "FAILED", "FlowFailed", text, details=told)
            self._drop(job)

    def _drop(self, job: _Job) -> None:
        with self.changed, contextlib.suppress(ValueError):  # after a reset
            self._jobs.remove(job)
