"""The eleven actions on memberships and their rules, by globus-sdk's client."""

from __future__ import annotations

import typing as t
import uuid

import globus_sdk
import pytest
from globus_sdk import BatchMembershipActions as Actions
from globus_sdk import GroupsClient, GroupsManager

from tests.sandbox.groups.conftest import ADA, ADA_AT_SCHOOL, BO, CHIDI, DANA, SEEDED, Village
from tests.sandbox.groups.test_groups import refusal

STRANGER = str(uuid.UUID(int=9))


def run(client: GroupsClient, actions: t.Any) -> dict[str, t.Any]:
    """
    What became of actions: the status of each identity, or the code of the error.
    """
    answer = client.batch_membership_action(SEEDED, actions).data
    errors = answer.pop("errors", {})
    done = {m["identity_id"]: m["status"] for members in answer.values() for m in members}
    failed = {e["identity_id"]: e["code"] for found in errors.values() for e in found}
    assert all(e["detail"] for found in errors.values() for e in found)
    return {**done, **failed}


def members(village: Village) -> dict[str, tuple[str, str]]:
    """
    Role and status of everybody in the group, by username.
    """
    shown = village.person("ada@example.org").get_group(SEEDED, include="memberships")
    return {m["username"].split("@")[0]: (m["role"], m["status"]) for m in shown["memberships"]}


def test_a_manager_adds_members(village: Village) -> None:
    """Who are not there already, and exist; a failure does not hinder the others."""
    bo = village.person("bo@example.org")

    assert run(bo, Actions().add_members([DANA, CHIDI, STRANGER])) == {
        DANA: "active",
        CHIDI: "ALREADY_ACTIVE",
        STRANGER: "IDENTITY_NOT_FOUND",
    }
    assert members(village)["dana"] == ("member", "active")


def test_the_answer_has_memberships_and_errors_by_action(village: Village) -> None:
    """With status 200, though something failed."""
    ada = village.person("ada@example.org")
    actions = Actions().add_members(DANA).remove_members(STRANGER)
    answer = ada.batch_membership_action(SEEDED, actions)

    assert answer.http_status == 200
    (added,) = answer["add"]
    assert (added["group_id"], added["username"]) == (SEEDED, "dana@example.edu")
    assert answer["remove"] == []
    (error,) = answer["errors"]["remove"]
    assert (error["code"], error["identity_id"]) == ("NO_MEMBERSHIP", STRANGER)


def test_an_admin_gives_roles_to_new_members(village: Village) -> None:
    """A manager does not."""
    ada, bo = village.person("ada@example.org"), village.person("bo@example.org")

    assert run(bo, Actions().add_members(DANA, role="manager")) == {DANA: "FORBIDDEN"}
    assert run(ada, Actions().add_members(DANA, role="admin")) == {DANA: "active"}
    assert members(village)["dana"] == ("admin", "active")


def test_nobody_is_added_who_does_not_want_to(village: Village) -> None:
    """By the preferences, or after having left; both can be invited."""
    ada, chidi = village.person("ada@example.org"), village.person("chidi@example.org")
    dana = village.person("dana@example.edu")
    dana.set_identity_preferences({DANA: {"allow_add": False}})
    run(chidi, Actions().leave(CHIDI))

    assert run(ada, Actions().add_members([CHIDI, DANA])) == {
        CHIDI: "HAS_LEFT",
        DANA: "ADD_NOT_ALLOWED",
    }
    assert run(ada, Actions().invite_members([CHIDI, DANA])) == {CHIDI: "invited", DANA: "invited"}


def test_an_invitation_is_accepted(village: Village) -> None:
    """With the role that it has; the group is visible meanwhile."""
    ada, dana = village.person("ada@example.org"), village.person("dana@example.edu")
    assert refusal(lambda: dana.get_group(SEEDED))[0] == 403
    GroupsManager(ada).invite_member(SEEDED, DANA, role="manager")

    assert dana.get_group(SEEDED)["my_memberships"][0]["status"] == "invited"
    assert list(dana.get_my_groups()) == []
    assert [g["id"] for g in dana.get_my_groups(statuses="invited")] == [SEEDED]
    assert run(dana, Actions().accept_invites(DANA)) == {DANA: "active"}
    assert members(village)["dana"] == ("manager", "active")
    assert run(dana, Actions().accept_invites(DANA)) == {DANA: "ALREADY_ACTIVE"}


