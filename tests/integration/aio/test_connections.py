"""Connections belong to an event loop, and none is left open."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import socket
import sys
import threading
import typing as t
import weakref

import aiohttp
import pytest
import requests
from requests.auth import HTTPDigestAuth

from globus_core import AccessTokenAuthorizer, BaseClient, aio, waiting
from globus_core.exc import (
    GlobusConnectionError,
    GlobusConnectionTimeoutError,
    GlobusTimeoutError,
    convert_request_exception,
)
from globus_core.transport import (
    JSONRequestEncoder,
    RequestsTransport,
    RetryConfig,
)
from globus_core_async.failures import as_of_requests
from globus_core_async.loop_end import loop_end
from tests.integration.transport.scripted import (
    Answer,
    Deaf,
    Drip,
    Pieces,
    Reset,
    ScriptedServer,
    Silence,
    Stall,
    running,
)

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
REQUEST = requests.Request("GET", "https://example.org/x").prepare()


@pytest.fixture
def server() -> t.Iterator[ScriptedServer]:
    """A server that a test tells what to answer."""
    with running() as scripted:
        yield scripted


def test_one_client_serves_loops_one_after_another(server: ScriptedServer) -> None:
    """Each has a connection of its own, which is closed when the loop ends."""
    server.answer(*[Answer(200, {"n": number}) for number in range(4)])
    client = aio.wrap(BaseClient)(base_url=server.url)

    async def ask() -> list[int]:
        return [(await client.get("x"))["n"] for _ in range(2)]

    assert [asyncio.run(ask()), asyncio.run(ask())] == [[0, 1], [2, 3]]
    assert server.connections == 2


def test_a_closed_client_opens_new_connections(server: ScriptedServer) -> None:
    """As the synchronous one does."""

    async def main() -> None:
        client = aio.wrap(BaseClient)(base_url=server.url)
        for _ in range(2):
            async with client:
                await client.get("x")

    asyncio.run(main())
    assert server.connections == 2


def test_a_client_can_be_closed_by_another_thread(server: ScriptedServer) -> None:
    """Its loop closes the connections soon after."""

    async def main() -> None:
        client = aio.wrap(BaseClient)(base_url=server.url)
        await client.get("x")
        await asyncio.to_thread(aio.unwrap(client).close)
        while loop_end()._open:
            await asyncio.sleep(0)

    asyncio.run(main())


def test_a_client_that_is_forgotten_leaves_no_connection(server: ScriptedServer) -> None:
    """Without ``close``, while the loop goes on: it is closed once the client is collected."""

    async def main() -> None:
        client = aio.wrap(BaseClient)(base_url=server.url)
        await client.get("x")
        (session,) = loop_end()._open
        del client
        while not session.closed:
            gc.collect()
            await asyncio.sleep(0)
        assert not loop_end()._open

    asyncio.run(main())


def test_a_connection_that_is_put_aside_keeps_nothing_of_its_last_request(
    server: ScriptedServer,
) -> None:
    """Nor what the caller has in its context variables, such as a session of a database."""
    variable: contextvars.ContextVar[object] = contextvars.ContextVar("variable")

    class Held:
        """What a caller has."""

    async def main() -> None:
        async with aio.wrap(BaseClient)(base_url=server.url) as client:

            async def ask() -> weakref.ref[Held]:
                held = Held()
                variable.set(held)
                await client.get("x")
                return weakref.ref(held)

            held = await asyncio.create_task(ask())
            await asyncio.sleep(0)
            gc.collect()
            assert held() is None

    asyncio.run(main())


@pytest.mark.parametrize("own_locks", [True, False])
def test_renewals_that_close_clients_do_not_wait_for_each_other(
    server: ScriptedServer, own_locks: bool
) -> None:
    """As a hook may that uses one for a moment; its connections are closed afterwards."""
    lock = threading.Lock()

    def renew(number: int) -> int:
        mine = threading.Lock() if own_locks else lock
        waiting.acquire(mine)
        try:
            with BaseClient(base_url=server.url) as client:
                client.get("x")
        finally:
            mine.release()
        return number

    async def main() -> list[int]:
        renewals = [aio.call(waiting.renewal, renew, number) for number in range(3)]
        renewed = await asyncio.gather(*renewals)
        while loop_end()._open:
            await asyncio.sleep(0)
        return renewed

    assert asyncio.run(main()) == [0, 1, 2]


def test_a_client_of_a_synchronous_program_is_awaited_too(server: ScriptedServer) -> None:
    """The same object, in turn; each way has connections of its own."""
    with BaseClient(base_url=server.url) as client:
        client.get("x")
        asyncio.run(_ask(aio.wrap(client)))
        client.get("x")
    assert server.connections == 2


async def _ask(client: t.Any) -> None:
    await client.get("x")


def test_only_the_transport_sends_a_request_again(server: ScriptedServer) -> None:
    """aiohttp would do so by itself where a kept connection is cut."""
    server.answer(Answer(200, {}), Reset(), Answer(200, {}))

    async def main() -> None:
        retries = RetryConfig(max_retries=0)
        async with aio.wrap(BaseClient)(base_url=server.url, retry_config=retries) as client:
            await client.get("x")
            with pytest.raises(GlobusConnectionError):
                await client.get("x")

    asyncio.run(main())
    assert len(server.seen) == 2


def test_a_connection_that_does_not_come_about_names_its_seconds() -> None:
    """Not those for reading."""
    failure = as_of_requests(aiohttp.ConnectionTimeoutError(), REQUEST, (0.5, 60))
    assert isinstance(failure, requests.ConnectTimeout)
    converted = convert_request_exception(failure)
    assert isinstance(converted, GlobusConnectionTimeoutError)
    assert "within 0.5 seconds" in str(converted)


def test_an_answer_that_is_none_shows_no_header(server: ScriptedServer) -> None:
    """aiohttp keeps the headers of the request in its exception, which shows them."""
    server.answer(Pieces(b"nonsense\r\n\r\n"))

    async def main() -> GlobusConnectionError:
        async with aio.wrap(BaseClient)(
            base_url=server.url,
            authorizer=AccessTokenAuthorizer("secret-token"),
            retry_config=RetryConfig(max_retries=0),
        ) as client:
            with pytest.raises(GlobusConnectionError) as caught:
                await client.get("x")
        return caught.value

    below: BaseException | None = asyncio.run(main())
    while below is not None:
        assert "secret-token" not in f"{below!r} {below.__context__!r}"
        below = below.__cause__


def test_requests_that_follow_each_other_share_an_alarm(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A timer for each of them would take more time than the rest of what is done for limits."""
    set_for: list[object] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        call_at = loop.call_at

        def counted(when: float, callback: t.Any, *args: t.Any, **kwargs: t.Any) -> t.Any:
            set_for.append(callback)
            return call_at(when, callback, *args, **kwargs)

        monkeypatch.setattr(loop, "call_at", counted)
        async with aio.wrap(BaseClient)(base_url=server.url) as client:
            await client.get("x")
            set_for.clear()
            for _ in range(10):
                await client.get("x")

    asyncio.run(main())
    assert set_for == []


