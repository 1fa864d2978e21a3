"""Groups, policies, preferences and subscriptions in the sandbox, by globus-sdk's client."""

from __future__ import annotations

import typing as t
import uuid

import globus_sdk
import pytest

from globus_core import AccessTokenAuthorizer, GroupsAPIError, GroupsClient
from globus_core_sandbox import Sandbox
from tests.sandbox.groups.conftest import (
    ADA,
    ADA_AT_SCHOOL,
    BO,
    CHIDI,
    SEEDED,
    VIEW,
    Village,
)

NOWHERE = str(uuid.UUID(int=7))


def refusal(action: t.Callable[..., object], *arguments: t.Any) -> tuple[int, str | None]:
    """
    Status and code with which an action is refused.
    """
    with pytest.raises(globus_sdk.GroupsAPIError) as caught:
        action(*arguments)
    return caught.value.http_status, caught.value.code


def test_everybody_has_the_own_groups(village: Village) -> None:
    """With a role; a token for viewing is enough; groups are asked for by status."""
    ada, dana = village.person("ada@example.org", VIEW), village.person("dana@example.edu")
    (group,) = ada.get_my_groups()

    assert (group["id"], group["name"], group["group_type"]) == (SEEDED, "Sandbox Group", "regular")
    assert [(m["username"], m["role"]) for m in group["my_memberships"]] == [
        ("ada@example.org", "admin")
    ]
    assert list(dana.get_my_groups()) == []
    assert list(ada.get_my_groups(statuses=["left", "removed"])) == []
    assert refusal(lambda: ada.get_my_groups(statuses="gone"))[0] == 422
    assert refusal(lambda: ada.get_group(SEEDED)) == (403, "FORBIDDEN")


def test_a_request_without_a_token_is_refused(village: Village) -> None:
    """So is one with a token for another service."""
    client = globus_sdk.GroupsClient(base_url=village.sandbox.service_url("groups"))
    village.opened.append(client)

    assert refusal(lambda: client.get_my_groups()) == (401, "UNAUTHORIZED")
    other = village.person("ada@example.org", "openid")
    assert refusal(lambda: other.get_my_groups()) == (401, "UNAUTHORIZED")


def test_a_group_is_created_changed_and_deleted(village: Village) -> None:
    """By its admin; what is not given stays."""
    dana = village.person("dana@example.edu")
    made = dana.create_group({"name": "Lab", "description": "ours"})
    shown = dana.get_group(made["id"]).data

    assert made.http_status == 201
    assert shown == made.data
    assert [m["role"] for m in shown["my_memberships"]] == ["admin"]
    assert shown["policies"]["group_visibility"] == "private"
    changed = dana.update_group(made["id"], {"name": "New lab", "terms_and_conditions": "be nice"})
    assert (changed["name"], changed["description"]) == ("New lab", "ours")
    assert dana.delete_group(made["id"])["name"] == "New lab"
    assert refusal(lambda: dana.get_group(made["id"])) == (404, "NOT_FOUND")


def test_only_admins_change_a_group(village: Village) -> None:
    """Managers and members do not, and others do not see it."""
    bo, dana = village.person("bo@example.org"), village.person("dana@example.edu")

    assert bo.get_group(SEEDED)["name"] == "Sandbox Group"
    for client in (bo, dana):
        assert refusal(client.update_group, SEEDED, {"name": "x"})[0] == 403
        assert refusal(client.delete_group, SEEDED)[0] == 403
        assert refusal(client.set_group_policies, SEEDED, {})[0] == 403
    assert refusal(lambda: dana.get_group(SEEDED)) == (403, "FORBIDDEN")


@pytest.mark.parametrize("wrong", ["x", "..", "1"])
def test_an_id_that_is_no_uuid_is_invalid(village: Village, wrong: str) -> None:
    """An unknown one is not found."""
    ada = village.person("ada@example.org")

    if wrong != "..":
        assert refusal(lambda: ada.get_group(wrong))[0] == 422
    assert refusal(lambda: ada.get_group(NOWHERE)) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    "document", [{}, {"name": ""}, {"name": 5}, {"name": "a", "parent_id": "x"}, [1], "a"]
)
def test_a_group_that_makes_no_sense_is_invalid(village: Village, document: t.Any) -> None:
    """The text of the error says what is wrong, also by our client."""
    ada = village.person("ada@example.org")
    assert refusal(lambda: ada.create_group(document))[0] == 422

    assert ada.authorizer is not None
    token = ada.authorizer.get_authorization_header()
    assert token is not None
    with (
        GroupsClient(
            base_url=village.sandbox.service_url("groups"),
            authorizer=AccessTokenAuthorizer(token.removeprefix("Bearer ")),
        ) as client,
        pytest.raises(GroupsAPIError, match=r"must be|needs"),
    ):
        client.create_group(document)


