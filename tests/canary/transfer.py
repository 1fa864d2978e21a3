"""
Scenarios: every method of Transfer's clients, answered and refused by a server that echoes.
"""

from __future__ import annotations

import inspect
import typing as t
from tempfile import TemporaryDirectory

from globus_core import (
    AccessTokenAuthorizer,
    BaseClient,
    DeleteData,
    RetryConfig,
    TransferAPIError,
    TransferData,
)
from globus_core import TransferClient as Client
from globus_core.experimental import (
    BookmarkCreateDocument,
    BookmarkUpdateDocument,
    TransferClientV2,
    TunnelCreateDocument,
    TunnelUpdateDocument,
)
from globus_core.services.transfer import (
    CreateTunnelData,
    SubmissionStore,
    TaskConflictError,
    TaskFaultError,
    TransferItem,
    WalkError,
)
from globus_core_transfer.submission_store import Place
from tests.canary.echo_server import echoing
from tests.integration.transport.scripted import Answer

if t.TYPE_CHECKING:
    from tests.canary.watch import Watch

AGAIN = RetryConfig(max_retries=1, backoff=lambda _: 0.0)
#: what the methods take under these names; under any other, an id
ARGUMENTS: dict[str, t.Any] = {
    "data": {"data": {}},
    "update_doc": {"data": {}},
    "update_document": {"data": {}},
    "bookmark_data": {},
    "role_data": {},
    "rule_data": {},
    "collection_ids": [],
}
#: methods that go on for as long as the server is down, or write a file; they have scenarios of
#: their own
WAITING = {"wait_for_task", "watch_task"}
MANY = {"forget_submission", "plan", "submit_many", "submit_once", "watch_many"}
WALKS = {"glob", "walk"}
SHARING = {"grant", "revoke"}


def methods(client: type[BaseClient]) -> list[str]:
    """The public methods that a client has beside those of all clients."""
    names = [
        name
        for name in dir(client)
        if name[0] != "_" and name not in WAITING | MANY | WALKS | SHARING
    ]
    return [name for name in names if not hasattr(BaseClient, name)]


def all_methods(watch: Watch) -> None:
    """With a list in the response, then with errors that repeat the token."""
    token = watch.secrets.make("an access token for Transfer")
    with echoing() as server:
        for kind in (Client, TransferClientV2):
            authorizer = AccessTokenAuthorizer(token)
            client: t.Any = kind(base_url=server.url, authorizer=authorizer, retry_config=AGAIN)
            watch.show(client)
            for name in methods(kind):
                method = getattr(client, name)
                required = [
                    ARGUMENTS.get(parameter.name, "an-id")
                    for parameter in inspect.signature(method).parameters.values()
                    if parameter.default is parameter.empty
                ]
                watch.scenario = f"Transfer's {name}"
                server.fixed = Answer(200, {"DATA": [], "value": "1", "status": "FAILED"})
                watch.attempt(lambda m=method, r=required: watch.show(m(*r)))
                server.fixed = None
                for style, status in (("type zero", 403), ("gare", 403), ("jsonapi", 502)):
                    server.style, server.status = style, status
                    watch.failing(method, *required)
            client.close()


def waiting_for_tasks(watch: Watch) -> None:
    """Until the end and until an error of the task, then with errors that repeat the token."""
    token = watch.secrets.make("an access token for a task")
    task = {"status": "SUCCEEDED", "DATA": [{"code": "SUCCEEDED"}]}
    fault = {"code": "FILE_NOT_FOUND", "description": "none", "details": '{"path": "/a"}'}
    with echoing() as server:
        client = Client(
            base_url=server.url, authorizer=AccessTokenAuthorizer(token), retry_config=AGAIN
        )
        server.fixed = Answer(200, task)
        result = watch.show(client.wait_for_task("an-id", 0))
        watch.show(result.outcome)
        watch.show(result.outcome.is_final)
        for state in client.watch_task("an-id", 0):
            watch.show(state)
            watch.show([state.status, state.files, state.files_transferred, state.faults])
            watch.show([state.bytes_transferred, state.bytes_per_second])
        server.fixed = Answer(
            200, {"status": "ACTIVE", "faults": 1, "code": "Canceled", "DATA": [fault]}
        )
        watch.failing(client.wait_for_task, "an-id", 0, fail_on="FILE_NOT_FOUND")
        server.fixed = None
        for style, status in (("type zero", 403), ("gare", 403), ("jsonapi", 502)):
            server.style, server.status = style, status
            watch.failing(client.wait_for_task, "an-id", 0)
            watch.failing(lambda: list(client.watch_task("an-id", 0)))
        client.close()
    watch.show(TaskFaultError("an-id", "TIMEOUT", None, "slow"))


