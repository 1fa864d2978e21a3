"""Indices and roles of the sandbox's Search."""

from __future__ import annotations

import functools
import typing as t
import uuid

import globus_sdk
import pytest

from globus_core_sandbox import Sandbox

from .conftest import IDENTITY, STARS, Library, entry, ingest

if t.TYPE_CHECKING:
    from pathlib import Path


def test_an_index_is_made_changed_and_listed(library: Library) -> None:
    """Its maker owns it; it is a trial index of 1 MB."""
    made = library.client.create_index("Books", "What we read")
    assert (made["status"], made["is_trial"], made["max_size_in_mb"]) == ("open", True, 1)
    assert (made["num_subjects"], made["num_entries"]) == (0, 0)
    changed = library.client.update_index(made["id"], description="What we have read")
    assert (changed["display_name"], changed["description"]) == ("Books", "What we have read")
    listed = {index["id"]: index["permissions"] for index in library.client.index_list()}
    assert listed == {made["id"]: ["owner"], library.index: ["owner"]}
    assert library.client.get_index(made["id"])["display_name"] == "Books"


def test_there_is_an_index_at_the_start(library: Library) -> None:
    """With stars, some of them for everybody."""
    assert library.client.get_index(STARS)["num_subjects"] == 3
    assert library.client.search(STARS, "star")["total"] == 3
    with library.client_with(None) as nobody:
        assert nobody.search(STARS, "star")["total"] == 2


def test_lists_are_filtered_by_role(library: Library) -> None:
    """By several, too; unknown ones are refused."""
    assert list(library.client.index_list("writer")) == []
    assert len(list(library.client.index_list(["owner", "admin"]))) == 1
    assert library.refused(library.client.index_list, "king") == "400 BadRequest.ValidationError"


def test_nobody_owns_four_trial_indices(library: Library) -> None:
    """Neither by making them nor by a role."""
    made = [library.client.create_index(f"Index {n}", "one of them")["id"] for n in range(3)]
    with pytest.raises(globus_sdk.SearchAPIError) as caught:
        library.client.create_index("Index 4", "one too many")
    error = caught.value
    assert (error.http_status, error.code) == (409, "Conflict.LimitExceeded")
    assert error.error_data == {"constraint": "an identity owns 3 trial indices at most"}
    owner = IDENTITY + library.sandbox.confidential_client_id
    role = {"role_name": "owner", "principal": owner}
    assert "LimitExceeded" in library.refused(library.client.create_role, made[0], role)


def test_an_index_is_deleted_and_reopened(library: Library) -> None:
    """In between it cannot be used, and neither is possible twice."""
    client, index = library.client, library.index
    conflict = "409 Conflict.IncompatibleIndexStatus"
    assert library.refused(client.reopen_index, index) == conflict
    assert client.delete_index(index).data == {"index_id": index, "acknowledged": True}
    assert client.get_index(index)["status"] == "delete_pending"
    assert library.refused(client.delete_index, index) == conflict
    assert library.refused(client.search, index, "a") == conflict
    assert library.refused(client.ingest, index, ingest(entry("a"))) == conflict
    assert client.reopen_index(index)["acknowledged"]
    assert client.search(index, "a")["total"] == 0


def test_what_is_not_there_is_not_found(library: Library) -> None:
    """Indices, roles, tasks; what the sandbox does not have is a 501."""
    other = str(uuid.uuid4())
    assert library.refused(library.client.get_index, other) == "404 NotFound.NoSuchIndex"
    assert library.refused(library.client.search, other, "a") == "404 NotFound.NoSuchIndex"
    assert library.refused(library.client.delete_role, library.index, "x") == "404 NotFound.Generic"
    assert library.refused(library.client.get_task, other) == "404 NotFound.Generic"
    assert library.refused(library.client.get, "/v1/other") == "501 NotImplemented.Generic"


def test_roles_are_given_and_taken_away(library: Library) -> None:
    """A role without its rights is refused; the document says whose it is."""
    client, index = library.client, library.index
    ada = IDENTITY + library.sandbox.people[0].id
    made = client.create_role(index, {"role_name": "writer", "principal": ada})
    assert (made["role_name"], made["principal_type"]) == ("writer", "identity")
    listed = client.get_role_list(index)["role_list"]
    assert [role["role_name"] for role in listed] == ["owner", "writer"]
    gone = client.delete_role(index, made["id"])
    assert (gone["success"], gone["deleted"]["principal"]) == (True, ada)
    assert len(client.get_role_list(index)["role_list"]) == 1


