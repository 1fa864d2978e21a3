"""
How many requests of one resolver run at once, and when all of them pause after a 429.
"""

from __future__ import annotations

import threading
import time

from globus_core import waiting

#: seconds to wait after a refusal that does not say how long, doubled with each further one
FIRST_PAUSE = 1.0
#: seconds; a server that asks for a longer pause is not waited for
LONGEST_PAUSE = 60.0
#: how often one batch is sent at the most
MOST_ATTEMPTS = 6


class RateLimiter:
    """
    Limits how many requests run at once, and pauses all of them after a 429.

    After a refusal half as many may go at once as before; each answer allows one more.

    :param most: how many requests may be under way at once
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._allowed = most
        self._active = 0
        self._resume = 0.0
        self._changed = threading.Condition()

    def acquire(self, stopped: threading.Event) -> bool:
        """
        Wait for one's turn; False if it is not worth while any more.

        :param stopped: set by whoever calls :meth:`wake` when the answer is not wanted any more
        """
        with self._changed:
            while not stopped.is_set():
                pause = self._resume - time.monotonic()
                if pause <= 0 and self._active < self._allowed:
                    self._active += 1
                    return True
                waiting.wait(self._changed, pause if pause > 0 else None)
        return False

    def release(self, pause: float | None = None) -> None:
        """
        Say that a request has ended.

        :param pause: seconds for which the server wants no further request; None if it was
            content
        """
        with self._changed:
            self._active -= 1
            if pause is None:
                self._allowed = min(self._most, self._allowed + 1)
            else:
                now = time.monotonic()
                if now >= self._resume:  # refusals of one moment count once
                    self._allowed = max(1, self._allowed // 2)
                self._resume = max(self._resume, now + pause)
            self._changed.notify_all()

    def wake(self) -> None:
        """
        Let everybody who waits look whether they are still wanted.
        """
        with self._changed:
            self._changed.notify_all()
