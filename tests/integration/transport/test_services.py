"""
What clients of services state: their resource server, and when a request is sent again.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core import AccessTokenAuthorizer, BaseClient, GlobusAPIError, hookimpl
from globus_core.events import RequestEvent
from globus_core.plugins import PluginManager
from globus_core.scopes import DynamicScopeCollection
from globus_core.transport import RetryCheckResult, RetryConfig, RetryContext
from globus_core.transport.default_retry_checks import DEFAULT_RETRY_CHECKS
from tests.integration.transport.fixtures import MakeClient
from tests.integration.transport.scripted import Answer, ScriptedServer


class ThingClient(BaseClient):
    """A client that states all there is to state, and has no constructor."""

    service_name = "things"
    scopes = DynamicScopeCollection("things.example.org")


class EndpointClient(BaseClient):
    """A client that asks its server who it is."""

    asked = 0

    @property
    def resource_server(self) -> str | None:  # type: ignore[override]
        self.asked += 1
        answer: str = self.get("info", automatic_authorization=False)["id"]
        return answer


def endpoint_ends(ctx: RetryContext) -> RetryCheckResult:
    """A 502 that says that trying again is of no use."""
    if ctx.response is not None and b"ExternalError" in ctx.response.content:
        return RetryCheckResult.do_not_retry
    return RetryCheckResult.no_decision


class PatientClient(ThingClient):
    """A client with retry checks of its own."""

    retry_checks = (endpoint_ends, *DEFAULT_RETRY_CHECKS)


class NeverAgainClient(ThingClient):
    """A client that sends nothing twice."""

    retry_checks = ()


class Observer:
    """Notes of which resource server it is told."""

    def __init__(self) -> None:
        self.servers: list[tuple[str, str | None]] = []

    @hookimpl
    def globus_before_request(self, event: RequestEvent) -> None:
        self.servers.append((event.url.rpartition("/")[2], event.resource_server))


class App:
    """As much of an app as a client sees."""

    app_name = "Example App"

    def __init__(self, environment: str = "production") -> None:
        self.config = self
        self.environment = environment
        self.required: list[str] = []

    def add_scope_requirements(self, requirements: dict[str, t.Any]) -> None:
        self.required.extend(requirements)

    def get_authorizer(self, resource_server: str) -> AccessTokenAuthorizer:
        return AccessTokenAuthorizer(f"for-{resource_server}")

    def get_client_retry_checks(self) -> list[t.Any]:
        return []


def test_the_class_knows_its_resource_server() -> None:
    """As each of its clients does; a subclass may state another one, or find it out."""

    class FixedClient(ThingClient):
        resource_server = "fixed.example.org"

    assert BaseClient.resource_server is None
    assert ThingClient.resource_server == "things.example.org"
    assert ThingClient().resource_server == "things.example.org"
    assert FixedClient.resource_server == FixedClient().resource_server == "fixed.example.org"


def test_a_resource_server_is_only_looked_up_where_it_is_needed(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """Without an app and without an observer nobody asks."""
    client = t.cast("EndpointClient", make_client(server.url, cls=EndpointClient))
    client.get("x")
    assert client.asked == 0
    assert [seen.target for seen in server.seen] == ["/x"]


def test_a_resource_server_that_takes_a_request_is_looked_up_once(
    server: ScriptedServer, make_client: MakeClient, plugins: PluginManager
) -> None:
    """For the token and for all observers; the request that finds it out does not ask again."""
    observer = Observer()
    plugins.register(observer, "observer")
    server.answer(Answer(200, {"id": "endpoint-1"}))
    app: t.Any = App()
    client = make_client(server.url, cls=EndpointClient, app=app, app_scopes=[])
    server.seen.clear()
    observer.servers.clear()
    client.get("x")
    assert [seen.target for seen in server.seen] == ["/info", "/x"]
    assert observer.servers == [("info", None), ("x", "endpoint-1")]
    assert "authorization" not in server.seen[0].headers
    assert server.seen[1].headers["authorization"] == "Bearer for-endpoint-1"
    assert app.required == ["endpoint-1"]


def test_a_class_can_have_retry_checks_of_its_own(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """They take the place of the standard ones, which it may include."""
    server.answer(Answer(502, {"code": "ExternalError.DirListingFailed"}))
    with pytest.raises(GlobusAPIError):
        make_client(server.url, cls=PatientClient).get("x")
    assert (len(server.seen), pauses) == (1, [])
    server.answer(Answer(502, {"code": "BadGateway"}), Answer(200, {}))
    make_client(server.url, cls=PatientClient).get("x")
    assert len(pauses) == 1
    server.answer(Answer(502))
    with pytest.raises(GlobusAPIError):
        make_client(server.url, cls=NeverAgainClient).get("x")
    assert len(pauses) == 1


def test_clients_of_different_classes_can_share_a_retry_config(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """Each is asked its own checks, after those of the config, whoever was made first."""
    asked: list[RetryContext] = []

    def check(ctx: RetryContext) -> RetryCheckResult:
        asked.append(ctx)
        return RetryCheckResult.no_decision

    config = RetryConfig()
    config.checks.register_check(check)
    usual = make_client(server.url, cls=ThingClient, retry_config=config)
    own = make_client(server.url, cls=NeverAgainClient, retry_config=config)
    server.answer(Answer(500))
    with pytest.raises(GlobusAPIError):
        own.get("x")
    assert (len(asked), pauses) == (1, [])
    server.answer(Answer(500), Answer(200))
    usual.get("x")
    assert (len(asked), len(pauses)) == (3, 1)
