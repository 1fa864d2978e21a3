"""Listing, stat, mkdir and rename of real files, by globus-sdk's client."""

from __future__ import annotations

import typing as t
from pathlib import Path

import globus_sdk
import pytest
import requests

from globus_core.testing import Sandbox
from tests.sandbox.transfer.conftest import SCOPE, Site


def names(answer: t.Iterable[t.Any]) -> list[str]:
    """
    The names in a listing.
    """
    return [entry["name"] for entry in answer]


def refusal(call: t.Callable[[], object]) -> tuple[int, str | None]:
    """
    Status and code of the error that a call raises.
    """
    with pytest.raises(globus_sdk.TransferAPIError) as caught:
        call()
    return caught.value.http_status, caught.value.code


def test_a_listing_shows_the_files_of_the_disk(site: Site) -> None:
    """Names, kinds and sizes are those of the files, in the order of names."""
    (site.source_root / "b.txt").write_text("four")
    (site.source_root / "a").mkdir()
    answer = site.client.operation_ls(site.source)
    assert names(answer) == ["a", "b.txt"]
    assert [entry["type"] for entry in answer] == ["dir", "file"]
    assert answer["DATA"][1]["size"] == 4
    assert answer["path"] == "/"
    assert answer["total"] == answer["length"] == 2


def test_a_listing_is_filtered_sorted_and_cut(site: Site) -> None:
    """Filters, hidden files, order, limit and offset do what Transfer documents."""
    for name in ("a.txt", "b.dat", "c.txt", ".hidden"):
        (site.source_root / name).write_text(name)
    ls = site.client.operation_ls
    assert names(ls(site.source, filter={"name": "~*.txt"})) == ["a.txt", "c.txt"]
    assert names(ls(site.source, filter=["name:!~*.txt", "type:file"])) == [".hidden", "b.dat"]
    assert names(ls(site.source, filter="size:6,")) == [".hidden"]
    assert names(ls(site.source, show_hidden=False)) == ["a.txt", "b.dat", "c.txt"]
    assert names(ls(site.source, orderby="name DESC", limit=2, offset=1)) == ["b.dat", "a.txt"]


@pytest.mark.parametrize("wrong", ["colour:red", "name", "size:big", "size:1,2,3"])
def test_a_wrong_filter_is_refused(site: Site, wrong: str) -> None:
    """A filter that cannot be read is a 400."""
    assert refusal(lambda: site.client.operation_ls(site.source, filter=wrong)) == (
        400,
        "BadRequest",
    )


def test_stat_describes_one_file(site: Site) -> None:
    """It is the file's document, and a 404 if there is no such file."""
    (site.source_root / "a.txt").write_text("four")
    assert site.client.operation_stat(site.source, "/a.txt")["size"] == 4
    assert site.client.operation_stat(site.source, "/")["type"] == "dir"
    assert refusal(lambda: site.client.operation_stat(site.source, "/b")) == (
        404,
        "ClientError.NotFound",
    )


def test_folders_are_made_and_files_renamed(site: Site) -> None:
    """Both happen on the disk; what exists already is not replaced."""
    assert site.client.operation_mkdir(site.source, "/new")["code"] == "DirectoryCreated"
    assert (site.source_root / "new").is_dir()
    again = refusal(lambda: site.client.operation_mkdir(site.source, "/new"))
    assert again == (502, "ExternalError.MkdirFailed.Exists")
    answer = site.client.operation_rename(site.source, "/new", "/old")
    assert answer["code"] == "FileRenamed"
    assert not (site.source_root / "new").exists()
    (site.source_root / "other").mkdir()
    with pytest.raises(globus_sdk.TransferAPIError, match="'/other' exists already") as taken:
        site.client.operation_rename(site.source, "/old", "/other")
    assert taken.value.code == "ExternalError.RenameFailed.Exists"


@pytest.mark.parametrize("path", ["/../secret", "/out/secret", "/a/../../secret", "~/../secret"])
def test_no_path_leads_out_of_a_collection(site: Site, tmp_path: Path, path: str) -> None:
    """Neither ``..`` nor a link does, for reading and for writing."""
    (tmp_path / "secret").write_text("secret")
    (site.source_root / "out").symlink_to(tmp_path)
    denied = 403, "PermissionDenied"
    assert refusal(lambda: site.client.operation_stat(site.source, path)) == denied
    assert refusal(lambda: site.client.operation_mkdir(site.source, path + "-dir")) == denied
    rename = site.client.operation_rename
    assert refusal(lambda: rename(site.source, path, "/mine")) == denied
    assert (tmp_path / "secret").read_text() == "secret"


def test_links_are_shown_as_what_they_point_to(site: Site, tmp_path: Path) -> None:
    """A link that leads out of the collection, or nowhere, is invalid."""
    (site.source_root / "file").write_text("four")
    (site.source_root / "good").symlink_to("file")
    (site.source_root / "out").symlink_to(tmp_path)
    (site.source_root / "gone").symlink_to("nothing")
    found = {entry["name"]: entry for entry in site.client.operation_ls(site.source)}
    assert found["good"]["type"] == "file"
    assert found["good"]["link_target"] == "file"
    assert found["out"]["type"] == found["gone"]["type"] == "invalid_symlink"


