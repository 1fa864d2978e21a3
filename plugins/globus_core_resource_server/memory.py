"""
What is known about tokens, by their SHA-256; never a token.
"""

from __future__ import annotations

import logging
import typing as t

from globus_core.exc import GlobusError, GlobusSDKUsageError, ValidationError
from globus_core.identities import GLOBUS, Identity, IdentityCache
from globus_core.locks import ForkSafeLock

from .caller import Caller

#: how far the clocks of two hosts may differ, in seconds
SKEW = 5.0
#: how long a shared cache that failed is left alone, in seconds
PAUSE = 5.0

_log = logging.getLogger("globus_core.resource_server")


class Known(t.NamedTuple):
    """
    What is known about a token: its caller, or None if it is not active.

    ``fresh_until`` is when Globus Auth is to be asked again, and ``usable_until`` until when this
    counts if Globus Auth cannot be reached, both in UTC epoch seconds.
    """

    caller: Caller | None
    asked_at: float
    fresh_until: float
    usable_until: float

    def is_fresh(self, now: float) -> bool:
        """
        Whether it counts without asking again.

        :param now: the time; a clock that was set back makes nothing fresh
        """
        return self.asked_at - SKEW <= now < self.fresh_until


class Memory:
    """
    A table of limited size in this process; the entry that was stored first goes first.

    :param most: the largest number of entries
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: dict[bytes, Known] = {}
        self._lock = ForkSafeLock()
        #: looks up an entry, without a lock, since one operation on a dict needs none
        self.get = self._entries.get

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, digest: bytes, known: Known) -> None:
        """
        Store an entry in place of an earlier one.

        :param digest: the SHA-256 of the token
        :param known: what is known about it
        """
        with self._lock.held():
            self._entries.pop(digest, None)
            while len(self._entries) >= self._most:
                del self._entries[next(iter(self._entries))]
            self._entries[digest] = known

    def discard(self, digest: bytes) -> None:
        """
        Remove an entry, if there is one.

        :param digest: the SHA-256 of the token
        """
        with self._lock.held():
            self._entries.pop(digest, None)


class SharedMemory:
    """
    What all workers know, in a cache of identities; its failures count as "not known".

    :param cache: the cache
    :param namespace: separates services, and what they asked for
    :param clock: the time in UTC epoch seconds
    """

    def __init__(self, cache: IdentityCache, namespace: str, clock: t.Callable[[], float]) -> None:
        self._cache = cache
        self._namespace = namespace
        self._clock = clock
        self._paused_until = 0.0

    def get(self, digest: bytes) -> Caller | None:
        """
        The caller of a token, if a worker has asked; check how long ago.

        :param digest: the SHA-256 of the token
        """
        key = _key(digest)
        found = self._run(lambda: self._cache.get_many([key], namespace=self._namespace))
        record = found.get(key) if found else None
        stored = record.extensions.get("introspection") if record is not None else None
        try:
            return None if stored is None else Caller(stored["facts"], float(stored["checked_at"]))
        except (KeyError, TypeError, ValueError):  # ValidationError is a ValueError
            return None

    def put(self, digest: bytes, caller: Caller) -> None:
        """
        Store a caller.

        :param digest: the SHA-256 of the token
        :param caller: the caller
        """
        stored = {"facts": dict(caller.facts), "checked_at": caller.checked_at}
        document = {"id": caller.id, "username": caller.username}
        try:
            record = Identity(document, source=GLOBUS, extensions={"introspection": stored})
        except ValidationError:  # an identity without a UUID cannot be shared
            return
        self._run(lambda: self._cache.put_many({_key(digest): record}, namespace=self._namespace))

    def discard(self, digest: bytes) -> None:
        """
        Remove a caller, whose token is no longer active.

        :param digest: the SHA-256 of the token
        """
        self._run(lambda: self._cache.discard_many([_key(digest)], namespace=self._namespace))

    def _run(self, use: t.Callable[[], t.Any]) -> t.Any:
        if self._clock() < self._paused_until:
            return None
        try:
            return use()
        except GlobusSDKUsageError:
            raise
        except GlobusError as error:
            _log.warning("the cache of checked tokens cannot be used: %s", error)
            self._paused_until = self._clock() + PAUSE
            return None


def _key(digest: bytes) -> str:
    return f"token:{digest.hex()}"
