"""
Sends what synchronous tests send by an event loop in a thread of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import typing as t

import pytest

from globus_core.transport import RequestsTransport
from globus_core_async import bodies, bridge


@contextlib.contextmanager
def sending_in_a_loop(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[None]:
    """
    For a ``with`` block, each request is awaited in an event loop, and so is the rest of a stream.

    :param monkeypatch: undoes it as well
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    request, close = RequestsTransport.request, RequestsTransport.close

    def awaited(awaitable: t.Awaitable[t.Any]) -> t.Any:
        return asyncio.run_coroutine_threadsafe(_coroutine(awaitable), loop).result()

    def send(transport: RequestsTransport, *args: t.Any, **options: t.Any) -> t.Any:
        if bridge.current_call() is not None:
            return request(transport, *args, **options)
        return awaited(bridge.run(request, transport, *args, **options))

    def close_in_the_loop(transport: RequestsTransport) -> None:
        awaited(bridge.run(close, transport))

    def wait_for(awaitable: t.Awaitable[t.Any]) -> t.Any:
        if bridge.current_call() is not None:
            return bridge.wait_for(awaitable)
        return awaited(awaitable)

    monkeypatch.setattr(RequestsTransport, "request", send)
    monkeypatch.setattr(RequestsTransport, "close", close_in_the_loop)
    monkeypatch.setattr(bodies, "wait_for", wait_for)
    try:
        yield
    finally:
        awaited(loop.shutdown_asyncgens())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _coroutine(awaitable: t.Awaitable[t.Any]) -> t.Any:
    return await awaitable
