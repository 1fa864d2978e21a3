"""
What the events of a task say, in each of the forms that Transfer writes.
"""

from __future__ import annotations

import json
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core.services.transfer import TaskOutcome
from globus_core_transfer.task_faults import new_events, path_and_reason
from globus_core_transfer.task_states import outcome_of

TEXT = """Error (transfer)
Endpoint: somewhere (2c1f9be4-70d8-4a5b-9f36-e5a84d2b17c0)
Server: data.example.org:443
File: /~/the file
Command: RETR /~/the file
Message: The file does not exist
---
Details: 550 No such file
"""
JSON = {"error": {"body": "no such file"}, "context": [{"operation": "x"}, {"path": "/a"}]}
VALUES: st.SearchStrategy[t.Any] = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["context", "path", "error", "body"]), inner)
    ),
)
NUMBERS = st.lists(st.integers(0, 1), max_size=8)


def _event(code: str) -> t.Any:
    return {"code": code}


@pytest.mark.parametrize(
    ("details", "path", "reason"),
    [
        (TEXT, "/~/the file", "The file does not exist"),
        (json.dumps(JSON), "/a", "no such file"),
        ('{"path": "/b"}', "/b", "it failed"),
        ("it is gone", None, "it failed"),
        ("", None, "it failed"),
        ("[" * 100_000, None, "it failed"),
    ],
)
def test_path_and_reason_are_found(details: str, path: str | None, reason: str) -> None:
    """In JSON and in lines; the description is the reason if there is no other."""
    event: t.Any = {"code": "FILE_NOT_FOUND", "description": "it failed", "details": details}
    assert path_and_reason(event) == (path, reason)


@given(VALUES)
def test_other_details_are_no_error(value: t.Any) -> None:
    """Whatever they are, the reason is text."""
    event: t.Any = {"code": "A", "details": json.dumps(value)}
    path, reason = path_and_reason(event)
    assert path is None or isinstance(path, str)
    assert isinstance(reason, str)


@given(NUMBERS, NUMBERS, st.integers(1, 8))
def test_only_new_events_are_new(old: list[int], new: list[int], most: int) -> None:
    """Also if events are equal to each other, or the oldest are cut off."""
    before: t.Any = [{"code": number} for number in old]
    events: t.Any = [{"code": number} for number in new + old]

    # the shortest answer that fits: those that are equal to old ones cannot be told from them
    found = new_events(events, before)
    assert found + before == events
    assert new_events(events, []) == events
    cut = new_events(events[:most], before[:most])
    assert cut == events[: len(cut)]
    assert len(cut) <= len(new)


def test_events_that_are_cut_off_are_aligned() -> None:
    """The list has room for three."""
    a, b, c, d = (_event(code) for code in "abcd")
    events = [d, c, b]

    assert new_events(events, [b, a]) == [d, c]
    assert new_events(events, [a]) == [d, c, b]
    assert new_events(events, [c, b, a]) == [d]
    assert new_events(events, events) == []


@pytest.mark.parametrize(
    ("task", "outcome"),
    [
        ({"status": "FAILED", "fatal_error": {"code": "EXPIRED"}}, TaskOutcome.DEADLINE),
        ({"status": "FAILED", "subtasks_expired": 2}, TaskOutcome.DEADLINE),
        ({"status": "FAILED", "fatal_error": None}, TaskOutcome.FAILED),
        ({"status": "INACTIVE", "is_paused": True}, TaskOutcome.NEEDS_CONSENT),
        ({"status": "ACTIVE", "is_paused": True}, TaskOutcome.PAUSED),
        ({"status": "ACTIVE"}, None),
    ],
)
def test_a_document_says_the_outcome(task: t.Any, outcome: TaskOutcome | None) -> None:
    """Fields that are not there do not matter."""
    assert outcome_of(task) is outcome
