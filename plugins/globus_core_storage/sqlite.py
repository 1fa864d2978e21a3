"""
Tokens in an SQLite database.
"""

from __future__ import annotations

import os
import sqlite3
import time

from globus_core.arguments import check_mappings
from globus_core.exc import GlobusSDKUsageError, StorageError
from globus_core.sqlite_connections import (
    SIDECARS,
    KeptConnection,
    is_another_format,
    is_damage,
    is_local,
)
from globus_core.token_storage.data import check_records

from . import _schema
from ._private_files import check_sidecars
from .file import WRITE_LOCK_SECONDS, FileTokenStorage

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorageData

    from ._change_detection import UnchangedState

    Work = t.Callable[[sqlite3.Connection], t.Any]
    Located = tuple[str, os.stat_result | None]

_ATTEMPTS = 5


class SQLiteTokenStorage(FileTokenStorage):
    """
    Keeps tokens in an SQLite database, in the format of globus-sdk.

    The database is created when tokens are first stored. Threads and processes can share it. On
    file systems known to be local it has a write-ahead log, so that readers do not wait for
    writers.

    :param filepath: the database file, which need not exist
    :param connect_params: further arguments of ``sqlite3.connect``; ``timeout`` is the longest
        time that storing waits for others, in seconds, by default 30
    :param namespace: the namespace of the tokens in the database that this object uses
    :raises UnusableStorageError: if the file's folder cannot be created
    :raises GlobusSDKUsageError: if the path is not that of a file
    """

    file_format = "db"
    #: whether the connections are those of another object
    _borrows = False

    _not_pickled = FileTokenStorage._not_pickled | {
        "_borrows",
        "_busy_until",
        "_decoded",
        "_is_local",
        "_reader",
        "_unchanged",
        "_writer",
    }

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        *,
        connect_params: dict[str, t.Any] | None = None,
        namespace: str = "DEFAULT",
    ) -> None:
        check_mappings(connect_params=connect_params)
        params = {"timeout": WRITE_LOCK_SECONDS, **(connect_params or {})}
        if str(filepath) == ":memory:" or params.get("uri"):
            raise GlobusSDKUsageError(
                f"SQLiteTokenStorage needs the path of a file, not {filepath!r}; "
                "use MemoryTokenStorage to keep tokens in memory"
            )
        super().__init__(filepath, namespace=namespace)
        self._timeout = float(params["timeout"])
        # not for the caller to set: transactions are begun explicitly here
        self._params = {**params, "isolation_level": None}
        self._begin()

    def _begin(self) -> None:
        # two, so that readers do not wait for writers of the same process
        self._reader = KeptConnection(_schema.check, self._params, check_sidecars)
        self._writer = KeptConnection(self._prepare_writer, self._params, check_sidecars)
        self._unchanged: UnchangedState | None = None
        self._is_local: bool | None = None
        self._busy_until = 0.0
        # by resource server: the text read last and its record, since it rarely changes
        self._decoded: dict[str, tuple[bytes, TokenStorageData | None]] = {}

    def __setstate__(self, state: dict[str, t.Any]) -> None:
        super().__setstate__(state)
        self._begin()

    def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None:
        """
        Store tokens; only those of the same resource servers are replaced.

        :param token_data_by_resource_server: the records by resource server
        :raises StorageLockTimeoutError: if waiting for others who store takes too long
        :raises StorageError: if the database cannot be written
        :raises ValidationError: if a record is for another resource server
        """
        check_records(token_data_by_resource_server)
        self._merge(
            {
                server: data.to_dict(include_extra=True)
                for server, data in token_data_by_resource_server.items()
            }
        )

    def _merge(self, records: dict[str, dict[str, t.Any]]) -> None:
        from json import dumps

        rows = [(self.namespace, server, dumps(record)) for server, record in records.items()]

        def store(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                self._keep_bad(connection, records)
                connection.executemany(_schema.UPSERT, rows)

        if rows:
            self._change(store, create=True)

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        """
        All tokens of the namespace, by resource server.

        Records that cannot be used are left out, with a warning.

        :raises StorageError: if the database cannot be read
        """

        def get(connection: sqlite3.Connection) -> list[tuple[bytes, bytes]]:
            return connection.execute(_schema.SELECT_ALL, (self.namespace,)).fetchall()

        rows = self._run(self._reader, get) or ()
        records = {name: self._record(name, text) for name, text in _schema.named(rows)}
        return {server: data for server, data in records.items() if data is not None}

    def get_token_data(self, resource_server: str) -> TokenStorageData | None:
        """
        The tokens of one resource server, or None; a record that cannot be used is warned of.

        :param resource_server: the resource server
        :raises StorageError: if the database cannot be read
        """
        state = self._unchanged
        if state is not None and resource_server in state.records and state.still_current_by_log():
            return state.records[resource_server].copy()
        located = self._locate()
        if state is None or located[1] is None or not state.still_current(located[1]):
            return self._select(resource_server, located)
        record = state.records.get(resource_server)
        return self._select(resource_server, located, state) if record is None else record.copy()

    def remove_token_data(self, resource_server: str) -> bool:
        """
        Remove the tokens of one resource server, and return whether there were any.

        :param resource_server: the resource server
        :raises StorageLockTimeoutError: if waiting for others who store takes too long
        :raises StorageError: if the database cannot be written
        """

        def remove(connection: sqlite3.Connection) -> int:
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                self._keep_bad(connection, (resource_server,))
                key = (self.namespace, resource_server)
                return connection.execute(_schema.DELETE, key).rowcount

        return bool(self._change(remove))

    def replace(self, resource_server: str, expected: str, new: TokenStorageData | None) -> bool:
        from json import dumps

        text = None if new is None else dumps(new.to_dict(include_extra=True))
        row = self.namespace, resource_server, text
        return bool(self._change(lambda c: _schema.replace(c, expected, *row)))

    def _remove_spent(self, unused_seconds: float) -> int:
        return self._change(lambda c: _schema.remove_spent(c, unused_seconds)) or 0

    def iter_namespaces(self) -> t.Iterator[str]:
        """
        The namespaces that have tokens in the database.

        :raises StorageError: if the database cannot be read
        """
        rows = self._run(self._reader, lambda c: c.execute(_schema.NAMESPACES).fetchall())
        return iter([_schema.name(row[0]) for row in rows or ()])

    namespaces = iter_namespaces

    def close(self) -> None:
        """
        Close the connections to the database; they are opened again when they are needed.
        """
        self._unchanged = None
        self._decoded = {}
        for kept in () if self._borrows else (self._reader, self._writer):
            kept.close(self._timeout)

    def _use_namespace(self, namespace: str) -> None:
        self.namespace = namespace
        self._unchanged = None
        self._decoded = {}

    def _share(self, origin: t.Any) -> None:
        super()._share(origin)
        self._reader, self._writer, self._borrows = origin._reader, origin._writer, True
        self._is_local = False  # to notice that nothing has changed pays off for many reads only

    def _select(
        self, resource_server: str, located: Located, state: UnchangedState | None = None
    ) -> TokenStorageData | None:
        """Query the database, and keep the result if nobody is writing."""
        key = (self.namespace, resource_server)

        def select(connection: sqlite3.Connection) -> tuple[UnchangedState | None, t.Any]:
            before = state or self._unchanged_state(connection, located[0])
            return before, connection.execute(_schema.SELECT_ONE, key).fetchone()

        before, row = self._run(self._reader, select, located=located) or (None, None)
        record = None if row is None else self._record(resource_server, row[0])
        if before is not None:
            self._unchanged = before
            _, info = self._locate()
            if record is not None and info is not None and before.still_current(info):
                before.records[resource_server] = record.copy()
        return record

    def _unchanged_state(self, connection: sqlite3.Connection, path: str) -> UnchangedState | None:
        """The state of the database if nobody is writing; after None, not asked for a while."""
        if time.monotonic() < self._busy_until:
            return None
        from ._change_detection import SETTLED_SECONDS, unchanged_state

        if self._is_local is None:
            self._is_local = is_local(path)
        state = unchanged_state(connection, path) if self._is_local else None
        if state is None:
            self._busy_until = time.monotonic() + SETTLED_SECONDS / 2
        return state if state is not None and state.file == self._reader.file else None

    def _record(self, resource_server: str, text: bytes) -> TokenStorageData | None:
        known, record = self._decoded.get(resource_server, (None, None))
        if known != text:
            record, problem = _schema.decoded(resource_server, text)
            self._decoded[resource_server] = (text, record)
            if record is None:
                from globus_core.token_storage.data import warn_of_bad_record

                warn_of_bad_record(resource_server, repr(self._path), problem)
        return None if record is None else record.copy()

    def _keep_bad(self, connection: sqlite3.Connection, servers: t.Iterable[str]) -> None:
        """Keep the records that cannot be used, of those that are about to be replaced."""
        bad = {}
        for server in servers:
            row = connection.execute(_schema.SELECT_ONE, (self.namespace, server)).fetchone()
            if row is not None and _schema.decoded(server, row[0])[0] is None:
                bad[server] = row[0].decode(errors="surrogateescape")
        if bad:
            from . import _bad_records

            _bad_records.keep(self._path, self.namespace, bad)

    def _change(self, work: Work, *, create: bool = False) -> t.Any:
        """Run a function that writes, in turn: SQLite's own waiting can starve writers."""
        path, info = self._locate()
        if info is None and not create:
            return None
        with self._write_lock(path, self._timeout) as alone:
            return self._run(self._writer, work, create=create, alone=alone)

    def _run(
        self,
        kept: KeptConnection,
        work: Work,
        *,
        create: bool = False,
        alone: bool | None = None,
        located: Located | None = None,
    ) -> t.Any:
        """
        Run a function with a connection; None if there is no database, or no longer one.

        ``alone`` is None if the write lock is not held, and False if there are no locks;
        ``located`` is the recent result of ``_locate()``, if there is one.
        """
        for attempt in range(_ATTEMPTS):
            path, info = located or self._locate()
            located = None
            if info is None:
                kept.close(self._timeout)
                if not create:
                    return None
                self._create(path, bool(alone))
                path, info = self._locate()
            if info is None:
                continue
            try:
                return kept.run(path, info, self._timeout, work)
            except UnicodeEncodeError as error:
                raise _schema.bad_name(error) from None
            except sqlite3.Error as error:
                if not create and "no such table" in str(error):
                    return None  # an empty file
                if is_damage(error) and attempt < _ATTEMPTS - 1:
                    self._set_aside(path, locked=alone is not None)
                elif is_damage(error) or not self._has_gone(info):
                    raise _schema.translated(path, error, self._timeout) from error
        raise StorageError(f"another program keeps removing {self._path!r}")

    def _has_gone(self, info: os.stat_result) -> bool:
        """Whether a database has been removed or replaced."""
        _, now = self._locate()
        return now is None or not os.path.samestat(info, now)

    def _create(self, path: str, alone: bool) -> None:
        """Create the database under another name, so that no one finds an incomplete one."""
        from ._private_files import open_new, reason

        aside = f"{path}.new" if alone else f"{path}.new-{os.getpid()}"
        try:
            for stale in (name + ending for name in (path, aside) for ending in SIDECARS):
                if os.path.lexists(stale):
                    os.unlink(stale)
            os.close(open_new(aside))
            wal = is_local(os.path.dirname(path))
            self._run_once(aside, lambda c: self._build(c, wal=wal))
            os.rename(aside, path)
        except sqlite3.Error as error:
            raise _schema.translated(path, error, self._timeout) from error
        except OSError as error:
            raise StorageError(f"cannot create {path!r}: {reason(error)}") from error

    def _build(self, connection: sqlite3.Connection, *, wal: bool) -> None:
        _schema.set_journal(connection, wal=wal)
        _schema.add_tables(connection)

    def _prepare_writer(self, connection: sqlite3.Connection, path: str) -> None:
        if not _schema.has_tables(connection, path):
            _schema.add_tables(connection)
        _schema.check(connection, path)
        _schema.set_journal(connection, wal=is_local(path))

    def _set_aside(self, path: str, *, locked: bool) -> None:
        """Rename a damaged database, unless another process has done so."""
        if is_another_format(path):
            raise _schema.not_ours(path)
        self._check_renaming(path)
        if not locked:
            with self._write_lock(path, self._timeout):
                return self._set_aside(path, locked=True)
        from ._private_files import move_aside

        self.close()
        if not os.path.lexists(path) or not self._is_damaged(path):
            return None
        aside = move_aside(path, SIDECARS)
        import warnings

        from globus_core.token_storage import DamagedStorageWarning

        said = f"the token database {path!r} is damaged; it was renamed to {aside!r}, "
        said += "and a new login may be required"
        warnings.warn(said, DamagedStorageWarning, stacklevel=2)
        return None

    def _is_damaged(self, path: str) -> bool:
        try:
            rows = self._run_once(path, lambda c: c.execute("PRAGMA quick_check(1)").fetchall())
        except sqlite3.Error as error:
            return is_damage(error)
        return bool(rows != [("ok",)])

    def _run_once(self, path: str, work: Work) -> t.Any:
        """Run a function with a connection that is closed afterwards, and before a fork."""
        kept = KeptConnection(_schema.nothing, self._params, check_sidecars)
        try:
            return kept.run(path, os.lstat(path), self._timeout, work)
        finally:
            kept.close(self._timeout)
