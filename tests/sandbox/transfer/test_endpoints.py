"""Collections, rules, roles and bookmarks, by globus-sdk's client."""

from __future__ import annotations

import typing as t
from pathlib import Path

import globus_sdk
import pytest

from tests.sandbox.transfer.conftest import Site
from tests.sandbox.transfer.test_file_operations import names, refusal
from tests.sandbox.transfer.test_tasks import submit, transfer

ADA = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"


def own_guest(site: Site, root: Path, **more: t.Any) -> str:
    """
    A guest collection of the client's.
    """
    return site.collection(
        "own", root, kind="guest", owner=site.sandbox.confidential_client_id, **more
    )


def found(site: Site, *words: str, **options: t.Any) -> list[str]:
    """
    The names that a search finds.
    """
    return sorted(c["display_name"] for c in site.client.endpoint_search(*words, **options))


def test_a_collection_is_shown(site: Site, tmp_path: Path) -> None:
    """With its type, its owner and the caller's roles."""
    mapped = site.collection("mapped", tmp_path / "mapped", kind="mapped", high_assurance=True)
    guest = own_guest(site, tmp_path / "own", host=mapped)
    personal, server, shared = (site.client.get_endpoint(c) for c in (site.source, mapped, guest))
    assert personal["entity_type"] == "GCP_mapped_collection"
    assert (personal["owner_string"], personal["gcp_connected"]) == ("ada@example.org", True)
    assert (server["entity_type"], server["high_assurance"]) == ("GCSv5_mapped_collection", True)
    assert shared["entity_type"] == "GCSv5_guest_collection"
    assert shared["my_effective_roles"] == ["administrator"]
    assert personal["my_effective_roles"] == []
    site.control("disconnect", collection_id=site.source)
    assert site.client.get_endpoint(site.source)["gcp_connected"] is False


def test_collections_are_found_by_words_and_scopes(site: Site, tmp_path: Path) -> None:
    """In pages; without either the search is refused."""
    own_guest(site, tmp_path / "own")
    assert found(site, "sourc") == ["source"]
    assert found(site, "ada sandbox", filter_entity_type="GCP_mapped_collection") == [
        "Sandbox Laptop",
        "Sandbox Server",
    ]
    assert found(site, filter_scope="shared-by-me") == ["own"]
    assert found(site, "ada", filter_entity_type="GCP_guest_collection") == []
    assert found(site, filter_scope="recently-used") == []
    submit(site, transfer(site, ("/none", "/none")))
    assert found(site, filter_scope="in-use") == ["source", "target"]
    page = site.client.endpoint_search("ada", limit=3)
    assert (page["has_next_page"], len(page["DATA"])) == (True, 3)
    assert len(list(site.client.paginated.endpoint_search("ada").items())) == 6
    assert refusal(lambda: site.client.endpoint_search()) == (400, "BadRequest")
    assert refusal(lambda: site.client.endpoint_search("a", limit=1001)) == (400, "BadRequest")


def test_only_administrators_change_a_collection(site: Site, tmp_path: Path) -> None:
    """They give it another name, share its folders and delete it; the files stay."""
    guest = own_guest(site, tmp_path / "own")
    change = {"display_name": "renamed", "description": "mine"}
    assert site.client.update_endpoint(guest, change)["code"] == "Updated"
    shown = site.client.get_endpoint(guest)
    assert (shown["display_name"], shown["description"]) == ("renamed", "mine")
    denied = 403, "PermissionDenied"
    assert refusal(lambda: site.client.update_endpoint(site.source, change)) == denied
    assert refusal(lambda: site.client.delete_endpoint(site.source)) == denied
    assert site.client.delete_endpoint(guest)["code"] == "Deleted"
    assert refusal(lambda: site.client.get_endpoint(guest)) == (404, "EndpointNotFound")
    assert (tmp_path / "own").is_dir()


def test_a_folder_is_shared(site: Site) -> None:
    """It becomes the root of a guest collection of the caller's."""
    (site.source_root / "d").mkdir()
    (site.source_root / "d" / "a.txt").write_text("four")
    document = {"host_endpoint": site.source, "host_path": "/d/", "display_name": "shared"}
    guest = site.client.create_shared_endpoint(document)["id"]
    assert names(site.client.operation_ls(guest)) == ["a.txt"]
    assert [c["id"] for c in site.client.my_shared_endpoint_list(site.source)] == [guest]


