"""
SQLite databases in files: what the files tell, and kept connections.

If a process forks with an open database, SQLite does not notice that the file locks belong to the
parent; a new connection in the child would rely on locks that only the parent has. So all kept
connections are closed before a fork, and opened again when they are used.
"""

from __future__ import annotations

import os
import sqlite3

from . import waiting
from .exc.base import StorageLockTimeoutError
from .locks import Held, Mutex

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    R = t.TypeVar("R")
    Params = t.Mapping[str, t.Any]

#: suffixes of the files that SQLite keeps next to a database
SIDECARS = ("-wal", "-shm", "-journal")

_HEADER = b"SQLite format 3\0"
# SQLite's write-ahead log needs memory that all users of the database share, so it works on one
# machine only.
_LOCAL = (
    *("bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs"),
    *("overlay", "ramfs", "reiserfs", "tmpfs", "xfs", "zfs"),
)
_MOUNTS = "/proc/self/mountinfo"
_FORK_WAIT_SECONDS = 5.0


def is_damage(error: sqlite3.Error) -> bool:
    """
    Whether an error says that the file is damaged or not a database.

    :param error: what SQLite raised
    """
    # SQLITE_CORRUPT and SQLITE_NOTADB; Python 3.10 gives no codes
    text = str(error)
    if not text:  # a message that quotes the damage, which Python 3.10 cannot read
        return type(error).__name__ == "DatabaseError"
    return "malformed" in text or "not a database" in text


def is_another_format(path: str) -> bool:
    """
    Whether a file never was a database: its beginning is neither a database's nor lost.

    SQLite says the same of such a file and of a damaged one.

    :param path: the file; one that cannot be read counts as a database
    """
    try:
        with open(path, "rb") as file:
            begin = file.read(len(_HEADER))
    except OSError:
        return False
    return not _HEADER.startswith(begin) and begin.strip(b"\0") != b""


def is_local(path: str) -> bool:
    """
    Whether a path is on a file system known to be local; False if nothing is known.

    :param path: an existing file or folder
    """
    try:
        with open(_MOUNTS, encoding="utf-8", errors="surrogateescape") as mounts:
            return _type_of(os.path.realpath(path), mounts.read().splitlines()) in _LOCAL
    except OSError:
        return False


def _type_of(path: str, mounts: list[str]) -> str | None:
    """The type of the file system mounted last on the longest prefix of a path (proc(5))."""
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


def _is_at_rest(path: str) -> bool:
    """
    Whether nobody here can write to a database, and its file has all that was written.

    :param path: the file
    """
    if os.access(os.path.dirname(path), os.W_OK):
        return False
    try:
        return os.stat(path + "-wal").st_size == 0
    except OSError:
        return True


