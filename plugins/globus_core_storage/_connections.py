"""
Kept connections to SQLite databases: one thread at a time, closed over a fork.

SQLite forgets whose file locks are whose when a process forks with a database open; a
connection opened anew in the child would rely on locks that only the parent has. So all
connections are closed before a fork, and opened again where they are used.

Locks come from ``_thread``: importing ``threading`` takes longer than reading a token.
"""

from __future__ import annotations

import _thread
import os
import sqlite3

from globus_core.exc import StorageLockTimeoutError

from ._private_files import check_sidecars

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Params = dict[str, t.Any]

_FORK_WAIT_SECONDS = 5.0
# SQLite's write-ahead log lives in memory shared by all who use the database, which works on
# one machine only.
_LOCAL = (
    *("bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs"),
    *("overlay", "ramfs", "reiserfs", "tmpfs", "xfs", "zfs"),
)
_MOUNTS = "/proc/self/mountinfo"


def connect(path: str, params: Params) -> sqlite3.Connection:
    """
    Open a database that exists.

    :param path: its file
    :param params: further arguments of ``sqlite3.connect``
    """
    check_sidecars(path)
    fixed: Params = {"check_same_thread": False, "isolation_level": None, "uri": True}
    connection: sqlite3.Connection = sqlite3.connect(_existing(path), **{**params, **fixed})
    return connection


def _existing(path: str) -> str:
    """A URI under which SQLite never creates a file, for it would be readable by others."""
    for character in "%?#":
        path = path.replace(character, f"%{ord(character):02x}")
    if os.name == "nt":  # pragma: no cover
        path = "/" + path.replace("\\", "/")
    return f"file://{path}?mode=rw"


def is_local(path: str) -> bool:
    """
    Whether a path is on a file system known to be local; where nothing is known, it is not.

    :param path: an existing file or folder
    """
    try:
        with open(_MOUNTS, encoding="utf-8", errors="surrogateescape") as mounts:
            return _type_of(os.path.realpath(path), mounts.read().splitlines()) in _LOCAL
    except OSError:
        return False


def _type_of(path: str, mounts: list[str]) -> str | None:
    """The type of the file system mounted last on the longest way to a path (proc(5))."""
    longest, kind = -1, None
    for line in mounts:
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        folder = _unescape(fields[4]).rstrip("/")
        if len(folder) >= longest and (path == folder or path.startswith(folder + "/")):
            longest, kind = len(folder), right.split(" ")[0]
    return kind


def _unescape(field: str) -> str:
    for escaped, plain in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(escaped, plain)
    return field


class KeptConnection:
    """
    A connection that is opened when it is needed and kept for the next time.

    :param params: further arguments of ``sqlite3.connect``
    :param prepare: called with each new connection and its path
    :ivar file: device and inode of the file that it was opened for last
    """

    __slots__ = ("__weakref__", "_connection", "_lock", "_params", "_prepare", "file")

    def __init__(
        self, params: Params, prepare: t.Callable[[sqlite3.Connection, str], None]
    ) -> None:
        self._params = params
        self._prepare = prepare
        self._lock = _thread.allocate_lock()
        self._connection: sqlite3.Connection | None = None
        self.file: tuple[int, int] | None = None
        _all.add(self)

    def run(
        self,
        path: str,
        info: os.stat_result,
        timeout: float,
        work: t.Callable[[sqlite3.Connection], t.Any],
    ) -> t.Any:
        """
        Do something on the connection, with no other thread on it.

        :param path: the database's file
        :param info: what ``os.lstat`` says of it
        :param timeout: seconds to wait for other threads at the most
        :param work: called with the connection
        :raises StorageLockTimeoutError: if other threads take too long
        """
        if not self._lock.acquire(False):
            self._acquire(path, timeout)
        try:
            connection = self._connection
            if connection is None or self.file != (info.st_dev, info.st_ino):
                self._close()
                connection = self._open(path)
                self.file = (info.st_dev, info.st_ino)
            elif connection.in_transaction:  # left behind by an interrupt
                connection.rollback()
            return work(connection)
        finally:
            self._lock.release()

    def close(self, timeout: float) -> None:
        """
        Close the connection; it is opened again when it is needed.

        :param timeout: seconds to wait for other threads at the most
        :raises StorageLockTimeoutError: if other threads take too long
        """
        if self._connection is None:
            return
        self._acquire("the database", timeout)
        try:
            self._close()
        finally:
            self._lock.release()

    def _acquire(self, what: str, timeout: float) -> None:
        if not self._lock.acquire(timeout=timeout):
            raise StorageLockTimeoutError(
                f"another thread's use of {what!r} did not end within {timeout:g} seconds"
            )

    def _open(self, path: str) -> sqlite3.Connection:
        connection = connect(path, self._params)
        try:
            self._prepare(connection, path)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def __del__(self) -> None:
        connection = getattr(self, "_connection", None)
        if connection is not None:
            connection.close()

    # around a fork

    def _pause(self) -> bool:
        if not self._lock.acquire(timeout=_FORK_WAIT_SECONDS):
            return False
        self._close()
        return True

    def _resume(self) -> None:
        self._lock.release()

    def _start_anew(self) -> None:
        if self._connection is not None:
            _inherited.append(self._connection)
        self._connection = None
        self._lock = _thread.allocate_lock()


class _Registry:
    """All kept connections, without keeping them alive."""

    def __init__(self) -> None:
        from weakref import WeakSet

        self._members: WeakSet[KeptConnection] = WeakSet()
        self._paused: dict[int, list[KeptConnection]] = {}

    def add(self, connection: KeptConnection) -> None:
        self._members.add(connection)

    def before_fork(self) -> None:
        paused = [connection for connection in list(self._members) if connection._pause()]
        self._paused[_thread.get_ident()] = paused

    def after_fork_in_parent(self) -> None:
        for connection in self._paused.pop(_thread.get_ident(), ()):
            connection._resume()

    def after_fork_in_child(self) -> None:
        for connection in list(self._members):
            connection._start_anew()
        self._paused = {}


# Connections in use by another thread over a fork. To close them would release the parent's
# locks, so they are kept for ever.
_inherited: list[sqlite3.Connection] = []
_all = _Registry()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_all.before_fork,
        after_in_parent=_all.after_fork_in_parent,
        after_in_child=_all.after_fork_in_child,
    )