def test_the_default_directory_is_used_without_a_path(site: Site, tmp_path: Path) -> None:
    """Also by ``~`` and by a path that does not begin with a slash."""
    home = tmp_path / "machine" / "home"
    home.mkdir(parents=True)
    (home / "a.txt").write_text("four")
    machine = site.collection("machine", tmp_path / "machine", default_directory="/home")
    assert names(site.client.operation_ls(machine)) == ["a.txt"]
    assert names(site.client.operation_ls(machine, "/~/")) == ["a.txt"]
    assert names(site.client.operation_ls(machine, "/")) == ["home"]
    assert site.client.operation_stat(machine, "a.txt")["size"] == 4


def test_a_listing_names_what_is_wrong(site: Site) -> None:
    """No collection, no folder, not a folder and no connection are different errors."""
    (site.source_root / "a.txt").write_text("four")
    ls = site.client.operation_ls
    assert refusal(lambda: ls("8f0c3c6e-1111-4a86-9d3c-0f1e5b7a2c4d")) == (404, "EndpointNotFound")
    assert refusal(lambda: ls(site.source, "/none")) == (404, "ClientError.NotFound")
    assert refusal(lambda: ls(site.source, "/a.txt")) == (
        502,
        "ExternalError.DirListingFailed.NotDirectory",
    )
    site.control("disconnect", collection_id=site.source)
    assert refusal(lambda: ls(site.source)) == (
        502,
        "ExternalError.DirListingFailed.GCDisconnected",
    )
    site.control("connect", collection_id=site.source)
    assert names(ls(site.source)) == ["a.txt"]


def test_a_mapped_collection_needs_a_consent(site: Site, tmp_path: Path) -> None:
    """Without data access it is refused with the scopes to ask for; with them it is open."""
    mapped = site.collection("mapped", tmp_path / "mapped", kind="mapped")
    with pytest.raises(globus_sdk.TransferAPIError) as caught:
        site.client.operation_ls(mapped)
    consent = caught.value.info.consent_required
    assert caught.value.http_status == 403
    assert consent.required_scopes == [
        f"{SCOPE}[*https://auth.globus.org/scopes/{mapped}/data_access]"
    ]
    with site.client_with(site.token(consent.required_scopes[0])) as client:
        assert names(client.operation_ls(mapped)) == []


def test_a_guest_collection_is_closed_without_a_rule(site: Site, tmp_path: Path) -> None:
    """Its owner may use it, others may not."""
    client_id = site.sandbox.confidential_client_id
    own = site.collection("own", tmp_path / "own", kind="guest", owner=client_id)
    others = site.collection("others", tmp_path / "others", kind="guest")
    assert names(site.client.operation_ls(own)) == []
    assert refusal(lambda: site.client.operation_ls(others)) == (403, "PermissionDenied")


def test_three_collections_exist_from_the_start() -> None:
    """They are over temporary folders, which are empty after a reset and end with the sandbox."""
    with Sandbox(synthetic_identities=0) as sandbox:
        first, second, _ = sandbox.state()["services"]["transfer"]["collections"]
        (Path(first["root"]) / "a.txt").write_text("four")
        assert Path(second["root"]).is_dir()
        sandbox.reset()
        assert list(Path(first["root"]).iterdir()) == []
    assert not Path(second["root"]).exists()


def test_a_sandbox_starts_with_folders_of_the_caller(tmp_path: Path) -> None:
    """They are named by the caller, and they are not emptied."""
    (tmp_path / "a.txt").write_text("four")
    options = {"transfer": {"collections": {"Mine": tmp_path}}}
    with Sandbox(synthetic_identities=0, options=options) as sandbox:
        described = sandbox.state()["services"]["transfer"]["collections"]
        assert described[-1]["name"] == "Mine"
        sandbox.reset()
    assert (tmp_path / "a.txt").read_text() == "four"


def test_what_the_sandbox_does_not_do_is_a_501(site: Site) -> None:
    """Its error has the form of Transfer's."""
    url = site.sandbox.service_url("transfer") + "v0.10/endpoint_manager/monitored_endpoints"
    answer = requests.get(url, timeout=10)
    assert answer.status_code == 501
    assert answer.json()["code"] == "NotImplemented"
    assert answer.json()["resource"] == "/endpoint_manager/monitored_endpoints"


def test_a_request_without_a_token_is_refused(site: Site) -> None:
    """Its error has the form of Transfer's."""
    url = site.sandbox.service_url("transfer") + f"v0.10/operation/endpoint/{site.source}/ls"
    answer = requests.get(url, timeout=10)
    assert answer.status_code == 401
    assert answer.json()["code"] == "AuthenticationFailed"
