"""
Globus Connect Personal, read from its files, beside globus-sdk's class for it.
"""

from __future__ import annotations

import os
import pathlib
import pickle
import typing as t
import uuid

import globus_sdk
import pytest
from hypothesis import given
from hypothesis import strategies as st

import globus_core
from globus_core import (
    GlobusConnectPersonalOwnerInfo,
    GlobusSDKUsageError,
    LocalGlobusConnectPersonal,
)
from globus_core.local_endpoint import AccessibleFolder, LocalEndpointError
from tests.unit.local.conftest import DN, ENDPOINT, Home

ENCODED = "u_pvcsbx2f5fdg5fnmzxsyxyzk2m"
ID = "7d4520df-45e9-466e-95ac-cde58be32ad3"
each_sdk = pytest.mark.parametrize("sdk", [globus_core, globus_sdk], ids=["ours", "globus-sdk's"])


class Directory:
    """
    Looks identities up, and remembers what it was asked.
    """

    def __init__(self, *identities: dict[str, t.Any]) -> None:
        self.identities = [*identities]
        self.asked: list[dict[str, t.Any]] = []

    def get_identities(self, **query: t.Any) -> dict[str, t.Any]:
        """The same for every question."""
        self.asked.append(query)
        return {"identities": self.identities}


# as globus-sdk has it


@each_sdk
def test_the_id_is_kept_until_it_is_deleted(sdk: t.Any, home: Home) -> None:
    """None before the set-up, which is not kept."""
    personal = sdk.LocalGlobusConnectPersonal()
    assert personal.config_dir == str(home.root / ".globusonline")
    assert not personal.endpoint_id
    home.write("client-id.txt", f" {ENDPOINT}\n\n")
    assert personal.endpoint_id == ENDPOINT
    home.write("client-id.txt", "another")
    assert personal.endpoint_id == ENDPOINT
    del personal.endpoint_id
    assert personal.endpoint_id == "another"


@each_sdk
def test_other_errors_of_a_file_are_those_of_python(sdk: t.Any, home: Home) -> None:
    """Only status() and the paths have errors of their own."""
    (home.lta / "client-id.txt").mkdir()
    (home.lta / "gridmap").mkdir()
    personal = sdk.LocalGlobusConnectPersonal()
    with pytest.raises(OSError, match=r"client-id\.txt"):
        _ = personal.endpoint_id
    with pytest.raises(OSError, match="gridmap"):
        personal.get_owner_info()


GRIDMAPS = {
    "": None,
    "# nothing\n": None,
    DN.format("ada"): "username=ada@globusid.org",
    DN.format(ENCODED): f"id={ID}",
    DN.format(ENCODED.replace("pvcs", "PVCS")): f"id={ID}",
    DN.format(ENCODED.upper()): f"username={ENCODED.upper()}@globusid.org",
    DN.format("u_short"): "username=u_short@globusid.org",
    DN.format(ENCODED.replace("2m", "18")): f"username={ENCODED[:-2]}18@globusid.org",
    DN.format("b/CN=c"): "username=b/CN=c@globusid.org",
    '"/C=US/CN=x" y\n' + DN.format("ada") + DN.format("bob"): "username=ada@globusid.org",
    " " + DN.format("ada"): None,
    DN.format("ada").replace(" ada", ""): None,
    DN.format("ada").replace(" ada", " ada bob"): None,
    DN.format("ada").replace('" ada', " ada"): None,
}


@each_sdk
@pytest.mark.parametrize("text", GRIDMAPS)
def test_the_owner_is_in_the_first_line_that_has_one(sdk: t.Any, home: Home, text: str) -> None:
    """A line that is wrong has none."""
    assert sdk.LocalGlobusConnectPersonal().get_owner_info() is None
    home.write("gridmap", text)
    owner = sdk.LocalGlobusConnectPersonal().get_owner_info()

    expected = GRIDMAPS[text]
    assert str(owner) == (
        "None" if expected is None else f"GlobusConnectPersonalOwnerInfo({expected})"
    )


