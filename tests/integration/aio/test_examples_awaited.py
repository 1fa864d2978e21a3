"""The storage and the client of the example distributions, awaited as they are."""

from __future__ import annotations

import asyncio
import importlib
import pathlib
import typing as t

import pytest

from globus_core import aio
from globus_core.testing import make_token
from tests.integration.transport.scripted import Answer, ScriptedServer, running

EXAMPLES = pathlib.Path(__file__).parents[3] / "docs" / "examples"


@pytest.fixture(autouse=True)
def examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their modules can be imported."""
    for kind in ("service", "storage"):
        monkeypatch.syspath_prepend(EXAMPLES / f"globus-core-example-{kind}")


@pytest.fixture
def server() -> t.Iterator[ScriptedServer]:
    """A server that a test tells what to answer."""
    with running() as scripted:
        yield scripted


def test_the_storage_is_awaited(tmp_path: pathlib.Path) -> None:
    """16 tasks store at once, and nothing is lost."""
    storages = importlib.import_module("globus_core_example_storage.storage")

    async def main() -> t.Any:
        storage = aio.wrap(storages.ExampleTokenStorage)(tmp_path)
        names = [f"server-{number}" for number in range(16)]
        await asyncio.gather(
            *[
                storage.store_token_data_by_resource_server({name: make_token(name)})
                for name in names
            ]
        )
        async with storage.renewal_lock("server-1"):
            await storage.remove_token_data("server-1")
        return await storage.get_token_data_by_resource_server()

    stored = asyncio.run(main())
    assert len(stored) == 15


def test_the_client_is_awaited(server: ScriptedServer) -> None:
    """Its methods, pages, streams and errors."""
    example: t.Any = importlib.import_module("globus_core_example_service")
    server.answer(
        Answer(201, {"id": "1"}),
        Answer(200, {"things": [{"name": "kite"}], "has_next_page": True, "marker": "m"}),
        Answer(200, {"things": [{"name": "drum"}], "has_next_page": False}),
        Answer(200, b"picture" * 10_000),
        Answer(404, {"code": "NotFound", "message": "no", "hint": "list the things"}),
    )

    async def main() -> None:
        async with aio.wrap(example.ExampleClient)(base_url=server.url) as client:
            assert (await client.create_thing(example.ExampleThing("kite")))["id"] == "1"
            things = client.paginated.list_things().items()
            assert [thing["name"] async for thing in things] == ["kite", "drum"]
            async with client.get_picture("1") as picture:
                assert sum([len(piece) async for piece in picture.iter_bytes(4096)]) == 70_000
            with pytest.raises(example.ExampleAPIError):
                await client.get_thing("9")

    asyncio.run(main())
