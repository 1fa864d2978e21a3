"""Of renewals, only so many are under way at once in a loop."""

from __future__ import annotations

import asyncio
import typing as t

import pytest

from globus_core import waiting
from globus_core.aio import call
from globus_core_async import places
from globus_core_async.bridge import wait_for


class Renewals:
    """Renewals that end when they are told to."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.may_end: list[asyncio.Event] = []
        self.under_way = self.most = 0

    def __call__(self, number: int) -> int:
        """A renewal, as synchronous code has it."""
        self.begun.append(number)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self.may_end.append(asyncio.Event())
        wait_for(self.may_end[-1].wait())
        self.under_way -= 1
        return number

    def start(self, count: int) -> list[asyncio.Task[int]]:
        """A task for each, which calls it as an authorizer does."""
        return [asyncio.create_task(call(waiting.renewal, self, number)) for number in range(count)]


async def rounds(count: int = 12) -> None:
    """Let the loop do all that it can do now."""
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def three_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer than usual, and nobody is let in meanwhile."""
    monkeypatch.setattr(places, "MOST", 3)
    monkeypatch.setattr(places, "STUCK_SECONDS", 1000.0)


def test_those_beyond_the_places_begin_in_turn() -> None:
    """One for each that ends, until all have ended."""
    renewals = Renewals()

    async def main() -> list[int]:
        tasks = renewals.start(7)
        await rounds()
        assert renewals.begun == [0, 1, 2]
        renewals.may_end[1].set()
        await rounds()
        assert renewals.begun == [0, 1, 2, 3]
        while not all(task.done() for task in tasks):
            for event in renewals.may_end:
                event.set()
            await asyncio.sleep(0)
        return await asyncio.gather(*tasks)

    assert asyncio.run(main()) == [*range(7)]
    assert renewals.begun == [*range(7)]
    assert renewals.most == 3


def test_one_that_is_cancelled_while_it_waits_never_begins() -> None:
    """The one after it gets the place."""
    renewals = Renewals()

    async def main() -> None:
        tasks = renewals.start(5)
        await rounds()
        tasks[3].cancel()
        renewals.may_end[0].set()
        await rounds()
        assert tasks[3].cancelled()
        assert renewals.begun == [0, 1, 2, 4]
        for event in renewals.may_end:
            event.set()

    asyncio.run(main())


def test_a_place_is_not_lost_with_who_just_got_it() -> None:
    """A cancellation may come before the task goes on."""

    async def main() -> None:
        all_places = places.Places()
        for number in range(3):
            await all_places.take(number)
        waits = [asyncio.create_task(all_places.take(number)) for number in (3, 4)]
        await asyncio.sleep(0)
        all_places.give_back(0)
        waits[0].cancel()
        await asyncio.wait(waits)
        assert waits[0].cancelled()
        assert not waits[1].cancelled()

    asyncio.run(main())


def test_a_wait_that_is_closed_takes_no_place() -> None:
    """As when a coroutine is closed that nobody awaits any longer."""

    async def main() -> None:
        all_places = places.Places()
        for number in range(3):
            await all_places.take(number)
        wait = all_places.take(3)
        wait.send(None)
        wait.close()
        for number in range(3):
            all_places.give_back(number)
        for number in range(3):
            await all_places.take(number)

    asyncio.run(main())


def test_tasks_that_want_the_same_token_share_a_place() -> None:
    """Whether one is taken for it or they have to wait, so that others are not kept out."""
    renewals = [Renewals() for _ in range(5)]

    async def main() -> None:
        tasks = [
            asyncio.create_task(call(waiting.renewal, each.__call__, number))
            for each in renewals
            for number in range(4)
        ]
        await rounds()
        assert [each.under_way for each in renewals] == [4, 4, 4, 0, 0]
        for event in renewals[0].may_end[1:]:
            event.set()
        await rounds()
        assert [each.under_way for each in renewals] == [1, 4, 4, 0, 0]
        renewals[0].may_end[0].set()
        await rounds()
        assert [each.under_way for each in renewals] == [0, 4, 4, 4, 0]
        while not all(task.done() for task in tasks):
            for event in (event for each in renewals for event in each.may_end):
                event.set()
            await asyncio.sleep(0)

    asyncio.run(main())
    assert [each.most for each in renewals] == [4] * 5


def test_one_that_is_cancelled_goes_on_and_keeps_its_place() -> None:
    """Until it has ended: what it got may be all that is left of the login."""
    renewals = Renewals()

    async def main() -> None:
        tasks = renewals.start(4)
        await rounds()
        tasks[0].cancel()
        await rounds()
        assert tasks[0].cancelled()
        assert renewals.begun == [0, 1, 2]
        renewals.may_end[0].set()
        await rounds()
        assert renewals.begun == [0, 1, 2, 3]
        for event in renewals.may_end:
            event.set()

    asyncio.run(main())
    assert renewals.under_way == 0


def test_one_more_begins_while_none_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """All may wait for what another one would do; once one ends, there are no more than before."""
    monkeypatch.setattr(places, "STUCK_SECONDS", 0.001)
    renewals = Renewals()

    async def main() -> None:
        tasks = renewals.start(5)
        while len(renewals.begun) < 5:
            await asyncio.sleep(0.001)
        for event in renewals.may_end:
            event.set()
        await asyncio.gather(*tasks)
        monkeypatch.setattr(places, "STUCK_SECONDS", 1000.0)
        renewals.most = 0
        renewals.may_end.clear()
        tasks = renewals.start(5)
        await rounds()
        assert renewals.under_way == 3
        while not all(task.done() for task in tasks):
            for event in renewals.may_end:
                event.set()
            await asyncio.sleep(0)

    asyncio.run(main())
    assert renewals.most == 3


def test_a_renewal_of_a_renewal_needs_no_place() -> None:
    """Or all could wait for each other."""

    def outer(number: int) -> int:
        wait_for(asyncio.sleep(0))
        renewed: int = waiting.renewal(waiting.to_the_end, waiting.renewal, abs, number)
        return renewed

    async def main() -> list[t.Any]:
        return await asyncio.gather(*[call(waiting.renewal, outer, -n) for n in range(6)])

    assert asyncio.run(main()) == [*range(6)]


def test_a_thread_calls_a_renewal_at_once() -> None:
    """Through a waiter that knows nothing of renewals, as what must not be cut short."""
    called: list[str] = []

    class Older(waiting.Waiter):
        def to_the_end(self, function: t.Callable[..., t.Any], *args: t.Any) -> t.Any:
            called.append("to the end")
            return super().to_the_end(function, *args)

    assert waiting.renewal(abs, -1) == 1
    with waiting.use(Older()):
        assert waiting.renewal(abs, -2) == 2
    assert called == ["to the end"]
