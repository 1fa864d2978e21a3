"""The sandbox's own time: the real time and an offset that tests move."""

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
        The sandbox's time, in seconds of the UTC epoch.
        """
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """
        Move the time.

        :param seconds: how far, negative to go back
        """
        self.offset += seconds

    def set(self, timestamp: float) -> None:
        """
        Set the time, which then runs on from there.

        :param timestamp: seconds of the UTC epoch
        """
        self.offset = timestamp - time.time()

    def reset(self) -> None:
        """
        Return to the real time.
        """
        self.offset = 0.0