def many_tasks(watch: Watch) -> None:
    """Submitted once and watched together, then with errors that repeat the token."""
    token = watch.secrets.make("an access token for many tasks")
    accepted = {"value": "1", "task_id": "a-task", "code": "Accepted", "status": "SUCCEEDED"}
    data = TransferData("a", "b")
    items: list[t.Any] = [("/a", "/b"), TransferItem("/c/", "/d/")]
    with echoing() as server, TemporaryDirectory() as folder:
        store = watch.show(SubmissionStore(f"{folder}/kept.db"))
        client = Client(
            base_url=server.url, authorizer=AccessTokenAuthorizer(token), retry_config=AGAIN
        )
        server.fixed = Answer(200, {**accepted, "DATA": []})
        watch.show(client.submit_once(data, "one", store=store))
        watch.failing(client.submit_once, DeleteData("a"), "one", store=store)
        client.forget_submission("one", store=store)
        state = watch.show(client.submit_many(data, items, timeout=0, key="many", store=store))
        watch.show([state.is_success, state.is_ended, state.unfinished, state.faults])
        watch.show([state.files_transferred, state.bytes_transferred, state.is_stuck()])
        watch.show([state.timed_out(), *state.tasks, *(task.is_ended for task in state.tasks)])
        plan = watch.show(client.plan(data, items))
        watch.show([plan.files, plan.directories, plan.bytes, *plan.tasks])
        server.fixed = None
        for style, status in (("type zero", 403), ("gare", 403), ("jsonapi", 502)):
            server.style, server.status = style, status
            watch.failing(client.submit_once, data, "two", store=store)
            watch.failing(client.submit_many, data, items, timeout=0)
            watch.failing(lambda: list(client.watch_many(data, items, timeout=0)))
            watch.failing(client.plan, data, items)
        store.drop(Place(server.url, "two", 0), "1")
        store.close()
        client.close()
    for conflict in (TaskConflictError([]), TaskConflictError(["a"]), TaskConflictError("ab")):
        watch.show(conflict)
        watch.show(conflict.task_id)


def walks(watch: Watch) -> None:
    """Over a directory with a file, then with errors that repeat the token."""
    token = watch.secrets.make("an access token for a walk")
    listing = {"path": "/", "DATA": [{"name": "a", "type": "file", "size": 1}]}
    with echoing() as server:
        client = Client(
            base_url=server.url, authorizer=AccessTokenAuthorizer(token), retry_config=AGAIN
        )
        server.fixed = Answer(200, listing)
        for entry in (*client.walk("an-id"), *client.glob("an-id", "/*")):
            watch.show(entry)
            watch.show([entry.name, entry.size, entry.is_directory, entry.is_link])
        server.fixed = None
        for style, status in (("type zero", 403), ("gare", 403), ("jsonapi", 502)):
            server.style, server.status = style, status
            watch.failing(lambda: list(client.walk("an-id")))
            watch.failing(lambda: list(client.glob("an-id", "/*")))
            try:
                client.operation_ls("an-id")
            except TransferAPIError as error:
                watch.show(WalkError({"/a": error, "/b": error}))
        client.close()


def sharing(watch: Watch) -> None:
    """A rule that is there, one that is not, then errors that repeat the token."""
    token = watch.secrets.make("an access token for sharing")
    rule = {"id": "1", "principal_type": "anonymous", "principal": "", "path": "/a/"}
    with echoing() as server:
        client = Client(
            base_url=server.url, authorizer=AccessTokenAuthorizer(token), retry_config=AGAIN
        )
        server.fixed = Answer(200, {"DATA": [{**rule, "permissions": "r"}], "access_id": "2"})
        for path in ("/a", "/b"):
            made = watch.show(client.grant("an-id", path, "anonymous", "rw"))
            watch.show(made.principal)
            watch.show(client.revoke("an-id", path, "anonymous"))
        watch.failing(client.grant, "an-id", "/a", "bo", identities={})
        server.fixed = None
        for style, status in (("type zero", 403), ("gare", 403), ("jsonapi", 502)):
            server.style, server.status = style, status
            watch.failing(client.grant, "an-id", "/a", "anonymous")
            watch.failing(client.revoke, "an-id", "/a", "anonymous")
        client.close()


def documents(watch: Watch) -> None:
    """What the clients send."""
    transfer = TransferData("a", "b")
    transfer.add_item("/a", "/b")
    transfer.add_filter_rule("*.tmp")
    deletion = DeleteData("a")
    deletion.add_item("/a")
    for document in (
        transfer,
        *transfer.iter_items(),
        deletion,
        *deletion.iter_items(),
        CreateTunnelData("a", "b"),
        TunnelCreateDocument("a", "b"),
        TunnelUpdateDocument(label="a"),
        BookmarkCreateDocument("a", "b", "/c"),
        BookmarkUpdateDocument("b", "/c"),
    ):
        watch.show(document)


SCENARIOS: tuple[t.Callable[[Watch], None], ...] = (
    all_methods,
    waiting_for_tasks,
    many_tasks,
    walks,
    sharing,
    documents,
)
