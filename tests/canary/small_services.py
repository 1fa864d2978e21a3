"""
Scenarios: every method of the clients of smaller services, answered and refused by a server that
echoes; and this machine's endpoints.
"""

from __future__ import annotations

import inspect
import pathlib
import tempfile
import typing as t

from globus_core import (
    AccessTokenAuthorizer,
    BaseClient,
    ComputeClientV2,
    ComputeClientV3,
    FlowTimer,
    GlobusConnectPersonalOwnerInfo,
    LocalGlobusConnectPersonal,
    LocalGlobusConnectServer,
    OnceTimerSchedule,
    RecurringTimerSchedule,
    TimerJob,
    TimersClient,
    TransferTimer,
)
from globus_core.local_endpoint import AccessibleFolder
from globus_core.services.timers import next_runs
from tests.canary.echo_server import echoing
from tests.canary.transfer import AGAIN, methods
from tests.integration.transport.scripted import Answer

if t.TYPE_CHECKING:
    from tests.canary.echo_server import EchoServer
    from tests.canary.watch import Watch

#: what the methods take under these names; under any other, an id
ARGUMENTS: dict[str, t.Any] = {
    "data": {"data": {}},
    "timer": {},
    "collection_ids": [],
    "flow_ids": [],
}
CLIENTS: tuple[type[BaseClient], ...] = (ComputeClientV2, ComputeClientV3, TimersClient)


def all_methods(watch: Watch) -> None:
    """With an object in the response, then with errors that repeat the token."""
    token = watch.secrets.make("an access token for a service")
    with echoing() as server:
        for kind in CLIENTS:
            authorizer = AccessTokenAuthorizer(token)
            client = kind(base_url=server.url, authorizer=authorizer, retry_config=AGAIN)
            watch.show(client)
            for name in methods(kind):
                watch.scenario = f"{kind.__name__}'s {name}"
                _one_method(watch, server, getattr(client, name))
            client.close()


def _one_method(watch: Watch, server: EchoServer, method: t.Callable[..., t.Any]) -> None:
    required = [
        ARGUMENTS.get(parameter.name, "an-id")
        for parameter in inspect.signature(method).parameters.values()
        if parameter.default is parameter.empty
    ]
    server.fixed = Answer(200, {"value": "1"})
    watch.attempt(lambda: watch.show(method(*required)))
    server.fixed = None
    for style, status in (("type zero", 403), ("gare", 403), ("jsonapi", 502)):
        server.style, server.status = style, status
        watch.failing(method, *required)


def queues_of_compute(watch: Watch) -> None:
    """Compute hands out addresses with passwords, which the text of a response hides."""
    password = watch.secrets.make("a password for a queue of Compute")
    queue = {"connection_url": f"amqps://an-endpoint:{password}@queues.example.org"}
    with echoing() as server:
        server.fixed = Answer(200, {"task_queue_info": queue, "also": [queue]})
        for kind in (ComputeClientV2, ComputeClientV3):
            authorizer = AccessTokenAuthorizer("a-token")
            client = kind(base_url=server.url, authorizer=authorizer)
            watch.show(client.register_endpoint({}), holds_tokens=True)
            client.close()


def timers(watch: Watch) -> None:
    """Their documents, and when they run."""
    once = watch.show(OnceTimerSchedule("2040-01-01T00:00:00Z"))
    watch.show(RecurringTimerSchedule(60))
    watch.show(TransferTimer(schedule=once, body={}))
    watch.show(FlowTimer(flow_id="an-id", schedule=once, body={}))
    watch.show(TimerJob("https://a.example.org", {}, "2040-01-01T00:00:00Z", 60))
    watch.show(next_runs(once))


def local_endpoints(watch: Watch) -> None:
    """What the files of this machine's endpoints tell, and that they are damaged."""
    with tempfile.TemporaryDirectory() as folder:
        personal = watch.show(LocalGlobusConnectPersonal(config_dir=folder))
        server = watch.show(LocalGlobusConnectServer(info_path=f"{folder}/info.json"))
        watch.show([personal.config_dir, personal.endpoint_id, personal.get_owner_info()])
        watch.show([server.info_dict, server.endpoint_id, server.domain_name])
        watch.show([personal.status().is_set_up, server.status()])
        watch.show([personal.collection_path("/a"), personal.local_path("/a")])
        pathlib.Path(folder, "info.json").write_text("not JSON")
        watch.failing(server.status)
    watch.show(GlobusConnectPersonalOwnerInfo(config_dn='"/CN=ada" ada'))
    watch.show(AccessibleFolder("/a", may_share=False, may_write=False).holds("/a/b"))


SCENARIOS: tuple[t.Callable[[Watch], None], ...] = (
    all_methods,
    queues_of_compute,
    timers,
    local_endpoints,
)
