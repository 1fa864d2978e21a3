"""
The longest stall of an event loop while 1000 tokens are renewed and stored.

Run as a module it is a process that measures; it prints the figures as JSON.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import pathlib
import tempfile
import time
import typing as t

from ._processes import print_measure, run_module
from ._turns import turns
from .server import running

Figures = dict[str, dict[str, float]]

#: after this no further round begins
SECONDS = 30
TOKENS = 1000


def measure(name: str, rounds: int) -> Figures:
    """
    Measure in a fresh process.

    :param name: ``memory`` or ``disk``
    :param rounds: how often all tokens are renewed
    """
    figures: Figures = run_module("async_stalls", name, "--rounds", str(rounds))
    return figures


class _Response(dict[str, t.Any]):
    """The answer to a refresh."""

    def __init__(self, server: str) -> None:
        token = {
            "resource_server": server,
            "scope": "all",
            "access_token": f"new-{server}",
            "refresh_token": f"refresh-{server}",
            "expires_at_seconds": int(time.time()) + 3600,
            "token_type": "Bearer",
        }
        super().__init__(token)
        self.by_resource_server = {server: token}


class _AuthClient:
    """Asks the server of the benchmarks for each refresh, and counts them."""

    def __init__(self, client: t.Any) -> None:
        self._client = client
        self.refreshes = 0

    def oauth2_refresh_token(self, refresh_token: str, **options: t.Any) -> _Response:
        self._client.get("/small")
        self.refreshes += 1
        return _Response(refresh_token.removeprefix("refresh-"))


async def _longest_stall(done: asyncio.Event) -> float:
    longest, before = 0.0, time.perf_counter()
    while not done.is_set():
        await asyncio.sleep(0)
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
    return longest


async def _renewed(storage: t.Any, base: str) -> dict[str, float]:
    import globus_core
    from globus_core import aio

    servers = [f"{number}.example.org" for number in range(TOKENS)]
    old = {server: _old(server) for server in servers}
    storage.store_token_data_by_resource_server(old)
    async with aio.BaseClient(base_url=base) as client:
        auth = _AuthClient(aio.unwrap(client))
        await client.get("/small")
        made = [
            globus_core.RefreshTokenAuthorizer(
                f"refresh-{server}",
                auth,
                access_token=f"old-{server}",
                expires_at=1,
                token_storage=storage,
                resource_server=server,
            )
            for server in servers
        ]
        done = asyncio.Event()
        watching = asyncio.create_task(_longest_stall(done))
        await asyncio.sleep(0)
        tasks = []
        for one in made:  # in several rounds, since making a thousand tasks takes a while by itself
            tasks.append(asyncio.create_task(aio.wrap(one).get_authorization_header()))
            if len(tasks) % 20 == 0:
                await asyncio.sleep(0)
        headers = await asyncio.gather(*tasks)
        done.set()
        stall = await watching
    stored = storage.get_token_data_by_resource_server()
    assert headers == [f"Bearer new-{server}" for server in servers]
    assert all(stored[server].access_token == f"new-{server}" for server in servers)
    return {"seconds": stall, "refreshes": auth.refreshes}


def _old(server: str) -> t.Any:
    from globus_core.token_storage import TokenStorageData

    return TokenStorageData(
        resource_server=server,
        identity_id=None,
        scope="all",
        access_token=f"old-{server}",
        refresh_token=f"refresh-{server}",
        expires_at_seconds=1,
        token_type="Bearer",
    )


def _storage(name: str, folder: str) -> t.Any:
    import globus_core

    if name == "memory":
        return globus_core.MemoryTokenStorage()
    return globus_core.SQLiteTokenStorage(str(pathlib.Path(folder) / "tokens.db"))


def _measured(name: str, rounds: int) -> Figures:
    runs = []
    with running() as base:
        for _ in turns(rounds, SECONDS):
            with tempfile.TemporaryDirectory() as folder, _storage(name, folder) as storage:
                gc.collect()
                gc.disable()  # its pauses depend on what else the program has in memory
                runs.append(asyncio.run(_renewed(storage, base)))
                gc.enable()
    stalls = sorted(run["seconds"] * 1e3 for run in runs)
    return {
        "globus-core": {
            "ratio": stalls[len(stalls) // 2],
            "least milliseconds": stalls[0],
            "most milliseconds": stalls[-1],
            "refreshes of 1000 tokens": max(run["refreshes"] for run in runs),
            "rounds": len(runs),
        }
    }


MEASURES = {name: functools.partial(_measured, name) for name in ("memory", "disk")}


if __name__ == "__main__":
    print_measure(MEASURES)
