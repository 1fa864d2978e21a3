"""
Requests that are prepared at once are those that requests would have prepared.
"""

from __future__ import annotations

import typing as t

import pytest
import requests
from hypothesis import example, given, settings
from hypothesis import strategies as st

from globus_core import GlobusSDKUsageError, NetworkError
from globus_core.transport.fast import prepare as module
from globus_core.transport.fast.prepare import prepare_at_once
from globus_core.transport.prepare import prepare

URLS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["https://", "http://", "HTTPS://"]),
        st.sampled_from(
            ["auth.example.org", "127.0.0.1", "A.example.org", "u:p@a.example.org", "[::1]", "a..b"]
        ),
        st.sampled_from(["", ":443", ":8080", ":65535", ":080", ":0", ":65536"]),
        st.text(alphabet="ab/._~-%25é?#&=+,;:@!$'()*A0 ", max_size=12).map(lambda path: "/" + path)
        | st.just(""),
    ),
)
VALUES = st.text(max_size=5) | st.integers() | st.booleans() | st.lists(st.text(max_size=3))
PARAMS = st.dictionaries(st.text(min_size=1, max_size=4), VALUES, max_size=3)


def facts(prepared: requests.PreparedRequest) -> tuple[t.Any, ...]:
    """All that goes over the wire, and where."""
    return (prepared.method, prepared.url, dict(prepared.headers), prepared.body, prepared.path_url)


@given(
    st.sampled_from(["GET", "post", "DELETE", "HEAD"]),
    URLS,
    PARAMS,
    st.sampled_from([None, b"", b"body"]),
    st.dictionaries(
        st.sampled_from(["A", "b-c", "content-length"]), st.sampled_from(["1", "", "a | b", "|"])
    ),
)
@example("GET", "https://a.example.org", {}, None, {})
@example("GET", "https://a.example.org/v2/b//c", {"a b": "c/d?e&f=ü~*"}, None, {})
@example("GET", "https://a.example.org/b/../c", {}, None, {})
@settings(max_examples=200)
def test_what_is_prepared_at_once_is_what_requests_prepares(
    method: str, url: str, params: dict[str, t.Any], body: bytes | None, headers: dict[str, str]
) -> None:
    """Method, URL, headers and body; whatever is not plain is left to requests."""
    request = requests.Request(method, url, params=params, data=body, headers=headers)
    mine = prepare_at_once(request)
    if mine is not None:
        of_requests = request.prepare()
        assert facts(mine) == facts(of_requests)
        assert vars(mine).keys() == vars(of_requests).keys()


@pytest.mark.parametrize(
    "url", ["https://auth.globus.org/v2/api/identities", "http://127.0.0.1:50000/", "https://a"]
)
def test_a_usual_request_is_prepared_at_once(url: str) -> None:
    """Else it would be slow, and nobody would notice."""
    headers = {"Authorization": "Bearer abc.def-1"}
    request = requests.Request("GET", url, params={"usernames": "a@b,c@d"}, headers=headers)
    assert prepare_at_once(request) is not None


@pytest.mark.parametrize(
    "options",
    [
        {"auth": ("user", "password")},
        {"cookies": {"a": "b"}},
        {"json": {}},
        {"data": {"a": "b"}},
        {"data": "text"},
        {"files": {"a": b"b"}},
        {"params": [("a", "b")]},
        {"headers": {"A": b"b"}},
    ],
)
def test_what_needs_work_is_left_to_requests(options: dict[str, t.Any]) -> None:
    """An encoder of somebody's own may use all that requests has."""
    request = requests.Request("POST", "https://a.example.org/", **options)
    assert prepare_at_once(request) is None
    assert facts(prepare(request, None))[:2] == ("POST", prepare(request, None).url)


def test_what_cannot_be_sent_is_an_error_of_ours() -> None:
    """A header with a line break, whose value is not shown, and a URL that is none."""
    with pytest.raises(GlobusSDKUsageError, match="header"):
        prepare(requests.Request("GET", "https://a.example.org", headers={"A": "secret\n"}), None)
    with pytest.raises(NetworkError, match="URL"):
        prepare(requests.Request("GET", "https://"), None)


def test_what_is_remembered_of_headers_is_not_changed_by_requests() -> None:
    """The next request has what it was given, whatever happened to the one before."""
    headers = {"Accept": "application/json", "User-Agent": "a"}
    request = requests.Request("POST", "https://a.example.org/", headers=headers, data=b"body")
    for _ in range(2):
        prepared = prepare_at_once(request)
        assert prepared is not None
        assert prepared.headers == {**headers, "Content-Length": "4"}
        prepared.headers["Authorization"] = "Bearer secret"
        prepared.headers["accept"] = "text/plain"

    headers["User-Agent"] = "b"
    prepared = prepare_at_once(request)
    assert prepared is not None
    assert prepared.headers == {**headers, "Content-Length": "4"}


def test_a_header_that_may_be_secret_is_not_remembered() -> None:
    """It would be kept for longer than its client."""
    headers = {"Accept": "a", "X-Api-Key": "secret-7"}
    for some in ({"Accept": "a"}, headers, {"Accept": "a"}):
        prepare_at_once(requests.Request("GET", "https://a.example.org/", headers=some))
        assert "secret-7" not in repr(module._latest)
