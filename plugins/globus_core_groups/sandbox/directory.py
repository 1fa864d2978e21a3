"""The groups of a sandbox, who is calling, and what they may do with a group."""

from __future__ import annotations

import typing as t

from globus_core.documents import utc_text
from globus_core.testing.sandbox import ApiError, Caller, World

from . import answers
from .records import CURRENT, Group, Membership

GROUPS = "groups.api.globus.org"
ALL = f"urn:globus:auth:scope:{GROUPS}:all"
VIEW = f"urn:globus:auth:scope:{GROUPS}:view_my_groups_and_memberships"


class Directory:
    """
    Keeps the groups, and whether identities may be added to them.

    :param world: the data shared with the other services
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.groups: dict[str, Group] = {}
        self.allows_add: dict[str, bool] = {}

    def reset(self) -> None:
        """
        Forget everything.
        """
        self.groups.clear()
        self.allows_add.clear()

    def caller(self, *scopes: str) -> Caller:
        """
        The caller of the current request.

        :param scopes: scopes that suffice, besides that for everything
        :raises ApiError: 401 without a token for Groups, 403 if it has none of the scopes
        """
        return self.world.caller(GROUPS, [ALL, *scopes])

    def known(self, group_id: str) -> Group:
        """
        A group.

        :param group_id: its id
        :raises ApiError: 422 if it is no UUID, 404 if there is none
        """
        found = self.groups.get(answers.identifier(group_id))
        if found is None:
            raise answers.missing(f"there is no group {group_id!r}")
        return found

    def visible(self, group_id: str, caller: Caller) -> Group:
        """
        A group that the caller may see.

        :param group_id: its id
        :param caller: the caller
        :raises ApiError: 404 if there is none, 403 if it is private and the caller is not in it
        """
        group = self.known(group_id)
        is_open = group.policies["group_visibility"] == "authenticated"
        if not is_open and not any(each.status in CURRENT for each in self.own(group, caller)):
            raise answers.forbidden(f"the group {group.id} is private")
        return group

    def managed(self, group_id: str, caller: Caller, *roles: str) -> Group:
        """
        A group in which the caller has a role.

        :param group_id: its id
        :param caller: the caller
        :param roles: the roles, one of which is enough
        :raises ApiError: 404 if there is none, 403 if the caller has none of the roles
        """
        group = self.visible(group_id, caller)
        if self.roles(group, caller).isdisjoint(roles):
            raise answers.forbidden(
                f"only {' and '.join(f'{role}s' for role in roles)} may do this"
            )
        return group

    @staticmethod
    def own(group: Group, caller: Caller) -> list[Membership]:
        """
        The memberships of the caller's identities, whatever their status.

        :param group: the group
        :param caller: the caller
        """
        found = (group.memberships.get(identity) for identity in caller.identities)
        return [membership for membership in found if membership is not None]

    @staticmethod
    def roles(group: Group, caller: Caller) -> set[str]:
        """
        The roles that the caller's identities have.

        :param group: the group
        :param caller: the caller
        """
        found = (group.role(identity) for identity in caller.identities)
        return {role for role in found if role is not None}

    def enter(
        self, group: Group, identity_id: str, role: str, status: str = "active"
    ) -> Membership:
        """
        Make or replace a membership.

        :param group: the group
        :param identity_id: the id of an identity, or its username
        :param role: the role
        :param status: the status
        :raises ApiError: 404 if there is no such identity
        """
        identity = self.world.identity(identity_id)
        if identity is None:
            raise ApiError(404, f"there is no identity {identity_id!r}", code="IDENTITY_NOT_FOUND")
        made = Membership(str(identity.id), identity.username, role, status, updated=self.now())
        group.memberships[made.identity_id] = made
        return made

    def now(self) -> str:
        """
        The sandbox's time in ISO 8601.
        """
        return utc_text(self.world.clock.now())

    def children(self, group: Group) -> list[str]:
        """
        The ids of a group's subgroups.

        :param group: the group
        """
        return [each.id for each in self.groups.values() if each.parent_id == group.id]

    def of_subscription(self, subscription_id: str) -> Group:
        """
        The group that provides a subscription.

        :param subscription_id: the subscription
        :raises ApiError: 422 if it is no UUID, 404 if there is none
        """
        wanted = answers.identifier(subscription_id)
        for group in self.groups.values():
            if group.subscription_id == wanted:
                return group
        raise answers.missing(f"there is no subscription {subscription_id!r}")


def find_duplicates(ids: t.Iterable[str]) -> list[str]:
    """
    What is there more than once, each once.

    :param ids: the ids
    """
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for each in ids:
        if each in seen:
            twice[each] = None
        seen.add(each)
    return list(twice)
