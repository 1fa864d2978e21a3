"""
Times of schedules, which always have a time zone.
"""

from __future__ import annotations

import datetime
import re

from globus_core import MissingType
from globus_core.exc import ValidationError

#: a date, or a date and a time, in ISO 8601; the last group is the time zone
_TIME = re.compile(
    r"\s*\d{4}-?\d\d-?\d\d(?:[T ][\d:.,]*)?\s*(Z|[+-]\d\d(?::?\d\d)?)?\s*", re.IGNORECASE
)


def time_text(
    value: datetime.datetime | str | MissingType, name: str, *, timespec: str = "seconds"
) -> str | MissingType:
    """
    A time as it is sent; MISSING and text stay as they are.

    :param value: a datetime with a time zone, or text
    :param name: its name, for the error
    :param timespec: how exact the text of a datetime is
    :raises ValidationError: if it has no time zone
    """
    if isinstance(value, (str, MissingType)):
        _check_text(value, name)
        return value
    if not isinstance(value, datetime.datetime):
        raise ValidationError(f"{name!r} must be a datetime or text, not {type(value).__name__}")
    if value.utcoffset() is None:
        raise ValidationError(
            f"{name!r} has no time zone: use value.astimezone() if {value} is local time"
        )
    return value.isoformat(timespec=timespec)


def _check_text(value: object, name: str) -> None:
    """Refuse a time without a time zone; what is no time is left to the service."""
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is not None and found[1] is None:
        raise ValidationError(f"{name!r} has no time zone: add Z or an offset to {value!r}")


def read_time(value: object, name: str) -> datetime.datetime:
    """
    A time in a document, in UTC.

    :param value: the time, in ISO 8601 with a time zone
    :param name: its name, for the error
    :raises ValidationError: if it is no such time
    """
    if isinstance(value, str):
        text = value.strip()
        if text[-1:] in "Zz":
            text = f"{text[:-1]}+00:00"
        try:
            found = datetime.datetime.fromisoformat(text)
            if found.utcoffset() is not None:
                return found.astimezone(datetime.timezone.utc)
        except (ValueError, OverflowError):
            pass
    raise ValidationError(f"{name!r} must be a time with a time zone, not {value!r}")
