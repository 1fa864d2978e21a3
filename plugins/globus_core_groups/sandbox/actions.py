"""The eleven actions on memberships, each with its rules."""

from __future__ import annotations

import typing as t

from globus_core.testing.sandbox import ApiError, Caller, Route, fields, routes

from . import answers
from .directory import Directory, find_duplicates
from .records import CURRENT, ROLES, Document, Group, Membership

Entry = dict[str, t.Any]
Entries = dict[str, list[Entry]]

#: what only some roles may do with others
_FOR_OTHERS = {
    "add": ("manager", "admin"),
    "approve": ("manager", "admin"),
    "change_role": ("admin",),
    "invite": ("manager", "admin"),
    "reject": ("manager", "admin"),
    "remove": ("manager", "admin"),
}
#: what everybody does with own identities
_FOR_ONESELF = ("accept", "decline", "join", "leave", "request_join")
#: the statuses of memberships with which something can be done, and the status after it
_CHANGES: dict[str, tuple[tuple[str, ...], str]] = {
    "accept": (("invited",), "active"),
    "approve": (("pending",), "active"),
    "change_role": (("active",), "active"),
    "decline": (("invited",), "declined"),
    "leave": (("active",), "left"),
    "reject": (("pending",), "rejected"),
    "remove": (("active", "invited"), "removed"),
}
_CHECKS: dict[str, fields.Check] = {
    "identity_id": fields.identifier,
    "role": fields.nullable(fields.one_of(*ROLES)),
    "status_reason": fields.nullable(fields.text),
}


