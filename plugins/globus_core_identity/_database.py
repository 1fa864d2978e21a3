"""
A kept connection to the database of a cache.

It is closed before a fork: SQLite holds a file's locks by process, and a child that goes on with
its parent's connection can damage the file.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import typing as t
import weakref

from globus_core.exc import GlobusError
from globus_core.locks import ForkSafeLock

from . import _file

T = t.TypeVar("T")
Work = t.Callable[[sqlite3.Connection], T]

log = logging.getLogger(__name__)

_WAIT_SECONDS = 5.0


class Database:
    """
    One database file, used by one thread at a time; a damaged one is emptied with a warning.

    :param path: the file, which need not exist
    :param prepare: called with each new connection, within a transaction
    """

    def __init__(self, path: str, prepare: t.Callable[[sqlite3.Connection], object]) -> None:
        self.path = path
        self._prepare = prepare
        self._lock = ForkSafeLock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        _all.add(self)

    def run(self, work: Work[T]) -> T:
        """
        Do something as one transaction.

        :param work: called with the connection
        :raises GlobusError: if the file cannot be used
        """
        with self._lock:
            try:
                try:
                    return self._attempt(work)
                except sqlite3.DatabaseError as error:
                    if not _is_damage(error):
                        raise
                    self._empty(error)
                    return self._attempt(work)
            except (OSError, sqlite3.Error) as error:
                self._close()
                raise GlobusError(
                    f"the identity cache {self.path!r} cannot be used: {error}"
                ) from error

    def close(self) -> None:
        """
        Close the connection; it is opened again when it is needed.
        """
        with self._lock:
            self._close()

    def _attempt(self, work: Work[T]) -> T:
        file = _file.identify(self.path)
        connection = self._connection
        if connection is None or file != self._file:  # another program may have put a new one
            self._close()
            connection = self._open()
            self._connection, self._file = connection, file
        with connection:
            return work(connection)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, check_same_thread=False)
        try:
            # What a power failure may cost is a cache, which is filled again.
            connection.execute("PRAGMA synchronous = OFF")
            with connection:
                self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _empty(self, error: Exception) -> None:
        log.warning(
            "the identity cache %r is damaged and begun anew: %s; what there was is now %r",
            self.path,
            error,
            self.path + _file.ASIDE,
        )
        self._close()
        _file.set_aside(self.path)

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


_all: weakref.WeakSet[Database] = weakref.WeakSet()
_inherited: list[sqlite3.Connection] = []


def _close_all() -> None:
    for database in list(_all):
        database.close()


def _forget_all() -> None:
    """Another thread may have opened one again; to close it would end the parent's locks."""
    for database in list(_all):
        if database._connection is not None:
            _inherited.append(database._connection)
            database._connection = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_close_all, after_in_child=_forget_all)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """SQLITE_CORRUPT and SQLITE_NOTADB; Python 3.10 gives no codes."""
    text = str(error)
    return "not a database" in text or "malformed" in text
