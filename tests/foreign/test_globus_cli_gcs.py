"""
globus-cli against the sandbox's endpoint of Globus Connect Server, by TLS.
"""

from __future__ import annotations

import dataclasses
import typing as t
from pathlib import Path

import pytest

from globus_core_gcs.sandbox.server import COLLECTION, ENDPOINT, GATEWAY
from globus_core_sandbox import ClientSeed, Sandbox, Seeds
from tests.foreign.test_globus_cli import ADA, log_in
from tests.servers.globus_cli import GlobusCli

pytestmark = pytest.mark.full

BO = "bo@example.org"


@dataclasses.dataclass(frozen=True)
class Desk:
    """
    The program with the login of the endpoint's administrator.
    """

    cli: GlobusCli
    root: Path

    def run(self, *arguments: str, status: int = 0) -> str:
        """
        Run one command and give what it prints.
        """
        return self.cli.run(*arguments, status=status)

    def one(self, *arguments: str) -> dict[str, t.Any]:
        """
        Run one command, and give the document that it prints.
        """
        return t.cast("dict[str, t.Any]", self.cli.json(*arguments))

    def guest(self, name: str) -> str:
        """
        Make a guest collection of the folder ``shared``.
        """
        made = self.one("collection", "create", "guest", COLLECTION, "/shared", name)
        return str(made["id"])


@pytest.fixture
def desk(globus_cli: GlobusCli, tmp_path: Path) -> t.Iterator[Desk]:
    """
    Ada is logged in, with the consent that guest collections need.
    """
    home, root = tmp_path / "home", tmp_path / "storage"
    home.mkdir()
    (root / "shared").mkdir(parents=True)
    template = ClientSeed(id=globus_cli.template_client_id(), name="Globus CLI", project=None)
    seeds = Seeds(clients=(*Seeds().clients, template))
    with Sandbox(seeds=seeds, options={"gcs": {"folder": root}}) as sandbox:
        cli = globus_cli.in_environment(home, **sandbox.environment())
        assert "successfully logged in" in log_in(cli, "--gcs", f"{ENDPOINT}:{COLLECTION}")
        yield Desk(cli, root)


def test_it_shows_and_changes_the_endpoint(desk: Desk) -> None:
    """Each view tells what was written."""
    assert "Sandbox Endpoint" in desk.run("gcs", "endpoint", "show", ENDPOINT)
    desk.run("gcs", "endpoint", "update", ENDPOINT, "--organization", "The Lab")
    assert desk.one("gcs", "endpoint", "show", ENDPOINT)["organization"] == "The Lab"


def test_it_gives_and_takes_roles_on_the_endpoint(desk: Desk) -> None:
    """A role is listed and shown until it is deleted."""
    role = ("gcs", "endpoint", "role")
    made = desk.one(*role, "create", ENDPOINT, "administrator", BO)
    assert made["id"] in desk.run(*role, "list", ENDPOINT, "--all-roles")
    assert desk.one(*role, "show", ENDPOINT, made["id"])["role"] == "administrator"
    desk.run(*role, "delete", ENDPOINT, made["id"])
    assert "not_found" in desk.run(*role, "show", ENDPOINT, made["id"], status=1)


def test_it_lists_and_shows_collections(desk: Desk) -> None:
    """Those of the endpoint, or of a kind."""
    assert COLLECTION in desk.run("collection", "list", ENDPOINT)
    kind = ("--filter", "guest-collections")
    assert COLLECTION not in desk.run("gcs", "collection", "list", ENDPOINT, *kind)
    assert desk.one("collection", "show", COLLECTION)["display_name"] == "Sandbox Storage"
    assert "Sandbox Storage" in desk.run(
        "collection", "show", COLLECTION, "--include-private-policies"
    )


def test_guest_collections_are_seen_by_transfer(desk: Desk) -> None:
    """Made, renamed, listed by Transfer, and deleted; the files stay."""
    (desk.root / "shared" / "a.txt").write_text("hello")
    guest = desk.guest("Shared with you")
    desk.run("collection", "update", guest, "--display-name", "Renamed")
    assert guest in desk.run("endpoint", "search", "Renamed")
    assert desk.run("ls", f"{guest}:/").split() == ["a.txt"]
    desk.run("collection", "delete", guest)
    assert "EndpointNotFound" in desk.run("ls", f"{guest}:/", status=1)
    assert (desk.root / "shared" / "a.txt").exists()


def test_mapped_collections_are_made_over_folders(desk: Desk, tmp_path: Path) -> None:
    """A folder that does not exist is refused."""
    more = ("collection", "create", "mapped", ENDPOINT, "More", "--storage-gateway-id", GATEWAY)
    made = desk.one(*more, "--base-path", str(desk.root / "shared"))
    assert made["collection_type"] == "mapped"
    refused = desk.run(*more, "--base-path", str(tmp_path / "none"), status=1)
    assert "collection_base_path" in refused


def test_it_lists_gateways_and_credentials(desk: Desk) -> None:
    """The credential is Ada's own."""
    assert "Sandbox Disks" in desk.run("gcs", "storage-gateway", "list", ENDPOINT)
    (credential,) = desk.cli.json("gcs", "user-credential", "list", ENDPOINT)["data"]
    assert credential["username"] == ADA.partition("@")[0]


def test_it_lists_roles_on_collections(desk: Desk) -> None:
    """A collection has none at first."""
    assert desk.cli.json("collection", "role", "list", COLLECTION)["data"] == []
