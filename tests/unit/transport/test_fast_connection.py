"""
What connections send and receive at once is what urllib3 would have sent and received.
"""

from __future__ import annotations

import io
import logging
import typing as t
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from urllib3.connection import HTTPConnection
from urllib3.exceptions import LocationParseError
from urllib3.util import SKIP_HEADER

from globus_core.transport import adapter
from globus_core.transport.fast.connection import FastConnection, FastPool, _plain_lines
from globus_core.transport.light_objects import LightHeaders

TEXTS = st.text(alphabet="aZ0-_:;, \r\n\tü€\x7f", max_size=6)
PARTS = TEXTS | TEXTS.map(str.encode) | st.integers(0, 99)
NAMES = st.sampled_from(["Accept", "user-agent", "Host", "Accept-Encoding", "Content-Length"])
LINES = st.sampled_from(
    [
        b"Content-Length: 2",
        b"content-length: 2",
        b"Connection: close",
        b"Set-Cookie: a=b",
        b"set-cookie:c=d",
        b"X-A:  b ",
        b"X-B: b\r\n folded",
        b"no colon",
    ]
)
HEADERS = {"Accept": "application/json", "User-Agent": "test", "Authorization": "Bearer a"}


class Socket:
    """Keeps what is sent, and has an answer."""

    def __init__(self, answer: bytes = b"") -> None:
        self.sent: list[bytes] = []
        self.answer = answer

    def sendall(self, data: bytes) -> None:
        """Keep it."""
        self.sent.append(bytes(data))

    def makefile(self, mode: str, **options: t.Any) -> t.Any:
        """A reader of the answer."""
        return io.BufferedReader(io.BytesIO(self.answer))

    def settimeout(self, seconds: float | None) -> None:
        """There is none."""

    def gettimeout(self) -> None:
        """There is none."""

    def shutdown(self, how: int) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


def connected(kind: type[adapter.Connection], answer: bytes = b"") -> t.Any:
    """A connection with a socket that keeps what is sent."""
    connection = kind("a.example.org")
    connection.sock = Socket(answer)
    return connection


def plain(headers: t.Mapping[t.Any, t.Any]) -> LightHeaders:
    """Headers as a request has them that was prepared at once."""
    return LightHeaders({name.lower(): (name, value) for name, value in headers.items()})


def sent(kind: type[adapter.Connection], method: str, *rest: t.Any, chunked: bool) -> t.Any:
    """What goes over the wire, with the headers sorted; or the kind of error."""
    connection = connected(kind)
    options = {"preload_content": False, "decode_content": False, "enforce_content_length": True}
    try:
        connection.request(method, "/a?b=c", *rest, chunked=chunked, **options)
    except (ValueError, TypeError, AttributeError) as error:
        return type(error)
    head, end, body = b"".join(connection.sock.sent).partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    return first, sorted(lines), end, body, vars(connection)["_response_options"]


@given(
    st.sampled_from(["GET", "HEAD", "POST", "DELETE", "G T"]),
    st.none() | st.binary(max_size=3),
    st.dictionaries(
        NAMES | PARTS.filter(lambda name: not isinstance(name, int)), PARTS, max_size=4
    ),
    st.booleans(),
)
@example("GET", None, HEADERS, False)
@example("POST", b"ab", {**HEADERS, "Content-Length": "2"}, False)
@example("POST", b"ab", {**HEADERS, "Content-Length": "2"}, True)
@example("GET", None, {"User-Agent": "a", "X-A": "value\r\nX-B: injected"}, False)
@example("GET", None, {"User-Agent": "a", "X-A: b\r\nX-B": "value"}, False)
@example("GET", None, {"User-Agent": SKIP_HEADER}, False)
@example("GET", None, {"User-Agent": "a", "X-A": SKIP_HEADER}, False)
@example("GET", None, {"User-Agent": "a", b"X-A": "value"}, False)
@example("GET", None, {"User-Agent": "a", "": "value"}, False)
@example("GET", None, {"User-Agent": "a", "X-A: ": "value"}, False)
@settings(max_examples=300)
def test_a_request_sent_at_once_is_the_one_of_urllib3(
    method: str, body: bytes | None, headers: dict[t.Any, t.Any], chunked: bool
) -> None:
    """What cannot be sent is refused in the same way, also if a tracer has put it in."""
    fast, slow = (
        sent(kind, method, body, plain(headers), chunked=chunked)
        for kind in (FastConnection, adapter.Connection)
    )
    assert fast == slow


