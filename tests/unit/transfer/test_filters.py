"""
Filters as Transfer reads them from a query.
"""

from __future__ import annotations

import functools
import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core import GlobusSDKUsageError, TransferClient
from tests.unit.transfer.answering import answered

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/,"), min_size=1)
NAMES = st.text(st.characters(categories=["L"]), min_size=1, max_size=9)


@functools.cache
def the_client() -> t.Any:
    """One for all examples."""
    return answered(TransferClient, {"DATA": []})


def sent_filter(filter: t.Any, method: str = "operation_ls") -> list[str]:
    """What is sent of a filter."""
    client = the_client()
    arguments = ["a"] if method == "operation_ls" else []
    getattr(client, method)(*arguments, filter=filter)
    return parse_qs(urlsplit(client.answering.sent[-1].url).query).get("filter", [])


@pytest.mark.parametrize("method", ["operation_ls", "task_list"])
@pytest.mark.parametrize(
    ("filter", "text"),
    [
        ("type:dir/name:~*.txt", "type:dir/name:~*.txt"),
        ({"type": "dir", "name": ["~*.txt", "!a"]}, "type:dir/name:~*.txt,!a"),
        ({"last_modified": ["", "2026-01-01"]}, "last_modified:,2026-01-01"),
    ],
)
def test_a_filter_is_text_or_values_by_field(filter: t.Any, text: str, method: str) -> None:
    """Text is sent as it is."""
    assert sent_filter(filter, method) == [text]


def test_several_filters_are_several_parameters() -> None:
    """An empty list sends none."""
    assert sent_filter([{"type": "dir"}, "name:a"]) == ["type:dir", "name:a"]
    assert sent_filter([]) == []


@given(st.dictionaries(NAMES, st.lists(WORDS, min_size=1), min_size=1))
def test_what_is_sent_can_be_read_back(filter: dict[str, list[str]]) -> None:
    """No value begins a clause of its own."""
    (text,) = sent_filter(filter)
    clauses = dict(clause.split(":", 1) for clause in text.split("/"))

    assert {name: values.split(",") for name, values in clauses.items()} == filter


@pytest.mark.parametrize("method", ["operation_ls", "task_list"])
@pytest.mark.parametrize("filter", [{"name": "a/type:dir"}, {"name": ["a", "b/c"]}, {"a/b": "c"}])
def test_a_slash_in_a_value_is_refused(filter: t.Any, method: str) -> None:
    """Transfer would read another clause than was meant."""
    with pytest.raises(GlobusSDKUsageError, match="'/'"):
        sent_filter(filter, method)


@pytest.mark.parametrize("filter", [5, {"a"}, [5]])
def test_other_things_are_no_filters(filter: t.Any) -> None:
    """They are named."""
    with pytest.raises(GlobusSDKUsageError, match="must be a string or a dict"):
        sent_filter(filter)
