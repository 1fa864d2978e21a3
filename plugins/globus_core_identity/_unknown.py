"""
Remembering for a while that keys are unknown.
"""

from __future__ import annotations

import time
import typing as t

#: seconds for which an unknown key is not asked for again
NEGATIVE_TTL = 300.0
_MOST = 1_000_000


class UnknownKeys:
    """
    Keys without an identity, each until its time is up.

    :param ttl: seconds for which a key counts as unknown
    :param clock: the time in seconds
    """

    def __init__(
        self, ttl: float = NEGATIVE_TTL, clock: t.Callable[[], float] = time.monotonic
    ) -> None:
        self._ttl = ttl
        self._clock = clock
        self._until: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._until)

    def __contains__(self, key: str) -> bool:
        until = self._until.get(key)
        if until is None:
            return False
        if self._clock() < until:
            return True
        self._until.pop(key, None)
        return False

    def add(self, key: str) -> None:
        """
        Note that a key is unknown.

        :param key: the key in normal form
        """
        if len(self._until) >= _MOST:
            self._until.clear()
        self._until[key] = self._clock() + self._ttl

    def discard(self, key: str) -> bool:
        """
        Forget that a key is unknown, and say whether it was.

        :param key: the key in normal form
        """
        return self._until.pop(key, None) is not None

    def clear(self) -> None:
        """
        Forget all of them.
        """
        self._until.clear()
