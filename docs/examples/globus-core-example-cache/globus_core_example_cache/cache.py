"""One cache with a bound, in which unknown keys expire sooner than identities."""

from __future__ import annotations

import threading
import time
import typing as t

from cachetools import TLRUCache

from globus_core.identities import Identity, IdentityCache, IdentityCacheDescription


class ExampleIdentityCache(IdentityCache):
    def __init__(
        self,
        *,
        max_entries: int = 10_000,
        ttl: float = 3600.0,
        negative_ttl: float = 300.0,
        clock: t.Callable[[], float] = time.time,
    ) -> None:
        def expiry(key: object, identity: Identity | None, now: float) -> float:
            return now + (negative_ttl if identity is None else ttl)

        self._entries: t.MutableMapping[tuple[str, str], Identity | None] = TLRUCache(
            max_entries, expiry, timer=clock
        )
        self._lock = threading.Lock()
        self._hits = self._misses = 0

    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> dict[str, Identity | None]:
        found: dict[str, Identity | None] = {}
        with self._lock:
            for key in keys:
                try:
                    found[key] = self._entries[namespace, key]
                    self._hits += 1
                except KeyError:
                    self._misses += 1
        return found

    def put_many(self, entries: t.Mapping[str, Identity | None], *, namespace: str = "") -> None:
        with self._lock:
            for key, identity in entries.items():
                self._entries[namespace, key] = identity

    def discard_many(self, keys: t.Iterable[str], *, namespace: str = "") -> int:
        absent: t.Any = object()
        with self._lock:
            gone = [self._entries.pop((namespace, key), absent) for key in keys]
        return sum(identity is not absent for identity in gone)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def describe(self) -> IdentityCacheDescription:
        with self._lock:
            identities = list(self._entries.values())
        return IdentityCacheDescription(
            location="memory of this process, by cachetools",
            shared=False,
            entries=len(identities),
            negative_entries=identities.count(None),
            hits=self._hits,
            misses=self._misses,
        )
