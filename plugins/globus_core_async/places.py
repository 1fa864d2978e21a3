"""
How many renewals are under way at once in an event loop.

Each holds locks, files and a connection, and a process may open only so many files. So not many
begin at once; each of the others begins when one has ended. One that is under way could wait for
something that one of the others would have to do first. So if none has ended for a while, another
one begins nevertheless.

Tasks that want the same token share a place: one of them renews it, and the others wait for that.
"""

from __future__ import annotations

import asyncio
import contextvars

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: renewals at once; what comes beyond that waits
MOST = 64
#: seconds without an end after which one more begins
STUCK_SECONDS = 1.0


class Places:
    """
    The places for the renewals of one event loop, in which all methods are called.
    """

    def __init__(self) -> None:
        self._taken: dict[t.Hashable, int] = {}  # what is renewed -> how many share the place
        self._waiting: dict[t.Hashable, list[asyncio.Future[None]]] = {}  # in turn
        self._look: asyncio.TimerHandle | None = None
        self._ended = 0  # so many since the last look

    async def take(self, what: t.Hashable) -> None:
        """
        Take a place, once one is free, or share the one that is taken for the same.

        :param what: what is renewed
        """
        if what in self._taken or (len(self._taken) < MOST and not self._waiting):
            self._taken[what] = self._taken.get(what, 0) + 1
            return
        place = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(what, []).append(place)
        self._look_later()
        try:
            await place
        except BaseException:  # cancelled, or closed
            if not (place.cancel() or place.cancelled()):  # it was given just now
                self.give_back(what)
            raise

    def give_back(self, what: t.Hashable) -> None:
        """
        Give a place, unless others share it, to the one that has waited longest.

        :param what: what was renewed
        """
        self._ended += 1
        self._taken[what] -= 1
        if self._taken[what]:
            return
        del self._taken[what]
        if len(self._taken) < MOST:
            self._give()

    def _give(self) -> None:
        while self._waiting:
            what = next(iter(self._waiting))
            places = [place for place in self._waiting.pop(what) if not place.done()]
            if places:  # not all are cancelled
                self._taken[what] = len(places)
                for place in places:
                    place.set_result(None)
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
