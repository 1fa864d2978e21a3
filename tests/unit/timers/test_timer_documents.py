"""
The documents of timers: the same as globus-sdk's, but for times without a zone.
"""

from __future__ import annotations

import datetime
import typing as t

import globus_sdk
import pytest
from hypothesis import given
from hypothesis import strategies as st

import globus_core
from globus_core import (
    MISSING,
    FlowTimer,
    OnceTimerSchedule,
    RecurringTimerSchedule,
    TimerJob,
    TransferTimer,
    ValidationError,
)

UTC = datetime.timezone.utc
EAST = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
NOON = datetime.datetime(2040, 1, 2, 12, 0, 0, 500, tzinfo=EAST)
NAIVE = datetime.datetime(2040, 1, 2, 12)
BODY = {"DATA": [{"source_path": "/a"}], "submission_id": "x", "skip_activation_check": True}


def plain(document: dict[str, t.Any]) -> dict[str, t.Any]:
    """A document as it is sent: what is MISSING is left out."""
    return {
        key: plain(value) if isinstance(value, dict) else value
        for key, value in document.items()
        if "MISSING" not in repr(value) or isinstance(value, dict)
    }


DOCUMENTS: dict[str, t.Callable[[t.Any], t.Any]] = {
    "once, at once": lambda sdk: sdk.OnceTimerSchedule(),
    "once": lambda sdk: sdk.OnceTimerSchedule(NOON),
    "once, as text": lambda sdk: sdk.OnceTimerSchedule("2040-01-01T00:00:00Z"),
    "recurring": lambda sdk: sdk.RecurringTimerSchedule(60),
    "recurring with an end": lambda sdk: sdk.RecurringTimerSchedule(
        60, start=NOON, end={"condition": "time", "datetime": NOON}
    ),
    "recurring, counted": lambda sdk: sdk.RecurringTimerSchedule(
        60, "2040-01-01T00:00:00+00:00", {"condition": "iterations", "iterations": 3}
    ),
    "transfer": lambda sdk: sdk.TransferTimer(
        name="n", schedule=sdk.OnceTimerSchedule(), body=BODY
    ),
    "flow": lambda sdk: sdk.FlowTimer(flow_id="f", schedule={"type": "once"}, body={"body": {}}),
    "old": lambda sdk: sdk.TimerJob("u", {"a": 1}, NOON, datetime.timedelta(days=1)),
    "old, complete": lambda sdk: sdk.TimerJob(
        *("u", {"a": 1}, "2040-01-01T00:00:00Z", 60),
        name="n",
        stop_after=NOON,
        stop_after_n=3,
        scope="s",
    ),
    "old, once": lambda sdk: sdk.TimerJob("u", {}, NOON, None),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_the_same_as_globus_sdk_s(name: str) -> None:
    """Key by key."""
    make = DOCUMENTS[name]

    assert plain(make(globus_core)) == plain(make(globus_sdk))


def test_what_a_timer_is_made_of_stays_as_it_was() -> None:
    """The list of items is the same one, the rest a copy."""
    body = dict(BODY)
    timer = TransferTimer(schedule={"type": "once"}, body=body)
    flow = FlowTimer(flow_id="f", schedule={"type": "once"}, body=body)
    end = {"condition": "time", "datetime": NOON}
    RecurringTimerSchedule(60, end=end)

    assert body == BODY
    assert timer["body"] == {"DATA": BODY["DATA"]}
    assert timer["body"]["DATA"] is body["DATA"]
    assert flow["body"] == body
    assert flow["body"] is not body
    assert end == {"condition": "time", "datetime": NOON}
    assert timer["name"] is MISSING


@pytest.mark.parametrize("time", [NAIVE, "2040-01-02T12:00:00", "2040-01-02 12:00", "2040-01-02"])
@pytest.mark.parametrize(
    "make",
    [
        OnceTimerSchedule,
        lambda time: RecurringTimerSchedule(60, start=time),
        lambda time: RecurringTimerSchedule(60, end={"condition": "time", "datetime": time}),
        lambda time: TimerJob("u", {}, time, 60),
        lambda time: TimerJob("u", {}, NOON, 60, stop_after=time),
    ],
)
def test_a_time_without_a_zone_is_refused(make: t.Callable[[t.Any], object], time: t.Any) -> None:
    """Nobody can say when that would be."""
    with pytest.raises(ValidationError, match="has no time zone"):
        make(time)


@pytest.mark.parametrize("time", ["2040-01-02T12:00:00.5-03:30", "20400102T120000Z", "tomorrow"])
def test_any_other_text_is_left_to_the_service(time: str) -> None:
    """Unchanged."""
    assert OnceTimerSchedule(time)["datetime"] == time


@pytest.mark.parametrize("time", [5, None, object])
def test_what_is_no_time_is_refused(time: t.Any) -> None:
    """Neither a datetime nor text."""
    with pytest.raises(ValidationError, match="'datetime'"):
        OnceTimerSchedule(time)


@given(st.datetimes(timezones=st.just(UTC) | st.just(EAST)))
def test_a_time_keeps_its_zone_and_loses_its_fraction(time: datetime.datetime) -> None:
    """To the second; without the zone it is refused, as a datetime and as text."""
    sent = OnceTimerSchedule(time)["datetime"]

    assert datetime.datetime.fromisoformat(sent) == time.replace(microsecond=0)
    for naive in (time.replace(tzinfo=None), time.replace(tzinfo=None).isoformat()):
        with pytest.raises(ValidationError):
            OnceTimerSchedule(naive)
    assert OnceTimerSchedule(time.isoformat())["datetime"] == time.isoformat()
