"""
Bodies that go piece by piece, up and down.
"""

from __future__ import annotations

import gzip
import io
import os
import pathlib
import types
import typing as t

import pytest

from globus_core import (
    GlobusAPIError,
    GlobusConnectionError,
    GlobusSDKUsageError,
    GlobusTimeoutError,
    NetworkError,
)
from globus_core.transport import RequestsTransport, RetryConfig, RetryContext, deadline
from tests.integration.transport.fixtures import MakeClient
from tests.integration.transport.scripted import (
    Answer,
    Blocks,
    Deaf,
    Drip,
    Reset,
    ScriptedServer,
    Silence,
    Stall,
)

NO_RETRIES = RetryConfig(max_retries=0)
BLOCK = 64 * 1024
#: what the buffers of sockets may hold at the most
UNDER_WAY = 24 * 1024 * 1024


def pieces(*texts: bytes) -> t.Iterator[bytes]:
    """An iterator, which nobody can rewind."""
    yield from texts


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """
    The clock of total deadlines; set ``now``.
    """
    made = types.SimpleNamespace(now=1000.0)
    made.monotonic = lambda: made.now
    monkeypatch.setattr(deadline, "time", made)
    return made


# up


def test_a_file_is_sent_with_its_length_from_where_it_stands(
    server: ScriptedServer, make_client: MakeClient, tmp_path: pathlib.Path
) -> None:
    """Without a Content-Type, as other text; it stays open."""
    path = tmp_path / "file"
    path.write_bytes(b"skipped" + b"x" * 200_000)
    with path.open("rb") as file:
        file.seek(7)
        make_client(server.url).put("x", data=file)
        assert not file.closed
    (seen,) = server.seen
    assert seen.body == b"x" * 200_000
    assert seen.headers["content-length"] == "200000"
    assert not {"transfer-encoding", "content-type"} & seen.headers.keys()


def test_an_iterator_is_sent_in_chunks(server: ScriptedServer, make_client: MakeClient) -> None:
    """Empty pieces are left out; bytearrays and views are bytes as well."""
    data = iter([b"a", b"", bytearray(b"b"), memoryview(b"c"), b"d" * 150_000])
    make_client(server.url).post("x", data=data)
    (seen,) = server.seen
    assert seen.body == b"abc" + b"d" * 150_000
    assert seen.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in seen.headers


