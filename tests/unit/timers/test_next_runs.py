"""
When a timer will run, told from its document.
"""

from __future__ import annotations

import datetime
import itertools
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core import OnceTimerSchedule, RecurringTimerSchedule, TimerJob, ValidationError
from globus_core.services.timers import next_runs
from globus_core.testing import get_response_set

UTC = datetime.timezone.utc
START = datetime.datetime(2040, 1, 1, tzinfo=UTC)
HOUR = datetime.timedelta(hours=1)
EVERY_HOUR = RecurringTimerSchedule(3600, START)


def hours(*numbers: int) -> list[datetime.datetime]:
    """Times some hours after the start."""
    return [START + number * HOUR for number in numbers]


def test_a_schedule_tells_its_runs() -> None:
    """From its start on, or after another time; in UTC."""
    east = START.astimezone(datetime.timezone(8 * HOUR))

    assert next_runs(EVERY_HOUR, 3, after=START - HOUR) == hours(0, 1, 2)
    assert next_runs(EVERY_HOUR, 2, after=START) == hours(1, 2)
    assert next_runs(EVERY_HOUR, after=START + 90 * HOUR + HOUR / 2) == hours(91)
    (told,) = next_runs(OnceTimerSchedule(east), 5, after=START - HOUR)
    assert (told, told.tzinfo) == (START, UTC)
    assert next_runs(OnceTimerSchedule(START), after=START) == []


def test_a_schedule_without_a_start_begins_now() -> None:
    """With the moment after the one that is asked about."""
    first, second = next_runs(RecurringTimerSchedule(3600), 2, after=START)

    assert START < first < START + datetime.timedelta(seconds=1)
    assert second - first == HOUR
    assert len(next_runs(OnceTimerSchedule(), 5)) == 1


@pytest.mark.parametrize(
    "end",
    [
        {"condition": "iterations", "iterations": 3},
        {"condition": "iterations", "count": 3},
        {"condition": "time", "datetime": START + 2 * HOUR},
    ],
)
def test_an_end_is_kept(end: dict[str, t.Any]) -> None:
    """A number of runs, by either name, or a time, which may be that of the last run."""
    schedule = RecurringTimerSchedule(3600, START, end)

    assert next_runs(schedule, 9, after=START - HOUR) == hours(0, 1, 2)
    assert next_runs(schedule, 9, after=START + HOUR) == hours(2)


def test_an_old_timer_tells_its_runs() -> None:
    """As it is sent."""
    job = TimerJob("u", {}, START, HOUR, stop_after_n=2)
    ends = TimerJob("u", {}, START, HOUR, stop_after=START + HOUR)
    once = TimerJob("u", {}, START, None)

    assert next_runs(job, 9, after=START - HOUR) == hours(0, 1)
    assert next_runs(ends, 9, after=START - HOUR) == hours(0, 1)
    assert next_runs(once, 9, after=START - HOUR) == hours(0)


def test_a_timer_of_the_service_goes_on_from_its_next_run() -> None:
    """As often as it has not yet run; in the new form, in the old one, and in an answer."""
    job = get_response_set("timer.get_job").lookup("default")
    document = t.cast("dict[str, t.Any]", t.cast("t.Any", job).json)
    after = datetime.datetime(2026, 3, 2, 21, tzinfo=UTC)
    told = next_runs(document, 100, after=after)
    new = {
        "timer": {
            "schedule": {
                "type": "recurring",
                "interval_seconds": 86400,
                "start": document["start"],
                "end": {"count": 30},
            },
            "next_run": document["next_run"],
            "number_of_runs": 2,
            "status": "loaded",
        }
    }

    assert told[0].isoformat() == document["next_run"]
    assert len(told) == 28
    assert next_runs(new, 100, after=after) == told


@pytest.mark.parametrize("case", ["inactive_user", "inactive_gare"])
def test_a_timer_that_is_paused_has_no_runs(case: str) -> None:
    """Nor has one that has ended."""
    paused: t.Any = get_response_set("timer.get_job").lookup(case)

    assert next_runs(paused.json, 9) == []
    assert next_runs({**paused.json, "status": "ended"}, 9) == []
    assert next_runs({**EVERY_HOUR, "next_run": None}, 9) == []


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"type": "x"},
        {"type": "once", "datetime": "tomorrow"},
        {"type": "once", "datetime": "2040-01-01T00:00:00"},
        {"type": "once", "datetime": 5},
        {"type": "recurring"},
        {"type": "recurring", "interval_seconds": 0},
        {"type": "recurring", "interval_seconds": True},
        {"type": "recurring", "interval_seconds": float("nan")},
        {"type": "recurring", "interval_seconds": 1e-9},
        {"type": "once", "datetime": "0001-01-01T00:00:00+14:00"},
        {"type": "recurring", "interval_seconds": "x"},
        {"start": "x"},
    ],
)
def test_what_is_no_timer_is_refused(document: t.Any) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(ValidationError):
        next_runs(document)


def test_a_time_without_a_zone_is_no_time_to_begin_at() -> None:
    """As everywhere in timers."""
    with pytest.raises(ValidationError, match="'after'"):
        next_runs(EVERY_HOUR, after=START.replace(tzinfo=None))


@pytest.mark.parametrize("after", ["2040-01-01T00:00:00Z", START.date(), 5])
def test_what_is_no_time_is_no_time_to_begin_at(after: t.Any) -> None:
    """Text and dates are not read."""
    with pytest.raises(ValidationError, match="'after' must be a datetime"):
        next_runs(EVERY_HOUR, after=after)


@pytest.mark.parametrize("count", [None, -1, 1.5, "2", True])
def test_a_number_of_runs_is_a_number(count: t.Any) -> None:
    """None does not mean all runs, of which there may be no end."""
    with pytest.raises(ValidationError, match="'count'"):
        next_runs(EVERY_HOUR, count)


@pytest.mark.parametrize("status", [[], {}, 5, None, "odd"])
def test_a_status_that_is_not_known_tells_nothing(status: t.Any) -> None:
    """The schedule does."""
    assert next_runs({**EVERY_HOUR, "status": status}, after=START) == hours(1)


def test_the_calendar_has_an_end() -> None:
    """Runs after the year 9999 are not told, and none are after its last moment."""
    schedule = RecurringTimerSchedule(10**15, START)
    last = datetime.datetime.max

    assert next_runs(schedule, 9, after=START - HOUR) == [START]
    for each in (EVERY_HOUR, RecurringTimerSchedule(1), OnceTimerSchedule()):
        assert next_runs(each, 9, after=last.replace(tzinfo=UTC)) == []
    with pytest.raises(ValidationError, match="'after' is in no year"):
        next_runs(EVERY_HOUR, after=last.replace(tzinfo=datetime.timezone(-HOUR)))


@given(
    interval=st.integers(1, 10**6),
    runs=st.none() | st.integers(1, 50),
    passed=st.integers(-(10**6), 10**7),
)
def test_the_runs_are_those_of_counting(interval: int, runs: int | None, passed: int) -> None:
    """However much time has passed, the answer is that of going through all runs in turn."""
    end = {"condition": "iterations", "iterations": runs}
    schedule = RecurringTimerSchedule(interval, START, **({} if runs is None else {"end": end}))
    after = START + datetime.timedelta(seconds=passed)
    step = datetime.timedelta(seconds=interval)
    first = max(0, passed // interval - 2)
    numbers = itertools.count(first) if runs is None else range(first, runs)
    all_times = (START + number * step for number in numbers)

    expected = list(itertools.islice((time for time in all_times if time > after), 4))
    assert next_runs(schedule, 4, after=after) == expected
