"""
The documents that Groups is sent, and the manager's actions, which send them.
"""

from __future__ import annotations

import typing as t
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core import (
    MISSING,
    BatchMembershipActions,
    GlobusSDKUsageError,
    GroupMemberVisibility,
    GroupPolicies,
    GroupRequiredSignupFields,
    GroupRole,
    GroupsClient,
    GroupsManager,
    GroupVisibility,
)
from tests.unit.transfer.answering import answered

A, B = (str(uuid.UUID(int=n)) for n in (1, 2))

#: methods of the document that take ids only, methods of the manager, and the keys of both
PLAIN = [
    ("accept_invites", "accept_invite", "accept"),
    ("approve_pending", "approve_pending", "approve"),
    ("decline_invites", "decline_invite", "decline"),
    ("join", "join", "join"),
    ("leave", "leave", "leave"),
    ("reject_join_requests", "reject_join_request", "reject"),
    ("remove_members", "remove_member", "remove"),
    ("request_join", "request_join", "request_join"),
]


@pytest.mark.parametrize(("method", "_", "key"), PLAIN)
@pytest.mark.parametrize("one", [A, uuid.UUID(A)])
def test_one_identity_is_a_list_of_one(method: str, _: str, key: str, one: t.Any) -> None:
    """Also as a UUID; several may come from an iterator; each call adds."""
    actions = BatchMembershipActions()

    assert getattr(actions, method)(one) is actions
    getattr(actions, method)(each for each in (A, B))
    assert actions == {key: [{"identity_id": A}, {"identity_id": A}, {"identity_id": B}]}


@pytest.mark.parametrize(("method", "key"), [("add_members", "add"), ("invite_members", "invite")])
def test_new_members_have_a_role(method: str, key: str) -> None:
    """``member``, unless another one is given."""
    actions = BatchMembershipActions()
    getattr(actions, method)(A)
    getattr(actions, method)([B], role="admin")

    assert actions == {
        key: [{"identity_id": A, "role": "member"}, {"identity_id": B, "role": "admin"}]
    }


def test_the_role_of_one_member_is_changed() -> None:
    """One id is one id, not a list of its letters."""
    actions = BatchMembershipActions().change_roles("manager", A)

    assert actions == {"change_role": [{"identity_id": A, "role": "manager"}]}


@given(st.lists(st.uuids()), st.sampled_from(sorted(key for _, _, key in PLAIN)))
def test_every_identity_is_in_the_document_once(ids: list[uuid.UUID], key: str) -> None:
    """In their order."""
    method = next(method for method, _, action in PLAIN if action == key)
    actions = getattr(BatchMembershipActions(), method)(ids)

    assert actions == {key: [{"identity_id": str(each)} for each in ids]}


@pytest.mark.parametrize("nothing", [None, MISSING])
def test_no_identity_at_all_is_refused(nothing: t.Any) -> None:
    """An empty list is not."""
    with pytest.raises(GlobusSDKUsageError, match="identity_ids"):
        BatchMembershipActions().remove_members(nothing)
    assert BatchMembershipActions().remove_members([]) == {"remove": []}


def test_roles_are_sent_by_their_names() -> None:
    """Though the document has the member of the enum."""
    client = answered(GroupsClient, {})
    actions = BatchMembershipActions().add_members(A, role=GroupRole.manager)
    client.batch_membership_action(B, actions)

    assert actions["add"][0]["role"] is GroupRole.manager
    assert client.answering.bodies == [{"add": [{"identity_id": A, "role": "manager"}]}]


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        ([], []),
        ("city", ["city"]),
        (GroupRequiredSignupFields.zip, ["zip"]),
        ({"city"}, ["city"]),
        ([GroupRequiredSignupFields.phone, "city"], ["phone", "city"]),
    ],
)
def test_policies_are_sent_by_their_names(fields: t.Any, sent: list[str]) -> None:
    """The timeout is left out, or null if the program says so."""
    client = answered(GroupsClient, {})
    policies = GroupPolicies(
        is_high_assurance=True,
        group_visibility=GroupVisibility.private,
        group_members_visibility=GroupMemberVisibility.managers,
        join_requests=False,
        signup_fields=fields,
    )
    client.set_group_policies(A, policies)
    client.set_group_policies(A, {**policies, "authentication_assurance_timeout": None})

    body = {
        "is_high_assurance": True,
        "group_visibility": "private",
        "group_members_visibility": "managers",
        "join_requests": False,
        "signup_fields": sent,
    }
    assert policies["authentication_assurance_timeout"] is MISSING
    assert client.answering.bodies == [body, {**body, "authentication_assurance_timeout": None}]


@pytest.mark.parametrize(("_", "method", "key"), PLAIN)
def test_the_manager_acts_for_one_identity(_: str, method: str, key: str) -> None:
    """With one request."""
    client = answered(GroupsClient, {})
    getattr(GroupsManager(client), method)(A, B)

    assert client.answering.paths == [f"/v2/groups/{A}"]
    assert client.answering.bodies == [{key: [{"identity_id": B}]}]


def test_the_manager_gives_roles() -> None:
    """To members, and to those who are added or invited."""
    client = answered(GroupsClient, {})
    manager = GroupsManager(client)
    manager.add_member(A, B)
    manager.invite_member(A, B, role="manager")
    manager.change_role(A, B, GroupRole.admin)

    assert client.answering.bodies == [
        {"add": [{"identity_id": B, "role": "member"}]},
        {"invite": [{"identity_id": B, "role": "manager"}]},
        {"change_role": [{"identity_id": B, "role": "admin"}]},
    ]


def test_the_manager_creates_groups_and_sets_policies() -> None:
    """It sends null for a parent and for a timeout that nobody gave."""
    client = answered(GroupsClient, {})
    manager = GroupsManager(client)
    policies: dict[str, t.Any] = {
        "is_high_assurance": False,
        "group_visibility": "private",
        "group_members_visibility": "members",
        "join_requests": True,
        "signup_fields": ["city"],
    }
    manager.create_group("Lab", "ours")
    manager.set_group_policies(A, **policies)

    assert client.answering.bodies == [
        {"name": "Lab", "description": "ours", "parent_id": None},
        {**policies, "authentication_assurance_timeout": None},
    ]


def test_a_manager_without_a_client_has_one() -> None:
    """Without credentials."""
    assert isinstance(GroupsManager().client, GroupsClient)


@pytest.mark.parametrize("client", ["a-token", object(), GroupsClient])
def test_a_manager_of_something_else_is_refused(client: t.Any) -> None:
    """At once, not at the first action."""
    with pytest.raises(GlobusSDKUsageError, match="GroupsClient"):
        GroupsManager(client)
