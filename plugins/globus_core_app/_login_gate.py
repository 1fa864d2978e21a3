"""
One login at a time for all threads of an app, and one outcome for those that waited for it.
"""

from __future__ import annotations

import contextlib
import threading
import time

from globus_core.exc import GlobusError, LoginTimeoutError
from globus_core.locks import PerProcess

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: seconds that a thread waits for what another one does, which may be a person's login
WAIT_SECONDS = 1200.0


class LoginGate:
    """
    A lock that its thread may take again, with a deadline, and free in a forked child.

    :param seconds: how long to wait for it at the most
    """

    def __init__(self, seconds: float = WAIT_SECONDS) -> None:
        self._seconds = seconds
        self._mutex = PerProcess(threading.RLock)
        self._inside = threading.local()

    def __enter__(self) -> None:
        if not self._mutex.get().acquire(timeout=self._seconds):
            raise LoginTimeoutError(
                f"another thread's login did not end within {self._seconds:g} seconds"
            )

    def __exit__(self, *exc_info: object) -> None:
        self._mutex.get().release()

    @property
    def logins_barred(self) -> bool:
        """Whether this thread is inside :meth:`barring_logins`."""
        return getattr(self._inside, "barred", False)

    @contextlib.contextmanager
    def barring_logins(self) -> t.Iterator[None]:
        """
        Start no login from within a ``with`` block, such as one inside a login.
        """
        before = self.logins_barred
        self._inside.barred = True
        try:
            yield
        finally:
            self._inside.barred = before


class SharedFailure:
    """
    How the last login that was needed went wrong, for those who waited for it: a person who has
    denied it is not asked again for each waiting thread. To be used inside the gate.
    """

    def __init__(self) -> None:
        self._when = 0.0
        self._what: object = None
        self._error: GlobusError | None = None

    @contextlib.contextmanager
    def noting(self, what: object = None) -> t.Iterator[None]:
        """
        Do an attempt, and keep its error.

        :param what: what the attempt is for
        """
        self._error = None
        try:
            yield
        except GlobusError as error:
            self._when, self._what, self._error = time.monotonic(), what, error
            raise

    def raise_if_since(self, begun: float, what: object = None) -> None:
        """
        Raise the error of an attempt that failed while the caller waited.

        :param begun: when the caller began to wait, by the monotonic clock
        :param what: what the caller wants an attempt for
        """
        if self._error is not None and self._when >= begun and self._what == what:
            raise self._error