def test_an_invitation_is_declined(village: Village) -> None:
    """Then there is no membership, and the group is private again."""
    bo, dana = village.person("bo@example.org"), village.person("dana@example.edu")
    run(bo, Actions().invite_members(DANA))

    assert run(dana, Actions().decline_invites(DANA)) == {DANA: "declined"}
    assert refusal(lambda: dana.get_group(SEEDED))[0] == 403
    assert run(dana, Actions().accept_invites(DANA)) == {DANA: "NO_MEMBERSHIP"}
    assert run(bo, Actions().invite_members(DANA)) == {DANA: "invited"}


def test_an_invitation_of_somebody_else_cannot_be_accepted(village: Village) -> None:
    """Only by the identity that was invited."""
    ada, chidi = village.person("ada@example.org"), village.person("chidi@example.org")
    run(ada, Actions().invite_members(DANA))

    assert run(chidi, Actions().accept_invites(DANA)) == {DANA: "FORBIDDEN"}


def test_a_request_to_join_is_approved_or_rejected(village: Village) -> None:
    """If the group takes requests, and after what it wants to know."""
    ada, bo = village.person("ada@example.org"), village.person("bo@example.org")
    dana, school = village.person("dana@example.edu"), ADA_AT_SCHOOL
    assert run(dana, Actions().request_join(DANA)) == {DANA: "REQUEST_NOT_ALLOWED"}
    policies = {
        "group_visibility": "authenticated",
        "join_requests": True,
        "signup_fields": ["city"],
    }
    ada.set_group_policies(SEEDED, policies)

    assert run(dana, Actions().request_join(DANA)) == {DANA: "MISSING_FIELDS"}
    dana.set_membership_fields(SEEDED, {DANA: {"city": "Leeds"}})
    assert dana.get_group(SEEDED, include="allowed_actions")["allowed_actions"]["request_join"]
    assert run(dana, Actions().request_join(DANA)) == {DANA: "pending"}
    ada.set_membership_fields(SEEDED, {school: {"city": "Oslo"}})
    assert run(ada, Actions().request_join(school)) == {school: "pending"}
    assert run(dana, Actions().accept_invites(DANA)) == {DANA: "NOT_INVITED"}
    decided = Actions().approve_pending(DANA).reject_join_requests(school)
    assert run(bo, decided) == {DANA: "active", school: "rejected"}
    assert run(bo, Actions().approve_pending([DANA, school])) == {
        DANA: "ALREADY_ACTIVE",
        school: "NO_MEMBERSHIP",
    }


def test_a_group_is_joined_if_it_lets_people_join(village: Village) -> None:
    """Which a control verb says; groups of high assurance never do."""
    dana, ada = village.person("dana@example.edu"), village.person("ada@example.org")
    assert run(dana, Actions().join(DANA)) == {DANA: "JOIN_NOT_ALLOWED"}
    village.control("allow-join", group_id=SEEDED)

    assert run(dana, Actions().join(DANA)) == {DANA: "active"}
    assert run(dana, Actions().join(DANA)) == {DANA: "ALREADY_ACTIVE"}
    ada.set_group_policies(SEEDED, {"is_high_assurance": True})
    assert run(ada, Actions().join(ADA_AT_SCHOOL)) == {ADA_AT_SCHOOL: "JOIN_NOT_ALLOWED"}