@pytest.mark.parametrize(
    "body",
    [None, b"x", b"x" * 20_000_000, [b"x"]],
    ids=["none", "bytes", "many bytes", "streamed"],
)
@pytest.mark.parametrize(
    ("less", "answer"),
    [
        ({"total_timeout": 0.2}, Silence()),
        ({"total_timeout": 0.2}, Stall(HEAD)),
        ({"total_timeout": 0.2}, Drip(HEAD)),
        ({"http_timeout": 0.2}, Silence()),
        ({"http_timeout": 0.2}, Stall(HEAD)),
        ({"http_timeout": 0.2}, Deaf(HEAD)),
    ],
)
def test_a_request_may_have_less_time_than_the_one_before_it(
    server: ScriptedServer, less: dict[str, t.Any], body: t.Any, answer: t.Any
) -> None:
    """On the same connection, whose alarm was set for the other one."""
    server.answer(Answer(), answer)
    transport = RequestsTransport()

    async def main() -> None:
        never = RetryConfig(max_retries=0)
        made = aio.wrap(BaseClient)(base_url=server.url, transport=transport, retry_config=never)
        async with made as client:
            await client.get("x")
            with transport.tune(**less), pytest.raises(GlobusTimeoutError):
                await client.post("x", data=body and (body if type(body) is bytes else iter(body)))
            await aio.call(transport.close)

    asyncio.run(main())
    assert server.connections == 1


