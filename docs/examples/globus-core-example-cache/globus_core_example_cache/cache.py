"""One cache with a bound, in which unknown keys expire sooner than identities."""

import threading
import time

from cachetools import TLRUCache

from globus_core.identities import IdentityCache, IdentityCacheDescription


class ExampleIdentityCache(IdentityCache):
    def __init__(self, *, max_entries=10_000, ttl=3600.0, negative_ttl=300.0, clock=time.time):
        def expiry(key, identity, now):
            return now + (negative_ttl if identity is None else ttl)

        self._entries = TLRUCache(max_entries, expiry, timer=clock)
        self._lock = threading.Lock()
        self._hits = self._misses = 0

    def get_many(self, keys, *, namespace=""):
        found = {}
        with self._lock:
            for key in keys:
                try:
                    found[key] = self._entries[namespace, key]
                    self._hits += 1
                except KeyError:
                    self._misses += 1
        return found

    def put_many(self, entries, *, namespace=""):
        with self._lock:
            for key, identity in entries.items():
                self._entries[namespace, key] = identity

    def discard_many(self, keys, *, namespace=""):
        absent = object()
        with self._lock:
            gone = [self._entries.pop((namespace, key), absent) for key in keys]
        return sum(identity is not absent for identity in gone)

    def clear(self):
        with self._lock:
            self._entries.clear()

    def describe(self):
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
