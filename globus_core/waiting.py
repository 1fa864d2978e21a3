"""
All waiting of the SDK: pauses, locks, conditions and system calls that may take long.

By default the running thread is blocked. Where one thread runs many tasks, as an event loop
does, a plugin replaces this with :func:`use`, so that only the task waits and the others go on.
Three rules make that possible:

- A lock that is held while something else is waited for is taken with :func:`acquire`, never
  with ``lock.acquire()``, and it is a plain lock: its owner, if anybody asks, is :func:`owner`.
- A lock that guards a few lines without any wait in them may be taken directly.
- Nothing but the lock of a condition is held directly while the condition is waited for, and
  whoever waits looks again at what was waited for, since a wait may end early.
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
    Base of ways to wait; what a subclass does not override is done by the waiter before it.

    It is also a context manager that takes it out of use again.

    :ivar previous: the waiter that was in use before; set by :func:`use`
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
        return waitable.wait(seconds)

    def owner(self) -> t.Hashable:
        return _thread.get_ident()

    def blocking(self, function: t.Callable[..., R], *args: t.Any) -> R:
        return function(*args)


_blocking_waiter = _BlockingWaiter()
_waiter: Waiter = _blocking_waiter
_changing = _thread.allocate_lock()


def use(waiter: W) -> W:
    """
    Wait in another way from now on, in all threads; give the waiter back, for ``with``.

    Whoever waits already goes on as before. A lock is to be released by its owner, so the
    waiter must answer for threads and tasks that held locks before it came.

    :param waiter: asked for each wait; it may leave any of them to its ``previous``
    """
    global _waiter
    with _changing:
        waiter.previous = _waiter
        _waiter = waiter
    return waiter


def stop_using(waiter: Waiter) -> None:
    """
    Take a waiter out of use, also if others came after it.

    :param waiter: what :func:`use` was given
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
    Take a lock, and say whether it was free in time; it is released with ``lock.release()``.

    :param lock: a plain lock, which any thread may release
    :param seconds: how long to wait for it at the most; None waits until it is free
    """
    return lock.acquire(False) or _waiter.acquire(lock, seconds)


def wait(waitable: Waitable, seconds: float | None = None) -> bool:
    """
    Wait for an event, or for a condition whose lock the caller holds.

    :param waitable: the event or condition
    :param seconds: how long to wait at the most; None sets no limit
    :return: False if the time was up first
    """
    return _waiter.wait(waitable, seconds)


def owner() -> t.Hashable:
    """
    Who is running, for locks that know their owner: by default, the thread.
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