def test_access_rules_are_enforced(site: Site, tmp_path: Path) -> None:
    """For reading and writing, below the path of the rule."""
    guest = site.collection("guest", tmp_path / "guest", kind="guest")
    (tmp_path / "guest" / "open").mkdir()
    service = site.sandbox.services["transfer"]
    condition = t.cast("t.Any", service)._access.condition(service.world.collections.find(guest))
    rule = {
        "principal_type": "identity",
        "principal": site.sandbox.confidential_client_id,
        "path": "/open/",
        "permissions": "r",
    }
    condition.rules["1"] = rule
    assert names(site.client.operation_ls(guest, "/open/")) == []
    denied = 403, "PermissionDenied"
    assert refusal(lambda: site.client.operation_ls(guest, "/")) == denied
    assert refusal(lambda: site.client.operation_mkdir(guest, "/open/a")) == denied
    assert refusal(lambda: site.client.operation_ls(guest, "/open/../")) == denied
    assert found(site, filter_scope="shared-with-me") == ["guest"]
    rule["permissions"] = "rw"
    site.client.operation_mkdir(guest, "/open/a")


def test_access_rules_are_added_changed_and_deleted(site: Site, tmp_path: Path) -> None:
    """Wrong ones are refused, and the same one twice."""
    guest = own_guest(site, tmp_path / "own")
    rule = {
        "DATA_TYPE": "access",
        "principal_type": "identity",
        "principal": ADA,
        "path": "/a/",
        "permissions": "r",
    }
    added = site.client.add_endpoint_acl_rule(guest, rule)
    assert (added.http_status, added["code"]) == (201, "Created")
    assert refusal(lambda: site.client.add_endpoint_acl_rule(guest, rule)) == (409, "Exists")
    rule_id = added["access_id"]
    site.client.update_endpoint_acl_rule(guest, rule_id, {"permissions": "rw"})
    assert site.client.get_endpoint_acl_rule(guest, rule_id)["permissions"] == "rw"
    for wrong in ({"path": "a"}, {"permissions": "w"}, {"principal": "nobody"}):
        document = {**rule, "path": "/b/", **wrong}
        with pytest.raises(globus_sdk.TransferAPIError) as caught:
            site.client.add_endpoint_acl_rule(guest, document)
        assert caught.value.http_status == 400
    site.client.delete_endpoint_acl_rule(guest, rule_id)
    assert [*site.client.endpoint_acl_list(guest)] == []
    assert refusal(lambda: site.client.endpoint_acl_list(site.source)) == (400, "BadRequest")


def test_roles_are_given_and_taken(site: Site, tmp_path: Path) -> None:
    """By administrators."""
    guest = own_guest(site, tmp_path / "own")
    document = {"principal_type": "identity", "principal": ADA, "role": "administrator"}
    role = site.client.add_endpoint_role(guest, document)["id"]
    assert site.client.get_endpoint_role(guest, role)["principal"] == ADA
    assert len(site.client.endpoint_role_list(guest)["DATA"]) == 1
    site.client.delete_endpoint_role(guest, role)
    assert refusal(lambda: site.client.get_endpoint_role(guest, role)) == (404, "RoleNotFound")


def test_bookmarks_are_kept(site: Site) -> None:
    """Each name once."""
    document = {"name": "data", "endpoint_id": site.source, "path": "/d/"}
    bookmark = site.client.create_bookmark(document)["id"]
    taken = refusal(lambda: site.client.create_bookmark(document))
    assert taken == (409, "BookmarkConflict")
    site.client.update_bookmark(bookmark, {"name": "files"})
    assert site.client.get_bookmark(bookmark)["name"] == "files"
    assert names(site.client.bookmark_list()) == ["files"]
    site.client.delete_bookmark(bookmark)
    gone = refusal(lambda: site.client.get_bookmark(bookmark))
    assert gone == (404, "BookmarkNotFound")
