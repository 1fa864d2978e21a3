"""Downloads that are awaited, also such as are cancelled."""

from __future__ import annotations

import asyncio
import pathlib
import random

import pytest

from globus_core import aio
from globus_core.services.gcs import GCSCollectionClient
from tests.integration.gcs.file_server import FileServer, Served

BODY = random.Random(5).randbytes(3_000_000)


def test_files_are_fetched_at_once_by_tasks(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """Each whole, in one thread; progress is told to an asynchronous function as well."""
    server.files["/a.bin"] = server.files["/b.bin"] = Served(BODY)
    told: list[int] = []

    async def progress(done: int, size: int | None) -> None:
        await asyncio.sleep(0)
        told.append(done)

    async def main() -> list[int]:
        client = aio.wrap(collection)
        first = client.download("/a.bin", tmp_path / "a", progress=progress)
        return [*await asyncio.gather(first, client.download("/b.bin", tmp_path / "b"))]

    assert asyncio.run(main()) == [len(BODY)] * 2
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == BODY
    assert told[-1] == len(BODY)


def test_a_download_that_is_cancelled_leaves_no_half_file(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """At whichever wait; nothing is left open, and the next download has all of it."""
    server.files["/a.bin"] = Served(BODY)

    async def main() -> int:
        client = aio.wrap(collection)
        for waits in range(1, 200):
            task = asyncio.create_task(client.download("/a.bin", tmp_path / "a"))
            for _ in range(waits):
                await asyncio.sleep(0.0005)
            if task.done():
                assert await task == len(BODY)
                return waits
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert not (tmp_path / "a").exists()
        await client.download("/a.bin", tmp_path / "a")
        return waits

    assert asyncio.run(main()) > 1
    assert (tmp_path / "a").read_bytes() == BODY


def test_a_stream_is_read_with_async_for(
    server: FileServer, collection: GCSCollectionClient
) -> None:
    """Its pieces as they come; the connection is free at its end."""
    server.files["/a.bin"] = Served(BODY)

    async def main() -> int:
        client = aio.wrap(collection)
        async with client.request("GET", "/a.bin", stream=True) as response:
            assert response.http_status == 200
            return sum([len(piece) async for piece in response.iter_bytes()])

    assert asyncio.run(main()) == len(BODY)
