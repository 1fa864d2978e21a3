"""
Locks between threads and processes, each of them a small file that stays until a sweep.

The operating system locks the file itself, and releases the lock when the process that holds it
ends, so that no lock is ever stale. Threads of one process share a lock in memory for each path.
"""

from __future__ import annotations

import _thread
import os
import sys
import time
from io import FileIO

from globus_core import waiting
from globus_core.exc import (
    RenewalError,
    RenewalLockTimeoutError,
    StorageError,
    StorageLockTimeoutError,
)
from globus_core.locks import Held, Mutexes

from ._private_files import enforce_mode, open_lock, private_folder, reason
from .errors import UnlockedStorageWarning

if sys.platform == "win32":  # pragma: no cover
    import msvcrt
else:
    import fcntl

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from typing_extensions import Self

_FIRST_PAUSE = 0.0005
_LONGEST_PAUSE = 0.01
# A thread that waits in vain exists for as long as the lock is held, so short waits use none.
_QUEUED_FROM_SECONDS = 1.0


class _NoLocksError(Exception):
    """The file system does not support locks."""


# by path: which thread of this process may lock the file
_turns = Mutexes()
_files: set[FileIO] = set()
_warned: set[str] = set()


def _after_fork_in_child() -> None:
    """Drop the locks of the parent's threads; closing the copies does not release them."""
    for file in _files:
        file.close()
    _files.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


class FileLock:
    """
    A lock for a ``with`` block, which yields whether the lock also binds other processes.

    An interrupt at any line leaves it free; see :class:`globus_core.locks.Held`.

    :param path: the lock file; its folder is created if necessary
    :param timeout: the longest time to wait, in seconds
    :param purpose: what is locked, for error messages
    :ivar mutex: the lock between the threads of this process
    """

    __slots__ = ("_file", "_path", "_pid", "_timeout", "_too_late", "_turn", "mutex")

    _inside_error: t.ClassVar[type[Exception]] = StorageError
    _too_late_error: t.ClassVar[type[Exception]] = StorageLockTimeoutError

    def __init__(self, path: str, timeout: float, purpose: str) -> None:
        late, inside = self._too_late_error, self._inside_error
        self._path = path
        self._timeout = timeout
        self._file: FileIO | None = None
        self._pid = os.getpid()

        # without a reference to self, so that an object that is no longer used goes at once
        def too_late() -> Exception:
            return late(
                f"{purpose} did not finish within {timeout:g} seconds; "
                f"the lock {path!r} is held by another thread or process"
            )

        self._too_late = too_late
        self.mutex = _turns.get(path)
        self._turn = Held(
            self.mutex,
            timeout,
            too_late,
            lambda: inside(f"this thread is already inside {purpose}"),
        )

    def __enter__(self) -> bool:
        give_up = time.monotonic() + self._timeout
        try:
            self._turn.__enter__()
            return self._take(give_up)
        except BaseException:
            self._give_back()
            raise

    def __exit__(self, *exc_info: object) -> None:
        self._give_back()

    def __del__(self) -> None:
        if hasattr(self, "_turn"):
            self._give_back()

    def _give_back(self) -> None:
        try:
            if self._pid == os.getpid():  # else forked inside the block: it is the parent's
                self._unlock()
        finally:
            self._turn.give_back()

    def _unlock(self) -> None:
        file = self._file
        if file is None or file.closed:
            return
        try:
            _unlock(file.fileno())  # a child process may have a copy of the descriptor
        finally:
            _close(file)

    def _take(self, give_up: float) -> bool:
        """Lock the file; False if the file system does not support locks."""
        while True:
            file, info = self._open()
            if not self._wait(file, give_up):
                _warn_unlocked(os.path.dirname(self._path))
                return False
            if _is_at(info, self._path):
                return True
            _close(file)  # the file was removed, and others may lock a new one

    def _open(self) -> tuple[FileIO, os.stat_result]:
        try:
            private_folder(os.path.dirname(self._path), may_be_link=False)
            file = self._file = open_lock(self._path)
            _files.add(file)
            return file, enforce_mode(file.fileno())
        except OSError as error:
            raise StorageError(f"cannot lock {self._path!r}: {reason(error)}") from error

    def _wait(self, file: FileIO, give_up: float) -> bool:
        """Wait for the lock; False, with the file closed, if there are no locks."""
        waiter = None
        locked = False
        try:
            locked = _locked_at_once(file.fileno())
            left = give_up - time.monotonic()
            if not locked and left > _QUEUED_FROM_SECONDS:
                waiter = _start_waiter(file)
            if waiter is not None:
                if not waiter.wait(left):
                    raise self._too_late()
                locked = waiter.error is None
            elif not locked:
                self._poll(file.fileno(), give_up)
                locked = True
        except _NoLocksError:
            pass
        finally:
            if not locked:
                self._leave(file, waiter)
        return locked

    def _leave(self, file: FileIO, waiter: LockWaiter | None) -> None:
        self._file = None
        if waiter is None or not waiter.leave():
            _close(file)

    def _poll(self, descriptor: int, give_up: float) -> None:
        pause = _FIRST_PAUSE
        while not _locked_at_once(descriptor):
            left = give_up - time.monotonic()
            if left <= 0:
                raise self._too_late()
            waiting.sleep(min(pause, left))
            pause = min(pause * 1.5, _LONGEST_PAUSE)


