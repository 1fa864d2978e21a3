"""
Arguments of awaited methods, in the form that synchronous code can use.

An asynchronous function becomes a function that waits for it, and an asynchronous iterator, such as
the body of a request, becomes an iterator. Both work in the threads that the SDK starts as well.
"""

from __future__ import annotations

import asyncio
import functools
import inspect

from .bridge import current_call, wait_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_END = object()
_PLAIN = frozenset((bool, bytes, dict, float, int, list, str, type(None)))


def for_sync(value: t.Any, unwrap: t.Callable[[t.Any], t.Any]) -> t.Any:
    """
    An argument in the form that synchronous code can use.

    :param value: the argument
    :param unwrap: gives the object that a facade stands for
    """
    if type(value) in _PLAIN:
        return value
    sync = unwrap(value)
    if sync is not value:
        return sync
    if inspect.iscoroutinefunction(value):
        return _waiting(value)
    if hasattr(type(value), "__anext__"):
        return _steps(value)
    return value


def _waiting(function: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
    wait = _waiter()

    @functools.wraps(function)
    def waiting(*args: t.Any, **kwargs: t.Any) -> t.Any:
        return wait(function(*args, **kwargs))

    return waiting


def _steps(iterator: t.Any) -> t.Iterator[t.Any]:
    wait = _waiter()

    async def step() -> t.Any:
        try:
            return await type(iterator).__anext__(iterator)
        except StopAsyncIteration:
            return _END

    while (value := wait(step())) is not _END:
        yield value


def _waiter() -> t.Callable[[t.Any], t.Any]:
    """How to wait for something of the running loop, in its thread or in another one."""
    loop = asyncio._get_running_loop()

    def wait(awaitable: t.Any) -> t.Any:
        if current_call() is not None or loop is None:
            return wait_for(awaitable)
        return asyncio.run_coroutine_threadsafe(awaitable, loop).result()

    return wait
