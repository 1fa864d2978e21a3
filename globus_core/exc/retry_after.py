"""
Reading Retry-After headers.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


def retry_after_seconds(headers: t.Mapping[str, str]) -> float | None:
    """
    Read a Retry-After header (RFC 9110 section 10.2.3), as a number of seconds or as a date.

    A date is compared with the response's Date header if there is one, so that a wrong local clock
    does not matter.

    :param headers: the response headers
    :returns: seconds to wait, more than 0; None if the header is absent or invalid, or asks for no
        wait
    """
    value = headers.get("Retry-After")
    if not value:
        return None
    seconds = _number(value)
    if seconds is None:
        seconds = _until(value, headers.get("Date"))
    # not a plain comparison: "nan" and "inf" are numbers too
    return seconds if seconds is not None and 0 < seconds < float("inf") else None


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _until(value: str, date: str | None) -> float | None:
    import time

    then = _timestamp(value)
    if then is None:
        return None
    now = _timestamp(date) if date else None
    return then - (time.time() if now is None else now)


def _timestamp(value: str) -> float | None:
    from email.utils import mktime_tz, parsedate_tz

    try:
        parsed = parsedate_tz(value)
        return None if parsed is None else float(mktime_tz(parsed))
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
