"""``globus-core collection``, ``get``, ``put`` and ``cat`` against an endpoint of the sandbox."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from globus_core import ClientApp, GCSClient, GlobusAppConfig, UserCredentialDocument
from globus_core_cli.group import cli
from tests.commands import separate_runner

if t.TYPE_CHECKING:
    from click.testing import Result

    from tests.sandbox.gcs.conftest import Site


@pytest.fixture(autouse=True)
def environment(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox's addresses, and its confidential client as who runs the commands."""
    for name, value in site.sandbox.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", site.sandbox.confidential_client_id)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", site.sandbox.confidential_client_secret)
    monkeypatch.setenv("GLOBUS_CORE_TOKEN_STORAGE", "memory")
    monkeypatch.chdir(tmp_path)


def run(*arguments: str, typed: bytes = b"") -> Result:
    """Run a command in this process."""
    return separate_runner().invoke(cli, arguments, input=typed, prog_name="globus-core")


def printed(*arguments: str, typed: bytes = b"") -> str:
    """What a command that succeeds prints."""
    result = run(*arguments, typed=typed)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def add_credential(site: Site) -> None:
    """Give the one who runs the commands a credential for the collection's storage."""
    shown = json.loads(printed("collection", "show", site.collection_id, "--json"))
    with (
        ClientApp(
            "tests",
            client_id=site.sandbox.confidential_client_id,
            client_secret=site.sandbox.confidential_client_secret,
            config=GlobusAppConfig(token_storage="memory"),
        ) as app,
        GCSClient(shown["manager_url"], app=app) as client,
    ):
        gateway = shown["storage_gateway_id"]
        document = UserCredentialDocument(storage_gateway_id=gateway, username="ada")
        client.create_user_credential(document)


def test_collections_are_found_and_shown(site: Site) -> None:
    """By Transfer's search, and by the manager."""
    found = printed("collection", "list", "--scope", "all", "--search", "storage")
    listed = printed("collection", "list", site.collection_id)

    assert f"{site.collection_id}\tGCSv5_mapped_collection" in found
    assert f"{site.collection_id}\tmapped" in listed
    shown = printed("collection", "show", site.collection_id).splitlines()
    assert ["ID:", site.collection_id] in [line.split() for line in shown]


def test_a_guest_collection_needs_a_credential(site: Site) -> None:
    """The error says for which gateway; after that it is made, listed and used."""
    command = ("collection", "create", "guest", site.collection_id, "/", "Shared")
    refused = run(*command)
    assert refused.exit_code == 1
    assert "you have no credential for the POSIX storage gateway" in refused.stderr

    add_credential(site)
    made = json.loads(printed(*command, "--json"))
    listed = printed("collection", "list", site.collection_id, "--filter", "guest-collections")
    assert made["id"] in listed
    assert made["mapped_collection_id"] == site.collection_id


def test_files_are_sent_printed_and_fetched(site: Site) -> None:
    """By their names, from standard input, and as folders."""
    place = site.collection_id
    Path("folder/inside").mkdir(parents=True)
    Path("folder/inside/b c").write_bytes(b"\x00\xff")

    assert printed("put", "-", f"{place}:/typed", typed=b"text") == "sent 4 bytes: /typed\n"
    assert (site.root / "typed").read_bytes() == b"text"
    printed("put", "-r", "folder", f"{place}:/")
    assert (site.root / "folder/inside/b c").read_bytes() == b"\x00\xff"
    assert printed("cat", f"{place}:/typed", f"{place}:/typed") == "texttext"
    printed("get", "-r", f"{place}:/folder", "copy")
    assert Path("copy/inside/b c").read_bytes() == b"\x00\xff"
    missing = run("get", f"{place}:/no-such-file")
    assert (missing.exit_code, missing.stdout) == (1, "")
