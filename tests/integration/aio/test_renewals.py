"""One refresh for all tasks that share a token, counted at the server; also when cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import typing as t

import pytest

from globus_core import aio
from globus_core.scopes import AuthScopes
from tests.integration.app.helpers import AUTH, TRANSFER, TRANSFER_ALL, expire, stored, user_app
from tests.integration.app.processes import go, line, processes

if t.TYPE_CHECKING:
    import pathlib

    from globus_core_sandbox import Sandbox


PROGRAM = "tests.integration.aio.renewing_tasks"


@pytest.fixture(params=["json://{}/tokens.json", "sqlite://{}/tokens.db"])
def storage(request: pytest.FixtureRequest, sandbox: Sandbox, tmp_path: pathlib.Path) -> str:
    """
    A storage with an expired token of Auth, made by a login; refresh tokens rotate.
    """
    url: str = request.param.format(tmp_path)
    with user_app(
        sandbox, storage=url, scopes={TRANSFER: TRANSFER_ALL}, request_refresh_tokens=True
    ) as app:
        app.login()
        expire(app)
    sandbox.configure(rotate_refresh_tokens=True)
    return url


def refreshes(sandbox: Sandbox) -> int:
    """How many refreshes the server was asked for."""
    return sandbox.count(grant_type="refresh_token")


@contextlib.asynccontextmanager
async def asking(sandbox: Sandbox, storage: str) -> t.AsyncIterator[t.Any]:
    """A client of Auth with an app that nobody else has."""
    async with (
        aio.wrap(user_app(sandbox, storage=storage, request_refresh_tokens=True)) as app,
        aio.AuthClient(app=app, app_scopes=[AuthScopes.openid]) as auth,
    ):
        yield auth


def test_32_tasks_with_an_expired_token_refresh_once(sandbox: Sandbox, storage: str) -> None:
    """All of them get an answer with the new token."""

    async def main() -> list[t.Any]:
        async with asking(sandbox, storage) as auth:
            return await asyncio.gather(*[auth.userinfo() for _ in range(32)])

    answers = asyncio.run(main())
    assert len({answer["sub"] for answer in answers}) == 1
    assert refreshes(sandbox) == 1
    assert sandbox.count(path="/v2/oauth2/userinfo") == 32


def test_32_tasks_that_are_all_refused_refresh_once(sandbox: Sandbox, storage: str) -> None:
    """Each gets a 401 at the most once."""

    async def main() -> None:
        async with asking(sandbox, storage) as auth:
            await auth.userinfo()
            sandbox.advance_clock(sandbox.access_token_lifetime + 1)
            await asyncio.gather(*[auth.userinfo() for _ in range(32)])

    asyncio.run(main())
    assert refreshes(sandbox) == 2
    assert sandbox.count(path="/v2/oauth2/userinfo") <= 1 + 64


def test_4_processes_of_16_tasks_refresh_once(sandbox: Sandbox, storage: str) -> None:
    """They share the storage, and all of them have the new token."""
    with processes(
        4, sandbox.native_client_id, sandbox.url, storage, threads=16, program=PROGRAM
    ) as children:
        for child in children:
            go(child)
        headers = [header for child in children for header in line(child).split()]
    assert len(headers) == 64
    assert len(set(headers)) == 1
    assert refreshes(sandbox) == 1


def test_a_token_is_stored_though_its_renewal_was_cancelled(sandbox: Sandbox, storage: str) -> None:
    """At whichever wait that was: a second refresh of the same token would end the login."""

    async def main() -> int:
        cancelled = 0
        for waits in range(1, 200):
            app = aio.wrap(user_app(sandbox, storage=storage, request_refresh_tokens=True))
            async with app:
                await aio.call(expire, app)
                authorizer = await app.get_authorizer(AUTH)
                task = asyncio.create_task(authorizer.ensure_valid_token())
                for _ in range(waits):
                    await asyncio.sleep(0)
                if task.done():
                    await task
                    break
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                cancelled += 1
        return cancelled

    assert asyncio.run(main()) > 3
    with user_app(sandbox, storage=storage, request_refresh_tokens=True) as app:
        expire(app)
        assert app.get_authorizer(AUTH).get_authorization_header()
        assert stored(app, TRANSFER) is not None
