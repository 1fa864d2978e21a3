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
from itertools import chain, compress, repeat

from globus_core import waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from functools import partial

    from typing_extensions import Self
else:
    from _functools import partial  # functools itself imports much


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


class Mutex:
    """
    A plain lock and its owner; each use of it is a :class:`Held`.
    """

    __slots__ = ("__weakref__", "claim", "lock")

    def __init__(self) -> None:
        self.lock = _thread.allocate_lock()
        # by whom it is held: a tuple for each use, since the same owner may soon hold it again
        self.claim: tuple[t.Hashable] | None = None

    @property
    def mine(self) -> bool:
        """Whether the caller holds it."""
        claim = self.claim
        return claim is not None and claim[0] == waiting.owner()


class _Noted:
    """
    A lock that notes whether it was taken.

    It is taken and noted in one statement, inside which no interrupt can come.

    :ivar lock: the lock itself
    """

    __slots__ = ("_taken", "lock")

    def __init__(self, lock: waiting.Lock, taken: list[bool]) -> None:
        self.lock = lock
        self._taken = taken

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        self._taken[:] = map(self.lock.acquire, (blocking,), (timeout,))
        return self._taken[0]

    def release(self) -> None:
        self._taken[:] = (False,)
        self.lock.release()


class Held:
    """
    One use of a lock, for a ``with`` block; an interrupt at any line leaves the lock free.

    :param mutex: the lock of this process
    :param seconds: the longest time to wait for it, in seconds; None waits until it is free
    :param too_late: creates the error for a lock that is not free in time
    :param inside: creates the error if its owner takes it again; None allows that
    :param owned: False if its owner has to wait for it like everyone else
    """

    __slots__ = (
        "__exit__",
        "_free",
        "_inside",
        "_mutex",
        "_owned",
        "_seconds",
        "_taken",
        "_too_late",
    )

    if TYPE_CHECKING:

        def __exit__(self, *exc_info: object) -> None: ...

    def __init__(
        self,
        mutex: Mutex,
        seconds: float | None,
        too_late: t.Callable[[], Exception],
        inside: t.Callable[[], Exception] | None = None,
        *,
        owned: bool = True,
    ) -> None:
        self._mutex = mutex
        self._seconds = seconds
        self._too_late = too_late
        self._inside = inside
        self._owned = owned
        # whether the lock was taken: empty, or one bool
        taken: list[bool] = []
        self._taken = taken
        self._free = exit_in_c(
            map(setattr, compress((mutex,), taken), ("claim",), (None,)),
            map(_release, compress((mutex.lock,), taken)),
        )
        # no method, since an interrupt could come at the first line of one
        setattr(self, "__exit__", self._free)  # noqa: B010

    def __enter__(self) -> Self:
        mutex = self._mutex
        if self._owned and mutex.mine:
            if self._inside is not None:
                raise self._inside()
            return self
        claim = (waiting.owner(),)
        taken = self._taken
        try:
            taken.extend(map(mutex.lock.acquire, (False,)))
            if not taken[0] and not waiting.acquire(_Noted(mutex.lock, taken), self._seconds):
                raise self._too_late()
            mutex.claim = claim
            return self  # inside, since an interrupt may come at this line as well
        except BaseException:
            self.give_back()
            raise

    def still_mine(self) -> bool:
        """
        Whether the caller holds the lock; see :class:`globus_core.leases.RenewalLease`.
        """
        return self._mutex.mine

    extend = still_mine

    def give_back(self) -> None:
        """
        Release the lock if this object took it and has not released it yet.
        """
        self._free(None, None)


def exit_in_c(*steps: t.Iterable[object]) -> t.Callable[..., bool]:
    """
    An ``__exit__`` in C, where no interrupt can come, for an attribute of an object.

    ``max`` calls its key for False and for each argument of ``__exit__``, and each call does a
    step. All have the same result, so it returns the first, False.

    :param steps: iterators in C that do something for each of their items, which are at most two
        together
    """
    return partial(max, False, key=partial(next, map(bool, chain(*steps, _no_more_steps))))


_release: t.Callable[[t.Any], object] = _thread.LockType.release
_no_more_steps = repeat(None)


class Mutexes:
    """
    Plain locks by key, each of which exists for as long as somebody holds it, waits for it or
    keeps it.

    A program that renews the tokens of many people would otherwise keep a lock for each of them.
    """

    __slots__ = ("_by_key", "_making")

    def __init__(self) -> None:
        self._by_key: t.MutableMapping[tuple[int, t.Hashable], Mutex] | None = None
        self._making = ForkSafeLock()

    def get(self, key: t.Hashable) -> Mutex:
        """
        The lock of a key in this process.

        :param key: the key
        """
        mine = (os.getpid(), key)
        mutex = None if self._by_key is None else self._by_key.get(mine)
        if mutex is not None:
            return mutex
        with self._making.held():
            if self._by_key is None:
                from weakref import WeakValueDictionary

                self._by_key = WeakValueDictionary()
            mutex = self._by_key.get(mine)
            if mutex is None:
                mutex = self._by_key[mine] = Mutex()
            return mutex


def held_once(mutex: Mutex, purpose: str, timeout: float) -> Held:
    """
    Take a lock for a ``with`` block, as its owner can do only once.

    :param mutex: the lock
    :param purpose: what is done under it, for the errors: ``a renewal of this token``
    :param timeout: seconds to wait for it at the most
    :raises RenewalError: if its owner already holds it, or it is not free in time
    """

    def too_late() -> Exception:
        return _renewal_error(f"{purpose} did not end within {timeout:g} seconds")

    def inside() -> Exception:
        return _renewal_error(f"this thread is already inside {purpose}")

    return Held(mutex, timeout, too_late, inside)


class OwnedLock:
    """
    A lock with a deadline within one process, which knows its owner: the thread, or whatever
    :func:`globus_core.waiting.owner` returns.

    :param purpose: what is done under it, for the errors: ``a renewal of this token``
    """

    __slots__ = ("_mutex", "_purpose")

    def __init__(self, purpose: str) -> None:
        self._purpose = purpose
        self._mutex = PerProcess(Mutex)

    @property
    def busy(self) -> bool:
        """Whether the lock is held in this process."""
        return self._mutex.get().claim is not None

    def held(self, timeout: float) -> Held:
        """
        Take the lock for a ``with`` block.

        :param timeout: seconds to wait for it at the most
        :raises RenewalError: if this thread already holds it, or it is not free in time
        """
        return held_once(self._mutex.get(), self._purpose, timeout)


def _renewal_error(message: str) -> Exception:
    from .exc.base import RenewalError

    return RenewalError(message)


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
        self._mutex = PerProcess(Mutex)

    def held(self) -> Held:
        """
        Take the lock for a ``with`` block.
        """
        return Held(self._mutex.get(), self._seconds, self._too_late)


class ForkSafeLock(DeadlineRLock):
    """
    A lock for short sections; it is free at the start of a child process.
    """

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(None, TimeoutError)
