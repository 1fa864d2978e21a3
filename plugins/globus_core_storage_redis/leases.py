"""
The lock on a renewal, as a lease: a key that ends by the clock of the server.
"""

from __future__ import annotations

import typing as t

from redis import Redis

from globus_core.exc import StorageError
from globus_core.leases import StoredLease

from . import scripts
from .server import RedisServer


class RedisLease(StoredLease):
    """
    The lease of one holder, for a ``with`` block; see :class:`globus_core.leases.StoredLease`.

    :param server: the server
    :param key: the key of the lock
    :param seconds: how long the lock lasts after it was taken or extended
    :param timeout: the longest time to wait for it, in seconds
    :param purpose: what is done under it, for the error
    :ivar owner: the holder: host, process, and a random part
    """

    def __init__(
        self, server: RedisServer, key: bytes, seconds: float, timeout: float, purpose: str
    ) -> None:
        super().__init__(seconds, timeout, purpose, server.settings.location)
        self._milliseconds = int(seconds * 1000)
        self._server = server
        self._key = key

    def take(self) -> float | None:
        left = self._run(scripts.TAKE, self._milliseconds)
        return None if left < 0 else left / 1000

    def is_stored(self) -> bool:
        holder = self._server.run("ask for a lock", Redis.get, self._key)
        return bool(holder == self.owner.encode())

    def prolong(self) -> bool:
        return self._run(scripts.EXTEND, self._milliseconds) == 1

    def give_back(self) -> None:
        self._run(scripts.RELEASE)

    def is_away(self, error: StorageError) -> bool:
        return self._server.is_away(error)

    def _run(self, script: str, *arguments: t.Any) -> int:
        return int(
            self._server.run(
                "lock a renewal", scripts.run, script, [self._key], [self.owner, *arguments]
            )
        )
