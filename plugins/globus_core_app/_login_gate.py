"""
One login at a time for all threads of an app, and one outcome for those that waited for it.
"""

from __future__ import annotations

import contextlib
import time

from globus_core import waiting
from globus_core.exc import GlobusError, LoginTimeoutError
from globus_core.locks import DeadlineRLock, PerProcess

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: seconds that a thread waits for what another one does, which may be a person's login
WAIT_SECONDS = 1200.0


class LoginGate(DeadlineRLock):
    """
    The lock of an app, which its owner may take again; and who must not start a login now.

    :param seconds: how long to wait for it at the most
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

    @contextlib.contextmanager
    def barring_logins(self) -> t.Iterator[None]:
        """
        Start no login within a ``with`` block, such as one inside a login.
        """
        barred, me = self._barred.get(), waiting.owner()
        if me in barred:
            yield
            return
        barred.add(me)
        try:
            yield
        finally:
            barred.discard(me)


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
