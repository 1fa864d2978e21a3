"""
How many calls begin in one round of an event loop.

Tasks that become ready together all run before the loop looks at anything else: if a thousand of
them began a request in one round, everybody else would wait for as long as a thousand requests
take to prepare, and so it is with answers that come together. So once a round has lasted long
enough, further calls begin or go on in later ones, in turn.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque

#: seconds of a round after which no further call begins in it
LONGEST_ROUND = 0.004
#: calls that begin in each later round while others wait for their turn
_AT_ONCE = 4


class Turns:
    """
    The turns of one event loop, in which all methods are called.
    """

    def __init__(self) -> None:
        self._began: float | None = None  # when this round began, if a call has begun in it
        self._waiting: deque[asyncio.Future[None]] = deque()

    def is_free(self) -> bool:
        """
        Whether a call may begin in this round.
        """
        if self._began is None:
            self._began = time.monotonic()
            asyncio.get_running_loop().call_soon(self._next_round)
            return True
        return not self._waiting and time.monotonic() - self._began < LONGEST_ROUND

    async def later(self) -> None:
        """
        Wait for a later round.
        """
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        await turn

    def _next_round(self) -> None:
        begun = 0
        while self._waiting and begun < _AT_ONCE:
            turn = self._waiting.popleft()
            if not turn.done():  # it may be cancelled
                turn.set_result(None)
                begun += 1
        if begun:
            self._began = time.monotonic()
            asyncio.get_running_loop().call_soon(self._next_round)
        else:
            self._began = None
