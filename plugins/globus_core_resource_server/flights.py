"""
One question for all threads that want the same answer at the same time.
"""

from __future__ import annotations

import copy
import typing as t

from globus_core.exc import GlobusError
from globus_core.locks import ForkSafeLock, Held, Mutex, PerProcess

T = t.TypeVar("T")


class _Flight:
    """
    A question and its outcome: a list with the answer, or the error, or None so far.
    """

    __slots__ = ("mutex", "outcome")

    def __init__(self) -> None:
        self.mutex = Mutex()
        self.outcome: list[t.Any] | GlobusError | None = None


class Flights:
    """
    The questions that are being asked, by key; a child process starts without any.
    """

    def __init__(self) -> None:
        self._lock = ForkSafeLock()
        self._flights = PerProcess(dict[bytes, _Flight])

    def answer(self, key: bytes, ask: t.Callable[[], T]) -> T:
        """
        What ``ask`` returns; of those who have the same key at the same time, only one calls it.

        If it is interrupted, the next one in line asks.

        :param key: the key
        :param ask: asks; a GlobusError is for all, any other exception only for the one who asked
        :raises GlobusError: what ``ask`` raised
        """
        flights: dict[bytes, _Flight] = self._flights.get()
        with self._lock.held():
            flight = flights.setdefault(key, _Flight())
        with Held(flight.mutex, None, TimeoutError, _inside):
            if flight.outcome is None:
                try:
                    flight.outcome = _outcome(ask)
                finally:
                    with self._lock.held():
                        if flights.get(key) is flight:
                            del flights[key]
        if isinstance(flight.outcome, GlobusError):
            # a copy for each, because a traceback belongs to one thread
            raise copy.copy(flight.outcome) from flight.outcome.__cause__
        answer: T = flight.outcome[0]
        return answer


def _outcome(ask: t.Callable[[], t.Any]) -> list[t.Any] | GlobusError:
    try:
        return [ask()]
    except GlobusError as error:
        return error


def _inside() -> Exception:
    return GlobusError("a token was checked while the same token was being checked")
