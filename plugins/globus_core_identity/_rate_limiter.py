"""
How many requests of one resolver run at once, and when all of them pause after a 429.
"""

from __future__ import annotations

import threading
import time

from globus_core import waiting

#: seconds to wait after a 429 without Retry-After; doubled with each further one
FIRST_PAUSE = 1.0
#: the longest pause in seconds; if a server asks for a longer one, the request fails
LONGEST_PAUSE = 60.0
#: how often one batch is sent at most
MOST_ATTEMPTS = 6


class RateLimiter:
    """
    Limits how many requests run at once, and pauses all of them after a 429.

    A 429 halves the number of requests that may run at once; each other answer adds one.

    :param most: the largest number of requests at once
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._allowed = most
        self._active: set[object] = set()
        self._resume = 0.0
        self._lock = threading.Lock()  # taken itself: an interrupt can come inside a condition
        self._changed = threading.Condition(self._lock)

    def acquire(self, request: object, stopped: threading.Event) -> bool:
        """
        Wait until a request may be sent; False if its answer is no longer wanted.

        :param request: stands for the request until :meth:`release`
        :param stopped: set, before calling :meth:`wake`, when the answer is no longer wanted
        """
        with self._lock:
            while not stopped.is_set():
                pause = self._resume - time.monotonic()
                if pause <= 0 and len(self._active) < self._allowed:
                    self._active.add(request)
                    return True
                waiting.wait(self._changed, pause if pause > 0 else None)
        return False

    def release(self, request: object, pause: float | None = None) -> None:
        """
        End a request, unless it has ended or was not allowed.

        :param request: the argument of :meth:`acquire`
        :param pause: how long the server wants no further requests, in seconds; None if it did
            not ask for a pause
        """
        with self._lock:
            if request not in self._active:
                return
            if pause is None:
                self._allowed = min(self._most, self._allowed + 1)
            else:
                now = time.monotonic()
                if now >= self._resume:  # several refusals at the same time count once
                    self._allowed = max(1, self._allowed // 2)
                self._resume = max(self._resume, now + pause)
            self._active.remove(request)  # last, so that it can be done again after an interrupt
            self._changed.notify_all()

    def wake(self) -> None:
        """
        Wake all waiting threads, so that they check whether to stop.
        """
        with self._lock:
            self._changed.notify_all()
