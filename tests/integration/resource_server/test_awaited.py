"""
Clients that act for a caller, awaited in an event loop.
"""

from __future__ import annotations

import asyncio
import typing as t

import pytest

from globus_core import ConfidentialAppAuthClient, TokenChecker, TransferClient, aio
from globus_core.resource_server import ForbiddenError
from tests.integration.app.helpers import user_app

if t.TYPE_CHECKING:
    from globus_core.testing import Sandbox


@pytest.fixture
def checker(globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> TokenChecker:
    """The checker of the sandbox's service."""
    for name, value in globus_sandbox.environment().items():
        monkeypatch.setenv(name, value)
    service = globus_sandbox.confidential_client_id
    auth = ConfidentialAppAuthClient(service, globus_sandbox.confidential_client_secret)
    return TokenChecker(auth, scopes=globus_sandbox.seeds.scopes[0].scope_string)


def header(sandbox: Sandbox) -> str:
    """The header of a caller."""
    service, scope = sandbox.confidential_client_id, sandbox.seeds.scopes[0].scope_string
    with user_app(sandbox, scopes={service: [scope]}) as app:
        found = app.get_authorizer(service).get_authorization_header()
    assert found is not None
    return found


def test_an_awaited_client_acts_for_the_caller(
    globus_sandbox: Sandbox, checker: TokenChecker
) -> None:
    """And the caller can be awaited as well, with its tokens."""
    sent = header(globus_sandbox)

    async def view() -> t.Any:
        caller = await aio.call(checker.check, sent)
        made = await caller.client(aio.TransferClient).bookmark_list()
        wrapped = await aio.wrap(caller.client(TransferClient)).bookmark_list()
        tokens = await aio.call(caller.tokens_for, "transfer")
        return made["DATA"], wrapped["DATA"], list(tokens)

    assert asyncio.run(view()) == ([], [], ["transfer.api.globus.org"])


def test_a_consent_is_asked_for_as_elsewhere(
    globus_sandbox: Sandbox, checker: TokenChecker
) -> None:
    """By the refusal that the view lets pass."""
    sent = header(globus_sandbox)

    async def view() -> t.Any:
        return await checker.check(sent).client(aio.GroupsClient).get_my_groups()

    with pytest.raises(ForbiddenError) as caught:
        asyncio.run(view())
    assert caught.value.code == "ConsentRequired"
