"""The journeys of the demo, awaited from the first line to the last."""

from __future__ import annotations

import asyncio
import typing as t

import pytest

from globus_core import aio
from globus_core.exc import GlobusAPIError
from tests.integration.app.helpers import AUTH, user_app

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox


def test_the_journey_of_auth(sandbox: Sandbox) -> None:
    """Log in, ask who it is, find people, renew for many tasks at once, log out."""

    async def main() -> None:
        async with (
            aio.wrap(user_app(sandbox, request_refresh_tokens=True)) as app,
            aio.AuthClient(app=app) as auth,
        ):
            await app.login()
            person = (await auth.userinfo())["sub"]
            people = await auth.get_identities(ids=[person])
            assert [identity["id"] for identity in people] == [person]
            await _find_people(auth, people["identities"][0]["username"], person)

            sandbox.advance_clock(sandbox.access_token_lifetime + 1)
            answers = await asyncio.gather(*[auth.userinfo() for _ in range(8)])
            assert {answer["sub"] for answer in answers} == {person}
            assert sandbox.count(grant_type="refresh_token") == 1

            storage = app.token_storage
            token = (await storage.get_token_data(AUTH)).access_token
            assert await app.logout() == []
            assert await storage.token_storage.get_token_data_by_resource_server() == {}
            await _is_refused(token)

    asyncio.run(main())


async def _find_people(auth: t.Any, username: str, person: str) -> None:
    identities = aio.IdentityMap(auth)
    found = [identity async for _, identity in identities.resolve_iter([username, "no@one"])]
    assert person in [getattr(identity, "id", None) for identity in found]
    assert (await identities.get(person))["username"] == username


async def _is_refused(token: str) -> None:
    authorizer = aio.AccessTokenAuthorizer(token)
    async with aio.AuthClient(authorizer=authorizer) as client:
        with pytest.raises(GlobusAPIError) as caught:
            await client.userinfo()
        assert caught.value.http_status == 401


def test_a_client_of_its_own_gets_a_token_and_introspects_it(sandbox: Sandbox) -> None:
    """By client credentials."""

    async def main() -> None:
        async with aio.ConfidentialAppAuthClient(
            sandbox.confidential_client_id, sandbox.confidential_client_secret
        ) as client:
            response = await client.oauth2_client_credentials_tokens("openid")
            (token,) = response.by_resource_server.values()
            assert (await client.oauth2_token_introspect(token["access_token"]))["active"]

    asyncio.run(main())
