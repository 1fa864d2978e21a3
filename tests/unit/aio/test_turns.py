"""Many calls that begin together leave the loop time for others."""

from __future__ import annotations

import asyncio
import itertools
import types

import pytest

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
