"""
Definitions, paths and rules of the sandbox's Flows, tried with anything.
"""

from __future__ import annotations

import contextlib
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core_flows.sandbox.choices import OPERATORS, holds, rule_problems
from globus_core_flows.sandbox.data_paths import (
    NoValueError,
    filled,
    is_path,
    value_at,
    with_value,
)
from globus_core_flows.sandbox.definitions import definition_problems

KEYS = st.sampled_from(
    ["Type", "Next", "End", "Choices", "Variable", "And", "Not", "Catch", "Parameters", "a.$", "b"]
)
VALUES = st.sampled_from(
    ["Pass", "Choice", "Wait", "Fail", "Action", "A", "$.a", "", 3, True, None]
)
JSON = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=15,
)
STEPS = st.lists(st.sampled_from(["a", "b-c", "_d"]), min_size=1, max_size=4)


@given(JSON)
def test_any_definition_is_checked(state: t.Any) -> None:
    """Each problem has a place and a text; valid ones have none."""
    for definition in (
        state,
        {"StartAt": "A", "States": state},
        {"StartAt": "A", "States": {"A": state}},
    ):
        for place, text in definition_problems(definition):
            assert place[0] == "definition"
            assert text


@given(JSON, JSON)
def test_a_valid_rule_is_true_or_false(rule: t.Any, data: t.Any) -> None:
    """Or lacks its variable."""
    if rule_problems(rule) == []:
        with contextlib.suppress(NoValueError):
            assert holds(rule, data) in (True, False)


@given(st.sampled_from(sorted(OPERATORS)), VALUES, VALUES)
def test_every_comparison_takes_every_value(name: str, value: t.Any, other: t.Any) -> None:
    """Values of other kinds are not equal, smaller or larger."""
    for rule in ({"Variable": "$.x", name: value}, {"Variable": "$.x", f"{name}Path": "$.y"}):
        if rule_problems(rule) == []:
            assert holds(rule, {"x": other, "y": value}) in (True, False)


@pytest.mark.parametrize(
    ("name", "value", "other", "is_true"),
    [
        ("StringEquals", "a", "a", True),
        ("StringLessThan", "a", "b", True),
        ("StringMatches", "a.fits", "*.fits", True),
        ("NumericGreaterThanEquals", 3, 3.0, True),
        ("NumericEquals", True, 1, False),
        ("BooleanEquals", True, True, True),
        ("TimestampLessThan", "2026-03-01T00:00:00Z", "2026-03-01T02:00:00+01:00", True),
        ("TimestampEquals", "2026-03-01T00:00:00", "2026-03-01T00:00:00Z", True),
    ],
)
def test_comparisons(name: str, value: t.Any, other: t.Any, is_true: bool) -> None:
    """As their names say; times without a zone are UTC."""
    assert holds({"Variable": "$.x", name: other}, {"x": value}) is is_true


@given(STEPS, st.integers())
def test_what_is_put_at_a_path_is_found_there(steps: list[str], value: int) -> None:
    """And the data stay as they are."""
    path = "$" + "".join(f".{step}" for step in steps)
    data: dict[str, t.Any] = {"other": 1}
    changed = with_value(data, path, value)
    assert is_path(path)
    assert value_at(changed, path) == value
    assert data == {"other": 1}
    assert filled({"x.$": path, "y": [{"z.$": path}]}, changed) == {"x": value, "y": [{"z": value}]}


@pytest.mark.parametrize("path", ["$.a[0].b", "$['a'][1]", "$"])
def test_paths_lead_through_lists_too(path: str) -> None:
    """By an index."""
    data = {"a": [{"b": 1}, 2]}
    found = {"$.a[0].b": 1, "$['a'][1]": 2, "$": data}
    assert value_at(data, path) == found[path]


@pytest.mark.parametrize("path", ["$.b", "$.a.b", "$.a[3]", "$.text[0]"])
def test_a_path_to_nothing_is_an_error(path: str) -> None:
    """Which names it."""
    with pytest.raises(NoValueError, match=r"\$\."):
        value_at({"a": [1], "text": "abc"}, path)
    for wrong in ("a", "$a", "$.", "$.a[x]", "$..a", "$.a[*]", 3, None):
        assert not is_path(wrong)
