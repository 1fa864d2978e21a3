"""Documents of Transfer as text."""

from __future__ import annotations

import re
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core_transfer.commands.texts import ending, fault, fields, progress, size
from globus_core_transfer.task_states import UNKNOWN_TASK, TaskOutcome

TASK: t.Any = {"task_id": "t", "status": "FAILED"}


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (12_345_678, "12.3 MB"),
        (5 * 10**15, "5.0 PB"),
        (5 * 10**18, "5000.0 PB"),
    ],
)
def test_sizes_have_a_unit_that_suits_them(count: int, shown: str) -> None:
    """In steps of 1000; 1000.0 of a unit is 1.0 of the next."""
    assert size(count) == shown


@given(st.integers(0, 10**18 - 10**15))
def test_each_size_is_short(count: int) -> None:
    """Four digits at most."""
    assert re.fullmatch(r"\d{1,3}( B|\.\d [kMGTP]B)", size(count))


def test_faults_are_counted_if_there_are_some() -> None:
    """Skipped files are done too."""
    assert progress(UNKNOWN_TASK) == "0/0 files  0 B  0 B/s"
    task: t.Any = {
        "status": "ACTIVE",
        "files": 5,
        "files_transferred": 2,
        "files_skipped": 1,
        "bytes_transferred": 4000,
        "effective_bytes_per_second": 2000,
        "faults": 2,
    }
    assert progress(task) == "3/5 files  4.0 kB  2.0 kB/s  2 faults"
    assert progress(task | {"faults": 1}).endswith("  1 fault")


def test_a_failure_says_why_if_transfer_does() -> None:
    """By its fatal error, or by the last of the others."""
    fatal: t.Any = {"code": "CANCELED", "description": "by its owner"}
    told = ending(TaskOutcome.FAILED, TASK | {"fatal_error": fatal})
    assert told == "task t failed: CANCELED: by its owner"
    assert ending(TaskOutcome.FAILED, TASK | {"nice_status": "TIMEOUT"}).endswith("TIMEOUT")
    assert ending(TaskOutcome.FAILED, TASK) == "task t failed: Transfer does not say why"


@pytest.mark.parametrize("outcome", TaskOutcome)
def test_every_outcome_is_one_line(outcome: TaskOutcome) -> None:
    """Whatever Transfer says."""
    task: t.Any = {**TASK, "nice_status": "a\nb\x1b[2J", "deadline": "c\nd"}
    assert ending(outcome, task).startswith("task t ")
    assert ending(outcome, task).isprintable()


def test_a_fault_is_one_line() -> None:
    """With the path and the reason, made fit for a terminal."""
    event: t.Any = {"code": "X", "time": "2030", "details": "Path: /a\x1b\nMessage: no\x07"}
    told = fault(event)
    assert told == r"2030 X: /a\x1b: no\x07"
    event = {"code": "X"}
    assert fault(event) == "X: X"


def test_fields_that_are_missing_are_left_out() -> None:
    """The others are below each other."""
    shown = {"a": "name", "b": "long name", "c": "none", "d": "missing"}
    assert fields({"a": "x\ny", "b": 0, "c": None}, shown) == "name:       x\\ny\nlong name:  0"
    assert fields({}, shown) == ""