def test_policies_are_shown_and_changed(village: Village) -> None:
    """All together, or one; a visible group is seen by everybody, its members are not."""
    ada, dana = village.person("ada@example.org"), village.person("dana@example.edu")
    policies = globus_sdk.GroupPolicies(
        is_high_assurance=True,
        group_visibility=globus_sdk.GroupVisibility.authenticated,
        group_members_visibility="members",
        join_requests=True,
        signup_fields=[globus_sdk.GroupRequiredSignupFields.city],
        authentication_assurance_timeout=60,
    )
    changed = ada.set_group_policies(SEEDED, policies).data

    assert changed["signup_fields"] == ["city"]
    assert dana.get_group_policies(SEEDED).data == changed
    shown = dana.get_group(SEEDED)
    assert (shown["enforce_session"], shown["session_limit"]) == (True, 60)
    assert refusal(lambda: dana.get_group(SEEDED, include="memberships"))[0] == 403
    reset = {"authentication_assurance_timeout": None, "join_requests": False}
    after = ada.set_group_policies(SEEDED, reset).data
    assert after == {**changed, "authentication_assurance_timeout": 28800, "join_requests": False}
    for wrong in ({"group_visibility": "all"}, {"signup_fields": ["shoe size"]}):
        assert refusal(ada.set_group_policies, SEEDED, wrong)[0] == 422


def test_members_are_shown_to_those_who_may_see_them(village: Village) -> None:
    """Managers, and members too if the policies say so."""
    ada, bo, chidi = (village.person(f"{name}@example.org") for name in ("ada", "bo", "chidi"))
    shown = bo.get_group(SEEDED, include="memberships")["memberships"]

    assert [(m["username"], m["role"]) for m in shown] == [
        ("ada@example.org", "admin"),
        ("bo@example.org", "manager"),
        ("chidi@example.org", "member"),
    ]
    assert refusal(lambda: chidi.get_group(SEEDED, include="memberships"))[0] == 403
    ada.set_group_policies(SEEDED, {"group_members_visibility": "members"})
    assert len(chidi.get_group(SEEDED, include="memberships")["memberships"]) == 3


def test_a_group_says_what_the_caller_may_do(village: Village) -> None:
    """For each action the caller's identities; an unknown include is invalid."""
    ada, bo = village.person("ada@example.org"), village.person("bo@example.org")
    allowed = ada.get_group(SEEDED, include=["allowed_actions", "child_ids"])

    assert "my_memberships" not in allowed
    assert allowed["child_ids"] == []
    assert allowed["allowed_actions"]["change_role"] == [ADA]
    assert allowed["allowed_actions"]["request_join"] == []
    for_bo = bo.get_group(SEEDED, include="allowed_actions")["allowed_actions"]
    assert (for_bo["add"], for_bo["change_role"], for_bo["leave"]) == ([BO], [], [BO])
    assert refusal(lambda: ada.get_group(SEEDED, include="everything"))[0] == 422


def test_subgroups_are_made_by_admins(village: Village) -> None:
    """They are listed in the parent, which is not deleted before them."""
    ada, bo = village.person("ada@example.org"), village.person("bo@example.org")
    document = {"name": "Part", "parent_id": SEEDED}
    part = ada.create_group(document)

    assert part["parent_id"] == SEEDED
    assert ada.get_group(SEEDED, include="child_ids")["child_ids"] == [part["id"]]
    assert refusal(lambda: bo.create_group(document)) == (403, "FORBIDDEN")
    assert refusal(lambda: ada.create_group({"name": "x", "parent_id": NOWHERE}))[0] == 404
    assert refusal(lambda: ada.delete_group(SEEDED))[0] == 501
    ada.delete_group(part["id"])
    assert ada.get_group(SEEDED, include="child_ids")["child_ids"] == []


