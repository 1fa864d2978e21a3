"""
Threads and processes for tests: started together, and always ended.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import typing as t

#: seconds to wait for something that comes at once or never
PATIENCE_SECONDS = 60.0

Told = t.Any  # messages of the processes


def in_threads(work: t.Callable[[int], None], count: int) -> None:
    """
    Run a function in several threads at once, and raise the error of the first that failed.

    :param work: called with the thread's number
    :param count: the number of threads
    """
    errors: list[BaseException] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            start.wait(PATIENCE_SECONDS)
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    if errors:
        raise errors[0]


@contextlib.contextmanager
def workers(count: int, work: t.Callable[..., None], *arguments: t.Any) -> t.Iterator[Told]:
    """
    Processes that run a function; they are killed at the end in any case.

    :param count: the number of processes
    :param work: called in each with its number, a pipe for messages, and the arguments
    :param arguments: further arguments of the function, which must be picklable
    """
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(count)
    told = [context.Pipe(duplex=False) for _ in range(count)]
    processes = [
        context.Process(target=_run, args=(work, number, start, told[number][1], *arguments))
        for number in range(count)
    ]
    for process in processes:
        process.start()
    for _, sender in told:
        sender.close()
    try:
        yield _Inbox([receiver for receiver, _ in told])
    finally:
        for process in processes:
            process.kill()
            process.join(PATIENCE_SECONDS)
            process.close()
        for receiver, _ in told:
            receiver.close()


class _Inbox:
    """The messages of the processes, one after another."""

    def __init__(self, receivers: list[t.Any]) -> None:
        self._receivers = receivers

    def get(self, timeout: float) -> t.Any:
        from multiprocessing.connection import wait

        while self._receivers:
            ready: list[t.Any] = list(wait(self._receivers, timeout))
            assert ready, f"no process sent a message for {timeout:g} seconds"
            try:
                return ready[0].recv()
            except EOFError:
                self._receivers.remove(ready[0])
        raise AssertionError("the processes ended without a message")


def _run(
    work: t.Callable[..., None], number: int, start: t.Any, told: t.Any, *arguments: t.Any
) -> None:
    _end_with_parent()
    try:
        start.wait(PATIENCE_SECONDS)
        work(number, told, *arguments)
    except Exception as error:
        told.send(f"{type(error).__name__}: {error}")


def _end_with_parent() -> None:
    """
    End this process when its parent is gone, which then cannot kill it.

    Done by a timer, since work that forks must have no second thread.
    """
    if not hasattr(signal, "setitimer"):
        return
    parent = os.getppid()

    def look(signum: int, frame: object) -> None:
        if os.getppid() != parent:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 1.0, 1.0)
