"""Plugins that observe are told of awaited requests and tokens as of others."""

from __future__ import annotations

import asyncio
import typing as t

from globus_core import aio, hookimpl
from tests.integration.app.helpers import AUTH, TRANSFER, TRANSFER_ALL, expire, user_app

if t.TYPE_CHECKING:
    from globus_core.plugins import PluginManager
    from globus_core_sandbox import Sandbox


class Observer:
    """Notes what it is told, and in which task."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str | None]] = []
        self.tasks: set[asyncio.Task[t.Any] | None] = set()

    def take(self) -> list[tuple[str, str | None]]:
        """What was told since the last time."""
        told, self.told = self.told, []
        return told

    @hookimpl
    def globus_token_event(self, event: t.Any) -> None:
        """Something happened to a token."""
        self.told.append((event.kind, event.resource_server))
        self.tasks.add(asyncio.current_task())

    @hookimpl
    def globus_before_step(self, event: t.Any) -> None:
        """Longer work begins."""
        if event.kind != "lock_wait":  # which there may be or not
            self.told.append((f"before {event.kind}", event.resource_server))

    @hookimpl
    def globus_after_step(self, event: t.Any) -> None:
        """Longer work has ended."""
        if event.step.kind != "lock_wait":
            self.told.append((f"after {event.step.kind}", event.step.resource_server))


def test_an_awaited_login_and_renewal_are_told_of(
    sandbox: Sandbox, globus_plugins: PluginManager
) -> None:
    """Once each, though 16 tasks ask, and in the order in which they happen."""
    observer = Observer()
    globus_plugins.register(observer, "observer")

    async def main() -> None:
        made = user_app(sandbox, scopes={TRANSFER: TRANSFER_ALL}, request_refresh_tokens=True)
        async with aio.wrap(made) as app:
            await app.login()
            login = observer.take()
            assert (login[0], login[-1]) == (("before login", None), ("after login", None))
            assert sorted(login[1:-1]) == [("issued", AUTH), ("issued", TRANSFER)]
            await aio.call(expire, app)
            authorizer = await app.get_authorizer(AUTH)
            await asyncio.gather(*[authorizer.get_authorization_header() for _ in range(16)])
            refreshed = [("before renewal", AUTH), ("refreshed", AUTH), ("after renewal", AUTH)]
            assert observer.take() == refreshed
            await app.logout()
            assert {kind for kind, _ in observer.take()} == {"revoked"}

    asyncio.run(main())
    assert None not in observer.tasks


def test_a_renewal_that_nobody_waits_for_is_told_of(
    sandbox: Sandbox, globus_plugins: PluginManager
) -> None:
    """Its task was cancelled; it ends all the same."""
    observer = Observer()
    globus_plugins.register(observer, "observer")

    async def main() -> None:
        async with aio.wrap(user_app(sandbox, request_refresh_tokens=True)) as app:
            await app.login()
            await aio.call(expire, app)
            observer.take()
            authorizer = await app.get_authorizer(AUTH)
            renewal = asyncio.create_task(authorizer.ensure_valid_token())
            while ("before renewal", AUTH) not in observer.told:
                await asyncio.sleep(0)
            renewal.cancel()
            await asyncio.wait((renewal,))
            assert renewal.cancelled()

    asyncio.run(main())
    assert ("refreshed", AUTH) in observer.told
