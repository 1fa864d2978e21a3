"""
A cache in the memory of this process, limited in size and age.
"""

from __future__ import annotations

import time
import typing as t
from collections import OrderedDict

from globus_core.arguments import check_functions
from globus_core.identities import Identity, IdentityCache, IdentityCacheDescription
from globus_core.locks import ForkSafeLock, Held, Mutexes, held_once

from ._settings import NEGATIVE_TTL, check_positive, from_query


class _Entry(t.NamedTuple):
    record: Identity | None
    stored: float


class MemoryIdentityCache(IdentityCache):
    """
    Keeps identities until they are too old; if there are too many, the least recently used go.

    Maps with the same cache object share what they find.

    :param max_entries: the largest number of keys; a record has two, id and username
    :param ttl: how long a record is kept, in seconds
    :param negative_ttl: how long an unknown key is kept, in seconds
    :param clock: the time in seconds, for tests
    :raises GlobusSDKUsageError: if a number is not greater than 0
    """

    def __init__(
        self,
        *,
        max_entries: int = 200_000,
        ttl: float = 3600.0,
        negative_ttl: float = NEGATIVE_TTL,
        clock: t.Callable[[], float] = time.monotonic,
    ) -> None:
        check_positive(max_entries=max_entries, ttl=ttl, negative_ttl=negative_ttl)
        check_functions(clock=clock)
        self._max_entries = max_entries
        self._ttl = ttl
        self._negative_ttl = negative_ttl
        self._clock = clock
        self._entries: OrderedDict[tuple[str, str], _Entry] = OrderedDict()
        self._lock = ForkSafeLock()
        self._asking = Mutexes()
        self._hits = 0
        self._misses = 0

    @classmethod
    def from_url(cls, url: str) -> MemoryIdentityCache:
        """
        Create a cache from a URL such as ``memory:?max_entries=1000&ttl=60&negative_ttl=10``.

        :param url: the URL; missing settings have their defaults
        :raises GlobusSDKUsageError: if a setting is unknown, or a value is not a number
        """
        from urllib.parse import urlsplit

        return cls(**from_query(urlsplit(url).query))

    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> dict[str, Identity | None]:
        """
        The answers for some keys, unless they are too old.

        :param keys: keys in normal form
        :param namespace: whose answers to read
        """
        answers: dict[str, Identity | None] = {}
        with self._lock.held():
            now = self._clock()
            for key in keys:
                entry = self._fresh((namespace, key), now)
                if entry is None:
                    self._misses += 1
                else:
                    self._hits += 1
                    answers[key] = entry.record
        return answers

    def put_many(self, entries: t.Mapping[str, Identity | None], *, namespace: str = "") -> None:
        """
        Store answers, and remove the least recently used ones if there are too many.

        :param entries: records by key in normal form; None for an unknown key
        :param namespace: whose answers these are
        """
        with self._lock.held():
            now = self._clock()
            for key, record in entries.items():
                self._entries[namespace, key] = _Entry(record, now)
                self._entries.move_to_end((namespace, key))
            while len(self._entries) > self._max_entries:
                self._entries.popitem(last=False)

    def discard_many(self, keys: t.Iterable[str], *, namespace: str = "") -> int:
        """
        Remove some keys.

        :param keys: keys in normal form
        :param namespace: whose answers to remove
        """
        with self._lock.held():
            return sum([self._entries.pop((namespace, key), None) is not None for key in keys])

    def asking(self, key: str, *, namespace: str = "", timeout: float = 30.0) -> Held:
        """
        Ask about a key in a ``with`` block, for which other threads wait.

        :param key: the key in normal form
        :param namespace: whose answer it is
        :param timeout: the longest time to wait for another block, in seconds
        :raises RenewalError: if it is not over by then, or is this thread's own
        """
        return held_once(self._asking.get((namespace, key)), f"a question about {key!r}", timeout)

    def clear(self) -> None:
        """
        Remove everything, in all namespaces.
        """
        with self._lock.held():
            self._entries.clear()

    def describe(self) -> IdentityCacheDescription:
        """
        How many keys there are, how old they are, and how often the cache had an answer.
        """
        with self._lock.held():
            entries = list(self._entries.values())
            now = self._clock()
            hits, misses = self._hits, self._misses
        return IdentityCacheDescription(
            location="memory of this process",
            shared=False,
            entries=len(entries),
            negative_entries=sum(entry.record is None for entry in entries),
            hits=hits,
            misses=misses,
            oldest_seconds=max((now - entry.stored for entry in entries), default=None),
        )

    def _fresh(self, key: tuple[str, str], now: float) -> _Entry | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        ttl = self._negative_ttl if entry.record is None else self._ttl
        if now - entry.stored >= ttl:
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return entry
