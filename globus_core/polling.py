"""
Asking again and again, less and less often, also while the network or the service is down.
"""

from __future__ import annotations

from time import monotonic

from globus_core import waiting
from globus_core.arguments import check_numbers
from globus_core.exc import GlobusAPIError, GlobusSDKUsageError, NetworkError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    R = t.TypeVar("R")

LONGEST_PAUSE = 30.0


def polled(look: t.Callable[[], R], timeout: float | None) -> t.Iterator[R]:
    """
    Call a function at once, then after 1, 2, 4 ... 30 seconds, and yield what it returns.

    Nothing is yielded for a call that fails with an error that may pass.

    :param look: the function
    :param timeout: when to end, in seconds of real time; None never ends
    :return: an iterator, which calls the function when it is asked for the next value
    :raises GlobusSDKUsageError: at once, if ``timeout`` is no number, or negative
    :raises GlobusError: another error of the function, or its last one if it never returned
    """
    if timeout is not None:
        check_numbers(timeout=timeout)
        if not timeout >= 0:
            raise GlobusSDKUsageError(f"'timeout' must not be negative, but is {timeout}")
    return _polled(look, timeout)


def _polled(look: t.Callable[[], R], timeout: float | None) -> t.Iterator[R]:
    end = None if timeout is None else monotonic() + timeout
    pause = 1.0
    failure: Exception | None = None
    has_found = False
    while True:
        try:
            found = look()
        except (NetworkError, GlobusAPIError) as error:
            if not error.retryable:
                raise
            failure = error
        else:
            has_found = True
            yield found
        left = pause if end is None else end - monotonic()
        if left <= 0:
            break
        waiting.sleep(min(pause, left))
        pause = min(2 * pause, LONGEST_PAUSE)
    if failure is not None and not has_found:
        raise failure
