"""
Whether a database has changed since it was read, found out without asking SQLite.

A commit writes to the database file or to its write-ahead log first, and that changes the file's
size or time stamp. So as long as both files look the same as at a moment when nobody was writing,
what was read at that moment is still what is stored. Taking SQLite's write lock shows that nobody
else is writing. Time stamps have to be older than the resolution of file systems, so that a later
change cannot have the same one.
"""

from __future__ import annotations

import os
import sqlite3
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.token_storage import TokenStorageData

    State = tuple[int, ...]

#: a file modified this recently can change again and keep its time stamp
SETTLED_SECONDS = 0.1
#: how long to assume that nobody has replaced the database file
_UNSEEN_SECONDS = 0.02
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)


class UnchangedState:
    """
    The state of a database while nobody is writing, and the records read in that state.

    :param info: the result of ``os.lstat`` for the database file
    :param log: a descriptor of its write-ahead log, or None if it has none; SQLite keeps no locks
        on the log, so closing the descriptor releases none
    """

    __slots__ = ("_log", "_looked", "_state", "file", "records")

    def __init__(self, info: os.stat_result, log: int | None) -> None:
        self._log = log
        self._looked = time.monotonic()
        self.file = info.st_dev, info.st_ino
        self._state = self._state_of(info)
        self.records: dict[str, TokenStorageData] = {}

    def still_current(self, info: os.stat_result) -> bool:
        """
        Whether the database is still in this state.

        :param info: the result of ``os.lstat`` for its file now
        """
        self._looked = time.monotonic()
        return self._state_of(info) == self._state

    def still_current_by_log(self) -> bool:
        """
        Whether the log, which every commit writes to, shows that by itself.

        False if there is no log, or if the database file, which somebody might have replaced, has
        not been checked for a while.
        """
        if self._log is None or time.monotonic() - self._looked > _UNSEEN_SECONDS:
            return False
        log = os.fstat(self._log)
        return (log.st_mtime_ns, log.st_size, log.st_nlink) == self._state[3:]

    def _state_of(self, info: os.stat_result) -> State:
        if self._log is None:
            return info.st_mtime_ns, info.st_ino, info.st_size
        log = os.fstat(self._log)
        return (
            info.st_mtime_ns,
            info.st_ino,
            info.st_size,
            log.st_mtime_ns,
            log.st_size,
            log.st_nlink,
        )

    def __del__(self, _close=os.close) -> None:  # type: ignore[no-untyped-def]
        # not before the last reference is gone: another thread may be using the descriptor
        log = getattr(self, "_log", None)  # absent if the constructor failed
        if log is not None:
            _close(log)


def unchanged_state(connection: sqlite3.Connection, path: str) -> UnchangedState | None:
    """
    The state of a database, or None if somebody is writing to it, or was a moment ago.

    :param connection: a connection to it, outside a transaction
    :param path: its file, on a local file system
    """
    if not _is_settled(path):
        return None
    patience = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            return _state_now(connection, path)
        finally:
            connection.rollback()
    except (sqlite3.OperationalError, OSError):
        return None
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")


def _is_settled(path: str) -> bool:
    for name in (path, f"{path}-wal"):
        try:
            if not time.time() - os.lstat(name).st_mtime > SETTLED_SECONDS:
                return False
        except OSError:
            continue
    return True


def _state_now(connection: sqlite3.Connection, path: str) -> UnchangedState | None:
    has_log = connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    log = os.open(f"{path}-wal", _OPEN) if has_log else None
    state = UnchangedState(os.lstat(path), log)
    return state if _is_settled(path) else None
