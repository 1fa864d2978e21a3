"""The sandbox's clock: real time plus an offset that tests change."""

from __future__ import annotations

import time


class Clock:
    """
    Real time plus an offset.
    """

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """
        The sandbox's time, in UTC epoch seconds.
        """
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """
        Move the time.

        :param seconds: how far; negative to move back
        """
        self.offset += seconds

    def set(self, timestamp: float) -> None:
        """
        Set the time, which then continues from there.

        :param timestamp: the time, in UTC epoch seconds
        """
        self.offset = timestamp - time.time()

    def reset(self) -> None:
        """
        Return to the real time.
        """
        self.offset = 0.0
