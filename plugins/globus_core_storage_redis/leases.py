"""
The lock on a renewal, as a lease: a key that ends by the clock of the server.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
import typing as t

from redis import Redis

from globus_core import waiting
from globus_core.exc import RenewalLockTimeoutError, StorageError
from globus_core.leases import RenewalLease

from . import scripts
from .server import RedisServer, log

if t.TYPE_CHECKING:
    from typing_extensions import Self

_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 0.25


class RedisLease(RenewalLease):
    """
    The lease of one holder, for a ``with`` block.

    Its key has the holder's name and ends after ``seconds`` by the server's clock. All of its
    changes compare the name in the same step, so that a holder that lost it changes nothing.

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
        self.seconds = seconds
        self._milliseconds = int(seconds * 1000)
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(8)}"
        self._server = server
        self._key = key
        self._timeout = timeout
        self._purpose = purpose
        self._released = False

    def __enter__(self) -> Self:
        end = time.monotonic() + self._timeout
        pause = _FIRST_PAUSE
        try:
            while (left := self._held_for()) is not None:
                if time.monotonic() >= end:
                    raise RenewalLockTimeoutError(
                        f"{self._purpose} did not finish within {self._timeout:g} seconds; "
                        f"its lock at {self._server.settings.location} is held by another process"
                    )
                waiting.sleep(max(0.001, min(pause, left, end - time.monotonic())))
                pause = min(1.5 * pause, _LONGEST_PAUSE)
            return self
        except StorageError:  # asking again would take as long again; the lock ends by itself
            raise
        except BaseException:
            self._release()
            raise

    def __exit__(self, *exc_info: object) -> None:
        self._release()

    def still_mine(self) -> bool:
        holder = None
        if not self._released:
            holder = self._server.run("ask for a lock", Redis.get, self._key)
        return holder == self.owner.encode()

    def extend(self) -> bool:
        return not self._released and self._run(scripts.EXTEND, self._milliseconds) == 1

    def _held_for(self) -> float | None:
        """For how many seconds somebody else has it at most; None once it is ours."""
        left = self._run(scripts.TAKE, self._milliseconds)
        return None if left < 0 else left / 1000

    def _release(self) -> None:
        """Give it back if it is still ours; if the server cannot be reached, it ends by itself."""
        self._released = True
        try:
            self._run(scripts.RELEASE)
        except StorageError as error:
            log.warning("a renewal lock stays for up to %g seconds: %s", self.seconds, error)

    def _run(self, script: str, *arguments: t.Any) -> int:
        return int(
            self._server.run(
                "lock a renewal", scripts.run, script, [self._key], [self.owner, *arguments]
            )
        )
