"""
Scenarios: requests, logins and renewals that are awaited.
"""

from __future__ import annotations

import asyncio
import functools
import typing as t

from globus_core import GlobusError, aio
from tests.canary.echo_server import STYLES, echoing
from tests.canary.logins_and_tokens import a_sandbox
from tests.canary.requests_told import Clients, network_in_trouble
from tests.integration.app.helpers import AUTH, expire, user_app

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox
    from tests.canary.requests_told import Actions
    from tests.canary.watch import Watch


class AwaitedClients(Clients):
    """Clients whose requests are sent from an event loop."""

    sample = ("get", "stream", "code")

    def actions(self) -> Actions:
        """The same things, awaited."""
        return {name: functools.partial(_awaited, do) for name, do in super().actions().items()}


def _awaited(action: t.Callable[[], t.Any]) -> t.Any:
    return asyncio.run(aio.call(action))


def refused_while_awaited(watch: Watch) -> None:
    """A sample of requests, refused by a server that says back all that it was told."""
    with echoing() as server:
        clients = AwaitedClients(watch, server.url)
        for client in clients.all:
            watch.show(aio.wrap(client))
            watch.show(aio.wrap(client.authorizer))
        actions = clients.actions()
        for name in clients.sample:
            for server.style in STYLES:
                watch.scenario = f"{name} awaited and refused, {server.style}"
                server.status = 403
                watch.failing(actions[name])
        clients.close()


def network_in_trouble_while_awaited(watch: Watch) -> None:
    """Each request, while the network fails in its ways."""
    network_in_trouble(watch, AwaitedClients)


def login_awaited(watch: Watch) -> None:
    """A login, its tokens and a renewal, and what cannot be done with them."""
    with a_sandbox(watch) as sandbox:
        asyncio.run(_login(watch, sandbox))
    watch.failing(aio.wait_for, asyncio.sleep(0, watch.secrets.make("a result")))


async def _login(watch: Watch, sandbox: Sandbox) -> None:
    made = user_app(sandbox, request_refresh_tokens=True)
    async with aio.wrap(made) as app, aio.AuthClient(app=app) as auth:
        for facade in (app, auth, aio.UserApp, app.login, auth.paginated):
            watch.show(facade)
        await app.login()
        await aio.call(expire, app)
        authorizer = await app.get_authorizer(AUTH)
        watch.show(authorizer)
        header = authorizer.get_authorization_header()
        watch.show(header)
        watch.secrets.add("an awaited header", (await header).partition(" ")[2])
        watch.show(await auth.userinfo())
        watch.show(aio.unwrap(auth))
        code = watch.secrets.make("a made-up code")
        refused = (
            auth.get("/nowhere"),
            aio.call(made._login_client.oauth2_refresh_token, code),
            aio.call(made._login_client.oauth2_exchange_code_for_tokens, code),
        )
        for call in refused:
            watch.text("a call", repr(call))
            try:
                await call
            except GlobusError as error:
                watch.error(error)
        await app.logout()


SCENARIOS = (refused_while_awaited, network_in_trouble_while_awaited, login_awaited)
