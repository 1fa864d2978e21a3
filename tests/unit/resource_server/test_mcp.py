"""
The verifier of tokens for MCP servers.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core.exc import GlobusSDKUsageError
from globus_core.resource_server import CheckFailedError, UnauthenticatedError
from tests.unit.auth import fakes
from tests.unit.resource_server.services import OTHER_SCOPE, SCOPE, TOKEN, TRANSFER, Service

anyio = pytest.importorskip("anyio", reason="the extra mcp is not installed")
pytest.importorskip("mcp.server.auth.provider", reason="the extra mcp is not installed")

pytestmark = pytest.mark.full


def verified(checker: t.Any, token: str = TOKEN, **options: t.Any) -> t.Any:
    """
    What the verifier says of a token.
    """
    from globus_core.resource_server import MCPTokenVerifier

    return anyio.run(MCPTokenVerifier(checker, **options).verify_token, token)


def test_a_tool_can_know_its_caller(service: Service) -> None:
    """By what the package keeps of the verified token."""
    service.issue()

    found = verified(service.checker(), resource="https://mcp.example.org/")

    assert (found.subject, found.client_id) == (fakes.IDENTITY, "some-app")
    assert found.claims["username"] == "ada@example.org"
    assert found.scopes == [SCOPE]
    assert found.expires_at == service.clock.now + 3600
    assert found.resource == "https://mcp.example.org/"


def test_a_tool_can_act_for_its_caller(service: Service) -> None:
    """The verifier has the caller of the tool that runs; outside of one there is none."""
    from mcp.server.auth.middleware.auth_context import auth_context_var
    from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser

    from globus_core.resource_server import MCPTokenVerifier

    service.issue()

    async def tool() -> t.Any:
        verifier = MCPTokenVerifier(service.checker())
        token = await verifier.verify_token(TOKEN)
        assert token is not None
        auth_context_var.set(AuthenticatedUser(token))
        return (await verifier.caller()).tokens_for("transfer")

    assert set(anyio.run(tool)) == {TRANSFER}
    with pytest.raises(UnauthenticatedError):
        anyio.run(MCPTokenVerifier(service.checker()).caller)


def test_a_known_token_is_not_asked_about_again(service: Service) -> None:
    """The verifier has the memory of its checker."""
    service.issue()
    checker = service.checker()

    for _ in range(3):
        assert verified(checker) is not None
    assert service.asked == 1


@pytest.mark.parametrize("token", ["unknown", "two words", "", "a\nb"])
def test_a_token_that_is_refused_is_none(service: Service, token: str) -> None:
    """As the package wants it."""
    assert verified(service.checker(), token) is None


def test_a_token_without_the_scopes_is_none(service: Service) -> None:
    """The checker requires them."""
    service.issue(scope=OTHER_SCOPE)

    assert verified(service.checker()) is None


def test_an_outage_refuses_nobody(service: Service) -> None:
    """It is an error of the server instead."""
    service.go_down()

    with pytest.raises(CheckFailedError):
        verified(service.checker())


def test_it_takes_a_checker_only() -> None:
    """Anything else is refused at once."""
    with pytest.raises(GlobusSDKUsageError):
        verified(7)
