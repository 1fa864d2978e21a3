"""Groups and memberships as the sandbox keeps them, and their documents."""

from __future__ import annotations

import dataclasses
import typing as t

Document = dict[str, t.Any]

ROLES = ("member", "manager", "admin")
STATUSES = ("active", "invited", "pending", "rejected", "removed", "left", "declined")
#: the statuses in which somebody has to do with a group still
CURRENT = frozenset({"active", "invited", "pending"})
SIGNUP_FIELDS = (
    "institution",
    "current_project_name",
    "address",
    "city",
    "state",
    "country",
    "address1",
    "address2",
    "zip",
    "phone",
    "department",
    "field_of_science",
)
SESSION_SECONDS = 28800


def default_policies() -> Document:
    """
    The policies of a new group.
    """
    return {
        "is_high_assurance": False,
        "authentication_assurance_timeout": SESSION_SECONDS,
        "group_visibility": "private",
        "group_members_visibility": "managers",
        "join_requests": False,
        "signup_fields": [],
    }


@dataclasses.dataclass
class Membership:
    """
    What an identity has to do with a group.

    :param identity_id: the identity
    :param username: its username
    :param role: ``member``, ``manager`` or ``admin``
    :param status: such as ``active``
    :param status_reason: why it has this status, if somebody said so
    :param updated: when it last changed, in ISO 8601
    """

    identity_id: str
    username: str
    role: str
    status: str
    status_reason: str | None = None
    updated: str | None = None


@dataclasses.dataclass
class Group:
    """
    A group with its memberships.

    :param id: its id
    :param name: its name
    :param description: what it is for, or None
    :param parent_id: the id of the group in which it is a subgroup, or None
    :param terms_and_conditions: a text, or None
    :param policies: all policies, as the API has them
    :param memberships: the memberships by identity
    :param fields: what identities have told about themselves
    :param allows_join: whether people may join without asking
    :param subscription_id: the subscription that it provides, or None
    :param subscription_info: about that subscription
    :param subscription_admin_verified_id: the subscription whose admins have verified it, or None
    """

    id: str
    name: str
    description: str | None = None
    parent_id: str | None = None
    terms_and_conditions: str | None = None
    policies: Document = dataclasses.field(default_factory=default_policies)
    memberships: dict[str, Membership] = dataclasses.field(default_factory=dict)
    fields: dict[str, Document] = dataclasses.field(default_factory=dict)
    allows_join: bool = False
    subscription_id: str | None = None
    subscription_info: Document | None = None
    subscription_admin_verified_id: str | None = None

    @classmethod
    def load(cls, document: Document) -> Group:
        """
        A group that was kept.

        :param document: what ``dataclasses.asdict`` made of it
        """
        kept = document["memberships"].items()
        memberships = {identity: Membership(**membership) for identity, membership in kept}
        return cls(**{**document, "memberships": memberships})

    def document(self) -> Document:
        """
        What everybody reads who sees the group.
        """
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "parent_id": self.parent_id,
            "group_type": "regular" if self.subscription_id is None else "plus",
            "enforce_session": self.policies["is_high_assurance"],
            "session_limit": self.policies["authentication_assurance_timeout"],
            "session_timeouts": {},
            "terms_and_conditions": self.terms_and_conditions,
            "subscription_id": self.subscription_id,
            "subscription_info": self.subscription_info,
            "subscription_admin_verified_id": self.subscription_admin_verified_id,
            "policies": self.policies,
        }

    def membership_document(self, membership: Membership) -> Document:
        """
        A membership as the API has it.

        :param membership: the membership
        """
        fields = self.fields.get(membership.identity_id, {})
        return {
            "group_id": self.id,
            **vars(membership),
            "membership_fields": fields,
        }

    def role(self, identity: str) -> str | None:
        """
        The role of an identity; None unless its membership is active.

        :param identity: the identity
        """
        found = self.memberships.get(identity)
        return found.role if found is not None and found.status == "active" else None

    def is_last_admin(self, membership: Membership) -> bool:
        """
        Whether the group would have no admin without a membership.

        :param membership: the membership
        """
        admins = [each for each in self.memberships if self.role(each) == "admin"]
        return admins == [membership.identity_id]
