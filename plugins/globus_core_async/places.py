"""
How many renewals are under way at once in an event loop.

Each holds locks, files and a connection, and a process may open only so many files. So not many
begin at once; each of the others begins when one has ended. One that is under way could wait for
something that one of the others would have to do first. So if none has ended for a while, another
one begins nevertheless.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque

#: renewals at once; what comes beyond that waits
MOST = 64
#: seconds without an end after which one more begins
STUCK_SECONDS = 1.0


class Places:
    """
    The places for the renewals of one event loop, in which all methods are called.
    """

    def __init__(self) -> None:
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._look: asyncio.TimerHandle | None = None
        self._ended = 0  # so many since the last look

    async def take(self) -> None:
        """
        Take a place, once one is free.
        """
        if self._taken < MOST and not self._waiting:
            self._taken += 1
            return
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        self._look_later()
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():  # it was given just now
                self.give_back()
            raise

    def give_back(self, _: object = None) -> None:
        """
        Give a place to the one that has waited longest.
        """
        self._ended += 1
        self._taken -= 1
        if self._taken < MOST:
            self._give()

    def _give(self) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():  # it may be cancelled
                place.set_result(None)
                self._taken += 1
                return

    def _look_later(self) -> None:
        if self._look is None and self._waiting:
            loop, context = asyncio.get_running_loop(), contextvars.Context()
            self._look = loop.call_later(STUCK_SECONDS, self._see_to_progress, context=context)

    def _see_to_progress(self) -> None:
        self._look = None
        if not self._ended:
            self._give()
        self._ended = 0
        self._look_later()