class Actions:
    """
    Does what a document of actions asks for.

    :param directory: the groups
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def routes(self) -> list[Route]:
        """
        The route of actions.
        """
        return routes(("POST", "/v2/groups/<group_id>", self.run))

    def run(self, group_id: str) -> Document:
        """
        Do the actions; those that fail are under ``errors``.

        :param group_id: the group
        """
        caller = self._directory.caller()
        group = self._directory.known(group_id)
        wanted = _entries(answers.body())
        self._check_permissions(group, caller, wanted)
        done: dict[str, list[Document]] = {}
        failed: dict[str, list[Document]] = {}
        for action, entries in wanted.items():
            done[action] = []
            for entry in entries:
                try:
                    membership = self._do(action, group, caller, entry)
                except ApiError as error:
                    reason = {"code": error.code, "detail": error.detail}
                    failed.setdefault(action, []).append(
                        {"identity_id": entry["identity_id"], **reason}
                    )
                else:
                    done[action].append(group.membership_document(membership))
        return {**done, **({"errors": failed} if failed else {})}

    def allowed(self, group: Group, caller: Caller) -> dict[str, list[str]]:
        """
        Which of the caller's identities may do what.

        :param group: the group
        :param caller: the caller
        """
        found: dict[str, list[str]] = {}
        for action, roles in _FOR_OTHERS.items():
            found[action] = [each for each in caller.identities if group.role(each) in roles]
        for action in _FOR_ONESELF:
            may = self._may_enter if action in ("join", "request_join") else self._may_change
            found[action] = [each for each in caller.identities if may(action, group, each)]
        return found

    def _check_permissions(self, group: Group, caller: Caller, wanted: Entries) -> None:
        """Refuse everything if the caller may not do one of the actions at all."""
        own = self._directory.roles(group, caller)
        for action, roles in _FOR_OTHERS.items():
            if wanted.get(action) and own.isdisjoint(roles):
                raise answers.forbidden(f"none of your identities may {action} in {group.id}")

    def _do(self, action: str, group: Group, caller: Caller, entry: Entry) -> Membership:
        identity = entry["identity_id"]
        if action in _FOR_ONESELF and identity not in caller.identities:
            raise answers.forbidden(f"{identity} is no identity of yours")
        found = group.memberships.get(identity)
        if action in ("add", "invite"):
            return self._add(action, group, caller, entry)
        if action in ("join", "request_join"):
            self._check_entry(action, group, identity)
            status = "active" if action == "join" else "pending"
            return self._directory.enter(group, identity, "member", status)
        found = _changeable(action, found)
        return self._change(action, group, caller, found, entry)

    def _add(self, action: str, group: Group, caller: Caller, entry: Entry) -> Membership:
        identity, role = entry["identity_id"], entry.get("role") or "member"
        found = group.memberships.get(identity)
        if found is not None and found.status == "active":
            raise _already_active()
        if role != "member" and "admin" not in self._directory.roles(group, caller):
            raise answers.forbidden("only admins may add or invite managers and admins")
        if action == "add":
            if found is not None and found.status == "left":
                raise _refused(
                    "HAS_LEFT", "the identity has left the group, and can be invited only"
                )
            if not self._directory.allows_add.get(identity, True):
                raise _refused(
                    "ADD_NOT_ALLOWED", "the identity does not want to be added to groups"
                )
        status = "active" if action == "add" else "invited"
        made = self._directory.enter(group, identity, role, status)
        made.status_reason = entry.get("status_reason")
        return made

    def _check_entry(self, action: str, group: Group, identity: str) -> None:
        """Whether somebody may become a member without having been asked."""
        found = group.memberships.get(identity)
        if found is not None and found.status == "active":
            raise _already_active()
        policies = group.policies
        if action == "join" and (not group.allows_join or policies["is_high_assurance"]):
            raise _refused("JOIN_NOT_ALLOWED", "people cannot join this group by themselves")
        if action == "request_join" and not policies["join_requests"]:
            raise _refused("REQUEST_NOT_ALLOWED", "this group takes no requests to join")
        told = group.fields.get(identity, {})
        if lacking := [name for name in policies["signup_fields"] if not told.get(name)]:
            raise _refused("MISSING_FIELDS", f"the group wants to know {', '.join(lacking)}")

    def _change(
        self, action: str, group: Group, caller: Caller, found: Membership, entry: Entry
    ) -> Membership:
        role = entry.get("role") or "member"
        if action == "remove":
            _check_removal(group, found, caller, self._directory.roles(group, caller))
        gives_up = action == "leave" or (action == "change_role" and role != "admin")
        if gives_up and group.is_last_admin(found):
            raise _refused("LAST_ADMIN", "the group would have no admin")
        if action == "change_role":
            found.role = role
        found.status = _CHANGES[action][1]
        found.status_reason = entry.get("status_reason")
        found.updated = self._directory.now()
        return found

    def _may_enter(self, action: str, group: Group, identity: str) -> bool:
        try:
            self._check_entry(action, group, identity)
        except ApiError:
            return False
        return True

    @staticmethod
    def _may_change(action: str, group: Group, identity: str) -> bool:
        found = group.memberships.get(identity)
        return found is not None and found.status in _CHANGES[action][0]


def _entries(body: Document) -> Entries:
    """The checked entries by action; no identity may be in two of them."""
    lists = {name: value for name, value in body.items() if value is not None}
    found: Entries = {}
    for action in lists:
        if action not in _FOR_OTHERS and action not in _FOR_ONESELF:
            continue
        if not isinstance(lists[action], list):
            raise answers.invalid(f"{action} must be a list")
        found[action] = [answers.checked(e, _CHECKS, ("identity_id",)) for e in lists[action]]
    twice = find_duplicates(e["identity_id"] for entries in found.values() for e in entries)
    if twice:
        raise ApiError(
            400,
            "an identity may be in one action of a request only",
            code="AMBIGUOUS_IDENTITIES",
            extra={"ambiguous_identities": twice},
        )
    return found


def _changeable(action: str, found: Membership | None) -> Membership:
    """A membership whose status suits an action."""
    if found is None or found.status not in CURRENT:
        raise _refused("NO_MEMBERSHIP", "the identity has no membership in the group")
    suitable = _CHANGES[action][0]
    if found.status in suitable:
        return found
    if found.status == "active":
        raise _already_active()
    raise _refused(
        f"NOT_{suitable[0].upper()}", f"the membership is {found.status}, not {suitable[0]}"
    )


def _check_removal(group: Group, found: Membership, caller: Caller, roles: set[str]) -> None:
    if found.identity_id in caller.identities:
        raise _refused("OWN_MEMBERSHIP", "nobody can remove their own membership; leave instead")
    if found.role == "admin" and "admin" not in roles:
        raise answers.forbidden("only admins may remove admins")


def _already_active() -> ApiError:
    return _refused("ALREADY_ACTIVE", "the identity is already an active member of the group")


def _refused(code: str, detail: str) -> ApiError:
    return ApiError(400, detail, code=code)
