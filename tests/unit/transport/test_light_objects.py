"""
Objects that are made in less time than those of requests are like them.
"""

from __future__ import annotations

import copy
import pickle
import typing as t
from collections.abc import ItemsView

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from requests.cookies import RequestsCookieJar
from requests.structures import CaseInsensitiveDict

from globus_core.transport import JSONRequestEncoder
from globus_core.transport.light_objects import LightHeaders, LightResponse

NAMES = st.sampled_from(["Content-Type", "content-type", "X-A", "x-a", "Date"])


def light(headers: dict[str, str]) -> LightHeaders:
    """The same headers."""
    return LightHeaders({name.lower(): (name, value) for name, value in headers.items()})


def test_a_new_response_has_what_one_of_requests_has() -> None:
    """Each attribute, and each of its own: what one is given, another does not have."""
    made, of_requests = LightResponse(), requests.Response()
    made.history.append(of_requests)
    made.headers["X-A"] = "1"
    made.cookies.set("a", "b")

    another = LightResponse()
    assert {**vars(another), "cookies": another.cookies} == vars(of_requests)
    assert type(another.cookies) is RequestsCookieJar
    assert made.cookies["a"] == "b"


def test_a_response_lacks_what_one_of_requests_lacks() -> None:
    """The message names it; ``cookies`` alone is made when somebody asks."""
    with pytest.raises(AttributeError, match="'LightResponse' object has no attribute 'nothing'"):
        _ = LightResponse().nothing


def test_items_are_those_of_a_mapping() -> None:
    """They can be compared, and looked for, as sets can."""
    headers = light({"X-A": "1", "Date": "2"})
    assert headers.items() == {"X-A": "1", "Date": "2"}.items()
    assert {("X-A", "1")} < headers.items()
    assert ("x-a", "1") in headers.items()
    assert isinstance(headers.items(), ItemsView)


@pytest.mark.parametrize("copied", [copy.copy, lambda made: pickle.loads(pickle.dumps(made))])
def test_a_response_can_be_copied_and_pickled(copied: t.Callable[[t.Any], t.Any]) -> None:
    """Before and after somebody has asked for its cookies."""
    made = LightResponse()
    made.status_code, made._content, made.headers = 200, b"{}", light({"X-A": "1"})
    assert copied(made).cookies == requests.Response().cookies

    made.cookies.set("a", "b")
    again = copied(made)
    assert (again.status_code, again.content, again.headers["x-a"]) == (200, b"{}", "1")
    assert again.cookies["a"] == "b"


@given(st.integers(100, 599), st.sampled_from([{}, {"Location": "/a"}]))
def test_a_response_is_a_redirect_where_requests_says_so(
    status: int, headers: dict[str, str]
) -> None:
    """By its status and its headers."""
    made, of_requests = LightResponse(), requests.Response()
    made.status_code = of_requests.status_code = status
    made.headers, of_requests.headers = light(headers), CaseInsensitiveDict(headers)
    assert made.is_redirect == of_requests.is_redirect


@given(st.dictionaries(NAMES, st.text(max_size=3)), NAMES, st.none() | st.just("default"))
def test_headers_are_found_by_names_in_any_case(
    headers: dict[str, str], name: str, default: str | None
) -> None:
    """As in the class of requests, in a copy as well."""
    made, of_requests = light(headers), CaseInsensitiveDict(headers)

    assert made == of_requests
    assert [*made.items()] == [*of_requests.items()]
    assert (name in made) == (name in of_requests)
    assert made.get(name, default) == of_requests.get(name, default)
    assert made.copy() == of_requests
    assert type(made.copy()) is LightHeaders


def test_an_encoder_makes_a_request_with_all_that_requests_expects() -> None:
    """Each attribute, and lists and hooks of its own."""
    make = JSONRequestEncoder().encode
    made, of_requests = make("GET", "https://a.example.org/", None, None, {}), requests.Request()

    assert {*vars(made)} == {*vars(of_requests)} - {"data"}
    assert made.data == of_requests.data
    made.files.append("a")
    made.hooks["response"].append(print)
    another = make("GET", "https://a.example.org/", None, None, {})
    assert (another.files, another.hooks) == (of_requests.files, of_requests.hooks)
