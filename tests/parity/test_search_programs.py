"""
Programs written for globus-sdk's SearchClient do the same with ours, at the sandbox's Search.
"""

from __future__ import annotations

import json
import re
import typing as t
from importlib import import_module

import pytest

if t.TYPE_CHECKING:
    from globus_core.testing import Sandbox

#: the SDK (``globus_sdk`` or ``globus_core``), a client, the index of stars, and a function that
#: lets tasks end
Program = t.Callable[[t.Any, t.Any, str, t.Callable[[], object]], t.Any]

STARS = "4c8e17a5-93d2-4f60-b8a1-e07c5d2f9b36"
_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{12}\b|\b[0-9a-f]{32}\b|\d{4}-\d\d-\d\d[T ][\d:]+"
)


def entry(number: int) -> dict[str, t.Any]:
    """An entry, as an answer of a telescope may become one."""
    content = {"n": number, "kind": "star" if number % 2 else "nebula", "name": f"object {number}"}
    return {"subject": f"object-{number}", "visible_to": ["public"], "content": content}


def fill_an_index(sdk: t.Any, client: t.Any, stars: str, settle: t.Any) -> t.Any:
    """Make it, ingest, look what has become of the task."""
    index = client.create_index("Objects", "Seen last night")["id"]
    data = {"ingest_type": "GMetaList", "ingest_data": {"gmeta": [entry(n) for n in range(25)]}}
    task = client.ingest(index, data)
    settle()
    shown = client.get_task(task["task_id"])
    held = client.get_index(index)
    tasks = client.get_task_list(index)["tasks"]
    listed = [(each["display_name"], each["permissions"]) for each in client.index_list()]
    return task.http_status, shown["state"], held["num_subjects"], len(tasks), listed


def search_in_every_way(sdk: t.Any, client: t.Any, stars: str, settle: t.Any) -> t.Any:
    """Words, documents, pages and scrolling."""
    query = sdk.SearchQueryV1(
        q="star",
        filters=[{"type": "range", "field_name": "magnitude", "values": [{"from": 0, "to": 1}]}],
        facets=[{"name": "kinds", "type": "terms", "field_name": "kind"}],
        sort=[{"field_name": "magnitude", "order": "desc"}],
    )
    found = client.post_search(stars, query, limit=5)
    pages = [page["count"] for page in client.paginated.search(stars, "star")]
    items = [each["subject"] for each in client.paginated.post_search(stars, query).items()]
    scrolled = client.paginated.scroll(stars, sdk.SearchScrollQuery("*", limit=2))
    counts = [page["count"] for page in scrolled]
    subject = client.get_subject(stars, items[0])
    return found.data, pages, items, counts, subject["entries"], dict(query)["q"]


def clean_up(sdk: t.Any, client: t.Any, stars: str, settle: t.Any) -> t.Any:
    """Subjects, entries and what a query finds; then the index."""
    index = client.create_index("Objects", "Seen last night")["id"]
    data = {"ingest_type": "GMetaList", "ingest_data": {"gmeta": [entry(n) for n in range(9)]}}
    client.ingest(index, data)
    tasks = [
        client.delete_subject(index, "object-0"),
        client.delete_entry(index, "object-1"),
        client.batch_delete_by_subject(index, ["object-2", "object-3"]),
        client.delete_by_query(index, {"q": "nebula"}),
    ]
    settle()
    states = [client.get_task(task["task_id"])["state"] for task in tasks]
    left = [each["subject"] for each in client.search(index, "*", limit=100)["gmeta"]]
    gone = client.delete_index(index).data
    return states, left, gone, client.reopen_index(index)["acknowledged"]


def share_an_index(sdk: t.Any, client: t.Any, stars: str, settle: t.Any) -> t.Any:
    """Roles."""
    index = client.create_index("Objects", "Seen last night")["id"]
    principal = f"urn:globus:auth:identity:{STARS}"
    role = client.create_role(index, data={"role_name": "writer", "principal": principal})
    listed = [each["role_name"] for each in client.get_role_list(index)["role_list"]]
    renamed = client.update_index(index, display_name="Things")
    return role.data, listed, client.delete_role(index, role["id"]).data, renamed.data


def fail_in_every_way(sdk: t.Any, client: t.Any, stars: str, settle: t.Any) -> t.Any:
    """What errors say."""
    said = []
    attempts: tuple[t.Callable[[], object], ...] = (
        lambda: client.get_index("10000000-0000-4000-8000-000000000001"),
        lambda: client.search(stars, "star", offset=10_000),
        lambda: client.post_search(stars, {"filters": [{"type": "like"}]}),
        lambda: client.ingest(stars, {"ingest_type": "GMetaEntry", "ingest_data": entry(1)}),
        lambda: client.get_subject(stars, "none"),
        lambda: client.reopen_index(client.create_index("a", "b")["id"]),
    )
    for attempt in attempts:
        try:
            attempt()
        except sdk.SearchAPIError as error:
            said.append((error.http_status, error.code, error.message, error.error_data))
    return said


PROGRAMS = (
    fill_an_index,
    search_in_every_way,
    clean_up,
    share_an_index,
    fail_in_every_way,
)


def outcome(name: str, program: Program, sandbox: Sandbox) -> tuple[str, list[t.Any]]:
    """
    What comes of a program, and its requests; without ids and times.

    :param name: the SDK that it imports
    :param program: the program
    :param sandbox: the sandbox, which is reset
    """
    sandbox.reset()
    sdk = import_module(name)
    auth = sdk.ConfidentialAppAuthClient(
        sandbox.confidential_client_id, sandbox.confidential_client_secret
    )
    auth.base_url = sandbox.url
    answer = auth.oauth2_client_credentials_tokens(sdk.scopes.SearchScopes.all)
    auth.close()
    authorizer = sdk.AccessTokenAuthorizer(answer["access_token"])
    client = sdk.SearchClient(base_url=sandbox.service_url("search"), authorizer=authorizer)
    try:
        result = program(sdk, client, STARS, lambda: sandbox.control("search", "settle"))
    finally:
        client.close()
    text = json.dumps(result, sort_keys=True, default=lambda _: "MISSING")
    sent = [
        (record.method, _ID.sub("<id>", record.path), record.status)
        for record in sandbox.journal()
        if record.path.startswith("/search/")
    ]
    return _ID.sub("<id>", text), sent


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_a_program_for_search_does_the_same(program: Program, globus_sandbox: Sandbox) -> None:
    """Results and requests, with only another import."""
    theirs, ours = (
        outcome(name, program, globus_sandbox) for name in ("globus_sdk", "globus_core")
    )

    assert ours == theirs
    assert len(ours[1]) > 4