@pytest.mark.skipif(sys.platform == "win32", reason="sockets are no files there")
def test_a_client_leaves_files_to_others(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quarter of those that a process may open are connections in use; further requests wait."""
    import resource

    monkeypatch.setattr(resource, "getrlimit", lambda _: (8, 8))

    async def main() -> None:
        async with aio.wrap(BaseClient)(base_url=server.url) as client:
            await asyncio.gather(*[client.get("x") for _ in range(10)])

    asyncio.run(main())
    assert len(server.seen) == 10
    assert server.connections == 2


@pytest.mark.skipif(sys.platform == "win32", reason="sockets are no files there")
def test_a_request_waits_for_a_connection_until_its_deadline(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that somebody has who has not read all of a streamed response."""
    import resource

    monkeypatch.setattr(resource, "getrlimit", lambda _: (4, 4))
    server.answer(Stall(HEAD))
    transport = RequestsTransport()

    async def main() -> str:
        never = RetryConfig(max_retries=0)
        made = aio.wrap(BaseClient)(base_url=server.url, transport=transport, retry_config=never)
        async with made as client, await client.request("GET", "x", stream=True):
            with transport.tune(total_timeout=0.2), pytest.raises(GlobusTimeoutError) as caught:
                await client.get("x")
        await aio.call(transport.close)
        return str(caught.value)

    assert "within 0.2 seconds" in asyncio.run(main())
    assert len(server.seen) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="sockets are no files there")
