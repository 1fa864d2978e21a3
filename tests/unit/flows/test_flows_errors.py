"""
What the errors of Globus Flows tell.
"""

from __future__ import annotations

import pickle
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core import FlowsAPIError
from globus_core.services.flows import FlowsProblem
from globus_core.testing import construct_error

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["loc", "msg", "type", "code", "detail"]), inner)
    ),
    max_leaves=12,
)


def error(body: dict[str, t.Any]) -> FlowsAPIError:
    """
    The error for a response.

    :param body: its document
    """
    made = construct_error(error_class=FlowsAPIError, http_status=422, body=body)
    assert isinstance(made, FlowsAPIError)
    return made


@pytest.mark.parametrize(
    ("inner", "code", "messages"),
    [
        ({"code": "NOT_FOUND", "detail": "no such flow"}, "NOT_FOUND", ["no such flow"]),
        ({"code": "A", "detail": [{"msg": "b"}, {"msg": "c"}], "message": "d"}, "A", ["b", "c"]),
        ({"code": "A", "detail": [{"msg": 3}, "x"], "title": "e"}, "A", ["e"]),
        ({"code": "A", "message": "d"}, "A", ["d"]),
        ({"detail": "b", "title": "c", "message": "d"}, None, ["b"]),
        ({"code": 3, "detail": {"a": 1}}, None, []),
    ],
)
def test_the_object_under_error_is_read(
    inner: dict[str, t.Any], code: str | None, messages: list[str]
) -> None:
    """Its code, and its messages: those of each place, or the first text."""
    found = error({"error": inner, "debug_id": "d1"})

    assert (found.code, found.messages) == (code, messages)
    assert [each.raw for each in found.errors] == [inner]
    assert found.request_id == "d1"


def test_problems_have_places() -> None:
    """As definitions, inputs and roles have them, also in a copy."""
    parts = [
        {"loc": ["definition", "States", "A"], "msg": "no end", "type": "value_error"},
        {"loc": ["flow_viewers", 0], "msg": "no URN"},
        {"loc": "$.path", "msg": "no text", "type": 3},
        {"loc": None, "msg": "all of it"},
    ]
    found = error({"error": {"code": "U", "detail": parts}})

    assert list(found.problems) == [
        FlowsProblem(("definition", "States", "A"), "no end", "value_error"),
        FlowsProblem(("flow_viewers", 0), "no URN", None),
        FlowsProblem(("$.path",), "no text", None),
        FlowsProblem((), "all of it", None),
    ]
    assert pickle.loads(pickle.dumps(found)).problems == found.problems


@pytest.mark.parametrize(
    "body",
    [
        {"code": "X", "message": "m", "error": {"code": "U", "detail": "d"}},
        {"error": "text"},
        {"error": None},
        {"errors": [{"code": "A", "detail": "B"}]},
    ],
)
def test_other_formats_are_read_as_ever(body: dict[str, t.Any]) -> None:
    """An error without the object of Flows, or with a code and a message of its own."""
    made = construct_error(http_status=422, body=body)
    found = error(body)

    assert (found.code, found.messages) == (made.code, made.messages)
    assert found.problems == ()


@given(JSON)
def test_any_object_gives_an_error(inner: t.Any) -> None:
    """Whatever is under ``error``."""
    found = error({"error": inner})

    assert all(isinstance(message, str) for message in found.messages)
    assert all(isinstance(problem.message, str) for problem in found.problems)
