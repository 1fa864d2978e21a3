"""
Scenarios: every method of Search's client, answered and refused by a server that echoes.
"""

from __future__ import annotations

import inspect
import typing as t

from globus_core import (
    AccessTokenAuthorizer,
    BaseClient,
    RetryConfig,
    SearchClient,
    SearchQueryV1,
    SearchScrollQuery,
)
from tests.canary.echo_server import echoing
from tests.integration.transport.scripted import Answer

if t.TYPE_CHECKING:
    from tests.canary.watch import Watch

AGAIN = RetryConfig(max_retries=1, backoff=lambda _: 0.0)
#: what the methods take under these names; under any other, an id
ARGUMENTS: dict[str, t.Any] = {"data": {"q": "a"}}
#: methods that send what others do, again and again; see :func:`many`
MANY = {"ingest_many", "search_all", "wait_for_task"}


def methods() -> list[str]:
    """The public methods that the client has beside those of all clients."""
    names = [name for name in dir(SearchClient) if name[0] != "_" and name not in MANY]
    return [name for name in names if not hasattr(BaseClient, name)]


def all_methods(watch: Watch) -> None:
    """With a list in the response, then with errors that repeat the token."""
    token = watch.secrets.make("an access token for Search")
    page = {"gmeta": [{"subject": "a"}], "count": 1, "has_next_page": False, "index_list": []}
    with echoing() as server:
        authorizer = AccessTokenAuthorizer(token)
        client = SearchClient(base_url=server.url, authorizer=authorizer, retry_config=AGAIN)
        watch.show(client)
        for name in methods():
            method = getattr(client, name)
            required = [
                ARGUMENTS.get(parameter.name, "an-id")
                for parameter in inspect.signature(method).parameters.values()
                if parameter.default is parameter.empty
            ]
            watch.scenario = f"Search's {name}"
            server.fixed = Answer(200, page)
            watch.attempt(lambda m=method, r=required: watch.show(m(*r)))
            server.fixed = None
            for style, status in (("type zero", 403), ("gare", 403), ("jsonapi", 502)):
                server.style, server.status = style, status
                watch.failing(method, *required)
        server.fixed = Answer(200, page)
        for pages in (
            client.paginated.search("an-id", "a"),
            client.paginated.post_search("an-id", {"q": "a"}),
            client.paginated.scroll("an-id", {"q": "a"}),
        ):
            watch.show(list(pages.items()))
        client.close()


def many(watch: Watch) -> None:
    """All results, many entries and their tasks; then with errors that repeat the token."""
    token = watch.secrets.make("an access token for many entries")
    entries = [{"subject": name, "content": {}} for name in "ab"]
    page = {"gmeta": [{"subject": "a"}], "count": 1, "has_next_page": False}
    with echoing() as server:
        authorizer = AccessTokenAuthorizer(token)
        client = SearchClient(base_url=server.url, authorizer=authorizer, retry_config=AGAIN)
        server.fixed = Answer(200, {**page, "task_id": "1", "state": "SUCCESS"})
        watch.show(list(client.search_all("an-id", "a")))
        watch.show(client.wait_for_task("an-id", 0))
        watch.show(client.ingest_many("an-id", entries))
        server.fixed = Answer(200, {"task_id": "1", "state": "FAILED", "message": "no"})
        watch.show(client.ingest_many("an-id", entries).faulty[0])
        watch.failing(client.ingest_many, "an-id", entries, most_faulty=0)
        server.fixed = None
        for style, status in (("type zero", 403), ("gare", 403), ("jsonapi", 502)):
            server.style, server.status = style, status
            watch.failing(lambda: list(client.search_all("an-id", "a")))
            watch.failing(client.wait_for_task, "an-id", 0)
            watch.failing(client.ingest_many, "an-id", entries)
        server.style, server.status = "type zero", 400
        watch.show(client.ingest_many("an-id", entries))
        watch.failing(client.ingest_many, "an-id", entries, most_faulty=0)
        client.close()


def documents(watch: Watch) -> None:
    """What the client sends."""
    watch.show(SearchQueryV1(q="a"))
    watch.show(SearchScrollQuery("a"))


SCENARIOS: tuple[t.Callable[[Watch], None], ...] = (all_methods, many, documents)
