from __future__ import annotations

import email.utils
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core.exc import retry_after_seconds

NOON = "Wed, 21 Oct 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "12"}, 12.0),
        ({"Retry-After": " 1.5 "}, 1.5),
        ({"Retry-After": "0"}, None),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": ""}, None),
        ({}, None),
        ({"Retry-After": "Wed, 21 Oct 2026 12:00:30 GMT", "Date": NOON}, 30.0),
        ({"Retry-After": "Wed, 21 Oct 2026 11:00:00 GMT", "Date": NOON}, None),
        ({"Retry-After": "Wed, 99 Foo 2026 12:00:30 GMT", "Date": NOON}, None),
    ],
)
def test_retry_after_is_read_in_both_forms(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds and dates; nonsense, and what asks for no wait, is None."""
    assert retry_after_seconds(headers) == seconds


def test_a_date_is_measured_against_this_clock_if_need_be() -> None:
    """Without a Date header the clock of this machine has to do."""
    then = email.utils.formatdate(time.time() + 100, usegmt=True)
    seconds = retry_after_seconds({"Retry-After": then, "Date": "nonsense"})

    assert seconds == pytest.approx(100, abs=20)


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_any_header_is_a_number_of_seconds_or_nothing(value: str) -> None:
    """A server can send what it likes."""
    seconds = retry_after_seconds({"Retry-After": value})

    assert seconds is None or seconds > 0


@pytest.mark.parametrize(
    "date", ["Wed, 21 Oct 99999999999999999999 12:00:30 GMT", "Wed, 21 Oct 2026 99:99:99 +9999999"]
)
def test_a_date_beyond_all_calendars_is_no_date(date: str) -> None:
    """And no error of its own."""
    assert retry_after_seconds({"Retry-After": date, "Date": NOON}) is None
