"""
What awaited requests cost: CPU in one process, many in flight, the variants in turns.

Run as a module it is such a process; it prints the figures as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import concurrent.futures
import contextlib
import importlib
import json
import logging
import typing as t

from ._processes import run_module
from .requests_cost import HEADERS, in_turns, parse
from .server import running

Figures = dict[str, dict[str, float]]
Get = t.Callable[[], t.Awaitable[t.Any]]

#: measure -> requests in flight at once, requests in a turn
MEASURES = {"1": (1, 30), "50": (50, 200), "300": (300, 600)}
#: many short turns bear the noise of a busy machine better than few long ones
OFTEN = 2
BASIS = "aiohttp"


def measure(name: str, rounds: int, *, quick: bool = False) -> Figures:
    """
    Run one measure in a fresh process.

    :param name: a key of ``MEASURES``
    :param rounds: how often each variant has its turn
    :param quick: do it once
    """
    often = rounds if quick else rounds * OFTEN
    with running() as base:
        figures: Figures = run_module("async_cost", name, "--base", base, "--rounds", str(often))
    return figures


async def _aiohttp(base: str, stack: contextlib.AsyncExitStack) -> Get:
    aiohttp = importlib.import_module("aiohttp")
    connector = aiohttp.TCPConnector(limit=0)
    session = await stack.enter_async_context(
        aiohttp.ClientSession(headers=HEADERS, connector=connector)
    )

    async def get() -> t.Any:
        async with session.get(f"{base}/small") as response:
            return parse(await response.read())

    return get


async def _httpx(base: str, stack: contextlib.AsyncExitStack) -> Get:
    httpx = importlib.import_module("httpx")
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    client = httpx.AsyncClient(headers=HEADERS, limits=limits, timeout=60)
    await stack.enter_async_context(client)

    async def get() -> t.Any:
        return parse((await client.get(f"{base}/small")).content)

    return get


async def _globus_core(base: str, stack: contextlib.AsyncExitStack) -> Get:
    aio = importlib.import_module("globus_core.aio")
    client = aio.BaseClient(base_url=base, authorizer=aio.AccessTokenAuthorizer("token"))
    await stack.enter_async_context(client)

    async def get() -> t.Any:
        return (await client.get("/small")).data

    return get


_AWAITED = {"globus-core": _globus_core, "aiohttp": _aiohttp, "httpx": _httpx}


async def _in_flight(get: Get, most: int, count: int) -> None:
    async def some() -> None:
        for _ in range(count // most):
            assert (await get())["active"]

    await asyncio.gather(*[some() for _ in range(most)])


def _in_threads(base: str, most: int, count: int, stack: contextlib.ExitStack) -> t.Any:
    """The synchronous client in so many threads."""
    sdk = importlib.import_module("globus_core")
    client = stack.enter_context(
        sdk.BaseClient(base_url=base, authorizer=sdk.AccessTokenAuthorizer("token"))
    )
    pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(most))

    def some() -> None:
        for _ in range(count // most):
            assert client.get("/small").data["active"]

    def work() -> None:
        for done in [pool.submit(some) for _ in range(most)]:
            done.result()

    return work


def _figures(base: str, most: int, count: int, rounds: int) -> Figures:
    loop = asyncio.new_event_loop()
    opened = contextlib.AsyncExitStack()
    with contextlib.ExitStack() as stack:
        stack.callback(loop.close)
        stack.callback(lambda: loop.run_until_complete(loop.shutdown_asyncgens()))
        stack.callback(lambda: loop.run_until_complete(opened.aclose()))
        works: dict[str, t.Callable[[], object]] = {}
        for name, make in _AWAITED.items():
            with contextlib.suppress(ImportError):
                get = loop.run_until_complete(make(base, opened))
                works[name] = _turn(loop, get, most, count)
        works["globus-core, threads"] = _in_threads(base, most, count, stack)
        for work in works.values():  # which opens the connections
            work()
        return in_turns(works, BASIS, rounds, count)


def _turn(
    loop: asyncio.AbstractEventLoop, get: Get, most: int, count: int
) -> t.Callable[[], object]:
    return lambda: loop.run_until_complete(_in_flight(get, most, count))


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=MEASURES)
    parser.add_argument("--base", required=True)
    parser.add_argument("--rounds", type=int, required=True)
    options = parser.parse_args()
    logging.getLogger().setLevel(logging.WARNING)
    most, count = MEASURES[options.name]
    print(json.dumps(_figures(options.base, most, count, options.rounds)))


if __name__ == "__main__":
    _main()
