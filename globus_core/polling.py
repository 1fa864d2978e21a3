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


def polled(
    look: t.Callable[[], R], timeout: float | None, *, interval: float | None = None
) -> t.Iterator[R]:
    """
    Call a function at once, then after 1, 2, 4 ... 30 seconds, and yield what it returns.

    Nothing is yielded for a call that fails with an error that may pass.

    :param look: the function
    :param timeout: when to end, in seconds of real time; None never ends
    :param interval: call it after always so many seconds instead
    :return: an iterator, which calls the function when it is asked for the next value
    :raises GlobusSDKUsageError: at once, if one of the times is no number, or negative
    :raises GlobusError: another error of the function, or its last one if it never returned
    """
    check_numbers(timeout=timeout, interval=interval)
    for name, seconds in (("timeout", timeout), ("interval", interval)):
        if seconds is not None and not seconds >= 0:
            raise GlobusSDKUsageError(f"{name!r} must not be negative, but is {seconds}")
    first, longest = (1.0, LONGEST_PAUSE) if interval is None else (interval, interval)
    return _polled(look, timeout, first, longest)


def _polled(
    look: t.Callable[[], R], timeout: float | None, pause: float, longest: float
) -> t.Iterator[R]:
    end = None if timeout is None else monotonic() + timeout
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
        pause = min(2 * pause, longest)
    if failure is not None and not has_found:
        raise failure
