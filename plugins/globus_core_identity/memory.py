"""
A cache in the memory of this process, bounded in size and age.
"""

from __future__ import annotations

import time
import typing as t
from collections import OrderedDict

from globus_core.identities import Identity, IdentityCache, IdentityCacheDescription
from globus_core.locks import ForkSafeLock

from ._settings import NEGATIVE_TTL, check_positive, from_query


class _Entry(t.NamedTuple):
    record: Identity | None
    stored: float


class MemoryIdentityCache(IdentityCache):
    """
    Remembers identities until they are too old, or the longest unused of too many.

    Give one object to several maps to let them share what they find.

    :param max_entries: how many keys to remember; a record has two, id and username
    :param ttl: seconds for which a record is remembered
    :param negative_ttl: seconds for which it is remembered that a key is unknown
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
        self._max_entries = max_entries
        self._ttl = ttl
        self._negative_ttl = negative_ttl
        self._clock = clock
        self._entries: OrderedDict[tuple[str, str], _Entry] = OrderedDict()
        self._lock = ForkSafeLock()
        self._hits = 0
        self._misses = 0

    @classmethod
    def from_url(cls, url: str) -> MemoryIdentityCache:
        """
        The cache that a URL describes: ``memory:?max_entries=1000&ttl=60&negative_ttl=10``.

        :param url: the URL; settings that it does not name have their usual value
        :raises GlobusSDKUsageError: if it names another setting, or a value is no number
        """
        from urllib.parse import urlsplit

        return cls(**from_query(urlsplit(url).query))

    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> dict[str, Identity | None]:
        """
        What is remembered of some keys, and not too old.

        :param keys: keys in normal form
        :param namespace: whose answers are wanted
        """
        answers: dict[str, Identity | None] = {}
        with self._lock:
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
        Remember answers, and forget the longest unused ones if there are too many.

        :param entries: records by key in normal form; None for a key that is unknown
        :param namespace: whose answers these are
        """
        with self._lock:
            now = self._clock()
            for key, record in entries.items():
                self._entries[namespace, key] = _Entry(record, now)
                self._entries.move_to_end((namespace, key))
            while len(self._entries) > self._max_entries:
                self._entries.popitem(last=False)

    def discard_many(self, keys: t.Iterable[str], *, namespace: str = "") -> int:
        """
        Forget some keys.

        :param keys: keys in normal form
        :param namespace: whose answers are to be forgotten
        """
        with self._lock:
            return sum([self._entries.pop((namespace, key), None) is not None for key in keys])

    def clear(self) -> None:
        """
        Forget everything, in all namespaces.
        """
        with self._lock:
            self._entries.clear()

    def describe(self) -> IdentityCacheDescription:
        """
        How much is remembered, how old it is, and how the cache has served.
        """
        with self._lock:
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
