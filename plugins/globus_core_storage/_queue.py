"""
Waiting for a file's lock in the kernel's queue, with a deadline.

The kernel serves those who wait in turn, but knows no deadline. Asking again and again has one,
but there whoever has just released the lock is also the first to ask, and the others starve. So
a thread stands in the queue, and whoever started it waits for the thread.
"""

from __future__ import annotations

import _thread
import sys

if sys.platform == "win32":  # pragma: no cover
    raise ImportError("Windows has no such queue")

import fcntl

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class Place:
    """
    A place in the queue for a file's lock.

    :param descriptor: of the file
    :param close: called with it, in the thread, when the lock comes after its waiter has left
    :raises RuntimeError: if no thread can be started
    :ivar left: whether the waiter has left, and the descriptor is the thread's to close
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
        _thread.start_new_thread(self._stand, ())

    def wait(self, seconds: float) -> bool:
        """
        Wait for the lock, or the error that there is none; False if neither came in time.

        :param seconds: how long at the most
        """
        served = False
        try:
            served = self._served.acquire(timeout=min(seconds, _thread.TIMEOUT_MAX))
        finally:
            if not served:
                self._leave()
        return not self.left

    def _leave(self) -> None:
        with self._guard:
            self.left = not self._served.acquire(blocking=False)  # it may have come just now

    def _stand(self) -> None:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        except OSError as error:
            self.error = error
        with self._guard:
            if self.left:
                self._close(self._descriptor)
            else:
                self._served.release()
