"""Connections belong to an event loop, and none is left open."""

from __future__ import annotations

import asyncio
import gc
import typing as t

import aiohttp
import pytest
import requests

from globus_core import BaseClient, aio
from globus_core.exc import GlobusConnectionTimeoutError, convert_request_exception
from globus_core_async import transport
from globus_core_async.failures import as_of_requests
from globus_core_async.loop_end import loop_end
from tests.integration.transport.scripted import Answer, ScriptedServer, running

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


def test_the_connections_of_a_client_that_is_gone_are_closed(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the loop ends, as a server makes clients for as long as it runs."""
    monkeypatch.setattr(transport, "_KEPT_SECONDS", 0.001)

    async def main() -> None:
        for _ in range(5):
            await aio.wrap(BaseClient)(base_url=server.url).get("x")
        while loop_end()._open:
            gc.collect()
            await asyncio.sleep(0)

    asyncio.run(main())


def test_a_client_of_a_synchronous_program_is_awaited_too(server: ScriptedServer) -> None:
    """The same object, in turn; each way has connections of its own."""
    with BaseClient(base_url=server.url) as client:
        client.get("x")
        asyncio.run(_ask(aio.wrap(client)))
        client.get("x")
    assert server.connections == 2


async def _ask(client: t.Any) -> None:
    await client.get("x")


def test_a_connection_that_does_not_come_about_names_its_seconds() -> None:
    """Not those for reading."""
    with pytest.raises(requests.ConnectTimeout) as caught, as_of_requests(REQUEST, (0.5, 60)):
        raise aiohttp.ConnectionTimeoutError
    converted = convert_request_exception(caught.value)
    assert isinstance(converted, GlobusConnectionTimeoutError)
    assert "within 0.5 seconds" in str(converted)
