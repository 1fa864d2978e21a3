"""
When a timer will run.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools

from globus_core import MISSING
from globus_core.exc import ValidationError
from globus_core.response import GlobusHTTPResponse

from .times import read_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Fields: t.TypeAlias = t.Mapping[str, t.Any]

_WITHOUT_RUNS = {"inactive", "ended"}
_LAST_TIME = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)


@dataclasses.dataclass(frozen=True)
class _Rule:
    """
    When a timer runs.

    :param first: its first run, or the next one if that is known
    :param interval: how much later each run is; None for one run
    :param runs: how many there are from the first one; None for any number
    :param until: there are none after this; None for no end
    """

    first: datetime.datetime
    interval: datetime.timedelta | None
    runs: int | None = None
    until: datetime.datetime | None = None


def next_runs(
    timer: Fields | GlobusHTTPResponse, count: int = 1, *, after: datetime.datetime | None = None
) -> list[datetime.datetime]:
    """
    Tell the next times at which a timer will run, in UTC; fewer if it ends before.

    A timer that is paused, inactive or at its end has none.

    :param timer: a timer as the service answers it, in the new or the old form, or a schedule, such
        as a :class:`RecurringTimerSchedule`
    :param count: how many times to tell
    :param after: only times after this one, with a time zone; None for now
    :raises ValidationError: if the document is none of these, a time in it or ``after`` has no time
        zone, or ``count`` is no number of runs
    """
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise ValidationError(f"'count' must be a number of runs, not {count!r}")
    document = timer.data if isinstance(timer, GlobusHTTPResponse) else timer
    now = datetime.datetime.now(datetime.timezone.utc) if after is None else _in_utc(after)
    rule = _rule(document, now)
    return [] if rule is None else list(itertools.islice(_times(rule, now), count))


def _in_utc(after: t.Any) -> datetime.datetime:
    if not isinstance(after, datetime.datetime):
        raise ValidationError(f"'after' must be a datetime, not {type(after).__name__}")
    if after.utcoffset() is None:
        raise ValidationError("'after' has no time zone")
    try:
        return after.astimezone(datetime.timezone.utc)
    except OverflowError:
        raise ValidationError(f"'after' is in no year of UTC: {after}") from None


def _times(rule: _Rule, after: datetime.datetime) -> t.Iterator[datetime.datetime]:
    skipped = 0
    if rule.first <= after and rule.interval is not None:
        skipped = (after - rule.first) // rule.interval + 1
    numbers = range(1) if rule.interval is None else itertools.count(skipped)
    for number in numbers:
        try:
            time = rule.first + number * (rule.interval or datetime.timedelta())
        except OverflowError:  # after the year 9999
            return
        if rule.runs is not None and number >= rule.runs:
            return
        if rule.until is not None and time > rule.until:
            return
        if time > after:
            yield time


def _rule(document: t.Any, now: datetime.datetime) -> _Rule | None:
    """The rule of a timer or a schedule; None if there are no more runs."""
    if not isinstance(document, dict):
        raise ValidationError(f"a timer is a JSON object, not {type(document).__name__}")
    if isinstance(document.get("timer"), dict):
        document = document["timer"]
    if str(document.get("status")) in _WITHOUT_RUNS:
        return None
    rule = _written_rule(document, now)
    if "next_run" not in document:
        return rule
    if document["next_run"] is None:
        return None
    runs = rule.runs
    if runs is not None:
        runs -= _number(document.get("number_of_runs", document.get("n_runs"))) or 0
    return dataclasses.replace(rule, first=read_time(document["next_run"], "next_run"), runs=runs)


def _written_rule(document: Fields, now: datetime.datetime) -> _Rule:
    if isinstance(document.get("schedule"), dict):
        return _of_schedule(document["schedule"], now)
    if document.get("type") in ("once", "recurring"):
        return _of_schedule(document, now)
    if "start" in document:
        return _of_job(document)
    raise ValidationError("the document is neither a timer nor a schedule")


def _of_schedule(schedule: Fields, now: datetime.datetime) -> _Rule:
    if schedule.get("type") == "once":
        return _Rule(_time(schedule, "datetime", now), None)
    end = schedule.get("end")
    end = end if isinstance(end, dict) else {}
    until = read_time(end["datetime"], "end") if end.get("datetime") else None
    runs = _number(end.get("iterations", end.get("count")))
    interval = _interval(schedule.get("interval_seconds"), "interval_seconds")
    return _Rule(_time(schedule, "start", now), interval, runs, until)


def _of_job(job: Fields) -> _Rule:
    stop = job.get("stop_after") or {}
    if not isinstance(stop, dict):  # the document of a TimerJob, which is to be created
        stop = {"date": stop}
    runs = _number(stop.get("n_runs") or job.get("stop_after_n"))
    until = read_time(stop["date"], "stop_after") if stop.get("date") else None
    interval = None if job.get("interval") is None else _interval(job["interval"], "interval")
    return _Rule(read_time(job["start"], "start"), interval, runs, until)


def _time(schedule: Fields, name: str, now: datetime.datetime) -> datetime.datetime:
    """A time of a schedule; without one, at once."""
    value = schedule.get(name, MISSING)
    if value is not MISSING and value is not None:
        return read_time(value, name)
    moment = datetime.timedelta(microseconds=1)  # the run is in the first moment after now
    return now + min(moment, _LAST_TIME - now)


def _interval(value: object, name: str) -> datetime.timedelta:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
        raise ValidationError(f"{name!r} must be a number of seconds above 0, not {value!r}")
    try:
        interval = datetime.timedelta(seconds=value)
    except OverflowError:
        return datetime.timedelta.max
    except ValueError:  # for what is no number
        interval = datetime.timedelta()
    if not interval:
        raise ValidationError(f"{name!r} must be a number of seconds above 0, not {value!r}")
    return interval


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
