"""
globus-cli against the sandbox's Groups: a program that we did not write manages members.
"""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from globus_core_sandbox import Sandbox
from tests.servers.globus_cli import GlobusCli

pytestmark = pytest.mark.full

ADA, DANA = "ada@example.org", "dana@example.edu"


class Club:
    """
    The program with the confidential client's login, and the group that it has created.
    """

    def __init__(self, sandbox: Sandbox, cli: GlobusCli) -> None:
        self.sandbox = sandbox
        self.cli = cli
        self.id = str(cli.json("group", "create", "Club", "--description", "ours")["id"])
        self.own = sandbox.confidential_client_id

    def member(self, verb: str, *arguments: str, **options: t.Any) -> str:
        """
        Run a command for members of the group.
        """
        return self.cli.run("group", "member", verb, self.id, *arguments, **options)

    def members(self) -> dict[str, tuple[str, str]]:
        """
        Role and status of each member.
        """
        found = self.cli.json("group", "member", "list", self.id)["memberships"]
        return {m["username"]: (m["role"], m["status"]) for m in found}

    def other_group(self) -> str:
        """
        Add a group of somebody else, which everybody sees and may ask to join.
        """
        policies = {"group_visibility": "authenticated", "join_requests": True}
        group = {"name": "Other", "members": {ADA: "admin"}, "policies": policies}
        return str(self.sandbox.control("groups", "groups/add", **group)["id"])


@pytest.fixture
def club(globus_sandbox: Sandbox, globus_cli: GlobusCli, tmp_path: Path) -> Club:
    """
    A group whose admin is the confidential client.
    """
    login = {
        "GLOBUS_CLI_CLIENT_ID": globus_sandbox.confidential_client_id,
        "GLOBUS_CLI_CLIENT_SECRET": globus_sandbox.confidential_client_secret,
    }
    cli = globus_cli.in_environment(tmp_path, **globus_sandbox.environment(), **login)
    return Club(globus_sandbox, cli)


def test_it_shows_changes_and_deletes_groups(club: Club) -> None:
    """Name, description, terms and a subgroup; an unknown group is an error."""
    run = club.cli.run
    assert club.id in run("group", "list")
    run("group", "update", club.id, "--name", "Better club", "--terms-and-conditions", "be nice")
    shown = run("group", "show", club.id)
    assert "Better club" in shown
    assert "be nice" in shown
    part = club.cli.json("group", "create", "Part", "--parent-id", club.id)
    assert part["parent_id"] == club.id
    assert "deleted" in run("group", "delete", part["id"])
    assert "NOT_FOUND" in run("group", "show", part["id"], status=1)


def test_it_manages_members(club: Club) -> None:
    """They are added with a role, listed, and removed once."""
    club.member("add", ADA, "--role", "manager")
    assert club.members()[ADA] == ("manager", "active")
    assert "already an active member" in club.member("add", ADA, status=1)
    assert ADA in club.member("remove", ADA)
    assert club.members()[ADA] == ("manager", "removed")
    assert "no membership" in club.member("remove", ADA, status=1)


def test_it_invites_people_and_decides_about_requests(club: Club) -> None:
    """What does not suit a membership is refused, with the reason."""
    club.member("invite", DANA)
    assert club.members()[DANA] == ("member", "invited")
    assert "invited, not pending" in club.member("approve", DANA, status=1)
    assert "no membership" in club.member("reject", ADA, status=1)


def test_it_joins_and_leaves(club: Club) -> None:
    """Directly, or by a request; the last admin stays."""
    run = club.cli.run
    other = club.other_group()
    assert "cannot join" in run("group", "join", other, status=1)
    club.sandbox.control("groups", "allow-join", group_id=other)
    assert club.own in run("group", "join", other)
    assert "Left group" in run("group", "leave", other)
    assert club.own in run("group", "join", other, "--request")
    assert "no invitations" in run("group", "invite", "accept", other, status=1)
    assert "no admin" in run("group", "leave", club.id, status=1)


def test_it_sets_policies(club: Club) -> None:
    """Those that are not named stay."""
    options = ("--visibility", "authenticated", "--join-requests", "--signup-fields", "city,zip")
    club.cli.run("group", "set-policies", club.id, *options)
    policies = club.cli.json("group", "show", club.id)["policies"]
    assert (policies["group_visibility"], policies["join_requests"]) == ("authenticated", True)
    assert policies["signup_fields"] == ["city", "zip"]
    assert policies["group_members_visibility"] == "managers"


def test_it_knows_subscriptions(club: Club) -> None:
    """A group is found by its subscription, and verified by it."""
    run = club.cli.run
    made = club.sandbox.control("groups", "subscribe", group_id=club.id)["subscription_id"]
    assert "Club" in run("group", "get-by-subscription", made)
    assert club.id in run("group", "get-subscription-info", made)
    run("group", "set-subscription-admin-verified", club.id, made)
    shown = club.cli.json("group", "show", club.id)
    assert shown["subscription_admin_verified_id"] == made
    run("group", "set-subscription-admin-verified", club.id, "null")
