"""Entries of the sandbox's Search: ingested and deleted by tasks, seen by those who may."""

from __future__ import annotations

import typing as t
import uuid

import globus_sdk
import pytest

from .conftest import IDENTITY, Document, Library, entry, ingest

ADA = "ada@example.org"

if t.TYPE_CHECKING:
    Content = dict[str, t.Any]


def test_a_task_is_done_by_the_clock(library: Library) -> None:
    """Before its time, nothing is there."""
    library.control("slow-down", seconds=10_000)
    task = library.client.ingest(library.index, ingest(entry("a", {"n": 1}), entry("b")))
    assert (task.http_status, task["acknowledged"]) == (202, True)
    assert library.state(task) == "PENDING"
    assert library.client.get_task(task["task_id"])["completion_date"] is None
    library.sandbox.advance_clock(6000)
    assert library.state(task) == "PROGRESS"
    assert library.subjects({"q": "*"}) == []
    library.sandbox.advance_clock(6000)
    assert library.state(task) == "SUCCESS"
    assert library.subjects({"q": "*"}) == ["a", "b"]
    (listed,) = library.client.get_task_list(library.index)["tasks"]
    assert listed == library.client.get_task(task["task_id"]).data


def test_tasks_are_done_in_order(library: Library) -> None:
    """A slow one keeps back those after it."""
    library.control("slow-down", seconds=10_000)
    first = library.client.ingest(library.index, ingest(entry("a", {"n": 1})))
    library.control("slow-down", seconds=1)
    second = library.client.ingest(library.index, ingest(entry("a", {"n": 2})))
    library.sandbox.advance_clock(8000)
    assert [library.state(first), library.state(second)] == ["PROGRESS", "PENDING"]
    library.sandbox.advance_clock(3000)
    assert [library.state(first), library.state(second)] == ["SUCCESS", "SUCCESS"]
    content = library.client.get_subject(library.index, "a")["entries"][0]["content"]
    assert content == {"n": 2}


def test_a_task_may_be_told_to_fail(library: Library) -> None:
    """The document says why, and nothing has changed."""
    library.control("fail-tasks", index_id=library.index, message="the disk is full")
    first, second = (library.client.ingest(library.index, ingest(entry(s))) for s in "ab")
    library.control("settle")
    assert [library.state(first), library.state(second)] == ["FAILED", "SUCCESS"]
    assert library.client.get_task(first["task_id"])["message"] == "the disk is full"
    assert library.subjects({"q": "*"}) == ["b"]


def test_entries_are_replaced_by_id(library: Library) -> None:
    """A subject has ten at most; one without an id is an entry of its own."""
    library.add(entry("a", {"n": 1}), entry("a", {"n": 2}, id="x"), entry("a", {"n": 3}))
    shown = library.client.get_subject(library.index, "a")
    assert [(e["entry_id"], e["content"]["n"]) for e in shown["entries"]] == [(None, 3), ("x", 2)]
    assert library.client.get_entry(library.index, "a", entry_id="x")["content"] == {"n": 2}
    assert library.client.get_entry(library.index, "a")["content"] == {"n": 3}
    more = [entry("a", id=str(n)) for n in range(9)]
    task = library.client.ingest(library.index, ingest(*more))
    library.control("settle")
    assert library.state(task) == "FAILED"
    details = library.client.get_task(task["task_id"])["additional_details"]
    assert details == {"subject": "a"}


def test_an_index_holds_no_more_than_its_limit(library: Library) -> None:
    """The task fails at the first entry that does not fit, and names its subject."""
    index = library.client.create_index("Small", "1 MB")["id"]
    big = {"text": "x" * 400_000}
    task = library.client.ingest(index, ingest(*(entry(s, big) for s in "abc")))
    library.control("settle")
    shown = library.client.get_task(task["task_id"])
    assert (shown["state"], shown["additional_details"]) == ("FAILED", {"subject": "c"})
    assert "1 MB" in shown["message"]
    held = library.client.get_index(index)
    assert (held["num_subjects"], held["size_in_mb"], held["max_size_in_mb"]) == (2, 1, 1)


def test_deletions_are_tasks(library: Library) -> None:
    """Of an entry, of subjects, and of what a query finds."""
    library.control("slow-down", seconds=10_000)
    library.add(*(entry(s, {"kind": s}) for s in "abcdef"), entry("a", id="x"))
    client, index = library.client, library.index
    tasks = [
        client.delete_entry(index, "a"),
        client.delete_subject(index, "b"),
        client.batch_delete_by_subject(index, ["c", "d", "none"]),
        client.delete_by_query(index, {"q": "e"}),
    ]
    assert len(library.subjects({"q": "*"})) == 6
    library.control("settle")
    assert [library.state(task) for task in tasks] == ["SUCCESS"] * 4
    assert library.subjects({"q": "*"}) == ["a", "f"]
    assert [e["entry_id"] for e in client.get_subject(index, "a")["entries"]] == ["x"]
    library.control("settle")
    client.delete_entry(index, "a", entry_id="x")
    library.control("settle")
    assert library.refused(client.get_subject, index, "a") == "404 NotFound.Generic"


