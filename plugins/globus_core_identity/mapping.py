"""
Caches in a dict, which ``IdentityMap(cache=...)`` of globus-sdk accepts.
"""

from __future__ import annotations

import functools
import time
import typing as t

from globus_core import MISSING, compose
from globus_core.exc import GlobusSDKUsageError
from globus_core.identities import (
    CALLER,
    GLOBUS,
    Identity,
    IdentityCache,
    IdentityCacheDescription,
)
from globus_core.identities.identity import UncheckedIdentity
from globus_core.locks import ForkSafeLock

from ._settings import NEGATIVE_TTL

if t.TYPE_CHECKING:
    from globus_core import MissingType

_MOST_UNKNOWN = 1_000_000


class UnknownKeys:
    """
    Keys without an identity, each kept for a while.

    :param ttl: how long a key counts as unknown, in seconds
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

    def among(self, keys: list[str]) -> list[str]:
        """
        Those of some keys that are unknown.

        :param keys: keys in normal form
        """
        return [key for key in keys if key in self] if self._until else []

    def add(self, key: str) -> None:
        """
        Remember that a key is unknown.

        :param key: the key in normal form
        """
        if len(self._until) >= _MOST_UNKNOWN:
            self._until.clear()
        self._until[key] = self._clock() + self._ttl

    def discard_many(self, keys: t.Iterable[str]) -> None:
        """
        Forget that keys are unknown.

        :param keys: keys in normal form
        """
        if self._until:
            for key in keys:
                self._until.pop(key, None)

    def discard(self, key: str) -> bool:
        """
        Forget that a key is unknown, and return whether it was.

        :param key: the key in normal form
        """
        return self._until.pop(key, None) is not None

    def clear(self) -> None:
        """
        Forget all keys.
        """
        self._until.clear()


class MappingIdentityCache(IdentityCache):
    """
    Keeps records in a mapping, by id and username; the mapping has no other entries.

    Unknown keys are kept outside the mapping, since other readers of it expect records. Namespaces
    make no difference: the mapping has the answers of one Auth server.

    What the caller has put into the mapping is believed as it is: documents with some fields only,
    and None for an unknown key. Records are written as plain dicts, except for those with what a
    dict cannot hold: attributes of plugins, and documents that were requested with them.

    :param mapping: dict-like; values may be plain identity documents
    """

    def __init__(self, mapping: t.MutableMapping[str, t.Any]) -> None:
        self._mapping = mapping
        self._unknown = UnknownKeys()
        self._written: dict[str, dict[str, t.Any]] = {}
        self._lock = ForkSafeLock()
        self._hits = 0
        self._misses = 0

    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> dict[str, Identity | None]:
        """
        The mapping's answers for some keys.

        :param keys: keys in normal form
        :param namespace: not used
        """
        wanted = list(keys)
        with self._lock.held():
            answers: dict[str, Identity | None] = dict(self._read(wanted))
            left = [key for key in wanted if key not in answers]
            unknown = self._unknown.among(left)
            answers.update(dict.fromkeys(unknown))
            self._hits += len(answers)
            self._misses += len(left) - len(unknown)
        return answers

    def put_many(self, entries: t.Mapping[str, Identity | None], *, namespace: str = "") -> None:
        """
        Store records in the mapping.

        :param entries: records by key in normal form; None for a key that is unknown
        :param namespace: not used
        """
        records = {key: record for key, record in entries.items() if record is not None}
        unknown = entries.keys() - records.keys() if len(records) < len(entries) else ()
        with self._lock.held():
            self._unknown.discard_many(records)
            self._write(records)
            for key in unknown:
                self._unknown.add(key)

    def discard_many(self, keys: t.Iterable[str], *, namespace: str = "") -> int:
        """
        Remove some keys from the mapping.

        :param keys: keys in normal form
        :param namespace: not used
        """
        with self._lock.held():
            return sum([self._remove(key) or self._unknown.discard(key) for key in keys])

    def clear(self) -> None:
        """
        Empty the mapping.
        """
        with self._lock.held():
            self._unknown.clear()
            self._written.clear()
            self._mapping.clear()

    def describe(self) -> IdentityCacheDescription:
        """
        How many keys the mapping has, and how often it had an answer.
        """
        with self._lock.held():
            return IdentityCacheDescription(
                location=f"a {type(self._mapping).__name__} of this program",
                shared=False,
                entries=self._size() + len(self._unknown),
                negative_entries=len(self._unknown),
                hits=self._hits,
                misses=self._misses,
            )

    def stated(self, key: t.Any) -> Identity | MissingType | None:
        """
        What the mapping has for a key as the caller spells it; MISSING if it has nothing.

        :param key: the key
        """
        with self._lock.held():
            return self._read([key]).get(key, MISSING)

    def _read(self, keys: list[str]) -> t.Mapping[str, Identity | None]:
        found: dict[str, Identity | None] = {}
        for key in keys:
            try:
                record = self._mapping[key]
            except KeyError:
                continue
            found[key] = record if record is None else self._identity(key, record)
        return found

    def _identity(self, key: str, record: t.Any) -> Identity:
        if isinstance(record, Identity):
            return record
        source = GLOBUS if record == self._written.get(key) else CALLER
        return UncheckedIdentity(record, source=source)

    def _write(self, records: dict[str, Identity]) -> None:
        plain: dict[int, dict[str, t.Any]] = {}
        for key, record in records.items():
            if record.source != GLOBUS or record.extensions or record.included:
                self._mapping[key] = record
                continue
            document = plain.setdefault(id(record), dict(record))
            self._mapping[key] = self._written[key] = document

    def _remove(self, key: str) -> bool:
        self._written.pop(key, None)
        try:
            del self._mapping[key]
        except KeyError:
            return False
        return True

    def _size(self) -> int:
        return len(self._mapping)


class TableCache(MappingIdentityCache):
    """
    Keeps records in an IdentityMap itself, which is a dict, without using its own methods.

    :param mapping: the map
    """

    _mapping: dict[str, Identity]

    def _read(self, keys: list[str]) -> dict[str, Identity]:
        get = functools.partial(dict.get, self._mapping)
        return {key: record for key in keys if (record := get(key)) is not None}

    def _write(self, records: dict[str, Identity]) -> None:
        dict.update(self._mapping, records)

    def _remove(self, key: str) -> bool:
        return dict.pop(self._mapping, key, None) is not None

    def _size(self) -> int:
        return dict.__len__(self._mapping)

    def clear(self) -> None:
        """
        Remove everything.
        """
        with self._lock.held():
            self._unknown.clear()
            dict.clear(self._mapping)


#: what an identity cache must have
_METHODS = ("get_many", "put_many", "discard_many", "clear", "describe", "close")


def open_cache(cache: t.Any, table: dict[str, t.Any]) -> IdentityCache:
    """
    The cache that a caller has chosen.

    :param cache: a cache, a mapping, the name or URL of a cache, or None
    :param table: where to keep records if ``cache`` is None
    :raises GlobusSDKUsageError: if it is none of these, or there is no cache of that name
    :raises PluginUnavailableError: if the cache's plugin cannot be used; says what to install
    """
    if cache is None:
        return TableCache(table)
    if isinstance(cache, IdentityCache):
        return cache
    if isinstance(cache, str):
        return cache_by_name(cache)
    if hasattr(cache, "__getitem__") and hasattr(cache, "__setitem__"):
        return MappingIdentityCache(cache)
    raise GlobusSDKUsageError(
        "cache must be an IdentityCache, a mapping, or the name or URL of a cache, not "
        f"{type(cache).__name__}"
    )


def cache_by_name(name: str) -> IdentityCache:
    """
    The cache that a plugin offers for a name, or for the scheme of a URL.

    :param name: the name or the URL
    :raises GlobusSDKUsageError: if there is none
    :raises PluginUnavailableError: if the cache's plugin cannot be used; says what to install
    """
    cache: IdentityCache = compose.select_by_url(
        "globus_identity_caches", name, what="identity cache", methods=_METHODS
    )
    return cache
