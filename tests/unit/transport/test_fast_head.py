"""
Heads that are taken in at once are those that http.client would have read.

What is not plain or not clear is left to the plain class, which has the same promises.
"""

from __future__ import annotations

import http.client
import io
import typing as t

import pytest
import urllib3
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from globus_core.transport.deadline_response import DeadlineResponse
from globus_core.transport.fast.head import FastResponse

USUAL = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
LINES = st.sampled_from(
    [
        b"Content-Length: 2",
        b"content-length:2",
        b"Content-Length: 0",
        b"Content-Length: -1",
        b"Content-Length: 2, 2",
        b"Transfer-Encoding: chunked",
        b"Connection: close",
        b"Connection: Keep-Alive",
        b"X-A: b  ",
        b"X-A:",
        b"X-B: a: b",
        b" folded",
        b"no colon",
        b"X-C: \xe4",
        b"X-D:\tb",
        b": empty",
    ]
)


class Socket:
    """As much of a socket as an answer needs."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def makefile(self, mode: str, **options: t.Any) -> t.Any:
        return io.BufferedReader(io.BytesIO(self.content))

    def gettimeout(self) -> None:
        """There is none."""

    def shutdown(self, how: int) -> None:
        """Do nothing."""


def facts(cls: type[http.client.HTTPResponse], content: bytes, method: str) -> t.Any:
    """What an answer says and holds, or the error that it raises."""
    answer = cls(Socket(content), method=method)  # type: ignore[arg-type]
    try:
        answer.begin()
        head = (answer.version, answer.status, answer.reason, answer.headers.items())
        return head, answer.length, answer.chunked, answer.read(), answer.will_close
    except (http.client.HTTPException, urllib3.exceptions.InvalidHeader) as error:
        return type(error)
    finally:
        answer.close()


@given(
    st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.1 404 ", b"HTTP/1.1 204 No", b"HTTP/1.0 200 OK"]),
    st.lists(LINES, max_size=4),
    st.sampled_from(["GET", "HEAD"]),
)
@example(b"HTTP/1.1 304 Not Modified", [b"Content-Length: 2"], "GET")
@example(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK", [b"Content-Length: 2"], "GET")
@example(b"HTTP/1.1 200  two  words ", [b"Content-Length: 2"], "GET")
@settings(max_examples=200)
def test_a_head_taken_in_at_once_is_what_the_plain_class_reads(
    status: bytes, lines: list[bytes], method: str
) -> None:
    """Whatever is not plain is left to it."""
    content = b"\r\n".join([status, *lines, b"", b"{}"])
    assert facts(FastResponse, content, method) == facts(DeadlineResponse, content, method)


@given(
    st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.1 404 ", b"HTTP/1.1 204 No", b"HTTP/1.0 200 OK"]),
    st.lists(LINES, max_size=4, unique_by=lambda line: line.partition(b":")[0].lower()),
    st.sampled_from(["GET", "HEAD"]),
)
@example(b"HTTP/1.1 304 Not Modified", [b"Content-Length: 2"], "GET")
@example(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK", [b"Content-Length: 2"], "GET")
@example(b"HTTP/1.1 200  two  words ", [b"Content-Length: 2"], "GET")
@settings(max_examples=200)
def test_a_head_is_what_http_client_reads(status: bytes, lines: list[bytes], method: str) -> None:
    """But that the connection is closed after more of them, and that a 204 never has a body."""
    assume(b"204" not in status or not any(b"chunked" in line for line in lines))
    content = b"\r\n".join([status, *lines, b"", b"{}"])
    ours, theirs = (
        facts(DeadlineResponse, content, method),
        facts(http.client.HTTPResponse, content, method),
    )
    if isinstance(ours, tuple):
        assert ours[-1] or not theirs[-1]
        ours, theirs = ours[:-1], theirs[:-1]
    assert ours == theirs


def test_a_usual_head_is_taken_in_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would be slow, and nobody would notice."""
    asked: list[None] = []
    monkeypatch.setattr(http.client, "parse_headers", lambda fp: asked.append(None))
    assert facts(FastResponse, USUAL, "GET")[0][1] == 200
    assert asked == []
