"""When a timer runs, as requests say it, in the new and in the old form."""

from __future__ import annotations

import dataclasses
import typing as t

from .answers import Document, Place, invalid, member, missing, read_time, time_text

#: how old the time of a first run may be, since requests take time
_GRACE = 60.0
#: the end of the year 9999, after which there are no dates
LAST_TIME = 253402300799.0


@dataclasses.dataclass(frozen=True)
class Schedule:
    """
    When a timer runs.

    :param first: the first run, in epoch seconds
    :param interval: the seconds between runs; None for one run
    :param runs: the number of runs; None for any number
    :param until: there are no runs after this time; None for no end
    """

    first: float
    interval: int | None = None
    runs: int | None = None
    until: float | None = None

    @property
    def step(self) -> float | None:
        """
        The seconds between runs, as far as there are dates; None for one run.
        """
        return None if self.interval is None else float(min(self.interval, 2 * LAST_TIME))

    def after(self, time: float) -> float:
        """
        The first time of the schedule that is not before another time; if there is only one time
        and it is over, that other time.

        :param time: the other time
        """
        if time <= self.first:
            return self.first
        if self.step is None:
            return time
        skipped = -((self.first - time) // self.step)
        return self.first + skipped * self.step

    def document(self) -> Document:
        """
        The schedule in the new form.
        """
        if self.interval is None:
            return {"type": "once", "datetime": time_text(self.first)}
        end: Document | None = None
        if self.runs is not None:
            end = {"condition": "iterations", "count": self.runs}
        elif self.until is not None:
            end = {"condition": "time", "datetime": time_text(self.until)}
        start = time_text(self.first)
        return {
            "type": "recurring",
            "interval_seconds": self.interval,
            "start": start,
            "end": end,
        }

    def stop_after(self) -> Document:
        """
        The end in the old form.
        """
        runs = 1 if self.interval is None else self.runs
        return {"date": time_text(self.until), "n_runs": runs}


def read_schedule(document: Document, place: Place, now: float) -> Schedule:
    """
    A schedule in the new form.

    :param document: the schedule
    :param place: where it is
    :param now: the time
    :raises ApiError: 422 for a wrong field
    """
    kind = member(document, "type", place, str)
    if kind == "once":
        return Schedule(_first(document.get("datetime"), (*place, "datetime"), now))
    if kind != "recurring":
        raise invalid((*place, "type"), "value must be 'once' or 'recurring'")
    seconds = document.get("interval_seconds")
    if seconds is None:
        raise missing((*place, "interval_seconds"))
    interval = _positive(seconds, (*place, "interval_seconds"))
    first = _first(document.get("start"), (*place, "start"), now)
    end = document.get("end")
    if end is None:
        return Schedule(first, interval)
    return _with_end(Schedule(first, interval), end, (*place, "end"))


def _with_end(schedule: Schedule, end: t.Any, place: Place) -> Schedule:
    if not isinstance(end, dict):
        raise invalid(place, "value is not a valid dict")
    condition = member(end, "condition", place, str)
    if condition == "iterations":
        name = "count" if "count" in end else "iterations"
        if name not in end:
            raise missing((*place, name))
        return dataclasses.replace(schedule, runs=_positive(end[name], (*place, name)))
    if condition == "time":
        until = read_time(end.get("datetime"), (*place, "datetime"))
        if until < schedule.first:
            raise invalid((*place, "datetime"), "the end must not be before the start")
        return dataclasses.replace(schedule, until=until)
    raise invalid((*place, "condition"), "value must be 'iterations' or 'time'")


def read_job_schedule(document: Document, now: float) -> Schedule:
    """
    A schedule in the old form, whose fields are beside the others.

    :param document: the timer
    :param now: the time
    :raises ApiError: 422 for a wrong field
    """
    if document.get("start") is None:
        raise missing(("body", "start"))
    first = _first(document["start"], ("body", "start"), now)
    interval, runs, stop = (
        document.get(name) for name in ("interval", "stop_after_n", "stop_after")
    )
    return Schedule(
        first,
        None if interval is None else _positive(interval, ("body", "interval")),
        None if runs is None else _positive(runs, ("body", "stop_after_n")),
        None if stop is None else read_time(stop, ("body", "stop_after")),
    )


def _first(value: t.Any, place: Place, now: float) -> float:
    """The time of the first run; now if there is none."""
    if value is None:
        return now
    first = read_time(value, place)
    if first < now - _GRACE:
        raise invalid(place, "the time must not be in the past")
    return first


def _positive(value: t.Any, place: Place) -> int:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or (isinstance(value, float) and not value.is_integer()):
        raise invalid(place, "value is not a valid integer", "type_error.integer")
    if value < 1:
        raise invalid(place, "the value must be greater than 0")
    return int(value)
