"""
SQLite databases in files that only their owner can read.
"""

from __future__ import annotations

import os
import sqlite3
import stat

from .exc.base import GlobusError
from .locks import ForkSafeLock
from .sqlite_connections import SIDECARS as SIDECARS
from .sqlite_connections import KeptConnection as KeptConnection
from .sqlite_connections import is_another_format as is_another_format
from .sqlite_connections import is_damage as is_damage
from .sqlite_connections import is_local as is_local

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    R = t.TypeVar("R")

#: the suffix of a private database that could not be read
DAMAGED = ".damaged"
_POSIX = os.name == "posix"


class PrivateDatabase:
    """
    A database in a file that only this user can read, such as a cache.

    The file is created at first use. One that belongs to another user, or is not a regular file, is
    refused, as is one that never was a database; a damaged one is renamed with a warning and
    replaced by a new one.

    :param path: the file, which need not exist
    :param what: what the file is, for errors and warnings: ``identity cache``
    :param prepare: called with each new connection, to create tables; its changes are one
        transaction
    :param timeout: seconds to wait for other programs at the most
    """

    def __init__(
        self,
        path: str,
        what: str,
        prepare: t.Callable[[sqlite3.Connection], object],
        *,
        timeout: float = 5.0,
    ) -> None:
        self.path = path
        self._what = what
        self._renaming = ForkSafeLock()

        def prepared(connection: sqlite3.Connection, path: str) -> None:
            with connection:
                prepare(connection)

        self._kept = KeptConnection(prepared, {"timeout": timeout})

    def run(self, work: t.Callable[[sqlite3.Connection], R]) -> R:
        """
        Run a function as one transaction, while no other thread uses the database.

        :param work: called with the connection
        :raises GlobusError: if the file cannot be used
        """
        try:
            info = _private(self.path)
            try:
                return self._attempt(info, work)
            except sqlite3.DatabaseError as error:
                if not self._begun_anew(info, error):
                    raise
            return self._attempt(_private(self.path), work)
        except (OSError, sqlite3.Error) as error:
            self.close()
            raise GlobusError(f"the {self._what} {self.path!r} cannot be used: {error}") from error

    def close(self) -> None:
        """
        Close the connection; it is opened again when it is needed.
        """
        self._kept.close(None)

    def _attempt(self, info: os.stat_result, work: t.Callable[[sqlite3.Connection], R]) -> R:
        def transaction(connection: sqlite3.Connection) -> R:
            with connection:
                return work(connection)

        return self._kept.run(self.path, info, None, transaction)

    def _begun_anew(self, info: os.stat_result, error: sqlite3.DatabaseError) -> bool:
        """Whether the failed file has been replaced, or has been renamed so that it can be."""
        with self._renaming.held():
            if not _is_at(self.path, info):
                return True  # another thread or process has renamed it
            if not is_damage(error) or is_another_format(self.path):
                return False
            import logging

            aside = self.path + DAMAGED
            logging.getLogger(__name__).warning(
                "the %s %r is damaged (%s); it is renamed to %r and replaced by a new one",
                self._what,
                self.path,
                error,
                aside,
            )
            self.close()
            _rename(self.path, aside)
            return True


def _private(path: str) -> os.stat_result:
    """
    The status of a file that belongs to this user and is closed to others; created if it does not
    exist.

    If SQLite created it, the umask would decide who can read it.
    """
    try:
        info = os.lstat(path)
    except FileNotFoundError:
        _make(path)
        info = os.lstat(path)
    if not stat.S_ISREG(info.st_mode):
        raise OSError("it is not a regular file")
    if not _POSIX:
        return info
    if info.st_uid != os.geteuid():
        raise OSError(f"it belongs to user {info.st_uid}, not to user {os.geteuid()}")
    if info.st_mode & 0o077:
        os.chmod(path, 0o600)
    return info


def _make(path: str) -> None:
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return  # another process was faster


def _rename(path: str, aside: str) -> None:
    """Keep an unreadable file, which somebody may be able to repair."""
    for ending in SIDECARS:
        try:
            os.remove(path + ending)
        except FileNotFoundError:
            continue
    os.replace(path, aside)


def _is_at(path: str, info: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.lstat(path), info)
    except FileNotFoundError:
        return False