def test_only_those_see_an_entry_who_may(library: Library) -> None:
    """The public, people who are logged in, an identity; an admin may look past that."""
    own = IDENTITY + library.sandbox.confidential_client_id
    ada = IDENTITY + library.sandbox.people[0].id
    group = f"urn:globus:groups:id:{uuid.UUID(int=1)}"
    for name, who in (
        ("public", "public"),
        ("members", "all_authenticated_users"),
        ("own", own),
        ("ada", ada),
        ("group", group),
    ):
        library.add(entry(name, {"name": name}, visible_to=[who]))
    assert library.subjects({"q": "*"}) == ["public", "members", "own"]
    everything = {"q": "*", "bypass_visible_to": True}
    assert library.subjects(everything) == ["public", "members", "own", "ada", "group"]
    assert (
        library.refused(library.client.get_subject, library.index, "ada") == "404 NotFound.Generic"
    )
    with library.client_with(None) as nobody:
        assert nobody.search(library.index, "*")["total"] == 1
        refused = library.refused(nobody.post_search, library.index, everything)
        assert refused == "403 Forbidden.Generic"


WRONG: dict[str, t.Any] = {
    "no type": {"ingest_data": {}},
    "an unknown type": {"ingest_type": "GIngest", "ingest_data": {}},
    "no data": {"ingest_type": "GMetaEntry"},
    "no list": {"ingest_type": "GMetaList", "ingest_data": {}},
    "no object": ingest(t.cast("t.Any", "a")),
    "no subject": ingest({"visible_to": ["public"], "content": {}}),
    "a long subject": ingest(entry("é" * 251)),
    "a wrong id": ingest(entry("a", id=7)),
    "no content": ingest({"subject": "a", "visible_to": ["public"]}),
    "a content that is no object": ingest(entry("a", t.cast("t.Any", [1]))),
    "nobody who may see it": ingest(entry("a", visible_to=[])),
    "too many who may": ingest(entry("a", visible_to=["public"] * 101)),
    "no principal": ingest(entry("a", visible_to=["ada@example.org"])),
    "an unknown field": ingest(entry("a", color="red")),
}


@pytest.mark.parametrize("document", WRONG.values(), ids=WRONG)
def test_wrong_documents_are_refused(library: Library, document: Document) -> None:
    """With the place of the mistake, as far as there is one."""
    with pytest.raises(globus_sdk.SearchAPIError) as caught:
        library.client.ingest(library.index, document)
    assert caught.value.code == "BadRequest.ValidationError"
    (where,) = caught.value.error_data or {}
    assert where.startswith("ingest_")
    assert library.client.get_task_list(library.index)["tasks"] == []


def test_the_place_of_a_mistake_is_told(library: Library) -> None:
    """By its position in the list."""
    with pytest.raises(globus_sdk.SearchAPIError) as caught:
        library.client.ingest(library.index, ingest(entry("a"), entry("b", visible_to=["c"])))
    assert list(caught.value.error_data or {}) == ["ingest_data.gmeta.1.visible_to"]


def test_a_content_may_not_be_too_deep(library: Library) -> None:
    """20 levels."""
    deep: Content = {}
    for _ in range(19):
        deep = {"a": deep}
    library.add(entry("a", deep))
    refused = library.refused(library.client.ingest, library.index, ingest(entry("a", {"a": deep})))
    assert refused == "400 BadRequest.ValidationError"


def test_a_request_has_ten_megabytes_at_most(library: Library) -> None:
    """More is refused as a whole."""
    document = ingest(entry("a", {"text": "x" * 10_000_000}))
    refused = library.refused(library.client.ingest, library.index, document)
    assert refused == "413 RequestEntityTooLarge"
    assert library.subjects({"q": "*"}) == []


@pytest.mark.parametrize("subjects", [None, "a", [1]])
def test_wrong_lists_of_subjects_are_refused(library: Library, subjects: t.Any) -> None:
    """Nothing is deleted."""
    path = f"/v1/index/{library.index}/batch_delete_by_subject"
    refused = library.refused(library.client.post, path, data={"subjects": subjects})
    assert refused == "400 BadRequest.ValidationError"


def test_members_of_a_group_see_what_is_for_it(library: Library) -> None:
    """And have its roles, for as long as they are members; Search asks Groups for that."""
    sandbox, client = library.sandbox, library.client
    groups = {
        name: sandbox.control("groups", "groups/add", name=name, members={member: "member"})["id"]
        for name, member in (("ours", sandbox.confidential_client_id), ("theirs", ADA))
    }
    for name, group in groups.items():
        library.add(entry(name, visible_to=[f"urn:globus:groups:id:{group}"]))
    assert library.subjects({"q": "*"}) == ["ours"]
    assert sandbox.count(path="/groups/v2/groups/my_groups") == 1
    with library.client_with(None) as nobody:
        assert nobody.search(library.index, "*")["total"] == 0
    ada = sandbox.people[0].id
    for name, allowed in (("ours", True), ("theirs", False)):
        index = str(library.control("indices/add", display_name=name, owner=ada)["id"])
        role = {"role_name": "admin", "identity": sandbox.confidential_client_id}
        own = library.control("roles/add", index_id=index, **role)
        writers = f"urn:globus:groups:id:{groups[name]}"
        given = client.create_role(index, {"role_name": "writer", "principal": writers})
        assert given["principal_type"] == "group"
        client.delete_role(index, own["id"])
        if allowed:
            assert client.ingest(index, ingest(entry("a")))["acknowledged"]
        else:
            refused = library.refused(client.ingest, index, ingest(entry("a")))
            assert refused == "403 Forbidden.Generic"


def test_groups_are_not_asked_for_without_need(library: Library) -> None:
    """Most indices have nothing that is for a group."""
    library.add(entry("a"))
    assert library.subjects({"q": "*"}) == ["a"]
    assert library.sandbox.count(path="/groups/v2/groups/my_groups") == 0
