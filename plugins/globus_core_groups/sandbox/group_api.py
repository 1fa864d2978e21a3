"""Groups, their policies and subscriptions."""

from __future__ import annotations

from globus_core.testing.sandbox import ApiError, Caller, Route, fields, routes

from . import answers
from .actions import Actions
from .directory import VIEW, Directory
from .records import SESSION_SECONDS, SIGNUP_FIELDS, STATUSES, Document, Group

_INCLUDES = ("memberships", "my_memberships", "policies", "allowed_actions", "child_ids")
_POLICIES: dict[str, fields.Check] = {
    "is_high_assurance": fields.nullable(fields.flag),
    "authentication_assurance_timeout": fields.nullable(fields.seconds),
    "group_visibility": fields.nullable(fields.one_of("authenticated", "private")),
    "group_members_visibility": fields.nullable(fields.one_of("members", "managers")),
    "join_requests": fields.nullable(fields.flag),
    "signup_fields": fields.nullable(fields.list_of(fields.one_of(*SIGNUP_FIELDS))),
}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise fields.FieldError("text")
    return value


_GROUP: dict[str, fields.Check] = {
    "name": fields.text,
    "description": fields.nullable(_text),
    "terms_and_conditions": fields.nullable(_text),
    "parent_id": fields.nullable(fields.identifier),
}
_VERIFIED: dict[str, fields.Check] = {
    "subscription_admin_verified_id": fields.nullable(fields.identifier)
}


