"""
The threads for functions that may block for long.

They are daemon threads, since some wait for a person or for another process, and the program ends
all the same. A thread that had nothing to do for a while ends.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
import queue
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    R = t.TypeVar("R")
    Job = t.Callable[[], None]

#: threads at once; what comes beyond that waits
MOST = 64
#: seconds for which a thread waits for something to do
IDLE_SECONDS = 10.0


async def in_pool(function: t.Callable[..., R], args: tuple[t.Any, ...]) -> R:
    """
    Call a function in a thread.

    If the caller is cancelled, the function is not begun, or goes on and its result is dropped.

    :param function: the function
    :param args: its arguments
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[R] = loop.create_future()
    context = contextvars.copy_context()

    def work() -> None:
        if done.cancelled():
            return
        try:
            tell, outcome = _succeed, context.run(function, *args)
        except BaseException as error:  # raised in the caller
            tell, outcome = _fail, error  # type: ignore[assignment]
        try:
            loop.call_soon_threadsafe(tell, done, outcome)  # pyright: ignore[reportArgumentType]
        except RuntimeError:  # the loop has been closed meanwhile
            return

    _pool().add(work)
    return await done


def _succeed(done: asyncio.Future[t.Any], result: object) -> None:
    if not done.done():
        done.set_result(result)


def _fail(done: asyncio.Future[t.Any], error: BaseException) -> None:
    if done.done():
        return
    if isinstance(error, StopIteration):  # which a future does not take
        error = RuntimeError("the function raised StopIteration")
    done.set_exception(error)


class _Pool:
    """Daemon threads that are started when they are needed."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._guard = threading.Lock()
        self._threads = 0
        self._idle = 0

    def add(self, job: Job) -> None:
        """
        Have a job done.

        :param job: the job
        """
        with self._guard:
            self._jobs.put(job)
            if self._idle:
                self._idle -= 1  # it is taken by a thread that waits
                return
            if self._threads >= MOST:
                return
            self._threads += 1
        try:
            threading.Thread(target=self._work, name="globus-core-aio", daemon=True).start()
        except BaseException:
            with self._guard:
                self._threads -= 1
                if not self._threads:  # nobody would do it
                    raise

    def _work(self) -> None:
        while (job := self._next()) is not None:
            job()
            del job  # it holds the result

    def _next(self) -> Job | None:
        with self._guard:
            if (job := self._taken()) is not None:
                return job
            self._idle += 1
        try:
            return self._jobs.get(timeout=IDLE_SECONDS)
        except queue.Empty:
            pass
        with self._guard:
            if (job := self._taken()) is not None:
                return job
            self._idle = max(0, self._idle - 1)
            self._threads -= 1
            return None

    def _taken(self) -> Job | None:
        try:
            return self._jobs.get_nowait()
        except queue.Empty:
            return None


_current: _Pool | None = None


def _pool() -> _Pool:
    """The pool of this process."""
    global _current
    if _current is None or _current.pid != os.getpid():
        _current = _Pool()
    return _current