@each_sdk
def test_the_owner_is_looked_up(sdk: t.Any, home: Home) -> None:
    """By id or username; the first identity, or None if there is none."""
    ada = {"id": ID, "username": "ada@example.org"}
    for name, query in ((ENCODED, {"ids": ID}), ("ada", {"usernames": "ada@globusid.org"})):
        home.write("gridmap", DN.format(name))
        for identities, found in (((ada,), ada), ((), None)):
            directory = Directory(*identities)
            assert sdk.LocalGlobusConnectPersonal().get_owner_info(directory) == found
            assert directory.asked == [query]


@pytest.mark.parametrize(
    "line",
    [
        *('"/C=US/x/CN=b/CN=c" y', '"x=CN=b" y', '"a=b" c', "a b", '"=" c'),
        *("x", "", '"a" b c', '"a b', DN.format("ada"), DN.format(ENCODED)),
    ],
)
def test_a_name_is_read_as_in_globus_sdk(line: str) -> None:
    """Both refuse the same lines, with a ValueError."""

    def read(sdk: t.Any) -> tuple[str | None, str | None] | None:
        try:
            owner = sdk.GlobusConnectPersonalOwnerInfo(config_dn=line)
        except ValueError:
            return None
        return owner.id, owner.username

    assert read(globus_core) == read(globus_sdk)


@given(st.uuids())
def test_an_id_comes_back_from_its_code(identity: uuid.UUID) -> None:
    """In any case of letters."""
    import base64

    code = base64.b32encode(identity.bytes).decode().rstrip("=")
    for name in (f"u_{code}", f"u_{code.lower()}"):
        owner = GlobusConnectPersonalOwnerInfo(config_dn=DN.format(name))
        assert (owner.id, owner.username) == (str(identity), None)


@given(st.text())
def test_any_line_is_an_owner_or_refused(line: str) -> None:
    """There is no other error, and exactly one of the two is known."""
    try:
        owner = GlobusConnectPersonalOwnerInfo(config_dn=line)
    except ValueError:
        return
    assert (owner.id is None) != (owner.username is None)


