"""
Tokens in an SQLite database.
"""

from __future__ import annotations

import os
import sqlite3

from globus_core.exc import StorageError, StorageLockTimeoutError, ValidationError
from globus_core.token_storage import TokenStorageData

from . import _schema
from ._connections import KeptConnection
from ._json_text import loads
from .file import WRITE_LOCK_SECONDS, FileTokenStorage

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Work = t.Callable[[sqlite3.Connection], t.Any]

_ATTEMPTS = 5


class SQLiteTokenStorage(FileTokenStorage):
    """
    Keeps tokens in an SQLite database, in the format of globus-sdk.

    The database is created by the first store. It may be used from any thread, and by many
    processes at once. On file systems known to be local it has a write-ahead log, so that
    readers do not wait for a store.

    :param filepath: the database's file, which need not exist
    :param connect_params: further arguments of ``sqlite3.connect``; ``timeout`` is how many
        seconds a store waits for others, 30 where it is not given
    :param namespace: which tokens in the database this object sees
    :raises UnusableStorageError: if the file's folder cannot be created
    :raises GlobusSDKUsageError: if no file is named
    """

    file_format = "db"

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        *,
        connect_params: dict[str, t.Any] | None = None,
        namespace: str = "DEFAULT",
    ) -> None:
        params = {"timeout": WRITE_LOCK_SECONDS, **(connect_params or {})}
        if os.fspath(filepath) == ":memory:" or params.get("uri"):
            from globus_core.exc import GlobusSDKUsageError

            raise GlobusSDKUsageError(
                f"SQLiteTokenStorage needs a file's path, not {filepath!r}; "
                "use MemoryTokenStorage to keep tokens in memory"
            )
        super().__init__(filepath, namespace=namespace)
        self._timeout = float(params["timeout"])
        self._params = params
        # two, so that no reader waits for this process's stores
        self._reader = KeptConnection(params, _schema.check)
        self._writer = KeptConnection(params, self._prepare_writer)

    def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None:
        """
        Store tokens, replacing those of the same resource servers and no others.

        :param token_data_by_resource_server: the records by resource server
        :raises StorageLockTimeoutError: if others keep storing for too long
        :raises StorageError: if the database cannot be written
        """
        from json import dumps

        rows = [
            (self.namespace, server, dumps(data.to_dict(include_extra=True)))
            for server, data in token_data_by_resource_server.items()
        ]

        def store(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                connection.executemany(_schema.UPSERT, rows)

        if rows:
            self._run(self._writer, store, create=True)

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        """
        All tokens of the namespace, by resource server.

        :raises ValidationError: if a record has a wrong type somewhere
        :raises StorageError: if the database cannot be read
        """

        def get(connection: sqlite3.Connection) -> list[tuple[str, str]]:
            return connection.execute(_schema.SELECT_ALL, (self.namespace,)).fetchall()

        rows = self._run(self._reader, get)
        return {server: self._record(server, text) for server, text in rows or ()}

    def get_token_data(self, resource_server: str) -> TokenStorageData | None:
        """
        The tokens of one resource server, or None.

        :param resource_server: the resource server
        :raises ValidationError: if the record has a wrong type somewhere
        :raises StorageError: if the database cannot be read
        """
        key = (self.namespace, resource_server)
        row = self._run(self._reader, lambda c: c.execute(_schema.SELECT_ONE, key).fetchone())
        return None if row is None else self._record(resource_server, row[0])

    def remove_token_data(self, resource_server: str) -> bool:
        """
        Remove the tokens of one resource server; say whether there were any.

        :param resource_server: the resource server
        :raises StorageLockTimeoutError: if others keep storing for too long
        :raises StorageError: if the database cannot be written
        """
        key = (self.namespace, resource_server)
        removed = self._run(self._writer, lambda c: c.execute(_schema.DELETE, key).rowcount)
        return bool(removed)

    def iter_namespaces(self) -> t.Iterator[str]:
        """
        The namespaces that have tokens in the database.

        :raises StorageError: if the database cannot be read
        """
        rows = self._run(self._reader, lambda c: c.execute(_schema.NAMESPACES).fetchall())
        return iter([row[0] for row in rows or ()])

    def close(self) -> None:
        """
        Close the connections to the database; they are opened again when they are needed.
        """
        self._reader.close(self._timeout)
        self._writer.close(self._timeout)

    def _record(self, resource_server: str, text: str) -> TokenStorageData:
        try:
            return TokenStorageData.from_dict(loads(text))
        except ValidationError as error:
            problem = str(error)
        except (TypeError, ValueError, RecursionError):
            problem = "it is not JSON"  # and the cause would show the text, tokens and all
        raise ValidationError(
            f"the token for {resource_server!r} in {self._path!r} is not usable: {problem}"
        )

    # the database

    def _run(self, kept: KeptConnection, work: Work, *, create: bool = False) -> t.Any:
        """Do something on a connection; None if there is no database, or no longer."""
        for attempt in range(_ATTEMPTS):
            path, info = self._locate()
            if info is None:
                kept.close(self._timeout)
                if not create:
                    return None
                self._create(path)
                path, info = self._locate()
            if info is None:
                continue
            try:
                return kept.run(path, info, self._timeout, work)
            except sqlite3.Error as error:
                if not create and "no such table" in str(error):
                    return None  # an empty file
                if _is_damage(error) and attempt < _ATTEMPTS - 1:
                    self._set_aside(path)
                elif _is_damage(error) or not self._has_gone(info):
                    raise self._translated(path, error) from error
        raise StorageError(f"{self._path!r} is removed again and again by another program")

    def _has_gone(self, info: os.stat_result) -> bool:
        """Whether another database or none has taken the place of one."""
        _, now = self._locate()
        return now is None or not os.path.samestat(info, now)

    def _create(self, path: str) -> None:
        """Make the whole database aside, so that nobody sees it half made."""
        from ._filesystems import is_local
        from ._protect import open_new

        with self._write_lock(path) as locked:
            if os.path.lexists(path):
                return
            aside = f"{path}.new" if locked else f"{path}.new-{os.getpid()}"
            try:
                for ending in _schema.SIDECARS:
                    for stale in (path + ending, aside + ending):
                        if os.path.lexists(stale):
                            os.unlink(stale)
                os.close(open_new(aside))
                wal = is_local(os.path.dirname(path))
                self._run_once(aside, lambda c: _schema.build(c, wal=wal))
                os.rename(aside, path)
            except sqlite3.Error as error:
                raise self._translated(path, error) from error
            except OSError as error:
                raise StorageError(f"cannot create {path!r}: {error.strerror}") from error

    def _prepare_writer(self, connection: sqlite3.Connection, path: str) -> None:
        from ._filesystems import is_local

        if not _schema.has_tables(connection, path):
            with self._write_lock(path):
                _schema.add_tables(connection)
        _schema.check(connection, path)
        _schema.set_journal(connection, wal=is_local(path))

    def _set_aside(self, path: str) -> None:
        """Move a damaged database out of the way, unless another process has done it."""
        from ._protect import move_aside

        self.close()
        with self._write_lock(path):
            if not os.path.lexists(path) or not self._is_damaged(path):
                return
            aside = move_aside(path, _schema.SIDECARS)
        import warnings

        from .errors import DamagedStorageWarning

        warnings.warn(
            f"the token database {path!r} is damaged; it was moved to {aside!r}, "
            "and a new login may be needed",
            DamagedStorageWarning,
            stacklevel=2,
        )

    def _is_damaged(self, path: str) -> bool:
        try:
            rows = self._run_once(path, lambda c: c.execute("PRAGMA quick_check(1)").fetchall())
        except sqlite3.Error as error:
            return _is_damage(error)
        return bool(rows != [("ok",)])

    def _run_once(self, path: str, work: Work) -> t.Any:
        """Do something on a connection that a fork finds closed like the others."""
        kept = KeptConnection(self._params, _schema.nothing)
        try:
            return kept.run(path, os.lstat(path), self._timeout, work)
        finally:
            kept.close(self._timeout)

    def _translated(self, path: str, error: sqlite3.Error) -> StorageError:
        text = str(error)
        if "locked" in text or "busy" in text:
            return StorageLockTimeoutError(
                f"another program's use of {path!r} did not end within {self._timeout:g} seconds"
            )
        return StorageError(f"the token database {path!r} cannot be used: {text}")


def _is_damage(error: sqlite3.Error) -> bool:
    """SQLITE_CORRUPT and SQLITE_NOTADB; Python 3.10 gives no codes."""
    text = str(error)
    return "malformed" in text or "not a database" in text
