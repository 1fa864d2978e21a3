"""
Checks in an event loop: how many threads they take, and how often Globus Auth is asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor

import pytest

from globus_core import TokenChecker
from globus_core.resource_server import ASGIProtection, CheckFailedError, UnauthenticatedError
from globus_core_resource_server.event_loops import LoopChecks
from tests.unit.resource_server.services import HEADER, Gate, Service

SCOPE = {"type": "http", "path": "/", "headers": [(b"authorization", HEADER.encode())]}


async def greet(scope: t.Any, receive: t.Any, send: t.Any) -> None:
    """An application that answers with the name of its caller."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["globus.caller"].username.encode()})


@pytest.mark.threads
@pytest.mark.parametrize("is_valid", [True, False])
def test_a_thousand_tasks_at_once_ask_once_in_one_thread(service: Service, is_valid: bool) -> None:
    """The loop goes on meanwhile, and a pool of two threads has one left for others."""
    if is_valid:
        service.issue()
    gate = Gate(service)
    application = ASGIProtection(greet, service.checker())
    statuses: list[int] = []

    async def send(message: t.Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def main() -> str:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(2))
        calls = [asyncio.create_task(application(SCOPE, None, send)) for _ in range(1000)]  # type: ignore[arg-type]
        await asyncio.to_thread(gate.entered.wait, 60)
        other = await asyncio.to_thread(lambda: "the other thread")
        assert not statuses
        gate.opened.set()
        await asyncio.gather(*calls)
        return other

    assert asyncio.run(main()) == "the other thread"
    assert statuses == [200 if is_valid else 401] * 1000
    assert service.asked == 1


@pytest.mark.threads
def test_a_pool_of_one_thread_is_enough_for_many_tokens(service: Service) -> None:
    """Nobody waits in it for somebody else."""
    headers = [service.issue(f"token{number}") for number in range(20)]
    checks = LoopChecks(service.checker())

    async def main() -> list[str]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        calls = [checks.caller(header) for header in headers * 5]
        return [caller.username for caller in await asyncio.gather(*calls)]

    assert asyncio.run(main()) == ["ada@example.org"] * 100
    assert service.asked == 20


@pytest.mark.threads
def test_a_task_that_is_cancelled_takes_the_answer_from_nobody(service: Service) -> None:
    """Such as that of a client that has hung up."""
    service.issue()
    gate = Gate(service)
    checks = LoopChecks(service.checker())

    async def main() -> str:
        gone, stays = (asyncio.create_task(checks.caller(HEADER)) for _ in range(2))
        await asyncio.to_thread(gate.entered.wait, 60)
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone
        gate.opened.set()
        return (await stays).username

    assert asyncio.run(main()) == "ada@example.org"
    assert service.asked == 1


@pytest.mark.threads
def test_a_refusal_that_nobody_waits_for_any_more_is_no_noise(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """asyncio would log an error that was never looked at."""
    gate = Gate(service)
    checks = LoopChecks(service.checker())

    async def main() -> None:
        gone = asyncio.create_task(checks.caller(HEADER))
        await asyncio.to_thread(gate.entered.wait, 60)
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone
        (asking,) = checks._asking.values()
        gate.opened.set()
        await asyncio.wait([asking])

    asyncio.run(main())
    gc.collect()

    assert not checks._asking
    assert not caplog.messages


def test_each_task_gets_an_error_of_its_own(service: Service) -> None:
    """With the same cause."""
    service.go_down()
    checks = LoopChecks(service.checker())

    async def main() -> list[t.Any]:
        calls = [checks.caller(HEADER) for _ in range(10)]
        return await asyncio.gather(*calls, return_exceptions=True)

    errors = asyncio.run(main())

    assert {type(error) for error in errors} == {CheckFailedError}
    assert len({id(error) for error in errors}) == 10
    assert len({id(error.__cause__) for error in errors}) == 1


@pytest.mark.threads
def test_loops_in_several_threads_share_a_checker(service: Service) -> None:
    """What they do is apart, and what is known is not."""
    service.issue()
    checks = LoopChecks(service.checker())
    names: list[str] = []

    def run() -> None:
        names.append(asyncio.run(_caller(checks)))

    threads = [threading.Thread(target=run) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert names == ["ada@example.org"] * 5
    assert service.asked == 1


async def _caller(checks: LoopChecks) -> str:
    return (await checks.caller(HEADER)).username


def test_a_request_without_a_usable_token_takes_no_thread(service: Service) -> None:
    """It is refused in the loop."""
    checker: t.Any = service.checker()

    class Unasked(TokenChecker):
        def __init__(self) -> None:
            vars(self).update(vars(checker))

        def check(self, authorization: str | None) -> t.NoReturn:
            raise AssertionError("a thread was asked")

    for header in (None, "Bearer", "Bearer käse", "Basic x"):
        with pytest.raises(UnauthenticatedError):
            asyncio.run(LoopChecks(Unasked()).caller(header))
