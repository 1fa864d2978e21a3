"""
Records of an SQLite cache in memory, for callers who ask for many keys one by one.

Each use of a file takes several times as long as the record that it gives.
"""

from __future__ import annotations

import os
import time
import typing as t

from . import _schema

if t.TYPE_CHECKING:
    import sqlite3

    # a file's device, inode, size, and times of its last changes
    State: t.TypeAlias = tuple[int, int, int, int, int]

#: after so many keys within so many seconds a caller probably asks for many more
FIRST = 250
WITHIN = 5.0
#: how many records are read for each of them at the most; about 30 take as long as one key
RECORDS_FOR_A_KEY = 80
#: the largest number of records in memory, some 20 MB
MOST = 50_000
#: how long a file must be unchanged, in seconds: file systems count in steps of up to 10 ms, or, if
#: they have no smaller unit, of up to two seconds
AT_REST = 0.1
AT_REST_IN_SECONDS = 2.5
#: how long a file is not looked at again, in seconds
TRUSTED = 0.01


class _Page(t.NamedTuple):
    """All records of a namespace by usernames, or by other keys: key, text, and when stored."""

    kind: tuple[str, bool]
    state: State
    records: dict[str, tuple[str, str | None, float]]


class ReadAhead:
    """
    Reads all records of a namespace once a caller has asked for many keys one by one, unless there
    are too many of them; they are used until the file changes. Those who ask by id get records by
    id, and those who ask by username records by username.

    A file that has just changed is left for later, since it could change again without another
    time.

    :param path: the file
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._page: _Page | None = None
        self._looked_at = 0.0
        self._began = 0.0
        self._asked = 0
        self._due: float = FIRST

    def row(
        self, namespace: str, key: str, limits: tuple[float, float]
    ) -> list[tuple[str, str | None]] | None:
        """
        What the file has for a key, as a list of one row or none; None if that is not in memory.

        :param namespace: whose record it is
        :param key: the key in normal form
        :param limits: since when unknown keys, and records, count as fresh
        """
        page = self._page
        if page is None or page.kind != (namespace, "@" in key):
            return None
        now = time.monotonic()
        if now - self._looked_at >= TRUSTED:
            if _state(self._path) != page.state:
                self._page = None
                return None
            self._looked_at = now
        known = page.records.get(key)
        if known is None or known[2] <= limits[known[1] is not None]:
            return []
        return [known[:2]]

    def forget(self) -> None:
        """
        Read the file again; called by whoever changes it, while nobody else can read it.
        """
        self._page = None

    def count(self, connection: sqlite3.Connection, namespace: str, key: str) -> None:
        """
        Count a key that was not in memory, and read all records if it is time.

        :param connection: the file
        :param namespace: whose records to read
        :param key: the key in normal form
        """
        now = time.monotonic()
        if now - self._began > WITHIN:
            self._begin(now)
        self._asked += 1
        if self._asked < self._due:
            return
        state = _state(self._path)
        if state is None or not _is_at_rest(state) or _has_log(connection):
            return
        most = min(MOST, self._asked * RECORDS_FOR_A_KEY)
        kind = (namespace, "@" in key)
        rows = connection.execute(_schema.ALL, (*kind, most + 1)).fetchall()
        if len(rows) <= most:
            self._page = _Page(kind, state, {row[0]: row for row in rows})
            self._looked_at = now
            self._begin(now)
        else:
            self._due = 2 * self._asked if most < MOST else float("inf")

    def _begin(self, now: float) -> None:
        self._began, self._asked, self._due = now, 0, FIRST


def _is_at_rest(state: State) -> bool:
    """Whether another change would show in the file's times."""
    changed = max(state[-2:])
    wanted = AT_REST if changed % 1_000_000 else AT_REST_IN_SECONDS
    return time.time() - changed / 1e9 >= wanted


def _has_log(connection: sqlite3.Connection) -> bool:
    """Whether changes go into a log beside the file, which somebody else must have turned on."""
    mode: str = connection.execute("PRAGMA journal_mode").fetchone()[0]
    return mode == "wal"


def _state(path: str) -> State | None:
    try:
        info = os.lstat(path)
    except OSError:
        return None
    return info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns
