"""Connections belong to an event loop, and none is left open."""

from __future__ import annotations

import asyncio
import typing as t

import aiohttp
import pytest
import requests

from globus_core import BaseClient, aio
from globus_core.exc import (
    GlobusConnectionError,
    GlobusConnectionTimeoutError,
    convert_request_exception,
)
from globus_core.transport import RetryConfig
from globus_core_async.failures import as_of_requests
from globus_core_async.loop_end import loop_end
from tests.integration.transport.scripted import Answer, Reset, ScriptedServer, running

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
    with pytest.raises(requests.ConnectTimeout) as caught, as_of_requests(REQUEST, (0.5, 60)):
        raise aiohttp.ConnectionTimeoutError
    converted = convert_request_exception(caught.value)
    assert isinstance(converted, GlobusConnectionTimeoutError)
    assert "within 0.5 seconds" in str(converted)