def test_roles_are_changed_by_admins(village: Village) -> None:
    """Of active members only, and never so that there is no admin."""
    ada, bo = village.person("ada@example.org"), village.person("bo@example.org")
    run(ada, Actions().invite_members(DANA))

    assert run(ada, Actions().change_roles("manager", [CHIDI, DANA, STRANGER, ADA])) == {
        CHIDI: "active",
        DANA: "NOT_ACTIVE",
        STRANGER: "NO_MEMBERSHIP",
        ADA: "LAST_ADMIN",
    }
    assert members(village)["chidi"] == ("manager", "active")
    wrong = Actions().change_roles("admin", [BO])
    assert refusal(lambda: bo.batch_membership_action(SEEDED, wrong)) == (403, "FORBIDDEN")


def test_members_leave(village: Village) -> None:
    """The last admin does not."""
    ada, bo = village.person("ada@example.org"), village.person("bo@example.org")

    assert run(bo, Actions().leave(BO)) == {BO: "left"}
    assert run(bo, Actions().leave(BO)) == {BO: "NO_MEMBERSHIP"}
    assert run(ada, Actions().leave(ADA)) == {ADA: "LAST_ADMIN"}
    run(ada, Actions().change_roles("admin", [CHIDI]))
    assert run(ada, Actions().leave(ADA)) == {ADA: "left"}


def test_members_are_removed(village: Village) -> None:
    """Nobody removes oneself, and no manager an admin; an invitation is taken back."""
    ada, bo = village.person("ada@example.org"), village.person("bo@example.org")
    run(bo, Actions().invite_members(DANA))

    assert run(bo, Actions().remove_members([CHIDI, DANA, BO, ADA])) == {
        CHIDI: "removed",
        DANA: "removed",
        BO: "OWN_MEMBERSHIP",
        ADA: "FORBIDDEN",
    }
    assert run(ada, Actions().remove_members(CHIDI)) == {CHIDI: "NO_MEMBERSHIP"}
    assert run(ada, Actions().add_members(CHIDI)) == {CHIDI: "active"}


@pytest.mark.parametrize("action", ["add", "approve", "change_role", "invite", "reject", "remove"])
@pytest.mark.parametrize("username", ["chidi@example.org", "dana@example.edu"])
def test_what_nobody_of_one_s_identities_may_do_is_refused_as_a_whole(
    village: Village, action: str, username: str
) -> None:
    """Also with something in it that would be allowed."""
    client = village.person(username)
    document = {action: [{"identity_id": DANA}], "leave": [{"identity_id": CHIDI}]}

    assert refusal(lambda: client.batch_membership_action(SEEDED, document)) == (403, "FORBIDDEN")
    assert members(village)["chidi"] == ("member", "active")


def test_an_identity_is_in_one_action_only(village: Village) -> None:
    """Else nothing is done, and the response names it."""
    ada = village.person("ada@example.org")
    with pytest.raises(globus_sdk.GroupsAPIError) as caught:
        run(ada, Actions().add_members(DANA).remove_members([DANA, CHIDI]))

    assert caught.value.http_status == 400
    assert caught.value.raw_json is not None
    assert caught.value.raw_json["ambiguous_identities"] == [DANA]
    assert members(village)["chidi"] == ("member", "active")


@pytest.mark.parametrize(
    "document",
    [
        {"add": DANA},
        {"add": ["x"]},
        {"add": [{}]},
        {"add": [{"identity_id": "dana"}]},
        {"add": [{"identity_id": DANA, "role": "boss"}]},
        {"remove": [{"identity_id": DANA, "status_reason": 5}]},
    ],
)
def test_a_document_that_makes_no_sense_is_invalid(village: Village, document: t.Any) -> None:
    """An unknown role too."""
    ada = village.person("ada@example.org")

    assert refusal(lambda: ada.batch_membership_action(SEEDED, document))[0] == 422
    assert "dana" not in members(village)


def test_actions_that_are_null_or_unknown_are_ignored(village: Village) -> None:
    """As the reason of a change is kept."""
    ada = village.person("ada@example.org")
    document = {
        "add": None,
        "promote": [],
        "remove": [{"identity_id": CHIDI, "status_reason": "gone"}],
    }
    (removed,) = ada.batch_membership_action(SEEDED, document)["remove"]

    assert removed["status_reason"] == "gone"
