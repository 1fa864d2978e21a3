"""
Scenarios: every method of Flows' clients, answered and refused by a server that echoes.
"""

from __future__ import annotations

import inspect
import typing as t

from globus_core import (
    AccessTokenAuthorizer,
    BaseClient,
    FlowsClient,
    RetryConfig,
    RunActivityNotificationPolicy,
    SpecificFlowClient,
)
from globus_core.services.flows import run_requirements
from tests.canary.echo_server import echoing
from tests.integration.transport.scripted import Answer

if t.TYPE_CHECKING:
    from tests.canary.watch import Watch

AGAIN = RetryConfig(max_retries=1, backoff=lambda _: 0.0)
#: what the methods take under these names; under any other, an id
ARGUMENTS: dict[str, t.Any] = {
    "definition": {},
    "input_schema": {},
    "body": {},
    "collection_ids": [],
}
PAGE: dict[str, list[str]] = {
    name: [] for name in ("flows", "runs", "entries", "registered_apis", "web_input_summaries")
}


#: methods that go on for as long as the server is down; see :func:`waiting_for_runs`
WAITING = {"follow_logs", "login_and_resume", "wait_for_run", "watch_run"}


def methods(client: type[BaseClient]) -> list[str]:
    """The public methods that a client has beside those of all clients."""
    names = [name for name in dir(client) if name[0] != "_" and name not in WAITING]
    return [name for name in names if not hasattr(BaseClient, name)]


def all_methods(watch: Watch) -> None:
    """With a list in the response, then with errors that repeat the token."""
    token = watch.secrets.make("an access token for Flows")
    with echoing() as server:
        authorizer = AccessTokenAuthorizer(token)
        given: t.Any = {
            "base_url": server.url,
            "authorizer": authorizer,
            "retry_config": AGAIN,
        }
        clients: list[BaseClient] = [
            FlowsClient(**given),
            SpecificFlowClient("a-flow", **given),
        ]
        for client in clients:
            watch.show(client)
            watch.show(client.default_scope_requirements)
            for name in methods(type(client)):
                method = getattr(client, name)
                required = [
                    ARGUMENTS.get(parameter.name, "an-id")
                    for parameter in inspect.signature(method).parameters.values()
                    if parameter.default is parameter.empty
                ]
                watch.scenario = f"Flows' {name}"
                server.fixed = Answer(200, PAGE)
                watch.attempt(lambda m=method, r=required: watch.show(m(*r)))
                server.fixed = None
                for style, status in (("type zero", 403), ("gare", 403), ("jsonapi", 502)):
                    server.style, server.status = style, status
                    watch.failing(method, *required)
            client.close()
    watch.show(RunActivityNotificationPolicy(["FAILED"]))


def waiting_for_runs(watch: Watch) -> None:
    """Until the end, with a requirement that is met by nobody, and with errors."""
    token = watch.secrets.make("an access token for a run")
    details = {"code": "ConsentRequired", "authorization_parameters": {"session_message": "a"}}
    inactive: t.Any = {"run_id": "an-id", "status": "INACTIVE", "details": details}
    with echoing() as server:
        given: t.Any = {
            "base_url": server.url,
            "authorizer": AccessTokenAuthorizer(token),
            "retry_config": AGAIN,
        }
        client, flow = FlowsClient(**given), SpecificFlowClient("a-flow", **given)
        server.fixed = Answer(200, {"status": "SUCCEEDED", "entries": [{"code": "FlowSucceeded"}]})
        result = watch.show(client.wait_for_run("an-id", 0))
        watch.show(result.outcome.is_final)
        watch.show([(state, state.status) for state in client.watch_run("an-id", 0)])
        watch.show(list(client.follow_logs("an-id", 0)))
        watch.show(flow.login_and_resume({**inactive, "status": "ACTIVE"}))
        watch.show(run_requirements(inactive))
        watch.failing(flow.login_and_resume, inactive)
        server.fixed = None
        for style, status in (("type zero", 403), ("gare", 403), ("jsonapi", 502)):
            server.style, server.status = style, status
            watch.failing(client.wait_for_run, "an-id", 0)
            watch.failing(lambda: list(client.follow_logs("an-id", 0)))
        client.close()
        flow.close()


SCENARIOS: tuple[t.Callable[[Watch], None], ...] = (all_methods, waiting_for_runs)
