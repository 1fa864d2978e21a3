"""
Locks between the threads of one process, which a fork does not leave held.

A child process has only the thread that forked it, so a lock that another thread of the parent
holds would never be released there. Each process therefore has its own locks. The lock between
processes is in the storage plugin (``_file_lock``).

Forks are also handled in ``plugins.current_manager`` (plugins), ``sqlite_files`` (connections to
databases), the storage plugin's ``_file_lock``, the transport's session, and the identity
plugin's ``_single_flight`` (look-ups) and ``sqlite`` (counters).
"""

from __future__ import annotations

import _thread
import os

from globus_core import waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class PerProcess:
    """
    A value that each process has for itself; after a fork, the child creates its own.

    :param make: makes it
    """

    __slots__ = ("_by_process", "_make")

    def __init__(self, make: t.Callable[[], t.Any]) -> None:
        self._make = make
        self._by_process: dict[int, t.Any] = {}

    def get(self) -> t.Any:
        """
        The value of this process.
        """
        pid = os.getpid()
        known = self._by_process.get(pid)
        return self._by_process.setdefault(pid, self._make()) if known is None else known


class ForkSafeLock:
    """
    A lock for short sections, used with ``with``; it is free at the start of a child process.
    """

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = PerProcess(_thread.allocate_lock)

    def __enter__(self) -> None:
        waiting.acquire(self._lock.get())

    def __exit__(self, *exc_info: object) -> None:
        lock = self._lock.get()
        if lock.locked():  # not in a child that was forked inside the section
            lock.release()


class OwnedLock:
    """
    A lock with a deadline within one process, which knows its owner: the thread, or whatever
    :func:`globus_core.waiting.owner` returns.

    :param purpose: what is done under it, for the errors: ``a renewal of this token``
    """

    __slots__ = ("_mutex", "_purpose")

    def __init__(self, purpose: str) -> None:
        self._purpose = purpose
        self._mutex = PerProcess(_Mutex)

    @property
    def busy(self) -> bool:
        """Whether the lock is held in this process."""
        return self._mutex.get().owner is not None

    def held(self, timeout: float) -> Held:
        """
        Take the lock for a ``with`` block.

        :param timeout: seconds to wait for it at the most
        :raises RenewalError: if this thread already holds it, or it is not free in time
        """
        return Held(self._mutex.get(), self._purpose, timeout)


class Held:
    """
    A lock held for a ``with`` block.

    :param mutex: the lock of this process
    :param purpose: see :class:`OwnedLock`
    :param timeout: seconds to wait for it at the most
    """

    __slots__ = ("_mutex", "_purpose", "_timeout")

    def __init__(self, mutex: _Mutex, purpose: str, timeout: float) -> None:
        self._mutex = mutex
        self._purpose = purpose
        self._timeout = timeout

    def __enter__(self) -> None:
        from .exc.base import RenewalError

        me = waiting.owner()
        if self._mutex.owner == me:
            raise RenewalError(f"this thread is already inside {self._purpose}")
        if not waiting.acquire(self._mutex.lock, self._timeout):
            raise RenewalError(f"{self._purpose} did not end within {self._timeout:g} seconds")
        self._mutex.owner = me

    def __exit__(self, *exc_info: object) -> None:
        self._mutex.owner = None
        self._mutex.lock.release()


class DeadlineRLock:
    """
    A lock with a deadline that its owner can take again; it is free at the start of a child
    process.

    :param seconds: the longest time to wait for it, in seconds; None waits until it is free
    :param too_late: creates the error for a lock that is not free in time
    """

    __slots__ = ("_mutex", "_seconds", "_too_late")

    def __init__(self, seconds: float | None, too_late: t.Callable[[], Exception]) -> None:
        self._seconds = seconds
        self._too_late = too_late
        self._mutex = PerProcess(_Mutex)

    def __enter__(self) -> None:
        mutex = self._mutex.get()
        me = waiting.owner()
        if mutex.owner != me:
            if not waiting.acquire(mutex.lock, self._seconds):
                raise self._too_late()
            mutex.owner = me
        mutex.depth += 1

    def __exit__(self, *exc_info: object) -> None:
        mutex = self._mutex.get()
        if mutex.owner != waiting.owner():
            return  # a child that was forked inside the section
        mutex.depth -= 1
        if not mutex.depth:
            mutex.owner = None
            mutex.lock.release()


class _Mutex:
    __slots__ = ("depth", "lock", "owner")

    def __init__(self) -> None:
        self.lock = _thread.allocate_lock()
        self.owner: t.Hashable = None
        self.depth = 0
