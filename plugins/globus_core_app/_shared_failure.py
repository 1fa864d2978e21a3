"""
One failure for all threads that waited for the same attempt.
"""

from __future__ import annotations

import contextlib
import time

from globus_core.exc import GlobusError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class SharedFailure:
    """
    How the last login that was needed went wrong, for those who waited for it: a person who has
    denied it is not asked again for each waiting thread. To be used under the app's lock.
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
