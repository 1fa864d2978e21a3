"""Many calls that begin together leave the loop time for others."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
import types
import typing as t

import pytest

from globus_core import waiting
from globus_core.aio import call
from globus_core_async import turns


@pytest.fixture
def slow_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock is 3 ms later."""
    clock = itertools.count()
    monkeypatch.setattr(turns, "time", types.SimpleNamespace(monotonic=lambda: next(clock) * 0.003))


@pytest.mark.usefixtures("slow_calls")
def test_few_calls_begin_in_one_round() -> None:
    """All of them in turn, and other tasks between them; one that is cancelled has no turn."""

    async def main() -> tuple[list[int], list[int]]:
        rounds, begun = [0], list[int]()

        async def watch() -> None:
            while True:
                await asyncio.sleep(0)
                rounds.append(0)

        def begin(number: int) -> None:
            rounds[-1] += 1
            begun.append(number)

        watching = asyncio.create_task(watch())
        calls = [asyncio.create_task(call(begin, number)) for number in range(40)]
        await asyncio.sleep(0)
        calls[20].cancel()
        await asyncio.wait(calls)
        watching.cancel()
        return rounds, begun

    rounds, begun = asyncio.run(main())
    assert begun == [number for number in range(40) if number != 20]
    assert max(rounds) <= 6


EVENT = threading.Event()


def after_an_event(function: t.Callable[[int], None], number: int) -> None:
    """What waits for something that another thread says."""
    waiting.wait(EVENT, None)
    function(number)


@pytest.mark.parametrize("begin_by", [waiting.to_the_end, waiting.renewal, after_an_event])
def test_few_calls_go_on_in_one_round(
    begin_by: t.Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has a task of its own, and what has waited, may be what takes the time: 3 ms each."""
    now = 0.0
    EVENT.clear()
    monkeypatch.setattr(turns, "time", types.SimpleNamespace(monotonic=lambda: now))

    async def main() -> list[int]:
        rounds = [0]

        async def watch() -> None:
            while True:
                await asyncio.sleep(0)
                rounds.append(0)

        def begin(number: int) -> None:
            nonlocal now
            now += 0.003
            rounds[-1] += 1

        watching = asyncio.create_task(watch())
        calls = [asyncio.create_task(call(begin_by, begin, number)) for number in range(40)]
        await asyncio.sleep(0)
        EVENT.set()
        time.sleep(0.02)  # so that all who wait for it look again in one round
        await asyncio.gather(*calls)
        watching.cancel()
        return rounds

    rounds = asyncio.run(main())
    assert sum(rounds) == 40
    assert max(rounds) <= 6
