"""
Calling foreign code that may hang: in a thread of its own, and waited for only so long.
"""

from __future__ import annotations

import contextvars
import threading
import typing as t

from globus_core import waiting

Emit = t.Callable[[t.Any], None]


class Outcome(t.NamedTuple):
    """
    What came of a call.

    :ivar results: what was handed over in time
    :ivar problem: how the call failed, or None
    """

    results: list[t.Any]
    problem: BaseException | str | None


class DeadlineCalls:
    """
    Runs calls with a deadline; what comes after it is discarded.

    A caller that still hangs in an earlier call is not called again until that has returned, so
    that no more than one thread of each ever hangs.

    :param seconds: how long a call is waited for
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._hanging: dict[t.Hashable, threading.Thread] = {}

    def run(self, who: t.Hashable, work: t.Callable[[Emit], None]) -> Outcome:
        """
        Do something in a thread of its own, and give what it has handed over in time.

        :param who: whose code it is
        :param work: called with a function to hand over results with, one after another
        """
        hanging = self._hanging.get(who)
        if hanging is not None and hanging.is_alive():
            return Outcome([], None)  # that it hangs was reported when it began to
        call = _Call(work)
        context = contextvars.copy_context()
        thread = threading.Thread(
            target=context.run, args=(call.run,), name="globus-extension", daemon=True
        )
        thread.start()
        waiting.wait(call.ended, self._seconds)
        outcome = call.closed()
        if not call.ended.is_set():
            self._hanging[who] = thread
            return Outcome(outcome.results, f"it took longer than {self._seconds:g} seconds")
        return outcome


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
    """Ends a call whose results nobody waits for any more."""
