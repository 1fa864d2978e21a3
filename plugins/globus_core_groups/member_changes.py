"""
What has to change so that a group has certain members, and what became of it.
"""

from __future__ import annotations

import dataclasses
import typing as t

from globus_core.exc import GlobusSDKUsageError

from .errors import MembershipActionError, MembershipFailure
from .membership_actions import GroupRole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.identities import Resolution, Unresolved

    from .membership_actions import Role

#: the role of new members if none is wanted
_NEW = "member"
_ORDER = ("add", "change_role", "remove")


@dataclasses.dataclass(frozen=True)
class MemberChange:
    """
    A change of one membership.

    :param action: ``add``, ``change_role`` or ``remove``
    :param identity_id: the identity
    :param username: its username
    :param role: the role afterwards; None if the member is removed
    """

    action: str
    identity_id: str
    username: str
    role: str | None = None

    def entry(self) -> dict[str, str]:
        """
        What Groups is sent.
        """
        found = {"identity_id": self.identity_id}
        return found if self.role is None else {**found, "role": self.role}


@dataclasses.dataclass
class MembersSync:
    """
    What :meth:`GroupsClient.sync_members` has done, or would do.

    :param done: the changes
    :param failed: what could not be done, and why
    :param unchanged: how many members were right already
    """

    done: list[MemberChange] = dataclasses.field(default_factory=list)
    failed: list[MembershipFailure] = dataclasses.field(default_factory=list)
    unchanged: int = 0

    def raise_failures(self) -> None:
        """
        Raise an error that has all failures.

        :raises MembershipActionError: if there are any
        """
        if self.failed:
            raise MembershipActionError(self.failed)


def wanted_roles(members: t.Any, role: Role | None) -> dict[str, str | None]:
    """
    The role of each username or id of a list.

    :param members: the list, or a mapping to roles
    :param role: the role of those without one; None if they may have any
    :raises GlobusSDKUsageError: if it is neither, or a role is unknown
    """
    if isinstance(members, (str, bytes)) or not hasattr(members, "__iter__"):
        raise GlobusSDKUsageError("'members' must be usernames in a list, or a dict with roles")
    if hasattr(members, "items"):
        return {str(key): _role_name(given) for key, given in members.items()}
    of_all = None if role is None else _role_name(role)
    return {str(key): of_all for key in members}


def planned_changes(
    group: t.Any, roles: dict[str, str | None], found: Resolution, *, remove: bool
) -> MembersSync:
    """
    The changes from a group's members to those of a list, as if all were done.

    :param group: the group's document with all memberships and the caller's
    :param roles: the wanted roles by username or id; None keeps the role of a member
    :param found: the identities of these
    :param remove: whether others are removed
    :raises GlobusSDKUsageError: if one identity is wanted with two roles
    """
    result = MembersSync()
    active = {m["identity_id"]: m for m in group["memberships"] if m["status"] == "active"}
    keep = {m["identity_id"] for m in group["my_memberships"]}
    wanted: dict[str, MemberChange] = {}
    for key, role in roles.items():
        if key in found.unresolved:
            result.failed.append(_without_identity(found.unresolved[key], key))
            continue
        identity = found.found[key]
        change = MemberChange("add", str(identity.id), identity.username, role)
        if wanted.setdefault(change.identity_id, change).role != role:
            raise GlobusSDKUsageError(f"{identity.username!r} is wanted with two roles")
    for change in wanted.values():
        known = active.get(change.identity_id)
        if known is None:
            result.done.append(dataclasses.replace(change, role=change.role or _NEW))
        elif change.role not in (None, known["role"]):
            result.done.append(dataclasses.replace(change, action="change_role"))
        else:
            result.unchanged += 1
    # a name that could not be looked up may be that of a member
    unknown = {key.lower() for key in found.unresolved}
    for identity_id, known in active.items() if remove else ():
        is_wanted = identity_id in wanted or identity_id in keep
        if not is_wanted and not {known["username"].lower(), identity_id} & unknown:
            result.done.append(MemberChange("remove", identity_id, known["username"]))
    # new admins come first, so that there is one at any time
    result.done.sort(key=lambda each: (_ORDER.index(each.action), each.role != "admin"))
    return result


def record_answer(changes: list[MemberChange], answer: t.Any, result: MembersSync) -> None:
    """
    Take down which changes were done, and which failed.

    :param changes: the changes of one request
    :param answer: the response's document
    :param result: what is added to
    """
    names = {change.identity_id: change.username for change in changes}
    failures = failures_of(answer, names)
    result.failed += failures
    lost = {(failure.action, failure.identity_id) for failure in failures}
    result.done += [each for each in changes if (each.action, each.identity_id) not in lost]


def failures_of(answer: t.Any, names: t.Mapping[str, str] | None = None) -> list[MembershipFailure]:
    """
    The failures in a response to membership actions.

    :param answer: the response or its document
    :param names: the usernames of identities, if they are known
    """
    errors = answer.get("errors") or {}
    return [
        MembershipFailure(
            action,
            error.get("identity_id"),
            (names or {}).get(error.get("identity_id", "")),
            str(error.get("code")),
            str(error.get("detail")),
        )
        for action, found in errors.items()
        for error in found or ()
    ]


def raise_membership_errors(answer: t.Any) -> t.Any:
    """
    Raise an error for actions that failed in a response of status 200; else return the response.

    :param answer: the response of :meth:`GroupsClient.batch_membership_action`, or of a method of
        :class:`GroupsManager`
    :raises MembershipActionError: if one of the actions failed
    """
    failures = failures_of(answer)
    if failures:
        raise MembershipActionError(failures)
    return answer


def _without_identity(answer: Unresolved, key: str) -> MembershipFailure:
    detail = answer.detail or "there is no such identity"
    return MembershipFailure("add", None, key, answer.reason.upper(), detail)


def _role_name(role: t.Any) -> str:
    name = role.value if isinstance(role, GroupRole) else role
    known = [each.value for each in GroupRole]
    if name not in known:
        raise GlobusSDKUsageError(f"a role must be one of {', '.join(known)}, not {role!r}")
    return str(name)
