"""Where the next page of a response is, in each style that services have."""

from __future__ import annotations

import types
import typing as t

import pytest

from globus_core.exc import ValidationError
from globus_core_cli._api_pages import next_query, pages


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ({"marker": "m", "has_next_page": True}, {"x": "1", "marker": "m"}),
        ({"marker": "m", "has_next_page": False}, None),
        ({"marker": None}, None),
        ({"next_marker": 93979, "rules": []}, {"x": "1", "marker": 93979}),
        ({"next_token": "n"}, {"x": "1", "next_token": "n"}),
        ({"last_key": "k", "has_next_page": True}, {"x": "1", "last_key": "k"}),
        ({"DATA": [1, 2], "offset": 4, "total": 9}, {"x": "1", "offset": 6}),
        ({"DATA": [1, 2], "offset": 7, "total": 9}, None),
        ({"DATA": [1], "offset": 0, "has_next_page": True}, {"x": "1", "offset": 1}),
        ({"DATA": [], "offset": 0, "total": 9}, None),
        ({"gmeta": [1], "offset": 0, "total": 3, "facet_results": [1]}, None),
        (
            {"data": [1], "links": {"next": "/a?page=2&y="}},
            {"page": ["2"], "y": [""]},
        ),
        ({"data": [1], "links": {"next": {"href": "/a?page=3"}}}, {"page": ["3"]}),
        ({"data": [1], "links": {"next": None}}, None),
        ({"data": [1], "links": {}}, None),
        ({}, None),
    ],
)
def test_the_next_page_is_found(page: dict[str, t.Any], wanted: dict[str, t.Any] | None) -> None:
    """None after the last one."""
    assert next_query(page, {"x": "1"}) == wanted


def test_pages_that_lead_back_are_an_error() -> None:
    """They would never end."""
    answer: t.Any = types.SimpleNamespace(data={"marker": "m"})
    with pytest.raises(ValidationError, match="leads back"):
        list(pages(lambda query: answer, {}))
