"""
How the SDK waits inside of an awaited call: the task waits, and the loop runs other tasks.

- A pause is ``asyncio.sleep``.
- A lock is asked for again and again, since threads may hold it too; of the tasks that wait for
  the same lock only the first one asks, and the others follow in turn.
- An event or a condition is looked at again and again.
- A function that may block for long runs in a thread of a bounded pool.
- The owner of a lock is the call and not its thread, in which all tasks run.
- What must not be cut short runs in a task of its own, which nobody cancels; of renewals only so
  many run at once.
"""

from __future__ import annotations

import asyncio
import math
import time
import types
from collections import deque

from globus_core import waiting

from .bridge import Call, current_call, drive, in_turn, wait_for
from .loop_end import loop_end
from .pool import in_pool

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    R = t.TypeVar("R")

# pauses between two looks, in seconds; each is longer than the one before
_FIRST_PAUSE = 0.0005
_LONGEST_PAUSE = 0.01


class LoopWaiter(waiting.Waiter):
    """
    Waits inside of awaited calls; leaves all other waiting to the waiter before it.
    """

    def __init__(self) -> None:
        self._lines: dict[tuple[object, int], deque[asyncio.Future[None]]] = {}

    def owner(self) -> t.Hashable:
        call = current_call()
        return self.previous.owner() if call is None else call.owner

    def sleep(self, seconds: float) -> None:
        if current_call() is None:
            self.previous.sleep(seconds)
        else:
            wait_for(asyncio.sleep(seconds))

    def acquire(self, lock: waiting.Lock, seconds: float | None) -> bool:
        if current_call() is None:
            return self.previous.acquire(lock, seconds)
        return wait_for(self._acquire(lock, seconds))

    def wait(self, waitable: waiting.Waitable, seconds: float | None) -> bool:
        if current_call() is None:
            return self.previous.wait(waitable, seconds)
        if hasattr(waitable, "notify"):
            return _wait_for_condition(waitable, seconds)
        return wait_for(_poll(lambda: waitable.wait(0), _end(seconds)))

    def blocking(self, function: t.Callable[..., R], *args: t.Any) -> R:
        if current_call() is None:
            return self.previous.blocking(function, *args)
        return wait_for(in_pool(function, args))

    def to_the_end(self, function: t.Callable[..., R], *args: t.Any) -> R:
        if current_call() is None:
            return self.previous.to_the_end(function, *args)
        result: R = _not_cut_short(function, args, _started)
        return result

    def renewal(self, function: t.Callable[..., R], *args: t.Any) -> R:
        if current_call() is None:
            return self.previous.renewal(function, *args)
        result: R = _not_cut_short(function, args, _started_in_a_place)
        return result

    async def _acquire(self, lock: waiting.Lock, seconds: float | None) -> bool:
        end = _end(seconds)
        loop = asyncio.get_running_loop()
        key = (loop, id(getattr(lock, "lock", lock)))
        line = self._lines.setdefault(key, deque())
        turn: asyncio.Future[None] = loop.create_future()
        line.append(turn)
        try:
            if line[0] is not turn:
                left = end - time.monotonic()
                await asyncio.wait((turn,), timeout=None if left == math.inf else max(left, 0))
                if not turn.done():
                    return False
            return await _poll(lambda: lock.acquire(False), end)
        finally:
            line.remove(turn)
            if not line:
                del self._lines[key]
            elif not line[0].done():
                line[0].set_result(None)


def _end(seconds: float | None) -> float:
    return math.inf if seconds is None else time.monotonic() + seconds


async def _poll(has_come: t.Callable[[], bool], end: float) -> bool:
    pause = _FIRST_PAUSE
    while True:
        await in_turn()  # what waits for this has work to do
        if has_come():
            return True
        left = end - time.monotonic()
        if left <= 0:
            return False
        await asyncio.sleep(min(pause, left))
        pause = min(1.5 * pause, _LONGEST_PAUSE)


def _wait_for_condition(condition: t.Any, seconds: float | None) -> bool:
    """Let go of the condition for a moment; its user looks at what it waits for again anyway."""
    pause = _LONGEST_PAUSE / 2
    last = seconds is not None and seconds <= pause
    condition.release()
    try:
        wait_for(asyncio.sleep(max(seconds or 0.0, 0.0) if last else pause))
    finally:
        condition.acquire()
    return not last


def _not_cut_short(
    function: t.Callable[..., t.Any],
    args: tuple[t.Any, ...],
    started: t.Callable[[Call], t.Awaitable[asyncio.Task[t.Any]]],
) -> t.Any:
    outer = current_call()
    if outer is None or outer.shielded:
        return function(*args)
    call = Call(function, args, owner=outer.owner, shielded=True)

    async def shielded() -> t.Any:
        return await asyncio.shield(await started(call))

    return wait_for(shielded())


async def _started(call: Call) -> asyncio.Task[t.Any]:
    return await loop_end().start(drive(call))


async def _started_in_a_place(call: Call) -> asyncio.Task[t.Any]:
    end = loop_end()
    what = _what_is_renewed(call)
    await end.places.take(what)
    task = await end.start(drive(call))
    task.add_done_callback(lambda _: end.places.give_back(what))
    return task


def _what_is_renewed(call: Call) -> t.Hashable:
    function = call.function
    return id(function.__self__ if isinstance(function, types.MethodType) else call)


def install() -> None:
    """
    Use this way of waiting from now on; done once in a process.
    """
    global _installed
    if _installed is None:
        _installed = waiting.use(LoopWaiter())


_installed: LoopWaiter | None = None
