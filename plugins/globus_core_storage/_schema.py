"""
The tables of SQLite token databases: schema 2 of globus-sdk. Databases of schema 1 keep it.
"""

from __future__ import annotations

import os
import sqlite3

from globus_core.exc import GlobusSDKUsageError, StorageError, StorageLockTimeoutError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorageData

UPSERT = "REPLACE INTO token_storage (namespace, resource_server, token_data_json) VALUES (?, ?, ?)"
# Read as bytes, since one text that is not UTF-8 would be an error for the whole query. NULL is
# there only in tables that somebody else has made.
_RECORD = "CAST(ifnull(token_data_json, '') AS BLOB)"
SELECT_ONE = (
    f"SELECT {_RECORD} FROM token_storage "  # noqa: S608 (a constant)
    "WHERE namespace = ? AND resource_server = ?"
)
SELECT_ALL = (
    f"SELECT CAST(resource_server AS BLOB), {_RECORD} FROM token_storage "  # noqa: S608
    "WHERE namespace = ?"
)
SELECT_EVERYTHING = (
    "SELECT CAST(namespace AS BLOB), CAST(resource_server AS BLOB), "  # noqa: S608
    f"{_RECORD} FROM token_storage"
)
DELETE = "DELETE FROM token_storage WHERE namespace = ? AND resource_server = ?"
NAMESPACES = "SELECT DISTINCT CAST(namespace AS BLOB) FROM token_storage"

_READABLE = ("1", "2")
_TABLES = (
    "CREATE TABLE IF NOT EXISTS token_storage ("
    "namespace VARCHAR NOT NULL, resource_server VARCHAR NOT NULL, "
    "token_data_json VARCHAR NOT NULL, PRIMARY KEY (namespace, resource_server))",
    "CREATE TABLE IF NOT EXISTS sdk_storage_adapter_internal ("
    "attribute VARCHAR NOT NULL, value VARCHAR NOT NULL, PRIMARY KEY (attribute))",
)
CONFIG_TABLE = (
    "CREATE TABLE IF NOT EXISTS config_storage ("
    "namespace VARCHAR NOT NULL, config_name VARCHAR NOT NULL, "
    "config_data_json VARCHAR NOT NULL, PRIMARY KEY (namespace, config_name))"
)
UPSERT_CONFIG = (
    "REPLACE INTO config_storage (namespace, config_name, config_data_json) VALUES (?, ?, ?)"
)
SELECT_CONFIG = (
    "SELECT config_data_json FROM config_storage WHERE namespace = ? AND config_name = ?"
)
DELETE_CONFIG = "DELETE FROM config_storage WHERE namespace = ? AND config_name = ?"
CONFIG_NAMESPACES = "SELECT DISTINCT CAST(namespace AS BLOB) FROM config_storage"
_SET_ATTRIBUTE = (
    "INSERT OR IGNORE INTO sdk_storage_adapter_internal (attribute, value) VALUES (?, ?)"
)
_GET_VERSION = (
    "SELECT value FROM sdk_storage_adapter_internal "
    "WHERE attribute = 'globus-sdk.database_schema_version'"
)


def add_tables(connection: sqlite3.Connection, *, version: str = "2") -> None:
    """
    Create the missing tables in one transaction.

    :param connection: an open connection
    :param version: the schema version; version 1, of the older adapters, has one more table
    """
    from ._json_document import VERSION_KEY, version_stamp

    connection.execute("BEGIN IMMEDIATE")
    with connection:
        for table in (*_TABLES, CONFIG_TABLE) if version == "1" else _TABLES:
            connection.execute(table)
        connection.execute(_SET_ATTRIBUTE, (VERSION_KEY, version_stamp()))
        connection.execute(_SET_ATTRIBUTE, ("globus-sdk.database_schema_version", version))


def has_tables(connection: sqlite3.Connection, path: str) -> bool:
    """
    Whether a database has the tables for tokens; False only for an empty database.

    :param connection: an open connection
    :param path: the database file, for error messages
    :raises UnusableStorageError: if it has only other tables
    """
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    names = {row[0] for row in rows}
    if "token_storage" in names or not names:
        return bool(names)
    from .errors import UnusableStorageError

    raise UnusableStorageError(f"{path!r} is a database of another program; choose another file")


def not_ours(path: str) -> Exception:
    """
    The error for a file that never was a database, which stays as it is.

    :param path: the file
    """
    from .errors import UnusableStorageError

    return UnusableStorageError(
        f"{path!r} is not an SQLite database, and it was not changed; choose another file"
    )


