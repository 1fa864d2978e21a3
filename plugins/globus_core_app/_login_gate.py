"""
One login at a time in an app, whose failure is shared by all threads that waited for it.
"""

from __future__ import annotations

import contextlib
import time
from itertools import compress

from globus_core import waiting
from globus_core.exc import GlobusError, LoginTimeoutError
from globus_core.locks import DeadlineRLock, PerProcess, exit_in_c

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: seconds that a thread waits for another thread, which may be waiting for a person to log in
WAIT_SECONDS = 1200.0


class LoginGate(DeadlineRLock):
    """
    The re-entrant lock of an app; it also records which threads must not start a login.

    :param seconds: the longest time to wait for it
    """

    __slots__ = ("_barred",)

    def __init__(self, seconds: float = WAIT_SECONDS) -> None:
        message = f"another thread's login did not finish within {seconds:g} seconds"
        super().__init__(seconds, lambda: LoginTimeoutError(message))
        self._barred = PerProcess(set)

    @property
    def logins_barred(self) -> bool:
        """Whether the caller is inside :meth:`barring_logins`."""
        return waiting.owner() in self._barred.get()

    def barring_logins(self) -> Barring:
        """
        Do not start a login within a ``with`` block, for example inside another login.
        """
        return Barring(self._barred.get())


class Barring:
    """
    Adds the caller to those who must not start a login, for a ``with`` block.

    An interrupt at any line leaves the caller as before.

    :param barred: who must not
    """

    __slots__ = ("__exit__", "_added", "_barred", "_free", "_me")

    if TYPE_CHECKING:

        def __exit__(self, *exc_info: object) -> None: ...

    def __init__(self, barred: set[t.Hashable]) -> None:
        self._barred = barred
        self._me = waiting.owner()
        self._added: list[bool] = []
        self._free = exit_in_c(map(barred.discard, compress((self._me,), self._added)))
        setattr(self, "__exit__", self._free)  # noqa: B010

    def __enter__(self) -> None:
        if self._me in self._barred:
            return
        try:
            self._added.append(True)  # first: to remove it twice does no harm
            self._barred.add(self._me)
        except BaseException:
            self._free(None)
            raise


class SharedFailure:
    """
    The error of the last login, for the threads that waited for it, so that a person who denied it
    is not prompted again for each of them. Used with the gate held.
    """

    def __init__(self) -> None:
        self._when = 0.0
        self._what: object = None
        self._error: GlobusError | None = None

    @contextlib.contextmanager
    def noting(self, what: object = None) -> t.Iterator[None]:
        """
        Run an attempt in a ``with`` block and keep its error.

        :param what: what the attempt is for, compared by :meth:`raise_if_since`
        """
        self._error = None
        try:
            yield
        except GlobusError as error:
            self._when, self._what, self._error = time.monotonic(), what, error
            raise

    def raise_if_since(self, begun: float, what: object = None) -> None:
        """
        Raise the error of an attempt that failed while the caller was waiting.

        :param begun: when the caller started to wait, by the monotonic clock
        :param what: what the caller needs a login for
        """
        if self._error is not None and self._when >= begun and self._what == what:
            raise self._error
