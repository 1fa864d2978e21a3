"""
What a caller gets when the network, the server or somebody between them is at fault.
"""

from __future__ import annotations

import gzip
import socket
import threading
import typing as t
import warnings

import pytest

from globus_core import GlobusAPIError, GlobusConnectionError, NetworkError
from globus_core.transport import RequestsTransport, RetryConfig, limits
from tests.integration.transport.fixtures import MakeClient
from tests.integration.transport.scripted import Answer, Reset, ScriptedServer

NO_RETRIES = RetryConfig(max_retries=0)
GZIP = {"Content-Encoding": "gzip"}


def test_a_name_that_cannot_be_resolved_is_said(
    make_client: MakeClient, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the host, and tried again, since name servers have bad moments."""

    def fail(*args: t.Any, **options: t.Any) -> t.Any:
        raise socket.gaierror(socket.EAI_NONAME, "name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(GlobusConnectionError, match=r"auth\.example\.org cannot be resolved"):
        make_client("https://auth.example.org/").get("x")
    assert len(pauses) == 5


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (Reset(), "cut the connection|without a response"),
        (Reset(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"), "in the middle"),
        (Reset(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"), "in the middle"),
        (Reset(b"nonsense\r\n\r\n"), "failed"),
    ],
)
def test_a_connection_that_breaks_off_is_a_network_error(
    server: ScriptedServer, make_client: MakeClient, broken: Reset, message: str
) -> None:
    """Before the answer, in its head or in the middle of its body."""
    server.answer(broken)
    with pytest.raises(NetworkError, match=message) as caught:
        make_client(server.url, retry_config=NO_RETRIES).get("x")
    assert caught.value.retryable
    assert "127.0.0.1" in str(caught.value)


def test_truncated_json_is_no_data(server: ScriptedServer, make_client: MakeClient) -> None:
    """A body that is whole but is not JSON is there as text."""
    server.answer(Answer(200, b'{"a": [1, 2', {"Content-Type": "application/json"}))
    response = make_client(server.url).get("x")
    assert response.data is None
    assert response.text == '{"a": [1, 2'


def test_a_compressed_body_is_read(server: ScriptedServer, make_client: MakeClient) -> None:
    """Although it was not asked for."""
    server.answer(Answer(200, gzip.compress(b'{"a": 1}'), GZIP))
    assert make_client(server.url).get("x")["a"] == 1


def test_a_compressed_body_that_inflates_too_much_is_refused(
    server: ScriptedServer, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it fills the memory; it is not asked for again, and the client goes on working."""
    monkeypatch.setattr(limits, "INFLATED_BYTES", 100_000)
    server.answer(Answer(200, gzip.compress(bytes(1_000_000)), GZIP), Answer(200, {"a": 1}))
    client = make_client(server.url)
    with pytest.raises(NetworkError, match="decompresses to more than 100 times") as caught:
        client.get("x")
    assert not caught.value.retryable
    assert "stream=True" in caught.value.explain()
    assert client.get("x")["a"] == 1
    server.answer(Answer(200, gzip.compress(bytes(90_000)), GZIP))
    assert len(client.get("x").binary_content) == 90_000


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"x" * 1001),
        Answer(200, gzip.compress(b"x" * 1001), GZIP),
        Reset(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001),
        Reset(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"
            + b"x" * 1001
            + b"\r\n0\r\n\r\n"
        ),
    ],
)
def test_a_body_beyond_the_limit_is_refused(
    server: ScriptedServer, make_client: MakeClient, answer: Answer | Reset
) -> None:
    """In every framing; the setting is named."""
    server.answer(answer)
    transport = RequestsTransport(max_body_bytes=1000)
    with pytest.raises(NetworkError, match="larger than 1000 bytes") as caught:
        make_client(server.url, transport=transport).get("x")
    assert "max_body_bytes" in caught.value.explain()
    assert len(server.seen) == 1


@pytest.mark.parametrize("coding", ["gzip", "gzip, gzip"])
def test_a_body_that_cannot_be_decompressed_is_said(
    server: ScriptedServer, make_client: MakeClient, coding: str
) -> None:
    """So is one that was compressed more than once, which can become anything."""
    server.answer(Answer(200, b"no gzip at all", {"Content-Encoding": coding}))
    with pytest.raises(NetworkError, match="cannot be decompressed"):
        make_client(server.url).get("x")


def test_a_page_of_a_proxy_is_an_api_error(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """A 502 in HTML is tried again, and then is an error that can be read."""
    page = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
    server.answer(Answer(502, page, {"Content-Type": "text/html"}))
    with pytest.raises(GlobusAPIError) as caught:
        make_client(server.url).get("x")
    assert caught.value.http_status == 502
    assert caught.value.retryable
    assert len(pauses) == 5
    assert caught.value.explain()


@pytest.mark.parametrize("status", [403, 407, 502])
def test_a_proxy_that_opens_no_tunnel_is_named(
    server: ScriptedServer, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """It is the proxy's refusal, not the service's."""
    monkeypatch.setenv("https_proxy", server.url)
    server.answer(Answer(status))
    with pytest.raises(GlobusConnectionError, match="proxy"):
        make_client("https://auth.example.org/", retry_config=NO_RETRIES).get("x")


def test_many_threads_keep_a_connection_each(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """Nobody is warned of connections that are thrown away."""
    client = make_client(server.url)
    together = threading.Barrier(24)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            together.wait(20)
            client.get("x")
        except BaseException as error:
            failures.append(error)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        threads = [threading.Thread(target=work) for _ in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    before = server.connections
    client.get("x")
    assert server.connections == before
