"""
Calling foreign code that may hang, in a thread of its own and with a deadline.
"""

from __future__ import annotations

import contextvars
import threading
import typing as t

from globus_core import waiting

Emit = t.Callable[[t.Any], None]


class Outcome(t.NamedTuple):
    """
    The outcome of a call.

    :ivar results: the results that came in time
    :ivar problem: why the call failed, or None
    """

    results: list[t.Any]
    problem: BaseException | str | None


class DeadlineCalls:
    """
    Runs calls with a deadline; later results are discarded.

    Code that still hangs in an earlier call is not called again before that call has returned, so
    that it never blocks more than one thread.

    :param seconds: how long to wait for a call
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._hanging: dict[t.Hashable, threading.Thread] = {}

    def run(self, who: t.Hashable, work: t.Callable[[Emit], None]) -> Outcome:
        """
        Run a function in a thread of its own, and return the results that came in time.

        :param who: whose code it is
        :param work: called with a function that takes its results, one at a time
        """
        hanging = self._hanging.get(who)
        if hanging is not None and hanging.is_alive():
            return Outcome([], None)  # this was reported when the call began to hang
        call = _Call(work)
        context = contextvars.copy_context()
        thread = threading.Thread(
            target=context.run, args=(call.run,), name="globus-extension", daemon=True
        )
        started = start(thread)
        waiting.wait(call.ended, self._seconds)
        outcome = call.closed()
        if not started and isinstance(outcome.problem, KeyboardInterrupt):
            raise outcome.problem  # meant for this thread
        if not call.ended.is_set():
            self._hanging[who] = thread
            return Outcome(outcome.results, f"it took longer than {self._seconds:g} seconds")
        return outcome


def start(thread: threading.Thread) -> bool:
    """
    Start a thread, and return True; or do its work here, if no more threads can be started.

    :param thread: the thread, which has not been started
    """
    try:
        thread.start()
    except RuntimeError:
        thread.run()
        return False
    return True


class _Call:
    def __init__(self, work: t.Callable[[Emit], None]) -> None:
        self.ended = threading.Event()
        self._work = work
        self._lock = threading.Lock()
        self._results: list[t.Any] = []
        self._problem: BaseException | None = None
        self._closed = False

    def run(self) -> None:
        try:
            self._work(self._emit)
        except _TooLate:
            pass
        except BaseException as error:  # the boundary to foreign code
            self._problem = error
        self.ended.set()

    def closed(self) -> Outcome:
        with self._lock:
            self._closed = True
            return Outcome(self._results, self._problem)

    def _emit(self, result: t.Any) -> None:
        with self._lock:
            if self._closed:
                raise _TooLate
            self._results.append(result)


class _TooLate(BaseException):
    """Ends a call when nobody waits for its results any longer."""