@pytest.mark.parametrize(
    "role",
    [
        {},
        {"role_name": "king", "principal": IDENTITY + str(uuid.UUID(int=1))},
        {"role_name": "writer", "principal": "ada@example.org"},
        {"role_name": "writer", "principal": IDENTITY + "ada"},
    ],
)
def test_wrong_roles_are_refused(library: Library, role: dict[str, str]) -> None:
    """Unknown names, and what is no URN."""
    refusal = library.refused(library.client.create_role, library.index, role)
    assert refusal == "400 BadRequest.ValidationError"


def test_each_role_has_its_rights(library: Library) -> None:
    """Ada's index of stars is for others to read; a writer writes, an admin gives roles."""
    client = library.client
    refused = "403 Forbidden.Generic"
    writer = {"role_name": "writer", "principal": IDENTITY + str(uuid.UUID(int=5))}
    assert library.refused(client.ingest, STARS, ingest(entry("a"))) == refused
    assert library.refused(client.get_task_list, STARS) == refused
    assert library.refused(client.update_index, STARS, display_name="mine") == refused
    assert library.refused(client.get_role_list, STARS) == refused
    own = library.sandbox.confidential_client_id
    for role, allowed in (("writer", ()), ("admin", ("roles",)), ("owner", ("roles", "delete"))):
        index = library.control("indices/add", display_name=role, owner=str(uuid.UUID(int=5)))
        library.control("roles/add", index_id=index["id"], role_name=role, identity=own)
        assert client.ingest(index["id"], ingest(entry("a")))["acknowledged"]
        for name, attempt in (
            ("roles", functools.partial(client.create_role, index["id"], writer)),
            ("delete", functools.partial(client.delete_index, index["id"])),
        ):
            if name in allowed:
                assert attempt()
            else:
                assert library.refused(attempt) == refused


def test_tokens_need_the_right_scope(library: Library) -> None:
    """``search`` finds, ``ingest`` writes, and only ``all`` changes indices."""
    for scope, allowed in (("search", {"search"}), ("ingest", {"ingest", "task"})):
        with library.client_with(library.token(scope)) as client:
            attempts = {
                "search": functools.partial(client.search, library.index, "a"),
                "ingest": functools.partial(client.ingest, library.index, ingest(entry("a"))),
                "task": functools.partial(client.get_task_list, library.index),
                "create": functools.partial(client.create_index, "a", "b"),
            }
            for name, attempt in attempts.items():
                if name in allowed:
                    assert attempt()
                else:
                    assert library.refused(attempt) == "403 Forbidden.Generic"
    with library.client_with(None) as nobody:
        assert library.refused(nobody.index_list) == "401 Unauthorized.Generic"


def test_a_state_file_keeps_indices(tmp_path: Path) -> None:
    """With roles and entries; tasks that are not done are lost."""
    file = tmp_path / "sandbox.json"
    group = f"urn:globus:groups:id:{uuid.UUID(int=7)}"
    kept = [entry("a", {"n": 1}), entry("a", {"n": 2}, id="x"), entry("b", visible_to=[group])]
    with Sandbox(state_file=file) as sandbox:
        owner = sandbox.people[0].id
        index = sandbox.control("search", "indices/add", display_name="Kept", owner=owner)["id"]
        sandbox.control("search", "entries/add", index_id=index, entries=kept)
        before = sandbox.services["search"].dump()
    with Sandbox(state_file=file) as sandbox:
        service = sandbox.services["search"]
        assert service.dump() == before
        shown = service.describe()["indices"]
        assert [(i["display_name"], i["num_entries"]) for i in shown] == [("Stars", 3), ("Kept", 3)]
        for wrong in ({"id": "a"}, {**before["indices"][1], "entries": [{"subject": ""}]}):
            with pytest.raises(ValueError, match="an index does not fit"):
                service.load({"indices": [wrong]})
