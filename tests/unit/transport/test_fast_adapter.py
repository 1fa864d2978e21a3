"""
What the adapter and the session spare is what they would have done.
"""

from __future__ import annotations

from http.client import HTTPMessage

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict

from globus_core.transport.adapter import Session
from globus_core.transport.fast.adapter import FastAdapter
from globus_core.transport.fast.head import Head

PROXIES = [
    {},
    {"http": "http://proxy.example.org:3128"},
    {"https": "http://proxy.example.org:3128"},
]


@pytest.mark.parametrize("proxies", PROXIES, ids=range(len(PROXIES)))
@pytest.mark.parametrize(
    "url",
    [
        "https://data.example.org",
        "http://data.example.org:8080/a/b?c=d/e&f=?",
        "http://data.example.org?c=/d",
        "https://data.example.org/a;b=c#d?e",
        "http://a/",
    ],
)
def test_the_target_of_a_request_is_that_of_requests(url: str, proxies: dict[str, str]) -> None:
    """The path with the query, or the whole URL for a proxy; never a fragment."""
    prepared = requests.Request("GET", url).prepare()

    assert FastAdapter().request_url(prepared, proxies) == HTTPAdapter().request_url(
        prepared, proxies
    )


def test_the_headers_of_a_plain_head_are_those_of_the_standard_library() -> None:
    """In their order, with a header that comes twice; and as urllib3 would have them."""
    fields = [("Date", "now"), ("Set-Cookie", "a=b"), ("set-cookie", "c=d")]
    fast, plain = Head([f"{name}: {value}" for name, value in fields]), HTTPMessage()
    for name, value in fields:
        plain.set_raw(name, value)

    assert fast.items() == plain.items()
    assert [*fast.fields.items()] == [*HTTPHeaderDict(fields).items()]


def response(status: int, **headers: str) -> requests.Response:
    """A response to a GET."""
    made = requests.Response()
    made.status_code = status
    made.headers.update(headers)
    made._content = b""
    made.request = requests.Request("GET", "https://data.example.org/a").prepare()
    made.url = "https://data.example.org/a"
    return made


def test_a_next_request_is_only_prepared_after_a_redirect() -> None:
    """For a program that uses the session itself."""
    final, redirect = response(200), response(302, Location="/b")

    assert not list(Session().resolve_redirects(final, final.request, yield_requests=True))
    following = next(Session().resolve_redirects(redirect, redirect.request, yield_requests=True))
    assert following.url == "https://data.example.org/b"
