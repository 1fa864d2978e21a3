"""
The tables of SQLite token databases, schema 2 of globus-sdk; schema 1 is used as it is.
"""

from __future__ import annotations

import sqlite3

UPSERT = "REPLACE INTO token_storage (namespace, resource_server, token_data_json) VALUES (?, ?, ?)"
SELECT_ONE = "SELECT token_data_json FROM token_storage WHERE namespace = ? AND resource_server = ?"
SELECT_ALL = "SELECT resource_server, token_data_json FROM token_storage WHERE namespace = ?"
DELETE = "DELETE FROM token_storage WHERE namespace = ? AND resource_server = ?"
NAMESPACES = "SELECT DISTINCT namespace FROM token_storage"

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
CONFIG_NAMESPACES = "SELECT DISTINCT namespace FROM config_storage"
_SET_ATTRIBUTE = (
    "INSERT OR IGNORE INTO sdk_storage_adapter_internal (attribute, value) VALUES (?, ?)"
)
_GET_VERSION = (
    "SELECT value FROM sdk_storage_adapter_internal "
    "WHERE attribute = 'globus-sdk.database_schema_version'"
)


def add_tables(connection: sqlite3.Connection, *, version: str = "2") -> None:
    """
    Create the tables that are not there, as one change.

    :param connection: an open connection
    :param version: the schema's version; that of the older adapters has one table more
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
    Whether a database has the tables for tokens; if not, it must be empty.

    :param connection: an open connection
    :param path: the database's file, for errors
    :raises UnusableStorageError: if it has other tables only
    """
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    names = {row[0] for row in rows}
    if "token_storage" in names or not names:
        return bool(names)
    from .errors import UnusableStorageError

    raise UnusableStorageError(f"{path!r} is a database of something else, choose another file")


def check(connection: sqlite3.Connection, path: str) -> None:
    """
    Refuse a database of another schema.

    :param connection: an open connection
    :param path: the database's file, for errors
    :raises UnusableStorageError: if its schema is not one of ours
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
        f"{path!r} has schema version {row[0]!r}, and only {', '.join(_READABLE)} can be used; "
        "use the newer program that wrote it, or another file"
    )


def nothing(connection: sqlite3.Connection, path: str) -> None:
    """
    Take any database as it is.

    :param connection: an open connection
    :param path: the database's file
    """


def set_journal(connection: sqlite3.Connection, *, wal: bool) -> None:
    """
    Choose the kind of journal; where others use the database right now, it stays as it is.

    :param connection: an open connection
    :param wal: whether it is to be a write-ahead log
    """
    wanted = "wal" if wal else "delete"
    if connection.execute("PRAGMA journal_mode").fetchone()[0] in (wanted, "memory", "off"):
        return
    try:
        connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
