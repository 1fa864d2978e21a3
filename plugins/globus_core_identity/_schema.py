"""
The tables of an SQLite cache.

Each version of the layout has its own table names, so that two versions of the plugin can share the
file; the tables of earlier versions are removed.
"""

from __future__ import annotations

import functools
import typing as t

if t.TYPE_CHECKING:
    import sqlite3

VERSION = 1

_IDENTITIES = f"identities_{VERSION}"
_COUNTERS = f"identity_counters_{VERSION}"
_QUESTIONS = f"identity_questions_{VERSION}"
_CREATE = (
    f"CREATE TABLE IF NOT EXISTS {_IDENTITIES} ("
    "namespace TEXT NOT NULL, key TEXT NOT NULL, stored REAL NOT NULL, record TEXT, "
    "PRIMARY KEY (namespace, key)) WITHOUT ROWID",
    f"CREATE TABLE IF NOT EXISTS {_COUNTERS} (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
    f"CREATE TABLE IF NOT EXISTS {_QUESTIONS} ("
    "namespace TEXT NOT NULL, key TEXT NOT NULL, owner TEXT NOT NULL, until REAL NOT NULL, "
    "PRIMARY KEY (namespace, key)) WITHOUT ROWID",
    f"INSERT OR IGNORE INTO {_COUNTERS} VALUES ('hits', 0), ('misses', 0)",  # noqa: S608
)
# Parameters: the time since which unknown keys, and records, count as fresh.
_FRESH = "stored > CASE WHEN record IS NULL THEN ? ELSE ? END"

PUT = f"INSERT OR REPLACE INTO {_IDENTITIES} VALUES (?, ?, ?, ?)"  # noqa: S608
DISCARD = f"DELETE FROM {_IDENTITIES} WHERE namespace = ? AND key = ? AND {_FRESH}"  # noqa: S608
PRUNE = f"DELETE FROM {_IDENTITIES} WHERE NOT ({_FRESH})"  # noqa: S608
COUNT = f"SELECT count(*), count(record), min(stored) FROM {_IDENTITIES} WHERE {_FRESH}"  # noqa: S608
# Parameters: namespace, whether keys have an @, the largest number of rows.
ALL = (
    f"SELECT key, record, stored FROM {_IDENTITIES} "  # noqa: S608
    "WHERE namespace = ? AND (instr(key, '@') > 0) = ? LIMIT ?"
)
ROWS = f"SELECT count(*) FROM {_IDENTITIES}"  # noqa: S608
TRIM = (
    f"DELETE FROM {_IDENTITIES} WHERE (namespace, key) IN "  # noqa: S608
    f"(SELECT namespace, key FROM {_IDENTITIES} ORDER BY stored LIMIT ?)"
)
# Who asks about a key, and until when. Parameters: namespace, key, owner, end, and the time.
TAKE = (
    f"INSERT INTO {_QUESTIONS} VALUES (?1, ?2, ?3, ?4) "  # noqa: S608
    "ON CONFLICT (namespace, key) DO UPDATE SET owner = excluded.owner, until = excluded.until "
    "WHERE until <= ?5 OR owner = excluded.owner"
)
# Parameters: namespace, key.
HOLDER = f"SELECT owner, until FROM {_QUESTIONS} WHERE namespace = ? AND key = ?"  # noqa: S608
# Parameters: end, namespace, key, owner, and the time.
PROLONG = (
    f"UPDATE {_QUESTIONS} SET until = ? "  # noqa: S608
    "WHERE namespace = ? AND key = ? AND owner = ? AND until > ?"
)
# Parameters: the time, namespace, key, owner; what others have left behind goes as well.
GIVE_BACK = (
    f"DELETE FROM {_QUESTIONS} WHERE until <= ? "  # noqa: S608
    "OR (namespace = ? AND key = ? AND owner = ?)"
)


@functools.cache
def select(count: int) -> str:
    """
    The query for fresh records; parameters: the namespace, the two of freshness, the keys.

    :param count: the number of keys
    """
    return (
        f"SELECT key, record FROM {_IDENTITIES} WHERE namespace = ? AND {_FRESH} "  # noqa: S608
        f"AND key IN ({','.join('?' * count)})"
    )


def prepare(connection: sqlite3.Connection) -> None:
    """
    Create the missing tables, and remove those of earlier versions.

    :param connection: an open connection
    :raises OSError: if the database belongs to another program
    """
    # A power failure may destroy the cache, which is then filled again.
    connection.execute("PRAGMA synchronous = OFF")
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    names = {row[0] for row in rows}
    if names and not any(_version(name) is not None for name in names):
        raise OSError("it is a database of another program")
    if {_IDENTITIES, _COUNTERS, _QUESTIONS} <= names:
        return
    for name in names:
        version = _version(name)
        if version is not None and version < VERSION:
            connection.execute(f'DROP TABLE IF EXISTS "{name}"')
    for statement in _CREATE:
        connection.execute(statement)


def clear(connection: sqlite3.Connection) -> None:
    """
    Remove all records, and reset the counters.

    :param connection: an open connection
    """
    connection.execute(f"DELETE FROM {_IDENTITIES}")  # noqa: S608
    connection.execute(f"UPDATE {_COUNTERS} SET value = 0")  # noqa: S608


def count(connection: sqlite3.Connection, hits: int, misses: int) -> None:
    """
    Add to the counters.

    :param connection: an open connection
    :param hits: the number of keys found
    :param misses: the number of keys not found
    """
    update = f"UPDATE {_COUNTERS} SET value = value + ? WHERE name = ?"  # noqa: S608
    connection.executemany(update, [(hits, "hits"), (misses, "misses")])


def counters(connection: sqlite3.Connection) -> tuple[int, int]:
    """
    The numbers of keys found and not found.

    :param connection: an open connection
    """
    found = dict(connection.execute(f"SELECT name, value FROM {_COUNTERS}").fetchall())  # noqa: S608
    return found["hits"], found["misses"]


def _version(table: str) -> int | None:
    """The version that a table belongs to; None for a table of another program."""
    name, _, number = table.rpartition("_")
    ours = name in ("identities", "identity_counters", "identity_questions") and number.isdecimal()
    return int(number) if ours else None
