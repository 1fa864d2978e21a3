"""
A clock for tests, which is put forward instead of waited for.
"""

from __future__ import annotations

import time


class FakeClock:
    """
    The system's clock plus an offset. The fixture ``globus_clock`` puts it in the place of
    ``time.time``, by which tokens, caches and waiting times expire.

    PyJWT reads the system's own clock: the expiry of an ID token does not follow.
    """

    def __init__(self) -> None:
        self.offset = 0.0
        self._system = time.time

    def time(self) -> float:
        """
        The time in seconds of the UTC epoch.
        """
        return self._system() + self.offset

    def advance(self, seconds: float) -> None:
        """
        Let time pass.

        :param seconds: how much; negative to turn the clock back
        """
        self.offset += seconds
