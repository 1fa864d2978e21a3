"""
Whether a database has changed since it was read, told without asking SQLite.

Whoever commits writes to the database's file or to its write-ahead log first, which changes that
file's size or time stamp. So a state of both files in which nobody was writing proves, for as
long as it lasts, that what was read in it is what is stored. That nobody is writing is found out
by being the one who may; that no later change has the same time stamp, by waiting until the
stamps are older than the steps in which file systems set them.
"""

from __future__ import annotations

import os
import sqlite3
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.token_storage import TokenStorageData

    State = tuple[int, ...]

#: a file this young can change again without a change of its time stamp
SETTLED_SECONDS = 0.1
#: for how long it is taken for granted that nobody has put another file in the database's place
_UNSEEN_SECONDS = 0.02
_OPEN = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


class UnchangedState:
    """
    A state of a database in which nobody is writing, and the records read in it.

    :param info: what ``os.lstat`` says of the database's file
    :param log: a descriptor of its write-ahead log, or None where it has none; no lock of
        SQLite is on that file, so that closing it releases none
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

        :param info: what ``os.lstat`` says of its file now
        """
        self._looked = time.monotonic()
        return self._state_of(info) == self._state

    def still_current_by_log(self) -> bool:
        """
        Whether the log alone says so, which every commit writes to; False if that is not known,
        or the database's file, which somebody could replace, was not looked at for a while.
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
        # by whoever lets go of it last, for another thread may be asking for its state
        if self._log is not None:
            _close(self._log)


def unchanged_state(connection: sqlite3.Connection, path: str) -> UnchangedState | None:
    """
    The state of a database, or None if somebody is writing, or was a moment ago.

    :param connection: a connection to it with no transaction begun
    :param path: its file, on a file system of this machine
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
