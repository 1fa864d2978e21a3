"""
Each request gets its own answer: none is left on a connection for the next request.
"""

from __future__ import annotations

import contextlib
import pathlib
import select
import socket
import threading
import typing as t

import pytest
from urllib3.util.wait import wait_for_read

from globus_core import BaseClient, GlobusAPIError, GlobusError, GlobusTimeoutError
from globus_core.transport import RequestsTransport, RetryConfig, adapter, deadline_response
from tests.integration.transport.fixtures import MakeClient
from tests.integration.transport.scripted import (
    Answer,
    Behaviour,
    Deaf,
    Early,
    Pieces,
    ScriptedServer,
    Silence,
    Stall,
)

NO_RETRIES = RetryConfig(max_retries=0)
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\nX-Hint: a\r\n\r\n"
FIRST = b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"first":true}'
STRAY = b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"stray":true}'
SECOND = Answer(200, {"second": True})


def head(status: str, *lines: str) -> bytes:
    """The head of an answer."""
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode()


def ask(client: BaseClient, *, stream: bool = False) -> str:
    """Ask, and give the body, or the name of the error's class."""
    try:
        return client.request("GET", "first", stream=stream).text
    except GlobusError as error:
        return type(error).__name__


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    "pieces",
    [
        [HINTS, FIRST],
        [HINTS + FIRST],
        [HINTS, HINTS, head("102 Processing"), head("100 Continue", "X-A: b"), FIRST],
        [HINTS[:20], HINTS[20:40], HINTS[40:], FIRST[:10], FIRST[10:]],
        [head("103 Early Hints", "Content-Length: 0"), FIRST],
        [head("103 Early Hints", "Connection: close"), FIRST],
        [head("103 Early Hints", "Transfer-Encoding: chunked"), FIRST],
        [head("199 Whatever"), FIRST],
    ],
)
def test_interim_answers_are_skipped(
    server: ScriptedServer, make_client: MakeClient, pieces: list[bytes], stream: bool
) -> None:
    """Several of them, with headers, slow ones (RFC 9110 section 15.2), on one connection."""
    server.answer(Pieces(*pieces), SECOND)
    client = make_client(server.url, retry_config=NO_RETRIES)
    assert ask(client, stream=stream) == '{"first":true}'
    assert client.get("second")["second"]
    assert server.connections == 1


def test_interim_answers_to_a_head_request_are_skipped(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """As to any other."""
    server.answer(Pieces(HINTS, head("200 OK", "Content-Length: 14")), SECOND)
    client = make_client(server.url, retry_config=NO_RETRIES)
    assert client.head("first").headers["Content-Length"] == "14"
    assert client.get("second")["second"]


def test_an_answer_after_an_interim_one_that_is_too_late_is_nobodys(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """The connection is given up."""
    server.answer(Stall(HINTS), SECOND)
    transport = RequestsTransport(http_timeout=0.2)
    client = make_client(server.url, transport=transport, retry_config=NO_RETRIES)
    with pytest.raises(GlobusTimeoutError):
        client.get("first")
    transport.http_timeout = 60
    assert client.get("second")["second"]
    assert server.connections == 2


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        # more than the answer
        ([FIRST + STRAY], '{"first":true}'),
        ([FIRST, STRAY], '{"first":true}'),
        ([FIRST + STRAY[:30], STRAY[30:]], '{"first":true}'),
        ([FIRST + b"\r\n"], '{"first":true}'),
        ([head("200 OK", "Transfer-Encoding: chunked"), b"2\r\n{}\r\n0\r\n\r\n" + STRAY], "{}"),
        (
            [head("200 OK", "Transfer-Encoding: chunked"), b"2\r\n{}\r\n0\r\nX: y\r\n\r\n", STRAY],
            "{}",
        ),
        # a body where there can be none
        ([head("204 No Content", "Content-Length: 53") + STRAY], ""),
        ([head("204 No Content", "Content-Length: 53"), STRAY], ""),
        ([head("204 No Content"), STRAY], ""),
        ([head("204 No Content", "Transfer-Encoding: chunked")], ""),
        ([head("304 Not Modified", "Content-Length: 53"), STRAY], ""),
        # an end that can be understood in two ways
        (
            [head("200 OK", "Content-Length: 2", "Content-Length: 55") + b"{}", STRAY],
            "NetworkError",
        ),
        ([head("200 OK", "Content-Length: +2") + b"{}", STRAY], "{}"),
        ([head("200 OK", "Content-Length: 2", "Transfer-Encoding: identity") + b"{}", STRAY], "{}"),
        (
            [
                head("200 OK", "Content-Length: 2", "Transfer-Encoding: chunked")
                + b"2\r\n{}\r\n0\r\n\r\n",
                STRAY,
            ],
            "{}",
        ),
        # another protocol
        ([head("101 Switching Protocols", "Upgrade: other"), STRAY], "GlobusAPIError"),
    ],
)
def test_a_connection_with_more_on_it_is_given_up(
    server: ScriptedServer,
    make_client: MakeClient,
    pieces: list[bytes],
    expected: str,
    stream: bool,
) -> None:
    """Whether the rest comes with the answer or after it."""
    first = Pieces(*pieces)
    server.answer(first, SECOND)
    client = make_client(server.url, retry_config=NO_RETRIES)
    assert ask(client, stream=stream) == expected
    assert first.sent.wait(30)
    assert client.get("second")["second"]
    assert server.connections == 2


