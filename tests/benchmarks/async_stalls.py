"""
The longest stall of an event loop while 1000 tokens are renewed and stored.

Run as a module it is a process that measures; it prints the figures as JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import importlib
import pathlib
import statistics
import tempfile
import time
import typing as t

from ._processes import print_measure, run_module
from ._turns import variants_in_turns
from .server import running

Figures = dict[str, dict[str, float]]

#: after this no further round begins
SECONDS = 30
TOKENS = 1000


def measure(name: str, rounds: int) -> Figures:
    """
    Measure in a fresh process.

    :param name: a key of ``MEASURES``
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


class _Stall:
    """
    The longest time from one round of the loop to the next, while a ``with`` block runs.

    :ivar seconds: by the clock, in which other programs have a part
    :ivar cpu_seconds: by what this thread worked
    """

    def __init__(self) -> None:
        self.seconds = self.cpu_seconds = 0.0

    async def __aenter__(self) -> _Stall:
        self._watching = asyncio.create_task(self._watch())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._watching.cancel()
        await asyncio.wait((self._watching,))

    async def _watch(self) -> None:
        before, worked_before = time.perf_counter(), time.thread_time()
        while True:
            await asyncio.sleep(0)
            now, worked = time.perf_counter(), time.thread_time()
            self.seconds = max(self.seconds, now - before)
            self.cpu_seconds = max(self.cpu_seconds, worked - worked_before)
            before, worked_before = now, worked


async def _together(calls: t.Sequence[t.Callable[[], t.Coroutine[t.Any, t.Any, t.Any]]]) -> t.Any:
    """Await all; they begin in several rounds, since making a thousand tasks takes a while."""
    tasks = []
    for call in calls:
        tasks.append(asyncio.create_task(call()))
        if len(tasks) % 20 == 0:
            await asyncio.sleep(0)
    return await asyncio.gather(*tasks)


async def _aiohttp_alone(base: str) -> dict[str, float]:
    """As many requests that aiohttp sends, with nothing to renew and to store."""
    aiohttp = importlib.import_module("aiohttp")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def get() -> None:
            async with session.get(f"{base}/small") as response:
                await response.read()

        await get()
        async with _Stall() as stall:
            await _together([get] * TOKENS)
    return {"seconds": stall.seconds, "CPU": stall.cpu_seconds}


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
        async with _Stall() as stall:
            headers = await _together([aio.wrap(one).get_authorization_header for one in made])
    stored = storage.get_token_data_by_resource_server()
    assert headers == [f"Bearer new-{server}" for server in servers]
    assert all(stored[server].access_token == f"new-{server}" for server in servers)
    return {
        "seconds": stall.seconds,
        "CPU": stall.cpu_seconds,
        "refreshes": auth.refreshes,
    }


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
    if name == "json":
        return globus_core.JSONTokenStorage(str(pathlib.Path(folder) / "tokens.json"))
    return globus_core.SQLiteTokenStorage(str(pathlib.Path(folder) / "tokens.db"))


def _renewed_by(name: str, base: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, _storage(name, folder) as storage:
        return asyncio.run(_renewed(storage, base))


def _alone(base: str) -> dict[str, float]:
    return asyncio.run(_aiohttp_alone(base))


@contextlib.contextmanager
def _no_collector() -> t.Iterator[None]:
    """Without the collector of garbage, whose pauses depend on what else is in memory."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _measured(name: str, rounds: int) -> Figures:
    with running() as base:
        renew = functools.partial(_renewed_by, name, base)
        works: dict[str, t.Callable[[], dict[str, float]]] = {
            "globus-core": renew,
            "with the collector": renew,
            "aiohttp alone": functools.partial(_alone, base),
            "aiohttp alone, with the collector": functools.partial(_alone, base),
        }
        runs: dict[str, list[dict[str, float]]] = {variant: [] for variant in works}
        for variant in variants_in_turns([*works], rounds, SECONDS):
            with_collector = variant.endswith("with the collector")
            with contextlib.nullcontext() if with_collector else _no_collector():
                runs[variant].append(works[variant]())
    return {variant: _figures(of_variant) for variant, of_variant in runs.items()}


def _figures(runs: list[dict[str, float]]) -> dict[str, float]:
    milliseconds = [run["seconds"] * 1e3 for run in runs]
    worked = [run["CPU"] * 1e3 for run in runs]
    return {
        "ratio": statistics.median(milliseconds),
        "least milliseconds": min(milliseconds),
        "most milliseconds": max(milliseconds),
        "milliseconds of CPU": statistics.median(worked),
        "least milliseconds of CPU": min(worked),
        "refreshes of 1000 tokens": max(run.get("refreshes", 0) for run in runs),
        "rounds": len(runs),
    }


MEASURES = {name: functools.partial(_measured, name) for name in ("memory", "json", "disk")}


if __name__ == "__main__":
    print_measure(MEASURES)
