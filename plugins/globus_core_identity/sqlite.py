"""
A cache in an SQLite file, shared by processes.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sqlite3
import time
import typing as t

from globus_core.exc import GlobusError, GlobusSDKUsageError
from globus_core.identities import Identity, IdentityCache, IdentityCacheDescription
from globus_core.locks import ForkSafeLock

from ._unknown import NEGATIVE_TTL

T = t.TypeVar("T")

log = logging.getLogger(__name__)

#: where the cache is if nobody says otherwise
DEFAULT_PATH = "~/.globus/cache/identities.db"
_WAIT_SECONDS = 5.0
_KEYS_AT_ONCE = 500

# A later layout gets a table of another name, so that versions can share the file.
_CREATE = """
CREATE TABLE IF NOT EXISTS identities_1 (
    namespace TEXT NOT NULL,
    key TEXT NOT NULL,
    stored REAL NOT NULL,
    record TEXT,
    PRIMARY KEY (namespace, key)
) WITHOUT ROWID
"""
_FRESH = "stored > CASE WHEN record IS NULL THEN :unknown ELSE :known END"
_SELECT = f"SELECT key, record FROM identities_1 WHERE namespace = :namespace AND {_FRESH}"  # noqa: S608
_PRUNE = f"DELETE FROM identities_1 WHERE NOT ({_FRESH})"  # noqa: S608
_COUNT = f"SELECT count(*), count(record), min(stored) FROM identities_1 WHERE {_FRESH}"  # noqa: S608
_PUT = "INSERT OR REPLACE INTO identities_1 VALUES (?, ?, ?, ?)"
_DISCARD = "DELETE FROM identities_1 WHERE namespace = ? AND key = ?"


class SQLiteIdentityCache(IdentityCache):
    """
    Remembers identities in a file that only its owner can read, until they are too old.

    Any number of processes may share the file. It is opened for each use, which makes it safe
    over a fork. A damaged file is emptied with a warning. The cache holds what the clients
    that it is used with may see: do not share one between people who may see different things.

    :param path: the file; None is ``~/.globus/cache/identities.db``
    :param ttl: seconds for which a record is remembered
    :param negative_ttl: seconds for which it is remembered that a key is unknown
    :param clock: the time in seconds of the UTC epoch, for tests
    :raises GlobusSDKUsageError: if a number is not greater than 0
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        ttl: float = 86400.0,
        negative_ttl: float = NEGATIVE_TTL,
        clock: t.Callable[[], float] = time.time,
    ) -> None:
        for name, value in {"ttl": ttl, "negative_ttl": negative_ttl}.items():
            if not value > 0:
                raise GlobusSDKUsageError(f"{name} must be greater than 0, not {value!r}")
        self.path = os.path.abspath(os.path.expanduser(path or DEFAULT_PATH))
        self._ttl = ttl
        self._negative_ttl = negative_ttl
        self._clock = clock
        self._pruned = False
        self._lock = ForkSafeLock()
        self._hits = 0
        self._misses = 0

    @classmethod
    def from_url(cls, url: str) -> SQLiteIdentityCache:
        """
        The cache in the file that a URL names: ``sqlite:///home/ada/identities.db``.

        :param url: the URL; without a path, the usual file
        :raises GlobusSDKUsageError: if it names a host or has a query
        """
        from urllib.parse import unquote, urlsplit

        parts = urlsplit(url)
        if parts.netloc or parts.query or parts.fragment:
            raise GlobusSDKUsageError(
                "the URL of an SQLite cache is sqlite:///path and nothing else"
            )
        return cls(unquote(parts.path) or None)

    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> dict[str, Identity | None]:
        """
        What the file holds for some keys, and is not too old.

        :param keys: keys in normal form
        :param namespace: whose answers are wanted
        :raises GlobusError: if the file cannot be read
        """
        wanted = list(keys)
        if not wanted:
            return {}

        def get(connection: sqlite3.Connection) -> list[tuple[str, str | None]]:
            rows: list[tuple[str, str | None]] = []
            for start in range(0, len(wanted), _KEYS_AT_ONCE):
                part = wanted[start : start + _KEYS_AT_ONCE]
                names = {f"k{number}": key for number, key in enumerate(part)}
                query = f"{_SELECT} AND key IN ({', '.join(f':{name}' for name in names)})"
                arguments = {"namespace": namespace, **self._limits(), **names}
                rows += connection.execute(query, arguments).fetchall()
            return rows

        answers = dict(_decoded(self._run(get)))
        with self._lock:
            self._hits += len(answers)
            self._misses += len(wanted) - len(answers)
        return answers

    def put_many(self, entries: t.Mapping[str, Identity | None], *, namespace: str = "") -> None:
        """
        Store answers, as one change.

        :param entries: records by key in normal form; None for a key that is unknown
        :param namespace: whose answers these are
        :raises GlobusError: if the file cannot be written
        """
        now = self._clock()
        rows = [
            (namespace, key, now, None if record is None else json.dumps(record.to_dict()))
            for key, record in entries.items()
        ]

        def put(connection: sqlite3.Connection) -> None:
            if not self._pruned:
                connection.execute(_PRUNE, self._limits())
                self._pruned = True
            connection.executemany(_PUT, rows)

        if rows:
            self._run(put)

    def discard_many(self, keys: t.Iterable[str], *, namespace: str = "") -> int:
        """
        Forget some keys.

        :param keys: keys in normal form
        :param namespace: whose answers are to be forgotten
        :raises GlobusError: if the file cannot be written
        """
        rows = [(namespace, key) for key in keys]
        return self._run(lambda connection: connection.executemany(_DISCARD, rows).rowcount)

    def clear(self) -> None:
        """
        Forget everything, in all namespaces.

        :raises GlobusError: if the file cannot be written
        """
        self._run(lambda connection: connection.execute("DELETE FROM identities_1"))

    def describe(self) -> IdentityCacheDescription:
        """
        Where the file is, how much is in it, and how this object has served.

        :raises GlobusError: if the file cannot be read
        """
        entries, known, oldest = self._run(
            lambda connection: connection.execute(_COUNT, self._limits()).fetchone()
        )
        with self._lock:
            return IdentityCacheDescription(
                location=self.path,
                shared=True,
                entries=entries,
                negative_entries=entries - known,
                hits=self._hits,
                misses=self._misses,
                oldest_seconds=None if oldest is None else max(0.0, self._clock() - oldest),
            )

    def _limits(self) -> dict[str, float]:
        now = self._clock()
        return {"known": now - self._ttl, "unknown": now - self._negative_ttl}

    def _run(self, work: t.Callable[[sqlite3.Connection], T]) -> T:
        try:
            try:
                return self._attempt(work)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                self._remove(error)
                return self._attempt(work)
        except (OSError, sqlite3.Error) as error:
            raise GlobusError(
                f"the identity cache {self.path!r} cannot be used: {error}"
            ) from error

    def _attempt(self, work: t.Callable[[sqlite3.Connection], T]) -> T:
        self._make_file()
        with contextlib.closing(sqlite3.connect(self.path, timeout=_WAIT_SECONDS)) as connection:
            connection.execute(_CREATE)
            with connection:
                return work(connection)

    def _make_file(self) -> None:
        """Make the file readable by its owner only; SQLite would leave that to the umask."""
        if os.path.exists(self.path):
            return
        os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))

    def _remove(self, error: Exception) -> None:
        log.warning("the identity cache %r is damaged and is emptied: %s", self.path, error)
        for ending in ("", "-journal", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.remove(self.path + ending)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    text = str(error)
    return "not a database" in text or "malformed" in text


def _decoded(
    rows: t.Iterable[tuple[str, str | None]],
) -> t.Iterator[tuple[str, Identity | None]]:
    for key, text in rows:
        if text is None:
            yield key, None
            continue
        try:
            yield key, Identity.from_dict(json.loads(text))
        except (RecursionError, TypeError, ValueError):
            continue  # as if it were not there: it is looked up and stored anew