def test_people_say_whether_they_may_be_added(village: Village) -> None:
    """For one identity or for all of them, and for nobody else."""
    ada = village.person("ada@example.org")
    yes, no = {"allow_add": True}, {"allow_add": False}

    assert ada.get_identity_preferences().data == {ADA: yes, ADA_AT_SCHOOL: yes}
    assert ada.set_identity_preferences({ADA: no}).data == {ADA: no, ADA_AT_SCHOOL: yes}
    assert ada.set_identity_preferences(no).data == {ADA: no, ADA_AT_SCHOOL: no}
    assert refusal(lambda: ada.set_identity_preferences({BO: no})) == (403, "FORBIDDEN")
    assert refusal(lambda: ada.set_identity_preferences({ADA: {"allow_add": "no"}}))[0] == 422


def test_people_tell_a_group_about_themselves(village: Village) -> None:
    """Managers read it in the memberships; fields that do not exist are ignored."""
    ada, chidi = village.person("ada@example.org"), village.person("chidi@example.org")
    told = {CHIDI: {"city": "Lagos", "shoe_size": "44"}}

    assert chidi.get_membership_fields(SEEDED).data == {CHIDI: {}}
    assert chidi.set_membership_fields(SEEDED, told).data == {CHIDI: {"city": "Lagos"}}
    members = ada.get_group(SEEDED, include="memberships")["memberships"]
    assert [m["membership_fields"] for m in members] == [{}, {}, {"city": "Lagos"}]
    assert refusal(lambda: chidi.set_membership_fields(SEEDED, {ADA: {}})) == (403, "FORBIDDEN")
    assert refusal(lambda: chidi.set_membership_fields(SEEDED, {CHIDI: {"city": 5}}))[0] == 422


def test_a_subscription_belongs_to_a_group(village: Village) -> None:
    """Everybody finds the group, without the names; its admins verify other groups."""
    ada, dana = village.person("ada@example.org"), village.person("dana@example.edu")
    subscription = village.control("subscribe", group_id=SEEDED)["subscription_id"]
    found = dana.get_group_by_subscription_id(subscription)
    own = dana.create_group({"name": "Lab"})["id"]
    ours = ada.create_group({"name": "Our lab"})["id"]

    assert found["group_id"] == SEEDED
    assert found["subscription_info"].keys() == {"is_high_assurance", "is_baa", "connectors"}
    assert ada.get_group(SEEDED)["subscription_info"]["name"] == "Sandbox Subscription"
    assert ada.get_group(SEEDED)["group_type"] == "plus"
    verified = ada.set_subscription_admin_verified(ours, subscription)
    assert verified.data == {"group_id": ours, "subscription_admin_verified_id": subscription}
    assert refusal(lambda: dana.set_subscription_admin_verified(own, subscription))[0] == 403
    assert refusal(lambda: ada.set_subscription_admin_verified(ours, NOWHERE))[0] == 404
    other = {"subscription_admin_verified_id": NOWHERE}
    assert refusal(lambda: ada.update_group(ours, other)) == (403, "FORBIDDEN")
    ada.set_subscription_admin_verified(ours, None)
    assert ada.get_group(ours)["subscription_admin_verified_id"] is None


def test_what_the_sandbox_does_not_have_it_says(village: Village) -> None:
    """With 501."""
    ada = village.person("ada@example.org")

    with pytest.raises(globus_sdk.GroupsAPIError, match="does not have") as caught:
        ada.get(f"/v2/groups/{SEEDED}/children")
    assert caught.value.http_status == 501


def test_groups_are_seeded_by_an_option() -> None:
    """By name, with the members' roles; the control API and a reset bring them back."""
    groups = {"Lab": {"ada@example.org": "admin"}, "Empty": {}}
    with Sandbox(options={"groups": {"groups": groups}}) as sandbox:
        shown = sandbox.state()["services"]["groups"]["groups"]
        assert [(each["name"], each["memberships"]) for each in shown] == [("Lab", 1), ("Empty", 0)]
        sandbox.control("groups", "groups/add", name="More", members={BO: "member"}, id=NOWHERE)
        assert len(sandbox.state()["services"]["groups"]["groups"]) == 3
        sandbox.reset()
        assert len(sandbox.state()["services"]["groups"]["groups"]) == 2


def test_a_state_file_keeps_groups(tmp_path: t.Any) -> None:
    """Members, policies and preferences too."""
    file = tmp_path / "state.json"
    with Sandbox(state_file=file) as sandbox:
        sandbox.control("groups", "groups/add", name="Lab", members={BO: "admin"}, id=NOWHERE)
        sandbox.control("groups", "subscribe", group_id=NOWHERE)
        before = sandbox.services["groups"].dump()
    with Sandbox(state_file=file) as sandbox:
        assert sandbox.services["groups"].dump() == before
        assert before["groups"][1]["memberships"][BO]["role"] == "admin"
