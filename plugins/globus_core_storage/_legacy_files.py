"""
The files of the older adapters, as storages whose records are plain dicts.
"""

from __future__ import annotations

import _thread
import sqlite3

from . import _schema
from ._json_document import loads, to_version_1
from .json_file import JSONTokenStorage
from .sqlite import SQLiteTokenStorage

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    import typing as t

    from globus_core.sqlite_connections import KeptConnection

    Record = dict[str, t.Any]
    Work = t.Callable[[sqlite3.Connection], t.Any]
    Located = tuple[str, os.stat_result | None]


class Version1File(JSONTokenStorage):
    """
    A JSON file of version 1.0, with one namespace; other versions are refused.
    """

    format_version = "1.0"
    supported_versions = ("1.0",)

    def merge(self, records: dict[str, Record]) -> None:
        """
        Store records, replacing those of the same resource servers and no others.

        :param records: the records by resource server
        """
        self._merge(records)

    def records(self) -> dict[str, Record]:
        """
        All records by resource server, as copies.
        """
        from copy import deepcopy

        tokens = self._tokens(self._read())
        return deepcopy({k: v for k, v in tokens.items() if isinstance(v, dict)})

    def record(self, resource_server: str) -> Record | None:
        """
        The record of one resource server, as a copy, or None.

        :param resource_server: the resource server
        """
        from copy import deepcopy

        record = self._tokens(self._read()).get(resource_server)
        return deepcopy(record) if isinstance(record, dict) else None

    def _is_bad(self, resource_server: str, value: t.Any) -> bool:
        return not isinstance(value, dict)  # it is as some response was

    def write_document(self, document: dict[str, t.Any]) -> bytes:
        return super().write_document(to_version_1(document))


class Schema1Database(SQLiteTokenStorage):
    """
    A database of schema 1, which holds configuration as well as tokens; the first change adds
    the table for configuration to a database of schema 2.

    :param filepath: the database file, which need not exist
    :param connect_params: further arguments of ``sqlite3.connect``
    :param namespace: any text, since other programs have namespaces such as
        ``userprofile/production``; it never becomes a part of a path
    """

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        *,
        connect_params: dict[str, t.Any] | None = None,
        namespace: str = "DEFAULT",
    ) -> None:
        super().__init__(filepath, connect_params=connect_params)
        self.namespace = namespace

    def merge(self, records: dict[str, Record]) -> None:
        """
        Store records, replacing those of the same resource servers and no others.

        :param records: the records by resource server
        """
        self._merge(records)

    def _keep_bad(self, connection: sqlite3.Connection, servers: t.Iterable[str]) -> None:
        """Nothing is known to be wrong with a record, which is as some response was."""

    def select(self, query: str, *values: str) -> list[t.Any]:
        """
        The rows that a query finds; none if there is no database.

        :param query: the query
        :param values: its values
        """
        found = self._run(self._reader, lambda c: c.execute(query, values).fetchall())
        return list(found or ())

    def change(self, statement: str, *values: str, create: bool = False) -> bool:
        """
        Change rows, and return whether there were any.

        :param statement: the statement
        :param values: its values
        :param create: whether to create a database if there is none
        """
        return bool(self._change(lambda c: c.execute(statement, values).rowcount, create=create))

    def _build(self, connection: sqlite3.Connection, *, wal: bool) -> None:
        _schema.set_journal(connection, wal=wal)
        _schema.add_tables(connection, version="1")

    def _prepare_writer(self, connection: sqlite3.Connection, path: str) -> None:
        if not _schema.has_tables(connection, path):
            _schema.add_tables(connection, version="1")
        super()._prepare_writer(connection, path)
        connection.execute(_schema.CONFIG_TABLE)


class MemoryDatabase(Schema1Database):
    """
    A database of schema 1 in the memory of this process; its content is lost when it is closed.

    :param namespace: which tokens this object sees
    :param connect_params: further arguments of ``sqlite3.connect``
    """

    def __init__(self, namespace: str, connect_params: dict[str, t.Any]) -> None:
        self.namespace = namespace
        self._lock = _thread.allocate_lock()
        fixed = {"check_same_thread": False, "isolation_level": None}
        self._connection = sqlite3.connect(":memory:", **{**connect_params, **fixed})
        self._build(self._connection, wal=False)
        self._reader = self._writer = None  # type: ignore[assignment]

    def close(self) -> None:
        """
        Close the database, and forget its content.
        """
        with self._lock:
            self._connection.close()

    def _change(self, work: Work, *, create: bool = False) -> t.Any:
        return self._run(None, work)

    def _run(
        self,
        kept: KeptConnection | None,
        work: Work,
        *,
        create: bool = False,
        alone: bool | None = None,
        located: Located | None = None,
    ) -> t.Any:
        try:
            with self._lock:
                return work(self._connection)
        except UnicodeEncodeError as error:
            raise _schema.bad_name(error) from None


def decoded(text: str | bytes, what: str) -> Record:
    """
    Parse a stored JSON object.

    :param text: the stored text
    :param what: what it is, for the error message
    :raises ValidationError: if it is not a JSON object
    """
    from globus_core.exc import ValidationError

    try:
        value = loads(text)
    except (ValueError, RecursionError):
        value = None  # the cause would contain the text with its tokens
    if not isinstance(value, dict):
        raise ValidationError(f"{what} is not a JSON object")
    return value