def translated(path: str, error: sqlite3.Error, seconds: float) -> StorageError:
    """
    The error of a storage for one of SQLite.

    :param path: the database file
    :param error: what SQLite raised
    :param seconds: how long it waited for other programs
    """
    text = str(error)
    if "locked" in text or "busy" in text:
        return StorageLockTimeoutError(
            f"another program did not release {path!r} within {seconds:g} seconds"
        )
    if not os.access(os.path.dirname(path), os.W_OK):
        from ._private_files import WAY_OUT

        text = f"{text}; {WAY_OUT}"
    return StorageError(f"the token database {path!r} cannot be used: {text}")


def check(connection: sqlite3.Connection, path: str) -> None:
    """
    Refuse a database with an unknown schema.

    :param connection: an open connection
    :param path: the database file, for error messages
    :raises UnusableStorageError: if its schema is unknown
    """
    try:
        row = connection.execute(_GET_VERSION).fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        has_tables(connection, path)
        return
    if row is None or row[0] in _READABLE:
        return
    from .errors import UnusableStorageError

    raise UnusableStorageError(
        f"{path!r} has schema version {row[0]!r}, but this program supports only "
        f"{', '.join(_READABLE)}; use the newer program that wrote it, or another file"
    )


def nothing(connection: sqlite3.Connection, path: str) -> None:
    """
    Accept any database unchanged.

    :param connection: an open connection
    :param path: the database file
    """


def set_journal(connection: sqlite3.Connection, *, wal: bool) -> None:
    """
    Choose the journal mode; it is not changed while others use the database.

    :param connection: an open connection
    :param wal: whether to use a write-ahead log
    """
    wanted = "wal" if wal else "delete"
    if connection.execute("PRAGMA journal_mode").fetchone()[0] in (wanted, "memory", "off"):
        return
    try:
        connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise


def name(stored: bytes) -> str:
    """
    A stored name; characters that are not UTF-8 are replaced, so that none is found under it.

    :param stored: its bytes
    """
    return stored.decode(errors="replace")


def named(rows: t.Iterable[tuple[bytes, bytes]]) -> t.Iterator[tuple[str, bytes]]:
    """
    The rows of ``SELECT_ALL``, with their names as text.

    :param rows: the rows
    """
    return ((name(server), text) for server, text in rows)


def bad_name(error: UnicodeEncodeError) -> GlobusSDKUsageError:
    """
    The error for a name that is not stored or looked for. Tokens are stored as ASCII.

    :param error: the error of SQLite about the name
    """
    from globus_core.printable import quoted

    return GlobusSDKUsageError(
        f"the name {quoted(error.object)} has a lone surrogate, a character that cannot be stored"
    )


def replace(
    connection: sqlite3.Connection,
    expected: str,
    namespace: str,
    resource_server: str,
    text: str | None,
) -> bool:
    """
    Replace or remove a record in one transaction, only if it is still the expected one.

    :param connection: an open connection
    :param expected: the revision that it must have
    :param namespace: its namespace
    :param resource_server: its resource server
    :param text: the new record; None removes the old one
    """
    from ._json_document import text_has_revision

    key = (namespace, resource_server)
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        row = connection.execute(SELECT_ONE, key).fetchone()
        if row is None or not text_has_revision(row[0], expected):
            return False
        if text is None:
            connection.execute(DELETE, key)
        else:
            connection.execute(UPSERT, (*key, text))
        return True


def decoded(resource_server: str, text: bytes) -> tuple[TokenStorageData | None, str]:
    """
    A stored record, or None and why it cannot be used.

    :param resource_server: the resource server that it is stored for
    :param text: the record
    """
    from globus_core.token_storage.data import decode

    from ._json_document import loads

    try:
        value = loads(text)
    except (ValueError, RecursionError):
        return None, "it is not JSON"
    return decode(resource_server, value)


def remove_spent(connection: sqlite3.Connection, unused_seconds: float) -> int:
    """
    Remove the records that nobody can use any more, and return how many there were; those that
    cannot be read stay.

    :param connection: an open connection
    :param unused_seconds: how long a refresh token is kept after the access token has expired
    """
    from globus_core.token_storage.sweeping import is_spent

    spent = []
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        for namespace, server, text in connection.execute(SELECT_EVERYTHING):
            record, _ = decoded(name(server), text)
            if record is not None and is_spent(record, unused_seconds):
                spent.append((name(namespace), name(server)))
        connection.executemany(DELETE, spent)
    return len(spent)