def test_windows_has_a_place_of_its_own(
    home: Home, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below LOCALAPPDATA, without ``lta``."""
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    with pytest.raises(GlobusSDKUsageError, match="LOCALAPPDATA"):
        LocalGlobusConnectPersonal()
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    folder = tmp_path / "Globus Connect"
    folder.mkdir()
    (folder / "client-id.txt").write_text(ENDPOINT)
    personal = LocalGlobusConnectPersonal()
    assert (personal.config_dir, personal.endpoint_id) == (str(folder), ENDPOINT)
    assert LocalGlobusConnectPersonal(config_dir=str(folder)).status().folders is None


def test_another_directory_can_be_named(home: Home, tmp_path: pathlib.Path) -> None:
    """As a text or a path."""
    (tmp_path / "other" / "lta").mkdir(parents=True)
    (tmp_path / "other" / "lta" / "client-id.txt").write_text(ENDPOINT)
    path: t.Any = tmp_path / "other"
    for place in (path, str(path)):
        personal = LocalGlobusConnectPersonal(config_dir=place)
        assert personal.endpoint_id == ENDPOINT
        assert repr(personal) == f"<LocalGlobusConnectPersonal {path}>"


# beyond it: status


def test_the_status_is_read_anew_each_time(home: Home) -> None:
    """Nothing, then all of it."""
    personal = LocalGlobusConnectPersonal()
    status = personal.status()
    assert (status.is_set_up, status.owner, status.folders) == (False, None, None)
    home.write("client-id.txt", f"{ENDPOINT}\n")
    home.write("gridmap", DN.format("ada"))
    home.write("config-paths", "~/,0,1\n\n/data/a,b ,1,0\n")
    status = personal.status()
    assert (status.is_set_up, status.endpoint_id) == (True, ENDPOINT)
    assert status.owner is not None
    assert status.owner.username == "ada@globusid.org"
    assert status.folders == (
        AccessibleFolder(str(home.root), may_share=False, may_write=True),
        AccessibleFolder("/data/a,b", may_share=True, may_write=False),
    )


DAMAGED = [
    ("client-id.txt", "not an id", "no id"),
    ("client-id.txt", "", "no id"),
    ("client-id.txt", b"\xff\xfe", "no text"),
    ("gridmap", DN.format("ada").replace(" ada", ""), "local user"),
    ("gridmap", b"\xff", "no text"),
    ("config-paths", "/data,0,1\n/data\n", "line 2"),
    ("config-paths", "/data,0,yes", "line 1"),
    ("config-paths", "data,0,1", "not absolute"),
    ("config-paths", "~bob/,0,1", "not absolute"),
]


@pytest.mark.parametrize(("name", "content", "why"), DAMAGED)
def test_a_damaged_file_is_an_error_that_names_it(
    home: Home, name: str, content: str | bytes, why: str
) -> None:
    """And says what is wrong, also when it has travelled to another process."""
    file = home.write(name, content)
    with pytest.raises(LocalEndpointError, match=why) as caught:
        LocalGlobusConnectPersonal().status()
    assert caught.value.path == str(file)
    travelled = pickle.loads(pickle.dumps(caught.value))
    assert (str(travelled), travelled.path) == (str(caught.value), str(file))


@pytest.mark.parametrize("name", ["client-id.txt", "gridmap", "config-paths"])
def test_a_file_that_cannot_be_read_is_an_error_that_names_it(home: Home, name: str) -> None:
    """A directory in its place, for example."""
    (home.lta / name).mkdir()
    with pytest.raises(LocalEndpointError, match="cannot be read") as caught:
        LocalGlobusConnectPersonal().status()
    assert caught.value.path == str(home.lta / name)


# beyond it: paths


def test_paths_are_mapped_within_the_accessible_folders(home: Home) -> None:
    """Both ways; elsewhere it is an error."""
    personal = LocalGlobusConnectPersonal()
    assert personal.collection_path("/data/x") == "/data/x"
    home.write("config-paths", "~/,0,1\n/data,0,0\n")
    assert personal.collection_path(home.root / "a b.txt") == f"{home.root}/a b.txt"
    assert personal.local_path("/~/a b.txt") == f"{home.root}/a b.txt"
    assert personal.local_path("/~/") == str(home.root)
    assert personal.local_path("/data/") == "/data"
    for outside in ("/database", "/"):
        for call in (personal.collection_path, personal.local_path):
            with pytest.raises(LocalEndpointError, match="no access") as caught:
                call(outside)
            assert caught.value.path == outside


def test_a_relative_path_begins_in_the_current_directory(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of this machine; one of the collection is refused."""
    monkeypatch.chdir(home.root)
    personal = LocalGlobusConnectPersonal()
    assert personal.collection_path("a/../b") == os.path.join(os.getcwd(), "b")
    with pytest.raises(ValueError, match="begins with /"):
        personal.local_path("b")


def test_a_damaged_list_of_folders_is_an_error_of_the_paths(home: Home) -> None:
    """The file is named."""
    file = home.write("config-paths", "x")
    with pytest.raises(LocalEndpointError, match="damaged") as caught:
        LocalGlobusConnectPersonal().local_path("/x")
    assert caught.value.path == str(file)


@pytest.mark.parametrize("wrong", [5, None, object])
def test_what_is_no_path_is_refused(home: Home, wrong: t.Any) -> None:
    """By both."""
    for call in (
        LocalGlobusConnectPersonal().local_path,
        LocalGlobusConnectPersonal().collection_path,
    ):
        with pytest.raises(GlobusSDKUsageError, match="must be a path"):
            call(wrong)
