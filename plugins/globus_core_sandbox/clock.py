"""The sandbox's clock: real time plus an offset that tests change."""

from __future__ import annotations

import time
import typing as t


class Clock:
    """
    Real time plus an offset.
    """

    def __init__(self) -> None:
        self.offset = 0.0
        self._watchers: list[t.Callable[[], None]] = []

    def watch(self, moved: t.Callable[[], None]) -> None:
        """
        Be told when the time was moved.

        :param moved: called each time, in the thread that moves it
        """
        self._watchers.append(moved)

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
        self._move(self.offset + seconds)

    def set(self, timestamp: float) -> None:
        """
        Set the time, which then continues from there.

        :param timestamp: the time, in UTC epoch seconds
        """
        self._move(timestamp - time.time())

    def reset(self) -> None:
        """
        Return to the real time.
        """
        self._move(0.0)

    def _move(self, offset: float) -> None:
        self.offset = offset
        for moved in self._watchers:
            moved()
