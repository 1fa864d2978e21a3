"""
All waiting of the SDK: pauses, locks, conditions and system calls that may take long.

By default the running thread is blocked. If one thread runs many tasks, as an event loop does, a
plugin replaces this with :func:`use`, so that only one task waits and the others continue. Three
rules make that possible:

- A lock that is held during another wait is taken with :func:`acquire`, never with
  ``lock.acquire()``, and it is a plain lock; code that needs its owner uses :func:`owner`.
- A lock that guards a few lines without a wait may be taken directly.
- While waiting for a condition, only the lock of that condition may be held directly, and the
  condition must be checked again afterwards, because a wait may end early.
"""

from __future__ import annotations

import _thread
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from typing_extensions import Self

    W = t.TypeVar("W", bound="Waiter")
    R = t.TypeVar("R")

    class Lock(t.Protocol):
        """A plain lock, such as ``threading.Lock()``."""

        def acquire(self, blocking: bool = ..., timeout: float = ...) -> bool: ...
        def release(self) -> None: ...

    class Waitable(t.Protocol):
        """A ``threading.Event``, or a ``threading.Condition`` whose lock is held."""

        def wait(self, timeout: float | None = ...) -> bool: ...


class Waiter:
    """
    Base of ways to wait; methods that a subclass does not override call the previous waiter.

    It is also a context manager that removes the waiter.

    :ivar previous: the previous waiter; set by :func:`use`
    """

    previous: Waiter

    def sleep(self, seconds: float) -> None:
        """See :func:`sleep`."""
        self.previous.sleep(seconds)

    def acquire(self, lock: Lock, seconds: float | None) -> bool:
        """See :func:`acquire`; called only when the lock was not free at once."""
        return self.previous.acquire(lock, seconds)

    def wait(self, waitable: Waitable, seconds: float | None) -> bool:
        """See :func:`wait`."""
        return self.previous.wait(waitable, seconds)

    def owner(self) -> t.Hashable:
        """See :func:`owner`."""
        return self.previous.owner()

    def blocking(self, function: t.Callable[..., R], *args: t.Any) -> R:
        """See :func:`blocking`."""
        return self.previous.blocking(function, *args)

    def to_the_end(self, function: t.Callable[..., R], *args: t.Any) -> R:
        """See :func:`to_the_end`."""
        return self.previous.to_the_end(function, *args)

    def renewal(self, function: t.Callable[..., R], *args: t.Any) -> R:
        """See :func:`renewal`; calls :meth:`to_the_end`."""
        return self.to_the_end(function, *args)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        stop_using(self)


class _BlockingWaiter(Waiter):
    """Blocks the running thread."""

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def acquire(self, lock: Lock, seconds: float | None) -> bool:
        if seconds is None:
            return lock.acquire()
        return lock.acquire(timeout=min(max(seconds, 0.0), _thread.TIMEOUT_MAX))

    def wait(self, waitable: Waitable, seconds: float | None) -> bool:
        return waitable.wait(None if seconds is None else min(seconds, _thread.TIMEOUT_MAX))

    def owner(self) -> t.Hashable:
        return _thread.get_ident()

    def blocking(self, function: t.Callable[..., R], *args: t.Any) -> R:
        return function(*args)

    def to_the_end(self, function: t.Callable[..., R], *args: t.Any) -> R:
        return function(*args)


_blocking_waiter = _BlockingWaiter()
_waiter: Waiter = _blocking_waiter
_changing = _thread.allocate_lock()


def use(waiter: W) -> W:
    """
    Use a waiter from now on, in all threads; returns it, for ``with``.

    Waits in progress are not affected. A lock must be released by its owner, so the waiter must
    also handle threads and tasks that already hold locks.

    :param waiter: called for each wait; it may pass any of them on to its ``previous``
    """
    global _waiter
    with _changing:
        waiter.previous = _waiter
        _waiter = waiter
    return waiter


def stop_using(waiter: Waiter) -> None:
    """
    Remove a waiter, also if others were added after it.

    :param waiter: the argument of :func:`use`
    """
    global _waiter
    with _changing:
        if _waiter is waiter:
            _waiter = waiter.previous
            return
        later = _waiter
        while later is not _blocking_waiter:
            if later.previous is waiter:
                later.previous = waiter.previous
                return
            later = later.previous


def sleep(seconds: float) -> None:
    """
    Pause.

    :param seconds: for how long
    """
    _waiter.sleep(seconds)


def acquire(lock: Lock, seconds: float | None = None) -> bool:
    """
    Take a lock, and return whether it was free in time; release it with ``lock.release()``.

    :param lock: a plain lock, which any thread may release
    :param seconds: the longest time to wait for it; None waits until it is free
    """
    return lock.acquire(False) or _waiter.acquire(lock, seconds)


def wait(waitable: Waitable, seconds: float | None = None) -> bool:
    """
    Wait for an event, or for a condition whose lock the caller holds.

    :param waitable: the event or condition
    :param seconds: the longest time to wait; None sets no limit
    :return: False if the time ran out
    """
    return _waiter.wait(waitable, seconds)


def owner() -> t.Hashable:
    """
    The running thread, or what a waiter returns in its place, for locks that know their owner.
    """
    return _waiter.owner()


def blocking(function: t.Callable[..., R], *args: t.Any) -> R:
    """
    Call a function that may block for long, such as a system call that waits for a file's lock.

    :param function: the function; it may run in another thread
    :param args: its arguments
    :return: what it returns
    """
    return _waiter.blocking(function, *args)


def to_the_end(function: t.Callable[..., R], *args: t.Any) -> R:
    """
    Call a function that must end even if its caller no longer waits for it.

    This is for what would be lost half way, such as a renewal whose answer has the only valid
    refresh token. A task that waits for it can be cancelled; the function then goes on.

    :param function: the function, which takes and releases its locks itself
    :param args: its arguments
    :return: what it returns
    """
    return _waiter.to_the_end(function, *args)


def renewal(function: t.Callable[..., R], *args: t.Any) -> R:
    """
    Call a function as :func:`to_the_end` does, when not too many others are under way.

    This is for renewals, which hold locks, files and a connection. A thread calls it at once, since
    there are only so many threads; but tasks may be so many that a process could not open more
    files. Methods of the same object count once, since only one of them renews at a time.

    :param function: the function, which takes and releases its locks itself
    :param args: its arguments
    :return: what it returns
    """
    return _waiter.renewal(function, *args)
