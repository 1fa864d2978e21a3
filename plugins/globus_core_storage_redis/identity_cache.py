"""
Identities in Redis or Valkey, which processes on many hosts share.
"""

from __future__ import annotations

import contextlib
import json
import typing as t

from redis import Redis

from globus_core.identities import Identity, IdentityCache, IdentityCacheDescription

from .leases import RedisLease
from .server import KEYS_AT_ONCE, RedisServer, server_of
from .settings import RedisSettings, key_part, url_of_this_machine

#: how long a record is kept, in seconds
TTL = 86400.0
#: how long an unknown key is not looked up again, in seconds
NEGATIVE_TTL = 300.0
#: how long others wait for somebody who asks and whose process has ended, in seconds
ASKING_LEASE = 30.0
_UNKNOWN = b"-"


class RedisIdentityCache(IdentityCache):
    """
    Keeps identities in Redis or Valkey until they are too old, by the clock of the server.

    How many there are is for the server to limit: with a ``volatile`` eviction policy it drops
    identities when its memory is full, and no tokens. The cache has what its clients were allowed
    to see: do not share it between people with different rights.

    :param url: see the guide on many hosts; the settings after the ``?`` are those of the
        connection, ``prefix``, ``timeout``, ``ttl`` (how long a record is kept, in seconds) and
        ``negative_ttl`` (how long an unknown key is); None takes ``GLOBUS_CORE_REDIS_URL``, then
        this machine
    :raises GlobusSDKUsageError: if it is no URL of a Redis server
    """

    def __init__(self, url: str | None = None) -> None:
        self._settings = RedisSettings(url_of_this_machine() if url is None else url)
        self._ttl = max(1, int(1000 * self._settings.seconds("ttl", TTL)))
        self._negative_ttl = max(
            1, int(1000 * self._settings.seconds("negative_ttl", NEGATIVE_TTL))
        )
        # in braces, so that one request can read many keys of a cluster
        self._prefix = f"{self._settings.prefix}:{{identities}}:"
        self._server: RedisServer | None = None
        self._hits = self._misses = 0

    @classmethod
    def from_url(cls, url: str) -> RedisIdentityCache:
        """
        Create a cache from a URL such as ``redis://localhost?ttl=600``.

        :param url: the URL
        :raises GlobusSDKUsageError: if it is no URL of a Redis server
        """
        return cls(url)

    def __getstate__(self) -> dict[str, t.Any]:
        return {**vars(self), "_server": None}

    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> dict[str, Identity | None]:
        """
        The answers for some keys, a thousand in each request.

        :param keys: keys in normal form
        :param namespace: whose answers to read
        :raises StorageError: if the server cannot be reached
        """
        wanted = list(keys)
        found: dict[str, Identity | None] = {}
        for part in _parts(wanted):
            names = [self._key(namespace, key) for key in part]
            values = self._run("read identities", Redis.mget, names)
            found.update(_decoded(zip(part, values, strict=True)))
        self._hits += len(found)
        self._misses += len(wanted) - len(found)
        return found

    def put_many(self, entries: t.Mapping[str, Identity | None], *, namespace: str = "") -> None:
        """
        Store answers.

        :param entries: records by key in normal form; None for an unknown key
        :param namespace: whose answers these are
        :raises StorageError: if the server cannot be reached
        """
        texts: dict[int, bytes] = {}  # most records have two keys
        rows: list[tuple[bytes, bytes, int]] = []
        for key, record in entries.items():
            text, lifetime = _UNKNOWN, self._negative_ttl
            if record is not None:
                text = texts.get(id(record)) or json.dumps(record.to_dict()).encode()
                texts[id(record)], lifetime = text, self._ttl
            rows.append((self._key(namespace, key), text, lifetime))

        for part in _parts(rows):
            self._run("store identities", _put, part)

    def discard_many(self, keys: t.Iterable[str], *, namespace: str = "") -> int:
        """
        Remove some keys, and return how many there were.

        :param keys: keys in normal form
        :param namespace: whose answers to remove
        :raises StorageError: if the server cannot be reached
        """
        names = [self._key(namespace, key) for key in keys]
        return sum(self._run("remove identities", Redis.unlink, *part) for part in _parts(names))

    def asking(self, key: str, *, namespace: str = "", timeout: float = 30.0) -> RedisLease:
        """
        Ask about a key in a ``with`` block, for which others wait on all hosts.

        :param key: the key in normal form
        :param namespace: whose answer it is
        :param timeout: the longest time to wait for another block, in seconds
        :raises RenewalError: if it is not over by then
        :raises StorageError: if the server cannot be reached
        """
        # not among the identities, which are counted
        place = f"{self._settings.prefix}:{{questions}}:{key_part(namespace)}:{key}"
        return RedisLease(
            self._connected(),
            place.encode(errors="surrogatepass"),
            ASKING_LEASE,
            timeout,
            f"a question about {key!r}",
        )

    def clear(self) -> None:
        """
        Remove everything, in all namespaces, and reset this object's counters.

        :raises StorageError: if the server cannot be reached
        """
        self._hits = self._misses = 0
        for names in self._scan():
            self._run("remove identities", Redis.unlink, *names)

    def describe(self) -> IdentityCacheDescription:
        """
        Where the server is, how many keys it has, and how often this object had an answer.

        It looks at all keys of the server's database, a thousand in each request.

        :raises StorageError: if the server cannot be reached
        """
        entries: set[bytes] = set()
        unknown: set[bytes] = set()
        for names in self._scan():
            values = self._run("read identities", Redis.mget, names)
            found = {name: value for name, value in zip(names, values, strict=True) if value}
            entries |= found.keys()
            unknown |= {name for name, value in found.items() if value == _UNKNOWN}
        return IdentityCacheDescription(
            location=f"{self._settings.location} ({self._settings.prefix})",
            shared=True,
            entries=len(entries),
            negative_entries=len(unknown),
            hits=self._hits,
            misses=self._misses,
        )

    def close(self) -> None:
        """
        Let go of the connections, which are closed once nothing in this process uses them.
        """
        self._server = None

    def _run(self, what: str, operation: t.Callable[..., t.Any], *arguments: t.Any) -> t.Any:
        return self._connected().run(what, operation, *arguments)

    def _connected(self) -> RedisServer:
        if self._server is None:
            self._server = server_of(self._settings)
        return self._server

    def _key(self, namespace: str, key: str) -> bytes:
        # the namespace has no colon after this, so that two keys are never the same
        return f"{self._prefix}{key_part(namespace)}:{key}".encode(errors="surrogatepass")

    def _scan(self) -> t.Iterator[list[bytes]]:
        """The names of all keys; some may come twice."""
        return self._connected().scan(self._prefix)


def _put(client: Redis, rows: t.Iterable[tuple[bytes, bytes, int]]) -> None:
    with client.pipeline(transaction=False) as pipeline:
        for key, text, lifetime in rows:
            pipeline.set(key, text, px=lifetime)
        pipeline.execute()


def _parts(items: t.Sequence[t.Any]) -> t.Iterator[t.Sequence[t.Any]]:
    for start in range(0, len(items), KEYS_AT_ONCE):
        yield items[start : start + KEYS_AT_ONCE]


def _decoded(
    pairs: t.Iterable[tuple[str, bytes | None]],
) -> t.Iterator[tuple[str, Identity | None]]:
    for key, text in pairs:
        if text == _UNKNOWN:
            yield key, None
        elif text is not None:
            # An unreadable record counts as missing: it is looked up and stored again.
            with contextlib.suppress(RecursionError, TypeError, ValueError):
                yield key, Identity.from_dict(json.loads(text))
