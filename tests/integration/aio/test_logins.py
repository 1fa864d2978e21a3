"""Logins, downloads and look-ups that are awaited, while other tasks go on."""

from __future__ import annotations

import asyncio
import builtins
import typing as t

import pytest

from globus_core import aio, waiting
from globus_core.globus_app import GlobusAppConfig
from globus_core.login_flows import CommandLineLoginFlowManager, LocalServerLoginFlowManager
from globus_core.testing import HeadlessBrowser
from globus_core.token_storage import MemoryTokenStorage
from tests.integration.app.helpers import AUTH, TRANSFER, TRANSFER_ALL
from tests.integration.app.terminal import code_at

from .cancelling import cancelled_at

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox


def app_with(sandbox: Sandbox, make_flow: t.Callable[[t.Any], t.Any], storage: t.Any) -> t.Any:
    """An awaited app that logs in by a flow."""

    class Provider:
        @classmethod
        def for_globus_app(cls, app_name: str, login_client: t.Any, config: t.Any) -> t.Any:
            return make_flow(login_client)

    return aio.UserApp(
        "tests",
        client_id=sandbox.native_client_id,
        scope_requirements={TRANSFER: TRANSFER_ALL},
        config=GlobusAppConfig(
            token_storage=storage, login_flow_manager=Provider, request_refresh_tokens=True
        ),
    )


class Person:
    """Somebody who opens the page of a login when asked to, as another task."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[str] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()

    def open(self, url: str) -> bool:
        """Take the URL, and return at once."""
        self._loop.call_soon_threadsafe(self.asked.put_nowait, url)
        return True

    async def log_in(self) -> None:
        """Open the page."""
        HeadlessBrowser().open(await self.asked.get())


def test_a_login_by_a_local_server_blocks_no_other_task(sandbox: Sandbox) -> None:
    """The task that plays the person runs while the login waits for it."""

    async def main() -> None:
        person = Person()
        storage = MemoryTokenStorage()

        def flow(client: t.Any) -> t.Any:
            return LocalServerLoginFlowManager(
                client, open_browser=person.open, timeout=60, request_refresh_tokens=True
            )

        async with app_with(sandbox, flow, storage) as app:
            await asyncio.gather(app.login(), person.log_in())
            assert not await app.login_required()
            header = await (await app.get_authorizer(AUTH)).get_authorization_header()
            assert header.startswith("Bearer ")

    asyncio.run(main())


def test_a_login_in_a_terminal_blocks_no_other_task(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The prompt waits in a thread, and another task has the code."""

    async def main() -> None:
        code: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        prompted = asyncio.Event()
        loop = asyncio.get_running_loop()

        async def answer() -> str:
            prompted.set()
            return await code

        def prompt(text: str) -> str:
            return asyncio.run_coroutine_threadsafe(answer(), loop).result()

        async def person() -> None:
            await prompted.wait()
            (url,) = [word for word in capsys.readouterr().out.split() if "authorize?" in word]
            code.set_result(await asyncio.to_thread(code_at, url))

        def flow(client: t.Any) -> t.Any:
            return CommandLineLoginFlowManager(client, request_refresh_tokens=True)

        monkeypatch.setattr(builtins, "input", prompt)
        storage = MemoryTokenStorage()
        async with app_with(sandbox, flow, storage) as app:
            await asyncio.gather(app.login(), person())
            assert not await app.login_required()

    asyncio.run(main())


def test_a_login_can_be_cancelled_at_any_wait(sandbox: Sandbox) -> None:
    """What was asked for is stored or not, nothing is left open, and the next login works."""

    async def main() -> int:
        storage = MemoryTokenStorage()
        for waits in range(1, 300):
            person = Person()

            def flow(client: t.Any, person: Person = person) -> t.Any:
                return LocalServerLoginFlowManager(
                    client, open_browser=person.open, timeout=60, request_refresh_tokens=True
                )

            async with app_with(sandbox, flow, storage) as app:
                login = asyncio.create_task(app.login(force=True))
                opened = asyncio.create_task(person.log_in())
                for _ in range(waits * 3):
                    await asyncio.sleep(0)
                ended = login.done()
                login.cancel()
                opened.cancel()
                await asyncio.gather(login, opened, return_exceptions=True)
                if ended:
                    await login
                    return waits
            if waits == 12:  # the rest is the person's time
                break
        return waits

    assert asyncio.run(main()) >= 12


class Pasted(CommandLineLoginFlowManager):
    """A person in a terminal, who pastes the code that the page shows."""

    def print_authorize_url(self, authorize_url: str) -> None:
        """Note it."""
        self._url = authorize_url

    def prompt_for_code(self) -> str:
        """Log in, in a thread, while the task waits."""
        return waiting.blocking(code_at, self._url)


def test_a_login_that_is_cancelled_loses_no_tokens(sandbox: Sandbox) -> None:
    """Once its code is on the way, at whichever wait: a code can be used only once."""

    async def cancelled(wait: int) -> tuple[bool, bool, bool]:
        """Whether the login was cancelled, its code exchanged, and its tokens stored."""
        before = sandbox.count(grant_type="authorization_code")
        storage = MemoryTokenStorage()
        async with app_with(sandbox, Pasted, storage) as app:
            login = asyncio.create_task(cancelled_at(wait, app.login()))
            await asyncio.wait((login,))
        exchanged = sandbox.count(grant_type="authorization_code") > before
        return login.cancelled(), exchanged, storage.get_token_data(TRANSFER) is not None

    async def main() -> list[tuple[bool, bool, bool]]:
        seen = []
        for wait in range(1, 100):
            seen.append(await cancelled(wait))
            if not seen[-1][0]:
                break
        return seen

    seen = asyncio.run(main())
    assert all(exchanged == stored for _, exchanged, stored in seen)
    assert [exchanged for was_cancelled, exchanged, _ in seen if was_cancelled].count(True) >= 2
    assert seen[-1] == (False, True, True)
