"""
When timers run.
"""

from __future__ import annotations

from globus_core import MISSING
from globus_core.documents import Document

from .times import time_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime as dt
    import typing as t

    from globus_core import MissingType

    Time: t.TypeAlias = dt.datetime | str


class OnceTimerSchedule(Document):
    """
    One run.

    :param datetime: when: a datetime with a time zone, or text; MISSING for at once
    :raises ValidationError: if the time has no time zone
    """

    def __init__(self, datetime: Time | MissingType = MISSING) -> None:
        super().__init__({"type": "once", "datetime": time_text(datetime, "datetime")})


class RecurringTimerSchedule(Document):
    """
    A run after each interval.

    :param interval_seconds: how much later each run is than the one before
    :param start: the first run: a datetime with a time zone, or text; MISSING for at once
    :param end: when to stop, ``{"condition": "iterations", "iterations": 10}`` or
        ``{"condition": "time", "datetime": ...}``, which is not changed; MISSING for never
    :raises ValidationError: if a time has no time zone
    """

    def __init__(
        self,
        interval_seconds: int,
        start: Time | MissingType = MISSING,
        end: dict[str, t.Any] | MissingType = MISSING,
    ) -> None:
        fields = {
            "type": "recurring",
            "interval_seconds": interval_seconds,
            "start": time_text(start, "start"),
            "end": end,
        }
        if isinstance(end, dict) and "datetime" in end:
            fields["end"] = {**end, "datetime": time_text(end["datetime"], "end")}
        super().__init__(fields)