class RenewalFileLock(FileLock):
    """
    The lock for a renewal, with its own errors; it yields itself, as a lease that never ends.
    """

    __slots__ = ("_binds",)

    _inside_error = RenewalError
    _too_late_error = RenewalLockTimeoutError

    def __enter__(self) -> Self:  # type: ignore[override]
        self._binds = super().__enter__()
        return self

    def still_mine(self) -> bool:
        """
        Whether the caller holds the lock, and its file is still the one that others would lock.
        """
        if self._pid != os.getpid() or not self._turn.still_mine():
            return False
        if not self._binds:  # the file system has no locks
            return True
        file = self._file
        return file is not None and not file.closed and _is_at(os.fstat(file.fileno()), self._path)

    extend = still_mine


def remove_free_locks(folder: str, prefix: str) -> None:
    """
    Remove the lock files that nobody holds; who waits for one finds that out, and makes a new one.

    :param folder: the folder with the lock files
    :param prefix: what the names of the files begin with that are removed
    """
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        path = os.path.join(folder, name)
        if not name.startswith(prefix):
            continue
        try:
            with FileLock(path, 0.0, "a sweep"):
                os.unlink(path)
        except (OSError, StorageError):
            continue  # it is in use


class LockWaiter:
    """
    Waits for a file lock in the operating system's queue, with a deadline.

    The operating system serves the queue in order, but has no deadline. Polling can have one, but
    then the process that has just released the lock is usually the first to take it again, and
    the others starve. So a thread waits in the queue, and its starter waits for the thread.

    :param file: the open file, which the thread closes if the lock comes too late
    :raises RuntimeError: if no thread can be started
    :ivar error: why the file cannot be locked, or None
    """

    __slots__ = ("_ended", "_file", "_guard", "_left", "_served", "error")

    def __init__(self, file: FileIO) -> None:
        self._file = file
        self.error: OSError | None = None
        self._guard = _thread.allocate_lock()
        self._served = _thread.allocate_lock()
        self._served.acquire()
        self._ended = self._left = False
        _thread.start_new_thread(self._take, ())

    def wait(self, seconds: float) -> bool:
        """
        Wait for the lock, or for the error that there is none; False if neither came in time.

        :param seconds: the longest time to wait
        """
        return waiting.acquire(self._served, seconds) or not self.leave()

    def leave(self) -> bool:
        """
        Stop waiting; return whether the thread still waits, and closes the file in the end.
        """
        with self._guard:
            self._left = not self._ended  # it may have just ended
            return self._left

    def _take(self) -> None:
        try:
            _lock_in_turn(self._file.fileno())
        except OSError as error:
            self.error = error
        with self._guard:
            self._ended = True
            if self._left:
                _close(self._file)
            else:
                self._served.release()


def _close(file: FileIO) -> None:
    _files.discard(file)
    file.close()


def _locked_at_once(descriptor: int) -> bool:
    try:
        _lock(descriptor)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        raise _NoLocksError from None
    return True


def _start_waiter(file: FileIO) -> LockWaiter | None:
    """None if there is no such queue, or no thread can be started."""
    if sys.platform == "win32":  # pragma: no cover
        return None
    try:
        return LockWaiter(file)
    except RuntimeError:
        return None


def _is_at(info: os.stat_result, path: str) -> bool:
    try:
        return os.path.samestat(info, os.stat(path))
    except FileNotFoundError:
        return False


if sys.platform == "win32":  # pragma: no cover

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _lock_in_turn(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _warn_unlocked(folder: str) -> None:
    if folder in _warned:
        return
    _warned.add(folder)
    import warnings

    warnings.warn(
        f"the file system of {folder!r} does not support locks, so programs that store tokens at "
        "the same time can overwrite each other's changes",
        UnlockedStorageWarning,
        stacklevel=2,
    )