@pytest.mark.parametrize("together", [True, False])
def test_a_body_after_the_answer_to_a_head_request_is_nobodys(
    server: ScriptedServer, make_client: MakeClient, together: bool
) -> None:
    """Some servers send one."""
    start = head("200 OK", "Content-Length: 53")
    first = Pieces(start + STRAY) if together else Pieces(start, STRAY)
    server.answer(first, SECOND)
    client = make_client(server.url, retry_config=NO_RETRIES)
    assert client.head("first").binary_content == b""
    assert first.sent.wait(30)
    assert client.get("second")["second"]
    assert server.connections == 2


def test_more_than_the_answer_within_tls_is_nobodys(
    secure_server: ScriptedServer, make_client: MakeClient, certificate: pathlib.Path
) -> None:
    """Also where the socket is empty, because all of it is decrypted."""
    body = b"x" * 10_000  # more than is read at a time, less than a record of TLS
    first = Pieces(head("200 OK", f"Content-Length: {len(body)}") + body + STRAY)
    secure_server.answer(first, SECOND)
    transport = RequestsTransport(verify_ssl=str(certificate))
    client = make_client(secure_server.url, transport=transport, retry_config=NO_RETRIES)
    assert client.get("first").binary_content == body
    assert client.get("second")["second"]
    assert secure_server.connections == 2


LARGE = 24 * 1024 * 1024  # more than the buffers of a connection hold


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_before_the_body_was_read_is_the_last_one_of_its_connection(
    server: ScriptedServer, make_client: MakeClient, stream: bool
) -> None:
    """The server may take the rest of the body for requests, and answer these."""
    server.answer(Early(head("413 Too Large", "Content-Length: 0")), SECOND)
    client = make_client(server.url, retry_config=NO_RETRIES)
    body = b"x" * LARGE
    data = iter([body]) if stream else body
    with pytest.raises(GlobusAPIError, match="413"):
        client.post("first", data=data, encoding="text", headers={"Content-Length": str(LARGE)})
    assert client.get("second")["second"]
    assert server.connections == 2


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_is_taken_from_a_server_that_reads_no_body(
    server: ScriptedServer, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, stream: bool
) -> None:
    """It is better than the error that the body could not be sent."""

    def patient(sock: t.Any, timeout: float) -> bool:
        # the answer is to be there, however late this server comes to send it
        return wait_for_read(sock, timeout=60)

    monkeypatch.setattr(adapter, "wait_for_read", patient)
    server.answer(Deaf(head("413 Too Large", "Content-Length: 0")))
    transport = RequestsTransport(http_timeout=0.2)
    client = make_client(server.url, transport=transport, retry_config=NO_RETRIES)
    body = b"x" * LARGE
    data = iter([body]) if stream else body
    with pytest.raises(GlobusAPIError, match="413"):
        client.post("first", data=data, encoding="text", headers={"Content-Length": str(LARGE)})
    server.answer(SECOND)
    transport.http_timeout = 60
    assert client.get("second")["second"]
    assert server.connections == 2


@pytest.mark.parametrize("silence", [Silence(), Stall(FIRST[:20]), Stall(FIRST[:-2])])
def test_an_answer_that_is_late_is_nobodys(
    server: ScriptedServer, make_client: MakeClient, silence: Behaviour
) -> None:
    """No part of it, wherever the time ran out."""
    server.answer(silence, SECOND)
    transport = RequestsTransport(http_timeout=0.2)
    client = make_client(server.url, transport=transport, retry_config=NO_RETRIES)
    with pytest.raises(GlobusError):
        client.get("first")
    transport.http_timeout = 60
    assert client.get("second")["second"]
    assert server.connections == 2


@pytest.mark.parametrize("reads", range(4))
def test_an_answer_whose_reading_was_interrupted_is_nobodys(
    server: ScriptedServer, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, reads: int
) -> None:
    """At whatever read; a Ctrl-C, say."""
    server.answer(Answer(200, b"x" * 100_000), SECOND)
    client = make_client(server.url, retry_config=NO_RETRIES)
    real = deadline_response._DeadlineReader.readinto
    done: list[None] = []

    def interrupted(self: t.Any, buffer: t.Any) -> int | None:
        done.append(None)
        if len(done) == reads + 1:
            if reads == 0:  # else the next request might come first and get the first answer
                assert select.select([self._socket], [], [], 60)[0]
            raise KeyboardInterrupt
        count: int | None = real(self, buffer)
        return count

    with monkeypatch.context() as patch:
        patch.setattr(deadline_response._DeadlineReader, "readinto", interrupted)
        with pytest.raises(KeyboardInterrupt):
            client.get("first")
    assert client.get("second")["second"]
    assert server.connections == 2


def test_a_body_that_is_too_large_leaves_no_rest(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """The connection is given up."""
    server.answer(Answer(200, STRAY * 10), SECOND)
    transport = RequestsTransport(max_body_bytes=20)
    client = make_client(server.url, transport=transport, retry_config=NO_RETRIES)
    assert ask(client) == "NetworkError"
    transport.max_body_bytes = None
    assert client.get("second")["second"]
    assert server.connections == 2


@contextlib.contextmanager
def socks_proxy(answer: bytes) -> t.Iterator[int]:
    """A SOCKS 5 proxy that answers the first request itself; gives its port."""

    def serve() -> None:
        connection = listener.accept()[0]
        with connection:
            connection.recv(100)
            connection.sendall(b"\x05\x00")
            connection.recv(1000)
            connection.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50")
            connection.recv(10_000)
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_interim_answers_are_skipped_behind_a_socks_proxy(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose connections are of classes of their own."""
    pytest.importorskip("socks")
    with socks_proxy(HINTS + FIRST) as port:
        monkeypatch.setenv("http_proxy", f"socks5h://127.0.0.1:{port}")
        client = make_client("http://auth.example.org/", retry_config=NO_RETRIES)
        assert client.get("first")["first"]
