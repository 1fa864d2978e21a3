"""Beside the greenlets of SQLAlchemy, in the same task."""

from __future__ import annotations

import asyncio
import typing as t

import pytest

from globus_core import BaseClient, aio
from tests.integration.transport.scripted import Answer, running

pytestmark = pytest.mark.full


def test_both_are_awaited_in_one_task() -> None:
    """One inside a transaction of the other, and a synchronous client inside of run_sync()."""
    sqlalchemy: t.Any = pytest.importorskip("sqlalchemy")
    pytest.importorskip("aiosqlite")
    engines: t.Any = pytest.importorskip("sqlalchemy.ext.asyncio")

    async def main(url: str) -> None:
        engine = engines.create_async_engine("sqlite+aiosqlite://")
        async with aio.wrap(BaseClient)(base_url=url) as client, engine.connect() as connection:
            for number in range(3):
                assert (await client.get("x"))["n"] == number
                answer = await connection.execute(sqlalchemy.text("select 1"))
                assert answer.scalar() == 1

            def both(sync_connection: t.Any) -> tuple[t.Any, t.Any]:
                chosen = sync_connection.execute(sqlalchemy.text("select 2")).scalar()
                return chosen, aio.unwrap(client).get("x")["n"]

            assert await connection.run_sync(both) == (2, 3)
            assert (await client.get("x"))["n"] == 4
        await engine.dispose()

    with running() as server:
        server.answer(*[Answer(200, {"n": number}) for number in range(5)])
        asyncio.run(main(server.url))