class KeptConnection:
    """
    A connection that is opened when it is needed and kept for later.

    It is used by one thread at a time, and closed before a fork. A database with a write-ahead log
    in a folder that cannot be written is opened for one use, as SQLite could not notice changes.

    :param prepare: called with each new connection and its path
    :param params: further arguments of ``sqlite3.connect``
    :param check: called with the path before the file is opened, and may raise; None checks nothing
    :ivar file: device and inode of the file that was opened last
    """

    __slots__ = (
        "__weakref__",
        "_check",
        "_connection",
        "_immutable",
        "_mutex",
        "_params",
        "_prepare",
        "file",
    )

    def __init__(
        self,
        prepare: t.Callable[[sqlite3.Connection, str], object],
        params: Params,
        check: t.Callable[[str], object] | None = None,
    ) -> None:
        self._prepare = prepare
        self._params = params
        self._check = check
        self._mutex = Mutex()
        self._connection: sqlite3.Connection | None = None
        self._immutable = False
        self.file: tuple[int, int] | None = None
        _all.add(self)

    def run(
        self,
        path: str,
        info: os.stat_result,
        seconds: float | None,
        work: t.Callable[[sqlite3.Connection], R],
    ) -> R:
        """
        Run a function with the connection, while no other thread uses it.

        :param path: the database's file, which must exist
        :param info: the result of ``os.lstat`` for it
        :param seconds: how long to wait for other threads at the most; None sets no limit
        :param work: called with the connection
        :raises StorageLockTimeoutError: if other threads take too long
        :raises sqlite3.Error: if SQLite fails
        """
        try:
            result: R = waiting.to_the_end(self._run, path, info, seconds, work)
            return result
        except UnicodeDecodeError:
            # SQLite quotes a damaged schema, and Python cannot make its message a string
            pass
        raise sqlite3.DatabaseError("malformed database schema, which is not UTF-8")

    def _run(
        self,
        path: str,
        info: os.stat_result,
        seconds: float | None,
        work: t.Callable[[sqlite3.Connection], R],
    ) -> R:
        with self._alone(path, seconds):
            result: R = waiting.blocking(self._use, path, info, work)
            return result

    def _use(self, path: str, info: os.stat_result, work: t.Callable[[sqlite3.Connection], R]) -> R:
        connection = self._connection
        if connection is None or self.file != (info.st_dev, info.st_ino):
            self._close()
            connection = self._open(path)
            self.file = (info.st_dev, info.st_ino)
        elif connection.in_transaction:  # left open by a second interrupt
            connection.rollback()
        try:
            return work(connection)
        except BaseException:
            if connection.in_transaction:  # left open by an interrupt
                connection.rollback()
            raise
        finally:
            if self._immutable:
                self._close()

    def close(self, seconds: float | None) -> None:
        """
        Close the connection; it is opened again when it is needed.

        :param seconds: how long to wait for other threads at the most; None sets no limit
        :raises StorageLockTimeoutError: if other threads take too long
        """
        if self._connection is None:
            return
        with self._alone("the database", seconds):
            self._close()

    def _alone(self, what: str, seconds: float | None) -> Held:
        def too_late() -> Exception:
            return StorageLockTimeoutError(
                f"another thread's use of {what!r} did not end within {seconds:g} seconds"
            )

        return Held(self._mutex, seconds, too_late, owned=False)

    def _open(self, path: str) -> sqlite3.Connection:
        if self._check is not None:
            self._check(path)
        self._immutable = False
        try:
            return self._connect(path, "mode=rw")
        except sqlite3.OperationalError:
            if not _is_at_rest(path):
                raise
        self._immutable = True
        return self._connect(path, "mode=ro&immutable=1")

    def _connect(self, path: str, mode: str) -> sqlite3.Connection:
        fixed: dict[str, t.Any] = {"check_same_thread": False, "uri": True}
        connection: sqlite3.Connection = sqlite3.connect(
            f"{_uri(path)}?{mode}", **{**self._params, **fixed}
        )
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
        if not self._mutex.lock.acquire(timeout=_FORK_WAIT_SECONDS):
            return False
        self._close()
        return True

    def _resume(self) -> None:
        self._mutex.lock.release()

    def _start_anew(self) -> None:
        if self._connection is not None:
            _inherited.append(self._connection)
        self._connection = None
        self._mutex = Mutex()


def _uri(path: str) -> str:
    """The URI of a file; with a mode other than ``rwc``, SQLite never creates one."""
    for character in "%?#":
        path = path.replace(character, f"%{ord(character):02x}")
    if os.name == "nt":  # pragma: no cover
        path = "/" + path.replace("\\", "/")
    return f"file://{path}"


class _Registry:
    """All kept connections, without keeping them alive."""

    def __init__(self) -> None:
        from weakref import WeakSet

        self._members: WeakSet[KeptConnection] = WeakSet()
        self._paused: dict[t.Hashable, list[KeptConnection]] = {}

    def add(self, connection: KeptConnection) -> None:
        self._members.add(connection)

    def before_fork(self) -> None:
        paused = [connection for connection in list(self._members) if connection._pause()]
        self._paused[waiting.owner()] = paused

    def after_fork_in_parent(self) -> None:
        for connection in self._paused.pop(waiting.owner(), ()):
            connection._resume()

    def after_fork_in_child(self) -> None:
        for connection in list(self._members):
            connection._start_anew()
        self._paused = {}


# Connections that another thread was using at a fork. Closing them would release the parent's
# locks, so they are kept open.
_inherited: list[sqlite3.Connection] = []
_all = _Registry()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_all.before_fork,
        after_in_parent=_all.after_fork_in_parent,
        after_in_child=_all.after_fork_in_child,
    )
