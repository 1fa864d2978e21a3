"""
Locks between threads and processes, each of them a small file that is never removed.

The operating system locks the file itself, and releases the lock when the process that holds it
ends, so that no lock is ever stale. Threads of one process share a lock in memory for each path.
"""

from __future__ import annotations

import _thread
import os
import sys
import time

from globus_core import waiting
from globus_core.exc import RenewalError, StorageError, StorageLockTimeoutError

from ._private_files import open_lock, private_folder
from .errors import RenewalLockTimeoutError, UnlockedStorageWarning

if sys.platform == "win32":  # pragma: no cover
    import msvcrt
else:
    import fcntl

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_FIRST_PAUSE = 0.0005
_LONGEST_PAUSE = 0.01
# A thread that waits in vain exists for as long as the lock is held, so short waits use none.
_QUEUED_FROM_SECONDS = 1.0


class _NoLocksError(Exception):
    """The file system does not support locks."""


class _Turn:
    """Which thread of this process may lock the file at one path."""

    __slots__ = ("lock", "owner")

    def __init__(self) -> None:
        self.lock = _thread.allocate_lock()
        self.owner: t.Hashable = None


_turns: dict[str, _Turn] = {}
_descriptors: set[int] = set()
_warned: set[str] = set()


def _after_fork_in_child() -> None:
    """Drop the locks of the parent's threads; closing the copies does not release them."""
    for descriptor in _descriptors:
        os.close(descriptor)
    _descriptors.clear()
    _turns.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


class FileLock:
    """
    A lock for a ``with`` block, which yields whether the lock also binds other processes.

    :param path: the lock file; its folder is created if necessary
    :param timeout: the longest time to wait, in seconds
    :param purpose: what is locked, for error messages
    """

    __slots__ = ("_descriptor", "_path", "_pid", "_purpose", "_timeout", "_turn")

    def __init__(self, path: str, timeout: float, purpose: str) -> None:
        self._path = path
        self._timeout = timeout
        self._purpose = purpose
        self._descriptor: int | None = None

    def __enter__(self) -> bool:
        give_up = time.monotonic() + self._timeout
        turn = _turns.get(self._path) or _turns.setdefault(self._path, _Turn())
        me = waiting.owner()
        if turn.owner == me:
            raise self._inside()
        if not waiting.acquire(turn.lock, self._timeout):
            raise self._too_late()
        try:
            self._descriptor = self._take(give_up)
        except BaseException:
            turn.lock.release()
            raise
        turn.owner = me
        self._turn, self._pid = turn, os.getpid()
        return self._descriptor is not None

    def __exit__(self, *exc_info: object) -> None:
        if self._pid != os.getpid():
            return  # forked inside the block: the lock belongs to the parent
        descriptor = self._descriptor
        if descriptor is not None:
            _unlock(descriptor)
            self._close(descriptor)
        self._turn.owner = None
        self._turn.lock.release()

    def _take(self, give_up: float) -> int | None:
        """Lock the file; None if the file system does not support locks."""
        while True:
            descriptor, info = self._open()
            if not self._wait(descriptor, give_up):
                _warn_unlocked(os.path.dirname(self._path))
                return None
            if _is_at(info, self._path):
                return descriptor
            self._close(descriptor)  # the file was removed, and others may lock a new one

    def _open(self) -> tuple[int, os.stat_result]:
        try:
            private_folder(os.path.dirname(self._path), may_be_link=False)
            descriptor, info = open_lock(self._path)
        except OSError as error:
            raise StorageError(f"cannot lock {self._path!r}: {error.strerror}") from error
        _descriptors.add(descriptor)
        return descriptor, info

    @staticmethod
    def _close(descriptor: int) -> None:
        _descriptors.discard(descriptor)
        os.close(descriptor)

    def _wait(self, descriptor: int, give_up: float) -> bool:
        """Wait for the lock; False, with the file closed, if there are no locks."""
        waiter = None
        locked = False
        try:
            locked = _locked_at_once(descriptor)
            left = give_up - time.monotonic()
            if not locked and left > _QUEUED_FROM_SECONDS:
                waiter = _start_waiter(descriptor, self._close)
            if waiter is not None:
                if not waiter.wait(left):
                    raise self._too_late()
                locked = waiter.error is None
            elif not locked:
                self._poll(descriptor, give_up)
                locked = True
        except _NoLocksError:
            pass
        finally:
            if not locked and (waiter is None or not waiter.left):
                self._close(descriptor)
        return locked

    def _poll(self, descriptor: int, give_up: float) -> None:
        pause = _FIRST_PAUSE
        while not _locked_at_once(descriptor):
            left = give_up - time.monotonic()
            if left <= 0:
                raise self._too_late()
            waiting.sleep(min(pause, left))
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _inside(self) -> Exception:
        return StorageError(f"this thread is already inside {self._purpose}")

    def _too_late(self) -> Exception:
        return StorageLockTimeoutError(
            f"{self._purpose} did not finish within {self._timeout:g} seconds; "
            f"the lock {self._path!r} is held by another thread or process"
        )


class RenewalFileLock(FileLock):
    """
    The lock for a renewal, with its own errors.
    """

    __slots__ = ()

    def _inside(self) -> Exception:
        return RenewalError(f"this thread is already inside {self._purpose}")

    def _too_late(self) -> Exception:
        return RenewalLockTimeoutError(str(super()._too_late()))


class LockWaiter:
    """
    Waits for a file lock in the operating system's queue, with a deadline.

    The operating system serves the queue in order, but has no deadline. Polling can have one, but
    then the process that has just released the lock is usually the first to take it again, and
    the others starve. So a thread waits in the queue, and its starter waits for the thread.

    :param descriptor: the open file
    :param close: called with the descriptor, in the thread, if the lock comes too late
    :raises RuntimeError: if no thread can be started
    :ivar left: whether the starter has stopped waiting, so that the thread closes the descriptor
    :ivar error: why the file cannot be locked, or None
    """

    __slots__ = ("_close", "_descriptor", "_guard", "_served", "error", "left")

    def __init__(self, descriptor: int, close: t.Callable[[int], None]) -> None:
        self._descriptor = descriptor
        self._close = close
        self.error: OSError | None = None
        self._guard = _thread.allocate_lock()
        self._served = _thread.allocate_lock()
        self._served.acquire()
        self.left = False
        _thread.start_new_thread(self._take, ())

    def wait(self, seconds: float) -> bool:
        """
        Wait for the lock, or for the error that there is none; False if neither came in time.

        :param seconds: the longest time to wait
        """
        served = False
        try:
            served = waiting.acquire(self._served, seconds)
        finally:
            if not served:
                self._leave()
        return not self.left

    def _leave(self) -> None:
        with self._guard:
            self.left = not self._served.acquire(blocking=False)  # it may have just come

    def _take(self) -> None:
        try:
            _lock_in_turn(self._descriptor)
        except OSError as error:
            self.error = error
        with self._guard:
            if self.left:
                self._close(self._descriptor)
            else:
                self._served.release()


def _locked_at_once(descriptor: int) -> bool:
    try:
        _lock(descriptor)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        raise _NoLocksError from None
    return True


def _start_waiter(descriptor: int, close: t.Callable[[int], None]) -> LockWaiter | None:
    """None if there is no such queue, or no thread can be started."""
    if sys.platform == "win32":  # pragma: no cover
        return None
    try:
        return LockWaiter(descriptor, close)
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
