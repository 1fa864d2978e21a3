"""Synchronous code waits for awaitables, and the loop goes on meanwhile."""

from __future__ import annotations

import asyncio
import contextvars
import os
import traceback
import typing as t
import weakref

import pytest

from globus_core import waiting
from globus_core.aio import call, wait_for
from globus_core.exc import GlobusSDKUsageError
from globus_core.locks import OwnedLock

_variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")


def test_a_synchronous_function_waits_while_other_tasks_run() -> None:
    """Two of them wait for each other in one thread."""

    async def main() -> list[str]:
        first, second = asyncio.Event(), asyncio.Event()
        done: list[str] = []

        def one() -> None:
            done.append("one")
            first.set()
            wait_for(second.wait())
            done.append("one again")

        def two() -> None:
            wait_for(first.wait())
            done.append("two")
            second.set()

        await asyncio.gather(call(one), call(two))
        return done

    assert asyncio.run(main()) == ["one", "two", "one again"]


def test_a_call_that_has_ended_keeps_nothing_alive() -> None:
    """Neither what it was given nor what it returned, also if it waited."""

    class Thing:
        """Something large."""

    def passed(thing: Thing) -> Thing:
        wait_for(asyncio.sleep(0))
        return thing

    async def main() -> None:
        for _ in range(2):  # in a new greenlet, and in one that has rested
            seen = weakref.ref(await call(passed, Thing()))
            assert seen() is None

    asyncio.run(main())


def test_results_and_errors_come_back() -> None:
    """Of the function, and of what it waits for."""

    async def fail() -> None:
        raise ZeroDivisionError

    async def main() -> None:
        assert await call(divmod, 7, 2) == (3, 1)
        assert await call(lambda: wait_for(asyncio.sleep(0, "slept"))) == "slept"
        with pytest.raises(ZeroDivisionError):
            await call(divmod, 1, 0)
        with pytest.raises(ZeroDivisionError):
            await call(lambda: wait_for(fail()))

    asyncio.run(main())


def test_nothing_is_waited_for_outside_of_a_call() -> None:
    """The error says what to do."""
    with pytest.raises(GlobusSDKUsageError, match=r"aio\.call\(\)"):
        wait_for(asyncio.sleep(0))


def test_context_variables_are_those_of_the_task() -> None:
    """What is set on one side is seen on the other, and by no other task."""

    def inside() -> str:
        before = _variable.get()
        wait_for(asyncio.sleep(0))
        _variable.set("by the function")
        return before

    async def main() -> tuple[str, str]:
        _variable.set("by the task")
        return await call(inside), _variable.get()

    assert asyncio.run(main()) == ("by the task", "by the function")
    assert _variable.get() == "unset"


def test_a_cancelled_task_ends_the_function_at_its_wait() -> None:
    """Its cleanup runs, and may wait as well."""
    done: list[str] = []

    def work() -> None:
        try:
            wait_for(asyncio.Event().wait())
        finally:
            wait_for(asyncio.sleep(0))
            done.append("cleaned up")

    async def main() -> None:
        task = asyncio.create_task(call(work))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert done == ["cleaned up"]


def test_a_call_that_nobody_awaits_to_its_end_is_ended() -> None:
    """As a coroutine is that is closed."""
    done: list[str] = []

    def work() -> None:
        try:
            wait_for(asyncio.Event().wait())
        finally:
            done.append("ended")

    async def main() -> None:
        coroutine = call(work)
        coroutine.send(None)
        coroutine.close()

    asyncio.run(main())
    assert done == ["ended"]


def test_a_traceback_shows_the_line_of_the_caller() -> None:
    """And the lines of the function, in one traceback."""

    def fails_in_the_sdk() -> None:
        wait_for(asyncio.sleep(0))
        raise ZeroDivisionError

    async def main() -> str:
        try:
            await call(fails_in_the_sdk)  # the line of the caller
        except ZeroDivisionError:
            return traceback.format_exc()
        return ""

    text = asyncio.run(main())
    assert text.index("the line of the caller") < text.index("raise ZeroDivisionError")


def test_the_waits_of_the_sdk_let_other_tasks_run() -> None:
    """Pauses, locks, events, conditions and functions that block."""
    import threading

    async def main() -> list[str]:
        done: list[str] = []
        lock, event, condition = threading.Lock(), threading.Event(), threading.Condition()
        lock.acquire()

        def waits() -> None:
            waiting.sleep(0)
            assert waiting.acquire(lock)
            lock.release()
            assert waiting.wait(event)
            with condition:
                while "condition" not in done:
                    waiting.wait(condition)
            assert waiting.blocking(threading.current_thread) is not threading.current_thread()
            done.append("waited")

        async def frees() -> None:
            await asyncio.sleep(0)
            lock.release()
            event.set()
            done.append("condition")

        await asyncio.gather(call(waits), frees())
        return done

    assert asyncio.run(main()) == ["condition", "waited"]


def test_a_wait_ends_when_its_time_is_up() -> None:
    """As it does for a thread."""
    import threading

    def waits() -> list[bool]:
        lock, condition = threading.Lock(), threading.Condition()
        lock.acquire()
        with condition:
            return [
                waiting.acquire(lock, 0.001),
                waiting.wait(threading.Event(), 0.001),
                waiting.wait(condition, 0.001),
            ]

    async def main() -> list[bool]:
        waited: list[bool] = await call(waits)
        return waited

    assert asyncio.run(main()) == [False, False, False]


def test_a_lock_belongs_to_the_call_and_tasks_take_it_in_turn() -> None:
    """Though all of them run in one thread; a task that is cancelled leaves the line."""

    async def main() -> list[int]:
        lock, held = OwnedLock("a test"), asyncio.Event()
        order: list[int] = []

        def take(number: int) -> None:
            with lock.held(60):
                order.append(number)
                if number == 0:
                    wait_for(held.wait())

        tasks = [asyncio.create_task(call(take, number)) for number in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        tasks[2].cancel()
        held.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert not lock.busy
        return order

    assert asyncio.run(main()) == [0, 1, 3, 4]


def test_what_must_not_be_cut_short_goes_on_after_a_cancellation() -> None:
    """The task that waits for it ends at once; the loop does not end before it."""
    done: list[str] = []

    async def main() -> None:
        begun, go_on = asyncio.Event(), asyncio.Event()

        def renewal() -> None:
            begun.set()
            wait_for(go_on.wait())
            wait_for(asyncio.sleep(0))
            done.append("stored")

        task = asyncio.create_task(call(waiting.to_the_end, renewal))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert done == []
        go_on.set()

    asyncio.run(main())
    assert done == ["stored"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_process_needs_a_loop_of_its_own() -> None:
    """The loop of the parent is refused, a new one works."""

    def child() -> t.NoReturn:
        code = 1
        try:
            coroutine = call(len, "abc")
            try:
                coroutine.send(None)
            except GlobusSDKUsageError as error:
                asyncio._set_running_loop(None)
                code = 0 if "fork" in str(error) and asyncio.run(_length()) == 3 else 2
        finally:
            os._exit(code)

    async def main() -> int:
        assert await call(len, "ab") == 2
        pid = os.fork()
        if pid == 0:
            child()
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    assert asyncio.run(main()) == 0


async def _length() -> int:
    length: int = await call(len, "abc")
    return length