@pytest.mark.parametrize(
    ("method", "body", "more"),
    [("GET", None, {}), ("POST", b"ab", {"Content-Length": "2"})],
)
def test_a_usual_request_is_sent_at_once(method: str, body: bytes, more: dict[str, str]) -> None:
    """Else it would be slow, and nobody would notice."""
    assert _plain_lines(method, body, plain({**HEADERS, **more})) is not None


@given(PARTS, st.lists(PARTS, min_size=1, max_size=2))
@example("X-A", ["value\r\nX-B: injected"])
@example("User-Agent", [SKIP_HEADER])
@example("Host", [b"a.example.org"])
@example("X-A: ", ["value"])
@settings(max_examples=200)
def test_a_line_written_at_once_is_the_one_of_http_client(name: t.Any, values: list[t.Any]) -> None:
    """For the lines that a connection adds itself."""

    def lines(kind: type[adapter.Connection]) -> t.Any:
        connection = kind("a.example.org")
        connection.putrequest("GET", "/")
        try:
            connection.putheader(name, *values)
        except (ValueError, TypeError, AttributeError) as error:
            return type(error)
        return list(vars(connection)["_buffer"])

    assert lines(FastConnection) == lines(adapter.Connection)


def received(kind: type[adapter.Connection], answer: bytes) -> t.Any:
    """What a response says, as urllib3 has it."""
    connection = connected(kind, answer)
    connection.request("GET", "/", headers=plain(HEADERS), preload_content=False)
    found = connection.getresponse()
    about = (found.status, found.reason, found.version, found.version_string, found.chunked)
    read = (found.length_remaining, found.read(), found.headers["Content-Length"])
    return about, read, list(found.headers.items()), list(found.headers.itermerged())


@given(st.lists(LINES, max_size=4))
@settings(max_examples=200)
def test_a_response_received_at_once_is_the_one_of_urllib3(lines: list[bytes]) -> None:
    """With headers that come twice; and where the head is left to http.client."""
    answer = b"\r\n".join([b"HTTP/1.1 200 OK", b"Content-Length: 2", *lines, b"", b"{}"])
    assert received(FastConnection, answer) == received(adapter.Connection, answer)


def test_a_response_is_not_wrapped_by_urllib3(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would be slow, and nobody would notice."""
    monkeypatch.delattr(HTTPConnection, "getresponse")
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    assert received(FastConnection, answer)[1] == (2, b"{}", "2")


def test_a_head_that_cannot_be_parsed_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    """As urllib3 reports it, for whoever has to find the server's fault."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nno colon\r\n\r\n"
    with caplog.at_level(logging.WARNING, "urllib3.connection"):
        received(FastConnection, answer)
    assert "Failed to parse headers" in caplog.text


def target(kind: type[adapter.Pool], url: str) -> t.Any:
    """What stands in the request line, or the kind of error."""
    pool = kind("a.example.org")
    connection = mock.Mock(wraps=connected(pool.ConnectionCls))
    with mock.patch.object(pool, "_get_conn", return_value=connection):
        try:
            pool.urlopen("GET", url, redirect=False, retries=False, preload_content=False)
        except LocationParseError as error:
            return type(error)
        except Exception:
            pass
    return connection.request.call_args.args[1]


@given(
    st.text(alphabet="/ab%2C ü", max_size=6),
    st.text(alphabet="ab=&%2CcF+,~.?ü /", max_size=12) | st.none(),
)
@example("v2/api/identities", "ids=a%2Cb&c=d+e")
@example("a", "b=%2c")
@example("a", "b=%")
@example("a", "b=%2C%")
@settings(max_examples=300)
def test_the_target_of_a_request_is_the_one_of_urllib3(path: str, query: str | None) -> None:
    """Whether the query was encoded or not."""
    url = f"/{path}" if query is None else f"/{path}?{query}"
    assert target(FastPool, url) == target(adapter.Pool, url)
