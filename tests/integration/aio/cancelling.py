"""
Cancelling a task at one of its waits.
"""

from __future__ import annotations

import asyncio
import functools
import types
import typing as t


async def cancelled_at(wait: int, work: t.Any) -> t.Any:
    """
    Await something in a task of its own, which is cancelled while it waits.

    :param wait: at which of its waits, from 1; it ends as ever if it has fewer
    :param work: what is awaited
    """
    return await _cancelled_at(wait, work)


@types.coroutine
def _cancelled_at(wait: int, work: t.Any) -> t.Generator[t.Any, t.Any, t.Any]:
    steps = work.__await__()
    go_on: t.Callable[[], t.Any] = functools.partial(next, steps)
    waits = 0
    while True:
        try:
            waited_for = go_on()
        except StopIteration as end:
            return end.value
        waits += 1
        task = asyncio.current_task()
        if waits == wait and task is not None:
            asyncio.get_running_loop().call_soon(task.cancel)
        try:
            result = yield waited_for
        except BaseException as error:
            go_on = functools.partial(steps.throw, error)
        else:
            go_on = functools.partial(steps.send, result)