def test_an_iterator_may_have_a_length_that_the_caller_knows(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """The header says it; it must be true, or the server would wait for the rest."""
    client = make_client(server.url)
    headers = {"content-length": "4"}
    client.put("x", data=pieces(b"ab", b"cd"), headers=headers)
    assert server.seen[0].headers["content-length"] == "4"
    assert server.seen[0].body == b"abcd"
    for wrong, what in ((b"abc", "3 bytes of 4"), (b"abcde", "more than the 4 bytes")):
        with pytest.raises(GlobusSDKUsageError, match=what):
            client.put("x", data=pieces(wrong), headers=headers)


@pytest.mark.parametrize("data", [io.BytesIO(), iter(())])
def test_a_stream_may_be_empty(
    server: ScriptedServer, make_client: MakeClient, data: t.Any
) -> None:
    """It is a body of no bytes."""
    make_client(server.url).put("x", data=data)
    assert server.seen[0].body == b""


def test_a_pipe_is_sent_once(server: ScriptedServer, make_client: MakeClient) -> None:
    """It has neither a length nor a way back."""
    reading, writing = os.pipe()
    os.write(writing, b"through the pipe")
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        make_client(server.url).put("x", data=file)
    assert server.seen[0].body == b"through the pipe"


def test_a_file_is_rewound_to_be_sent_again(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """After an error that passes, and along a redirect."""
    server.answer(
        Answer(503), Reset(), Answer(307, headers={"Location": "/y"}), Answer(200, {"fine": 1})
    )
    assert make_client(server.url).put("x", data=io.BytesIO(b"again"))["fine"]
    assert [seen.body for seen in server.seen] == [b"again"] * 4


def test_a_long_upload_that_breaks_off_may_be_sent_again(
    server: ScriptedServer, make_client: MakeClient, clock: types.SimpleNamespace
) -> None:
    """The time of the first try does not count, and the second has the whole deadline."""

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            clock.now += 1000
            return super().read(size)

    server.answer(Reset(), Answer(200, {"fine": 1}))
    config = RetryConfig(backoff=lambda context: 0.0)
    client = make_client(server.url, retry_config=config)
    assert client.put("x", data=Slow(b"again"))["fine"]
    assert len(server.seen) == 2


def test_an_error_in_place_of_a_stream_leaves_the_deadline_in_force(
    server: ScriptedServer, make_client: MakeClient, clock: types.SimpleNamespace
) -> None:
    """Its body was read at once, and the next attempt has what is left."""
    server.answer(Answer(503))

    def slow(context: RetryContext) -> float:
        clock.now += 70
        return 0.0

    client = make_client(server.url, retry_config=RetryConfig(backoff=slow))
    with pytest.raises(GlobusAPIError):
        client.request("GET", "x", stream=True)
    assert len(server.seen) == 2


def test_an_iterator_is_sent_once(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """The first answer is the last one, and a redirect that needs the body is an error."""
    server.answer(Answer(503), Answer(307, headers={"Location": "/y"}))
    client = make_client(server.url)
    with pytest.raises(GlobusAPIError):
        client.put("x", data=pieces(b"once"))
    with pytest.raises(NetworkError, match="redirected a PUT whose body was sent already"):
        client.put("x", data=pieces(b"once"))
    assert (len(server.seen), pauses) == (2, [])


def test_an_iterator_that_nobody_has_touched_is_sent_later(
    closed_port: int, make_client: MakeClient, pauses: list[float]
) -> None:
    """Where there was no connection, nothing was read from it."""
    data = pieces(b"a")
    with pytest.raises(GlobusConnectionError):
        make_client(f"http://127.0.0.1:{closed_port}").put("x", data=data)
    assert len(pauses) == 5
    assert next(data) == b"a"


def test_the_trouble_of_the_source_is_the_callers(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """It is no error of the network; the connection is closed, and the next one is a new one."""

    def broken() -> t.Iterator[bytes]:
        yield b"x" * 100_000
        raise OSError("the disk")

    client = make_client(server.url)
    with pytest.raises(OSError, match="the disk"):
        client.put("x", data=broken())
    for wrong in (iter(["text"]), io.StringIO("text"), iter([1])):
        with pytest.raises(TypeError):
            client.put("x", data=wrong)
    client.get("y")
    assert [seen.target for seen in server.seen if seen.method == "GET"] == ["/y"]
    assert pauses == []


@pytest.mark.parametrize(("wrong", "kind"), [("text", "str"), (1, "int"), (None, "NoneType")])
def test_an_error_says_which_pieces_a_body_may_have(
    server: ScriptedServer, make_client: MakeClient, wrong: t.Any, kind: str
) -> None:
    """After a good piece as well, when the request has begun."""
    with pytest.raises(TypeError, match=f"the pieces of a body must be bytes, not {kind}"):
        make_client(server.url).put("x", data=iter([b"a", wrong]))


def test_a_large_body_is_never_held_as_a_whole(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """The next piece is asked for when the ones before are on their way."""
    count = 1024
    ahead = []

    def produced() -> t.Iterator[bytes]:
        for number in range(count):
            ahead.append(number * BLOCK - server.received)
            yield b"x" * BLOCK

    make_client(server.url).put("x", data=produced())
    assert len(server.seen[0].body) == count * BLOCK
    assert max(ahead) < UNDER_WAY


def test_a_long_healthy_upload_is_not_cut_off(
    server: ScriptedServer, make_client: MakeClient, clock: types.SimpleNamespace
) -> None:
    """Its time does not count, and the answer has the whole deadline to itself."""

    def slow() -> t.Iterator[bytes]:
        for _ in range(3):
            clock.now += 10_000
            yield b"x"

    server.answer(Answer(200, {"fine": True}))
    assert make_client(server.url).put("x", data=slow())["fine"]


def test_an_upload_that_stalls_ends_after_the_read_timeout(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """The message says what the server did not do."""
    server.answer(Deaf())
    transport = RequestsTransport(http_timeout=(20, 0.3))
    client = make_client(server.url, transport=transport, retry_config=NO_RETRIES)
    with pytest.raises(GlobusTimeoutError, match=r"accepted no more of the body for 0\.3 seconds"):
        client.put("x", data=(b"x" * BLOCK for _ in range(10_000)))


@pytest.mark.parametrize("slow", [Drip(b"HTTP/1.1 200 OK\r\nX-Slow: "), Silence()])
def test_the_answer_to_an_upload_has_a_deadline(
    server: ScriptedServer, make_client: MakeClient, slow: Drip | Silence
) -> None:
    """As any other."""
    server.answer(slow)
    transport = RequestsTransport(http_timeout=20, total_timeout=0.3)
    client = make_client(server.url, transport=transport, retry_config=NO_RETRIES)
    with pytest.raises(GlobusTimeoutError, match=r"within 0\.3 seconds"):
        client.put("x", data=pieces(b"x"))


# down


def test_a_streamed_body_comes_in_pieces(server: ScriptedServer, make_client: MakeClient) -> None:
    """None larger than asked for, and the connection is used again after the last one."""
    body = bytes(range(256)) * 1000
    server.answer(Answer(200, body))
    client = make_client(server.url)
    for size in (1000, BLOCK, len(body) * 2):
        got = list(client.request("GET", "x", stream=True).iter_bytes(size))
        assert b"".join(got) == body
        assert max(map(len, got)) <= size
    assert server.connections == 1


def test_a_compressed_stream_is_decompressed(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """In pieces of the size that was asked for."""
    body = b"x" * 1_000_000
    server.answer(Answer(200, gzip.compress(body), {"Content-Encoding": "gzip"}))
    got = list(make_client(server.url).request("GET", "x", stream=True).iter_bytes(1000))
    assert b"".join(got) == body
    assert max(map(len, got)) <= 1000


def test_a_large_download_is_never_held_as_a_whole(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """The server cannot get ahead by more than the buffers of the sockets."""
    blocks = Blocks(1024, BLOCK)
    server.answer(blocks)
    size = read = 0
    with make_client(server.url).request("GET", "x", stream=True) as response:
        for piece in response.iter_bytes():
            read += len(piece)
            size = max(size, len(piece))
            assert blocks.sent * BLOCK - read < UNDER_WAY
    assert (read, size) == (1024 * BLOCK, BLOCK)


def test_a_stream_that_is_given_up_is_closed(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """By leaving the block, closing the iterator, or closing the response."""
    server.answer(Blocks(1024, BLOCK), Answer(200, b"small"))
    client = make_client(server.url)
    with client.request("GET", "x", stream=True) as response:
        assert next(response.iter_bytes(10)) == b"x" * 10
    assert client.request("GET", "x", stream=True).binary_content == b"small"
    iterator: t.Any = client.request("GET", "x", stream=True).iter_bytes(1)
    next(iterator)
    iterator.close()
    client.request("GET", "x", stream=True).close()
    assert client.get("x").text == "small"
    assert server.connections == 4


def test_a_body_can_be_iterated_once(server: ScriptedServer, make_client: MakeClient) -> None:
    """Unless it was read as a whole, which keeps it."""
    server.answer(Answer(200, b"small"))
    client = make_client(server.url)
    response = client.request("GET", "x", stream=True)
    assert b"".join(response.iter_bytes()) == b"small"
    with pytest.raises(GlobusSDKUsageError, match="iter_bytes"):
        list(response.iter_bytes())
    with pytest.raises(GlobusSDKUsageError, match="iter_bytes"):
        response.binary_content  # noqa: B018
    for whole in (client.get("x"), client.request("GET", "x", stream=True)):
        assert whole.text == "small"
        assert list(whole.iter_bytes(3)) == list(whole.iter_bytes(3)) == [b"sma", b"ll"]


def test_a_long_healthy_download_is_not_cut_off(
    server: ScriptedServer, make_client: MakeClient, clock: types.SimpleNamespace
) -> None:
    """The total deadline ends with the headers."""
    server.answer(Blocks(64, BLOCK))
    read = 0
    for piece in make_client(server.url).request("GET", "x", stream=True).iter_bytes():
        clock.now += 10_000
        read += len(piece)
    assert read == 64 * BLOCK


def test_a_download_that_stalls_ends_after_the_read_timeout(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """The message names the seconds."""
    server.answer(Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"))
    transport = RequestsTransport(http_timeout=(20, 0.3))
    response = make_client(server.url, transport=transport).request("GET", "x", stream=True)
    iterator = response.iter_bytes(3)
    assert next(iterator) == b"abc"
    with pytest.raises(GlobusTimeoutError, match=r"0\.3 seconds"):
        next(iterator)


@pytest.mark.parametrize("framing", [b"Content-Length: 9", b"Transfer-Encoding: chunked"])
def test_a_download_that_breaks_off_is_an_error_of_ours(
    server: ScriptedServer, make_client: MakeClient, framing: bytes
) -> None:
    """Never a body that is too short."""
    server.answer(Reset(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n\r\n1\r\nx\r\n"))
    response = make_client(server.url).request("GET", "x", stream=True)
    with pytest.raises(NetworkError):
        list(response.iter_bytes())


def test_the_body_of_an_error_has_limits_even_in_a_stream(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """It is read at once, for the error to tell of it."""
    server.answer(Answer(404, {"code": "Gone"}))
    client = make_client(server.url, retry_config=NO_RETRIES)
    with pytest.raises(GlobusAPIError) as caught:
        client.request("GET", "x", stream=True)
    assert caught.value.code == "Gone"
    server.answer(Drip(b"HTTP/1.1 500 Broken\r\nContent-Length: 100000\r\n\r\n"))
    client.transport.total_timeout = 0.3
    with pytest.raises(GlobusTimeoutError, match=r"within 0\.3 seconds"):
        client.request("GET", "x", stream=True)


def test_a_download_can_be_sent_on(
    server: ScriptedServer, other_server: ScriptedServer, make_client: MakeClient
) -> None:
    """From one server to the next, without being held here."""
    server.answer(Blocks(32, BLOCK))
    source = make_client(server.url).request("GET", "x", stream=True)
    make_client(other_server.url).put("y", data=source.iter_bytes())
    assert other_server.seen[0].body == b"x" * 32 * BLOCK


def test_a_head_request_has_headers_and_no_body(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """And leaves the connection as it was."""
    server.answer(Answer(200, {"a": "body"}, {"ETag": "7"}), Answer(200, {"fine": True}))
    client = make_client(server.url)
    response = client.head("x", query_params={"a": 1})
    assert (response.headers["etag"], response.binary_content) == ("7", b"")
    assert int(response.headers["content-length"]) > 0
    assert client.get("y")["fine"]
    assert (server.seen[0].method, server.seen[0].target) == ("HEAD", "/x?a=1")
    assert server.connections == 1
