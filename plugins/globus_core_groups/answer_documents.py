"""
What Groups answers, field by field, for type checkers and editors.

Each is a plain dict when the program runs. Where Groups may send null, the type says so.
"""

from __future__ import annotations

import typing as t


class _Membership(t.TypedDict):
    group_id: str
    identity_id: str
    username: str
    role: str
    status: str


class Membership(_Membership, total=False):
    """
    A membership. ``status`` is such as ``active`` or ``pending``; ``updated`` is ISO 8601.
    """

    status_reason: str | None
    updated: str | None
    membership_fields: dict[str, t.Any] | None


class GroupPoliciesDocument(t.TypedDict):
    """
    The policies of a group; its time is in seconds.
    """

    is_high_assurance: bool
    authentication_assurance_timeout: int | None
    group_visibility: str
    group_members_visibility: str
    join_requests: bool
    signup_fields: list[str]


class _Group(t.TypedDict):
    id: str
    name: str
    description: str | None
    parent_id: str | None
    group_type: str
    enforce_session: bool
    session_limit: int
    session_timeouts: dict[str, t.Any]
    subscription_id: str | None
    terms_and_conditions: str | None


class GroupDocument(_Group, total=False):
    """
    A group; ``session_limit`` is in seconds.

    ``memberships``, ``my_memberships``, ``policies``, ``allowed_actions`` and ``child_ids`` are
    there if ``include`` asked for them; a list of groups always has ``my_memberships``.
    """

    my_memberships: list[Membership]
    memberships: list[Membership]
    policies: GroupPoliciesDocument
    allowed_actions: t.Any
    child_ids: list[str]
    subscription_info: dict[str, t.Any] | None
    subscription_admin_verified_id: str | None


class SubscriptionGroup(t.TypedDict):
    """
    The group of a subscription.
    """

    group_id: str
    subscription_id: str
    subscription_info: dict[str, t.Any]