class GroupApi:
    """
    Shows and changes groups.

    :param directory: the groups
    :param actions: the actions on memberships
    """

    def __init__(self, directory: Directory, actions: Actions) -> None:
        self._directory = directory
        self._actions = actions

    def routes(self) -> list[Route]:
        """
        The routes of groups, policies and subscriptions.
        """
        return routes(
            ("GET", "/groups/my_groups", self.list_mine),
            ("POST", "/groups", self.create),
            ("GET", "/groups/<group_id>", self.show),
            ("PUT", "/groups/<group_id>", self.update),
            ("DELETE", "/groups/<group_id>", self.delete),
            ("GET", "/groups/<group_id>/policies", self.show_policies),
            ("PUT", "/groups/<group_id>/policies", self.set_policies),
            ("PUT", "/groups/<group_id>/subscription_admin_verified", self.verify),
            ("GET", "/subscription_info/<subscription_id>", self.show_subscription),
            prefix="/v2",
        )

    def list_mine(self) -> list[Document]:
        """
        The groups in which the caller has a membership, an active one unless asked otherwise.
        """
        caller = self._directory.caller(VIEW)
        statuses = answers.words("statuses", STATUSES) or ["active"]
        found = []
        for group in self._directory.groups.values():
            own = [m for m in self._directory.own(group, caller) if m.status in statuses]
            if own:
                mine = [group.membership_document(membership) for membership in own]
                found.append({**group.document(), "my_memberships": mine})
        return found

    def show(self, group_id: str) -> Document:
        """
        A group with what the query asks for; the caller's memberships if it asks for nothing.

        :param group_id: the group
        """
        caller = self._directory.caller()
        group = self._directory.visible(group_id, caller)
        included = answers.words("include", _INCLUDES) or ["my_memberships"]
        return self._document(group, caller, included)

    def create(self) -> tuple[Document, int]:
        """
        Make a group, in which the caller is an admin.
        """
        caller = self._directory.caller()
        given = answers.checked(answers.body(), _GROUP, ("name",))
        if given.get("parent_id") is not None:
            self._directory.managed(given["parent_id"], caller, "admin")
        group = Group(id=self._directory.world.new_id(), **given)
        self._directory.groups[group.id] = group
        self._directory.enter(group, caller.identity, "admin")
        return self._document(group, caller, ["my_memberships"]), 201

    def update(self, group_id: str) -> Document:
        """
        Change name, description and terms, or take away the mark of a subscription.

        :param group_id: the group
        """
        caller = self._directory.caller()
        group = self._directory.managed(group_id, caller, "admin")
        checks = {**_GROUP, "name": fields.nullable(fields.text), **_VERIFIED}
        given = answers.checked(answers.body(), checks)
        verified = given.get("subscription_admin_verified_id")
        if verified not in (None, group.subscription_admin_verified_id):
            raise answers.forbidden("a group is verified by its own operation only")
        if "subscription_admin_verified_id" in given:
            group.subscription_admin_verified_id = verified
        group.name = given.get("name") or group.name
        group.description = given.get("description", group.description)
        group.terms_and_conditions = given.get("terms_and_conditions", group.terms_and_conditions)
        return self._document(group, caller, ["my_memberships"])

    def delete(self, group_id: str) -> Document:
        """
        Delete a group.

        :param group_id: the group
        """
        caller = self._directory.caller()
        group = self._directory.managed(group_id, caller, "admin")
        if self._directory.children(group):
            raise ApiError(501, "the sandbox does not delete groups that have subgroups")
        del self._directory.groups[group.id]
        return self._document(group, caller, ["my_memberships"])

    def show_policies(self, group_id: str) -> Document:
        """
        The policies of a group.

        :param group_id: the group
        """
        return self._directory.visible(group_id, self._directory.caller()).policies

    def set_policies(self, group_id: str) -> Document:
        """
        Change policies; those that are missing or null stay, a timeout of null is the default.

        :param group_id: the group
        """
        group = self._directory.managed(group_id, self._directory.caller(), "admin")
        given = answers.checked(answers.body(), _POLICIES)
        if given.get("authentication_assurance_timeout", 0) is None:
            given["authentication_assurance_timeout"] = SESSION_SECONDS
        group.policies.update({name: value for name, value in given.items() if value is not None})
        return group.policies

    def verify(self, group_id: str) -> Document:
        """
        Mark a group as verified by a subscription's admins, or take the mark away.

        :param group_id: the group
        """
        caller = self._directory.caller()
        group = self._directory.managed(group_id, caller, "admin")
        (name,) = _VERIFIED
        subscription = answers.checked(answers.body(), _VERIFIED, [name])[name]
        if subscription is not None:
            provider = self._directory.of_subscription(subscription)
            if "admin" not in self._directory.roles(provider, caller):
                raise answers.forbidden(f"only admins of {provider.id} may verify groups")
        group.subscription_admin_verified_id = subscription
        return {"group_id": group.id, name: subscription}

    def show_subscription(self, subscription_id: str) -> Document:
        """
        The group that provides a subscription, and what everybody may know about it.

        :param subscription_id: the subscription
        """
        self._directory.caller()
        group = self._directory.of_subscription(subscription_id)
        info = group.subscription_info or {}
        told = {name: info[name] for name in ("is_high_assurance", "is_baa", "connectors")}
        return {
            "group_id": group.id,
            "subscription_id": group.subscription_id,
            "subscription_info": told,
        }

    def _document(self, group: Group, caller: Caller, included: list[str]) -> Document:
        document = group.document()
        if "my_memberships" in included:
            own = self._directory.own(group, caller)
            document["my_memberships"] = [group.membership_document(m) for m in own]
        if "memberships" in included:
            self._check_members_visible(group, caller)
            everybody = group.memberships.values()
            document["memberships"] = [group.membership_document(m) for m in everybody]
        if "allowed_actions" in included:
            document["allowed_actions"] = self._actions.allowed(group, caller)
        if "child_ids" in included:
            document["child_ids"] = self._directory.children(group)
        return document

    def _check_members_visible(self, group: Group, caller: Caller) -> None:
        roles = self._directory.roles(group, caller)
        if group.policies["group_members_visibility"] == "managers":
            roles -= {"member"}
        if not roles:
            raise answers.forbidden(f"you may not see the members of {group.id}")
