"""The members of a group by username: listed, and brought in line with a list."""

from __future__ import annotations

import typing as t

import pytest

from globus_core import (
    AccessTokenAuthorizer,
    AuthClient,
    GlobusSDKUsageError,
    GroupRole,
    GroupsAPIError,
    GroupsClient,
    IdentityMap,
)
from globus_core.services.groups import MembershipActionError, raise_membership_errors
from tests.sandbox.groups.conftest import ADA, ALL, BO, CHIDI, SEEDED, Village

Sync = t.Callable[..., t.Any]


class Office:
    """
    A person's client, and the map with which it looks people up.
    """

    def __init__(self, village: Village, username: str) -> None:
        log_in = village.plain.log_in
        view = "urn:globus:auth:scope:auth.globus.org:view_identities"
        groups = log_in(scope=ALL, login_hint=username)["access_token"]
        auth = log_in(scope=view, login_hint=username)["access_token"]
        url = village.sandbox.service_url("groups")
        self.client = GroupsClient(base_url=url, authorizer=AccessTokenAuthorizer(groups))
        authorizer = AccessTokenAuthorizer(auth)
        self.auth = AuthClient(base_url=village.sandbox.url, authorizer=authorizer)
        self.map = IdentityMap(self.auth)

    def sync(self, members: t.Any, **options: t.Any) -> t.Any:
        """
        Sync the seeded group.
        """
        return self.client.sync_members(SEEDED, members, identity_map=self.map, **options)

    def roles(self) -> dict[str, str]:
        """
        The role of each active member, by the first part of the username.
        """
        return {m["username"].split("@")[0]: m["role"] for m in self.client.members(SEEDED)}

    def close(self) -> None:
        """
        Close both clients.
        """
        self.client.close()
        self.auth.close()


@pytest.fixture
def office(village: Village) -> t.Iterator[Office]:
    """
    That of the group's admin.
    """
    made = Office(village, "ada@example.org")
    yield made
    made.close()


def test_members_are_added_changed_and_removed(office: Office) -> None:
    """By username; the result says what was done; the caller stays though not in the list."""
    result = office.sync({"dana@example.edu": "manager", "CHIDI@example.org": GroupRole.admin})

    done = [(c.action, c.username, c.role) for c in result.done]
    assert done == [
        ("add", "dana@example.edu", "manager"),
        ("change_role", "chidi@example.org", "admin"),
        ("remove", "bo@example.org", None),
    ]
    assert office.roles() == {"ada": "admin", "chidi": "admin", "dana": "manager"}
    again = office.sync({"dana@example.edu": "manager", CHIDI: "admin"})
    assert (again.done, again.failed, again.unchanged) == ([], [], 2)


def test_a_list_without_roles_keeps_those_of_members(office: Office) -> None:
    """Nobody loses a role because a list has names only; new ones are plain members."""
    office.sync({"chidi@example.org": "manager", BO: "member"})
    result = office.sync(["chidi@example.org", "bo@example.org", "dana@example.edu"])
    assert [(c.action, c.username, c.role) for c in result.done] == [
        ("add", "dana@example.edu", "member")
    ]
    assert office.roles() == {"ada": "admin", "bo": "member", "chidi": "manager", "dana": "member"}
    assert [c.action for c in office.sync([CHIDI], role="member", remove=False).done] == [
        "change_role"
    ]


def test_a_dry_run_changes_nothing(office: Office) -> None:
    """It has what would be done."""
    before = office.roles()
    result = office.sync(["dana@example.edu"], dry_run=True)

    assert [c.action for c in result.done] == ["add", "remove", "remove"]
    assert office.roles() == before
    assert [c.action for c in office.sync(["dana@example.edu"], remove=False).done] == ["add"]
    assert set(office.roles()) == {"ada", "bo", "chidi", "dana"}


def test_what_fails_is_named(village: Village, office: Office) -> None:
    """Names without an identity, and what Groups refuses; the rest is done."""
    dana = village.person("dana@example.edu")
    dana.set_identity_preferences({"allow_add": False})
    wanted = ["dana@example.edu", "nobody@example.org", "hiro@example.org", BO, CHIDI]
    result = office.sync({**dict.fromkeys(wanted, "member"), BO: "manager"})

    assert [(f.action, f.username, f.code) for f in result.failed] == [
        ("add", "nobody@example.org", "UNKNOWN"),
        ("add", "dana@example.edu", "ADD_NOT_ALLOWED"),
    ]
    assert [c.username for c in result.done] == ["hiro@example.org"]
    with pytest.raises(MembershipActionError, match=r"nobody@example\.org.* and 1 more") as caught:
        result.raise_failures()
    assert caught.value.failures == tuple(result.failed)


def test_failures_in_a_success_are_raised_on_request(office: Office) -> None:
    """Else the response is returned."""

    def remove(identity: str) -> t.Any:
        actions = {"remove": [{"identity_id": identity}]}
        return raise_membership_errors(office.client.batch_membership_action(SEEDED, actions))

    assert remove(CHIDI)["remove"][0]["status"] == "removed"
    with pytest.raises(MembershipActionError, match="NO_MEMBERSHIP") as caught:
        remove(CHIDI)
    assert caught.value.failures[0].identity_id == CHIDI


def test_a_member_may_not_sync(village: Village) -> None:
    """An error of Groups, since the caller must not even see the members."""
    office = Office(village, "chidi@example.org")
    with pytest.raises(GroupsAPIError) as caught:
        office.sync([])
    office.close()
    assert caught.value.http_status == 403


@pytest.mark.parametrize(
    ("members", "role", "match"),
    [
        ("ada@example.org", "member", "in a list"),
        (None, "member", "in a list"),
        (["ada@example.org"], "boss", "a role must be one of"),
        ({ADA: None}, "member", "a role must be one of"),
        ({ADA: "admin", "ada@example.org": "member"}, "member", "with two roles"),
    ],
)
def test_wrong_lists_are_refused(office: Office, members: t.Any, role: t.Any, match: str) -> None:
    """Before anything is changed."""
    with pytest.raises(GlobusSDKUsageError, match=match):
        office.sync(members, role=role)
    assert len(office.roles()) == 3


def test_names_need_somebody_who_looks_them_up(office: Office) -> None:
    """An app, or a map."""
    with pytest.raises(GlobusSDKUsageError, match="identity_map"):
        office.client.sync_members(SEEDED, [])
    wrong: t.Any = "map"
    with pytest.raises(GlobusSDKUsageError, match="an IdentityMap"):
        office.client.sync_members(SEEDED, [], identity_map=wrong)


def test_five_thousand_members_take_a_hundred_requests(village: Village, office: Office) -> None:
    """One for the group and 50 for the changes, and 50 to Globus Auth."""
    usernames = village.sandbox.synthetic_usernames(5000)
    before = len(village.sandbox.journal())
    result = office.sync(usernames, remove=False)
    sent = village.sandbox.journal()[before:]

    assert (len(result.done), result.failed) == (5000, [])
    paths = [record.path for record in sent]
    assert len([path for path in paths if path.startswith("/groups/")]) == 51
    assert len(paths) == 101
