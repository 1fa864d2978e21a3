"""
A clock for tests, which is moved forward instead of waiting.
"""

from __future__ import annotations

import time


class FakeClock:
    """
    The system clock plus an offset. The fixture ``globus_clock`` replaces ``time.time`` with it, by
    which tokens, cache entries and waiting times expire.

    PyJWT reads the system clock, so the expiry of ID tokens does not follow.
    """

    def __init__(self) -> None:
        self.offset = 0.0
        self._system = time.time

    def time(self) -> float:
        """
        The time, in UTC epoch seconds.
        """
        return self._system() + self.offset

    def advance(self, seconds: float) -> None:
        """
        Move the time.

        :param seconds: how far; negative to move back
        """
        self.offset += seconds
