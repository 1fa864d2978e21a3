"""
A cache in an SQLite file, which processes can share.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
import typing as t
import weakref

from globus_core.arguments import check_functions, check_path
from globus_core.config.env_vars import expand_home
from globus_core.exc import GlobusError, GlobusSDKUsageError
from globus_core.identities import Identity, IdentityCache, IdentityCacheDescription
from globus_core.sqlite_files import PrivateDatabase

from . import _schema
from ._questions import Question
from ._read_ahead import ReadAhead
from ._settings import NEGATIVE_TTL, check_positive, from_query

if t.TYPE_CHECKING:
    import sqlite3

    Rows = list[tuple[str, str | None]]

#: where the cache is by default
DEFAULT_PATH = "~/.globus/cache/identities.db"
_KEYS_AT_ONCE = 500
_parse = json.JSONDecoder().raw_decode


class SQLiteIdentityCache(IdentityCache):
    """
    Keeps identities in a file that only its owner can read, until they are too old.

    Processes can share the file, also after a fork. A damaged file is renamed with a warning and
    replaced by a new one; a file of another user is not used. If there are too many keys, the
    oldest go. The cache has what its clients were allowed to see: do not share it between people
    with different rights.

    After some hundred keys that were asked for one by one within a few seconds, records are read
    from memory; what other programs change in the file then shows within 10 ms.

    :param path: the file; None means ``~/.globus/cache/identities.db``
    :param ttl: how long a record is kept, in seconds
    :param negative_ttl: how long an unknown key is kept, in seconds
    :param max_entries: the largest number of keys; a record has two, id and username
    :param clock: the time in UTC epoch seconds, for tests
    :raises GlobusSDKUsageError: if a number is not greater than 0, or the home folder is unknown
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        ttl: float = 86400.0,
        negative_ttl: float = NEGATIVE_TTL,
        max_entries: int = 1_000_000,
        clock: t.Callable[[], float] = time.time,
    ) -> None:
        check_positive(max_entries=max_entries, ttl=ttl, negative_ttl=negative_ttl)
        check_functions(clock=clock)
        if path is not None:
            check_path(path, "path")
        self.path = os.path.abspath(expand_home(os.fspath(path or DEFAULT_PATH)))
        self._ttl = ttl
        self._negative_ttl = negative_ttl
        self._max_entries = max_entries
        self._clock = clock
        self._room = 0
        self._counts = _Counts()
        self._ahead = ReadAhead(self.path)
        self._database = PrivateDatabase(self.path, "identity cache", _schema.prepare)
        weakref.finalize(self, _farewell, self._database, self._counts)

    @classmethod
    def from_url(cls, url: str) -> SQLiteIdentityCache:
        """
        Create a cache from a URL such as ``sqlite:///home/ada/identities.db?ttl=600``.

        :param url: the URL; without a path it means the default file; missing settings have
            their defaults
        :raises GlobusSDKUsageError: if it has a host, a setting is unknown, or a value is not a
            number
        """
        from urllib.parse import unquote, urlsplit

        parts = urlsplit(url)
        if parts.netloc or parts.fragment:
            raise GlobusSDKUsageError(
                "the URL of an SQLite cache is sqlite:///path, with settings after a '?'"
            )
        return cls(unquote(parts.path) or None, **from_query(parts.query))

    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> dict[str, Identity | None]:
        """
        The answers for some keys, unless they are too old.

        :param keys: keys in normal form
        :param namespace: whose answers to read
        :raises GlobusError: if the file cannot be read
        """
        wanted = list(keys)
        if not wanted:
            return {}
        limits = self._limits()
        rows = self._ahead.row(namespace, wanted[0], limits) if len(wanted) == 1 else None
        if rows is None:
            rows = self._database.run(
                lambda connection: self._rows(connection, wanted, namespace, limits)
            )
        answers = _decoded(rows)
        self._counts.add(len(answers), len(wanted) - len(answers))
        return answers

    def _rows(
        self,
        connection: sqlite3.Connection,
        keys: list[str],
        namespace: str,
        limits: tuple[float, float],
    ) -> Rows:
        if len(keys) == 1:
            self._ahead.count(connection, namespace, keys[0])
        rows: Rows = []
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            part = keys[start : start + _KEYS_AT_ONCE]
            rows += connection.execute(_schema.select(len(part)), (namespace, *limits, *part))
        return rows

    def put_many(self, entries: t.Mapping[str, Identity | None], *, namespace: str = "") -> None:
        """
        Store answers in one transaction.

        :param entries: records by key in normal form; None for an unknown key
        :param namespace: whose answers these are
        :raises GlobusError: if the file cannot be written
        """
        now = self._clock()
        texts: dict[int, str] = {}  # most records have two keys
        rows = []
        for key, record in entries.items():
            text = None
            if record is not None:
                text = texts.get(id(record)) or json.dumps(record.to_dict())
                texts[id(record)] = text
            rows.append((namespace, key, now, text))
        rows = rows[-self._max_entries :]

        def put(connection: sqlite3.Connection) -> None:
            self._make_room(connection, len(rows))
            connection.executemany(_schema.PUT, rows)
            self._ahead.forget()
            self._counts.save(connection)

        if rows:
            self._database.run(put)

    def discard_many(self, keys: t.Iterable[str], *, namespace: str = "") -> int:
        """
        Remove some keys.

        :param keys: keys in normal form
        :param namespace: whose answers to remove
        :raises GlobusError: if the file cannot be written
        """
        rows = [(namespace, key, *self._limits()) for key in keys]

        def discard(connection: sqlite3.Connection) -> int:
            self._ahead.forget()
            return connection.executemany(_schema.DISCARD, rows).rowcount

        return self._database.run(discard)

    def asking(self, key: str, *, namespace: str = "", timeout: float = 30.0) -> Question:
        """
        Ask about a key in a ``with`` block, for which other threads and processes wait.

        :param key: the key in normal form
        :param namespace: whose answer it is
        :param timeout: the longest time to wait for another block, in seconds
        :raises RenewalError: if it is not over by then
        :raises StorageError: if the file cannot be used
        """
        return Question(self._database, (namespace, key), timeout, self._clock)

    def clear(self) -> None:
        """
        Remove everything, in all namespaces, and reset the counters.

        :raises GlobusError: if the file cannot be written
        """
        self._counts.take()

        def clear(connection: sqlite3.Connection) -> None:
            self._ahead.forget()
            _schema.clear(connection)

        self._database.run(clear)
        self._database.run(lambda connection: connection.execute("VACUUM"))

    def describe(self) -> IdentityCacheDescription:
        """
        Where the file is, how many keys it has, and how often it had an answer, for all its users.

        :raises GlobusError: if the file cannot be used
        """

        def facts(connection: sqlite3.Connection) -> tuple[t.Any, ...]:
            self._counts.save(connection)
            row = connection.execute(_schema.COUNT, self._limits()).fetchone()
            return (*row, *_schema.counters(connection))

        entries, known, oldest, hits, misses = self._database.run(facts)
        return IdentityCacheDescription(
            location=self.path,
            shared=True,
            entries=entries,
            negative_entries=entries - known,
            hits=hits,
            misses=misses,
            oldest_seconds=None if oldest is None else max(0.0, self._clock() - oldest),
            size_bytes=os.path.getsize(self.path),
        )

    def close(self) -> None:
        """
        Save the counters and close the file; it is opened again when it is needed.
        """
        _farewell(self._database, self._counts)

    def _limits(self) -> tuple[float, float]:
        now = self._clock()
        return now - self._negative_ttl, now - self._ttl

    def _make_room(self, connection: sqlite3.Connection, wanted: int) -> None:
        """Remove what is too old, then the oldest; rows are not counted every time."""
        if wanted > self._room:
            connection.execute(_schema.PRUNE, self._limits())
            count: int = connection.execute(_schema.ROWS).fetchone()[0]
            excess = count + wanted - self._max_entries
            if excess > 0:
                excess += self._max_entries // 10
                count -= connection.execute(_schema.TRIM, (excess,)).rowcount
            self._room = min(self._max_entries - count, wanted + self._max_entries // 10)
        self._room -= wanted


class _Counts:
    """How often a cache had an answer, since this was last saved."""

    def __init__(self) -> None:
        self._hits = self._misses = 0
        self._process = os.getpid()

    def add(self, hits: int, misses: int) -> None:
        self._mine()
        self._hits += hits
        self._misses += misses

    def take(self) -> tuple[int, int]:
        self._mine()
        taken = self._hits, self._misses
        self._hits = self._misses = 0
        return taken

    def save(self, connection: sqlite3.Connection) -> None:
        hits, misses = self.take()
        if hits or misses:
            _schema.count(connection, hits, misses)

    def _mine(self) -> None:
        if self._process != os.getpid():  # the parent saves its own numbers
            self._process = os.getpid()
            self._hits = self._misses = 0


def _farewell(database: PrivateDatabase, counts: _Counts) -> None:
    if os.path.exists(database.path):
        with contextlib.suppress(GlobusError):
            database.run(counts.save)
    database.close()


def _decoded(rows: Rows) -> dict[str, Identity | None]:
    answers: dict[str, Identity | None] = {}
    parsed = _parsed([text or "null" for _, text in rows])
    for (key, text), data in zip(rows, parsed, strict=True):
        if text is None:
            answers[key] = None
            continue
        try:
            answers[key] = Identity.from_dict(data)
        except (TypeError, ValueError):
            continue  # an unreadable record counts as missing: it is looked up and stored again
    return answers


def _parsed(texts: list[str]) -> list[t.Any]:
    """The values of JSON texts, None for what is none; to parse them together is faster."""
    try:
        if len(texts) == 1:
            value, end = _parse(texts[0])
            return [value if end == len(texts[0]) else None]
        parsed: list[t.Any] = json.loads(f"[{','.join(texts)}]")
        if len(parsed) == len(texts):
            return parsed
    except (RecursionError, ValueError):
        if len(texts) == 1:
            return [None]
    return [one for text in texts for one in _parsed([text])]