def test_a_request_that_waits_for_a_connection_ends_with_its_client(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails and is not cancelled, since nobody has cancelled it."""
    import resource

    monkeypatch.setattr(resource, "getrlimit", lambda _: (4, 4))
    server.answer(Stall(HEAD))

    async def main() -> None:
        retries = RetryConfig(max_retries=0)
        client = aio.wrap(BaseClient)(base_url=server.url, retry_config=retries)
        async with client.request("GET", "x", stream=True):
            waits = asyncio.create_task(client.get("x"))
            (session,) = loop_end()._open
            while not t.cast("t.Any", session.connector)._waiters:
                await asyncio.sleep(0)
            await aio.call(aio.unwrap(client).transport.close)
            with pytest.raises(GlobusConnectionError):
                await waits

    asyncio.run(main())
    assert len(server.seen) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="sockets are no files there")
def test_a_connection_is_not_lost_with_who_just_got_it(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task may be cancelled between its turn and its request; then it is the turn of another."""
    import resource

    monkeypatch.setattr(resource, "getrlimit", lambda _: (4, 4))
    server.answer(Stall(HEAD), Answer())

    async def main() -> None:
        async with aio.wrap(BaseClient)(base_url=server.url) as client:
            response = await client.request("GET", "x", stream=True)
            waits = [asyncio.create_task(client.get("x")) for _ in range(2)]
            (session,) = loop_end()._open
            connector = t.cast("t.Any", session.connector)
            while sum(map(len, connector._waiters.values())) < 2:
                await asyncio.sleep(0)
            release = connector._release_waiter

            def release_and_cancel() -> None:
                release()
                waits[0].cancel()

            monkeypatch.setattr(connector, "_release_waiter", release_and_cancel)
            await response.close()
            assert (await waits[1]).http_status == 200
            assert waits[0].cancelled()

    asyncio.run(main())


def test_lines_of_one_name_are_one_header(server: ScriptedServer) -> None:
    """As in the synchronous client, with the name as it came first."""
    head = b"HTTP/1.1 200 OK\r\nX-A: \xe91\r\nContent-Length: 2\r\nx-a: 2\r\n\r\n{}"
    server.answer(Pieces(head))

    async def main() -> list[tuple[str, str]]:
        async with aio.wrap(BaseClient)(base_url=server.url) as client:
            return [*(await client.get("x")).headers.items()]

    with BaseClient(base_url=server.url) as client:
        assert asyncio.run(main()) == [*client.get("x").headers.items()]
    assert asyncio.run(main()) == [("X-A", "\xe91, 2"), ("Content-Length", "2")]


def test_a_head_is_latin_1(server: ScriptedServer) -> None:
    """As in the synchronous client; a character set that does not exist is no reason to fail."""
    lines = b"HTTP/1.1 200 G\xfct", b"Content-Type: text/plain; charset=\xe9", b"Content-Length: 3"
    server.answer(Pieces(b"\r\n".join((*lines, b"", "\u20ac".encode()))))

    async def main() -> tuple[str, str]:
        async with aio.wrap(BaseClient)(base_url=server.url) as client:
            response = await client.get("x")
            return response.http_reason, response.text

    with BaseClient(base_url=server.url) as client:
        response = client.get("x")
        assert asyncio.run(main()) == (response.http_reason, response.text) == ("G\xfct", "\u20ac")


def test_a_header_is_sent_as_it_is(server: ScriptedServer) -> None:
    """Also one of a class that hides what it is when it is shown."""

    class Hidden(str):
        __slots__ = ()

        def __str__(self) -> str:
            return "***"

    async def main() -> None:
        async with aio.wrap(BaseClient)(base_url=server.url) as client:
            await client.get("x", headers={"X-Key": Hidden("the key")})

    asyncio.run(main())
    assert server.seen[0].headers["x-key"] == "the key"


class Encoder(JSONRequestEncoder):
    """Changes the request as a program does that has used requests before."""

    def __init__(self, change: t.Callable[[requests.Request], object]) -> None:
        self.change = change

    def encode(self, *args: t.Any) -> requests.Request:
        """Encode, and change."""
        request = super().encode(*args)
        self.change(request)
        return request


def encoded(server: ScriptedServer, change: t.Callable[[requests.Request], object]) -> None:
    """Post a request with a changed encoder."""
    transport = RequestsTransport()
    transport.encoders["json"] = Encoder(change)

    async def main() -> None:
        async with aio.wrap(BaseClient)(base_url=server.url, transport=transport) as client:
            await client.post("x", data={"a": 1})
            await aio.call(transport.close)

    asyncio.run(main())


def test_the_hooks_of_a_request_are_called(server: ScriptedServer) -> None:
    """Such as the one by which digest authentication answers a challenge, and one of its own."""
    challenge = {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256'}
    server.answer(Answer(401, b"", challenge), Answer(body={"b": 2}))
    told: list[requests.Response] = []

    def change(request: requests.Request) -> None:
        request.auth = HTTPDigestAuth("me", "word")
        request.hooks["response"].append(lambda response, **_: told.append(response))

    encoded(server, change)
    assert server.seen[1].headers["authorization"].startswith('Digest username="me"')
    assert [request.json for request in server.seen] == [{"a": 1}] * 2
    assert len(told) == 1


def test_a_body_that_only_requests_can_send_is_sent(server: ScriptedServer) -> None:
    """A generator that an encoder has given it."""

    def change(request: requests.Request) -> None:
        request.json = None
        request.data = (piece for piece in (b"a", b"b"))

    encoded(server, change)
    assert server.seen[0].body == b"ab"


def test_a_name_that_nobody_looks_up_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time for a connection begins before there is an address."""

    async def nobody(*args: object, **kwargs: object) -> t.NoReturn:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(aiohttp.TCPConnector, "_resolve_host", nobody)
    assert "0.2 seconds" in _late("https://example.org", b"")


def test_a_body_that_nobody_takes_ends_at_the_deadline() -> None:
    """Also before the time for an answer begins."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        text = _late(f"http://127.0.0.1:{listener.getsockname()[1]}", b"x" * 20_000_000)
    assert "0.2 seconds" in text


def _late(url: str, body: bytes) -> str:
    transport = RequestsTransport(total_timeout=0.2)

    async def main() -> str:
        never = RetryConfig(max_retries=0)
        made = aio.wrap(BaseClient)(base_url=url, transport=transport, retry_config=never)
        async with made as client:
            with pytest.raises(GlobusTimeoutError) as caught:
                await client.post("x", data=body)
            await aio.call(transport.close)
        return str(caught.value)

    return asyncio.run(main())
