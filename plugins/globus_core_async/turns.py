"""
How many calls begin in one round of an event loop.

Tasks that become ready together all run before the loop looks at anything else: if a thousand of
them began a request in one round, everybody else would wait for as long as a thousand requests
take to prepare, and so it is with answers that come together. So once a round has lasted long
enough, further calls begin or go on in later ones, in turn.

A task that has its turn keeps it until it waits: the end of one call and the beginning of the next
are one turn.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: seconds of a round after which no further call begins in it
LONGEST_ROUND = 0.004


class Turns:
    """
    The turns of one event loop, in which all methods are called.
    """

    def __init__(self) -> None:
        self._began: float | None = None  # when this round began, if a call has begun in it
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._last: asyncio.Task[t.Any] | None = None  # who had the last turn in this round
        self._at_once = 4  # so many have their turn in a round, as far as is known
        self._given = 0  # so many had their turn in this round
        self._sent_back = 0  # so many of them in this round had no time left

    def is_free(self) -> bool:
        """
        Whether a call may begin in this round.
        """
        if self._began is None:
            self._began = time.monotonic()
            asyncio.get_running_loop().call_soon(self._next_round)
            return True
        if self._waiting and self._last is not asyncio.current_task():
            return False
        return self._has_time()

    async def later(self) -> None:
        """
        Wait for a later round.
        """
        loop = asyncio.get_running_loop()
        place = len(self._waiting)
        while True:
            turn = loop.create_future()
            self._waiting.insert(place, turn)
            await turn
            if self._last is None or self._has_time():
                self._last = asyncio.current_task()
                return
            place = self._sent_back  # before all others
            self._sent_back += 1

    def _has_time(self) -> bool:
        return self._began is not None and time.monotonic() - self._began < LONGEST_ROUND

    def _next_round(self) -> None:
        if self._sent_back:
            self._at_once = max(1, self._at_once - self._sent_back)
        elif self._given >= self._at_once:
            self._at_once += 1 + self._at_once // 4
        self._last = None
        self._sent_back = begun = 0
        while self._waiting and begun < self._at_once:
            turn = self._waiting.popleft()
            if not turn.done():  # it may be cancelled
                turn.set_result(None)
                begun += 1
        self._given = begun
        if begun:
            self._began = time.monotonic()
            asyncio.get_running_loop().call_soon(self._next_round)
        else:
            self._began = None
