"""
What is known about tokens, by their SHA-256; never a token.
"""

from __future__ import annotations

import logging
import typing as t

from globus_core.exc import GlobusError, GlobusSDKUsageError, RenewalError, ValidationError
from globus_core.identities import GLOBUS, Identity, IdentityCache
from globus_core.locks import ForkSafeLock

T = t.TypeVar("T")
V = t.TypeVar("V")

#: how far the clocks of two hosts may differ, in seconds
SKEW = 5.0
#: how long a shared cache that failed is left alone, in seconds
PAUSE = 5.0

_log = logging.getLogger("globus_core.resource_server")


class Known(t.NamedTuple):
    """
    An answer about a token, such as its caller; None if the token is not active.

    ``fresh_until`` is when to ask again, and ``usable_until`` until when this counts if nobody can
    be asked, both in UTC epoch seconds.
    """

    answer: t.Any
    asked_at: float
    fresh_until: float
    usable_until: float

    def is_fresh(self, now: float) -> bool:
        """
        Whether it counts without asking again.

        :param now: the time; a clock that was set back makes nothing fresh
        """
        return self.asked_at - SKEW <= now < self.fresh_until


class Memory(t.Generic[V]):
    """
    A table of limited size in this process; the entry that was stored first goes first.

    :param most: the largest number of entries
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: dict[bytes, V] = {}
        self._lock = ForkSafeLock()
        #: looks up an entry, without a lock, since one operation on a dict needs none
        self.get = self._entries.get

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, digest: bytes, value: V) -> None:
        """
        Store an entry in place of an earlier one.

        :param digest: the SHA-256 of the token
        :param value: what is known about it
        """
        with self._lock.held():
            self._entries.pop(digest, None)
            while len(self._entries) >= self._most:
                del self._entries[next(iter(self._entries))]
            self._entries[digest] = value

    def discard(self, digest: bytes) -> None:
        """
        Remove an entry, if there is one.

        :param digest: the SHA-256 of the token
        """
        with self._lock.held():
            self._entries.pop(digest, None)

    def clear(self) -> None:
        """
        Remove all entries.
        """
        with self._lock.held():
            self._entries.clear()


class Storable(t.NamedTuple):
    """
    An answer as a shared cache keeps it: JSON data, the person it is about, and when it was given.
    """

    identity_id: str
    username: str
    document: t.Mapping[str, t.Any]
    asked_at: float


class SharedMemory:
    """
    What all workers know, in a cache of identities; its failures count as "not known".

    :param cache: the cache
    :param namespace: separates services
    :param clock: the time in UTC epoch seconds
    """

    def __init__(self, cache: IdentityCache, namespace: str, clock: t.Callable[[], float]) -> None:
        self._cache = cache
        self._namespace = namespace
        self._clock = clock
        self._paused_until = 0.0

    def get(self, kind: str, digest: bytes) -> tuple[dict[str, t.Any], float] | None:
        """
        What a worker was told, and when; None if no worker has asked.

        :param kind: what was asked for: ``introspection``
        :param digest: the SHA-256 of the token
        """
        key = _key(kind, digest)
        found = self._run(lambda: self._cache.get_many([key], namespace=self._namespace))
        record = found.get(key) if found else None
        stored = record.extensions.get(kind) if record is not None else None
        try:
            return None if stored is None else (dict(stored["facts"]), float(stored["checked_at"]))
        except (KeyError, TypeError, ValueError):
            return None

    def put(self, kind: str, digest: bytes, answer: Storable) -> None:
        """
        Store an answer.

        :param kind: what was asked for
        :param digest: the SHA-256 of the token
        :param answer: the answer
        """
        stored = {"facts": dict(answer.document), "checked_at": answer.asked_at}
        person = {"id": answer.identity_id, "username": answer.username}
        try:
            record = Identity(person, source=GLOBUS, extensions={kind: stored})
        except ValidationError:  # an identity without a UUID cannot be shared
            return
        entries = {_key(kind, digest): record}
        self._run(lambda: self._cache.put_many(entries, namespace=self._namespace))

    def discard(self, kind: str, digest: bytes) -> None:
        """
        Remove an answer, because the token is no longer active.

        :param kind: what was asked for
        :param digest: the SHA-256 of the token
        """
        keys = [_key(kind, digest)]
        self._run(lambda: self._cache.discard_many(keys, namespace=self._namespace))

    def alone(self, kind: str, digest: bytes, ask: t.Callable[[], T], timeout: float) -> T:
        """
        Ask while the other workers wait, if the cache can make them, and return the answer.

        :param kind: what is asked for
        :param digest: the SHA-256 of the token
        :param ask: asks, unless another worker has the answer now
        :param timeout: how long to wait for another worker, in seconds; after that, both ask
        """
        asking = getattr(self._cache, "asking", None)
        if asking is None or self._clock() < self._paused_until:
            return ask()
        has_begun = False
        try:
            with asking(_key(kind, digest), namespace=self._namespace, timeout=timeout):
                has_begun = True
                return ask()
        except GlobusError as error:
            if has_begun or isinstance(error, GlobusSDKUsageError):
                raise
            if not isinstance(error, RenewalError):  # another worker takes its time
                self._pause(error)
        return ask()

    def _run(self, use: t.Callable[[], t.Any]) -> t.Any:
        if self._clock() < self._paused_until:
            return None
        try:
            return use()
        except GlobusSDKUsageError:
            raise
        except GlobusError as error:
            self._pause(error)
            return None

    def _pause(self, error: GlobusError) -> None:
        _log.warning("the cache of checked tokens cannot be used: %s", error)
        self._paused_until = self._clock() + PAUSE


def _key(kind: str, digest: bytes) -> str:
    return f"{kind}:{digest.hex()}"
