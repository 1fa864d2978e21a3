"""
Renewal locks that can end while they are held, and what is asked before a token request is sent.

The lock of a storage on one machine is the operating system's, which frees it when its holder
dies. A storage that hosts share cannot see that, so it gives a *lease*: a lock that ends by the
storage's own clock unless it is extended. A holder that was paused for longer no longer has it,
and if it still sent its refresh token, a server that rotates refresh tokens would take that for
theft and revoke the login (RFC 9700 section 4.14.2). The transport therefore asks the lock before
each attempt to send a token request, as late as it can.
"""

from __future__ import annotations

import contextlib
import contextvars

from globus_core import exc, steps, waiting
from globus_core._log import LazyLogger
from globus_core.exc.base import RenewalError, RenewalLockTimeoutError, StorageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from typing_extensions import Self

    from globus_core.token_storage import TokenStorage

    R = t.TypeVar("R")

log = LazyLogger("globus_core.authorizers")

#: how many times a renewal takes its lock again after it has lost it
LOCKS = 4
#: the part of a lease that one attempt may take; the rest is for storing its answer
ATTEMPT_SHARE = 2 / 3
# who waits for a lease asks for it at growing intervals, in seconds
_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 0.25

_current: contextvars.ContextVar[RenewalLease | None] = contextvars.ContextVar(
    "globus_core_renewal_lease", default=None
)


class LeaseLostError(RenewalError):
    """
    The lock on a renewal has ended, so that its request was not sent.
    """


class RenewalLease:
    """
    What a renewal lock that can be lost gives to its ``with`` block.

    :meth:`TokenStorage.renewal_lock` may give any object that has these methods; one that has no
    ``still_mine`` is a lock that cannot be lost.

    :ivar seconds: how long the lock lasts after it was taken or extended, by the clock of the
        storage; None for a lock that does not end by time
    """

    seconds: float | None = None

    def still_mine(self) -> bool:
        """
        Whether the caller still holds the lock.

        :raises StorageError: if that cannot be found out
        """
        raise NotImplementedError(f"{type(self).__name__} does not say whether it is still held")

    def extend(self) -> bool:
        """
        Let the lock last for all of its seconds again from now on; return whether it still was
        the caller's. A lock that has ended is never taken again by this.

        :raises StorageError: if that cannot be found out
        """
        return self.still_mine()


class StoredLease(RenewalLease):
    """
    Base of leases that a server keeps, for a ``with`` block.

    The stored lease has the name of its holder, and ends after ``seconds`` by the server's clock.
    A subclass overrides four methods, each of which does one step on the server that compares the
    name, so that a holder that lost its lease changes nothing. It may override :meth:`is_away`.

    :param seconds: how long the lock lasts after it was taken or extended
    :param timeout: the longest time to wait for it, in seconds
    :param purpose: what is done under it, for the error
    :param location: where it is stored, for the error
    :ivar owner: the holder: host, process, and a random part
    """

    def __init__(self, seconds: float, timeout: float, purpose: str, location: str) -> None:
        import os
        import secrets
        import socket

        self.seconds = seconds
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(8)}"
        self._timeout = timeout
        self._purpose = purpose
        self._location = location
        self._released = False

    def take(self) -> float | None:
        """
        Take the lease if nobody else has it; otherwise return for how many seconds they have it at
        most. Taking it twice changes nothing.
        """
        raise NotImplementedError

    def is_stored(self) -> bool:
        """
        Whether the stored lease is the caller's and has not ended.
        """
        raise NotImplementedError

    def prolong(self) -> bool:
        """
        Let the lease last for all of its seconds again if it is the caller's and has not ended, and
        return whether it was.
        """
        raise NotImplementedError

    def give_back(self) -> None:
        """
        Remove the lease if it is the caller's.
        """
        raise NotImplementedError

    def is_away(self, error: StorageError) -> bool:
        """
        Whether an error of the storage means that asking the server once more takes as long again.

        :param error: the error with which the ``with`` block ended
        """
        return False

    def still_mine(self) -> bool:
        return not self._released and self.is_stored()

    def extend(self) -> bool:
        return not self._released and self.prolong()

    def __enter__(self) -> Self:
        import time

        end = time.monotonic() + self._timeout
        pause = _FIRST_PAUSE
        try:
            while (left := self.take()) is not None:
                if time.monotonic() >= end:
                    raise RenewalLockTimeoutError(
                        f"{self._purpose} did not finish within {self._timeout:g} seconds; "
                        f"its lock at {self._location} is held by another process"
                    )
                waiting.sleep(max(0.001, min(pause, left, end - time.monotonic())))
                pause = min(1.5 * pause, _LONGEST_PAUSE)
            return self
        except StorageError:  # asking again would take as long again; the lease ends by itself
            raise
        except BaseException:
            self._release()
            raise

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, StorageError) and self.is_away(error):
            self._released = True  # it ends by itself
        else:
            self._release()

    def _release(self) -> None:
        """Give it back; if the server cannot be reached, it ends by itself."""
        self._released = True
        try:
            self.give_back()
        except StorageError as error:
            log.warning("a renewal lock stays for up to %g seconds: %s", self.seconds, error)


def renewed_under_lock(
    storage: TokenStorage,
    resource_server: str,
    renew: t.Callable[[t.ContextManager[None]], R],
) -> R:
    """
    Renew a token under the storage's lock; again from the start if the lock was lost before the
    request was sent, or before its answer came, since somebody else may have renewed the token
    since.

    :param storage: the storage
    :param resource_server: whose token it is
    :param renew: reads the storage and renews; it sends token requests in a ``with`` block of its
        argument
    :return: what ``renew`` returned
    :raises RenewalError: if the lock is not free in time, or was lost again and again
    """
    for _ in range(LOCKS):
        with steps.renewal_lock(storage, resource_server) as lease:
            try:
                return renew(_sending_under(lease))
            except LeaseLostError:
                log.info("the renewal lock for %r was lost before a request", resource_server)
            except exc.NetworkError as error:
                if not _is_lost(lease):
                    raise
                # this process was stopped meanwhile, so that the answer came too late
                log.info("the renewal lock for %r was lost, and %s", resource_server, error)
    raise RenewalError(
        f"the lock on the renewal of the token for {resource_server!r} was lost {LOCKS} times "
        "before a request could be sent"
    )


@contextlib.contextmanager
def _sending_under(lease: t.Any) -> t.Iterator[None]:
    """Ask a lease, unless it cannot be lost, before each request of this ``with`` block."""
    asked = _current.set(lease if hasattr(lease, "still_mine") else None)
    try:
        yield
    finally:
        _current.reset(asked)


def _is_lost(lease: t.Any) -> bool:
    """Whether a lock that can be lost was lost; not so if that cannot be found out."""
    try:
        return hasattr(lease, "still_mine") and not lease.still_mine()
    except StorageError:
        return False


def attempt_seconds() -> float | None:
    """
    How long an attempt may take that is sent now; None if no lease limits it.
    """
    lease = _current.get()
    seconds = None if lease is None else getattr(lease, "seconds", None)
    return None if seconds is None else seconds * ATTEMPT_SHARE


def confirm_lease() -> None:
    """
    Extend the lease under which a request is about to be sent, and see that it is still held.

    :raises LeaseLostError: if it is not, so that the request must not be sent
    :raises StorageError: if the storage cannot be asked
    """
    lease = _current.get()
    if lease is None:
        return
    if lease.extend() and lease.still_mine():
        return
    raise LeaseLostError("the lock on a renewal ended before its request was sent")
