"""
Globus Groups: the client, the manager of memberships, and the documents that they send.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "answer_documents": (
            "GroupDocument",
            "GroupPoliciesDocument",
            "Membership",
            "SubscriptionGroup",
        ),
        "client": ("GroupsClient",),
        "errors": ("GroupsAPIError", "MembershipActionError", "MembershipFailure"),
        "manager": ("GroupsManager",),
        "member_changes": (
            "MemberChange",
            "MembersSync",
            "raise_membership_errors",
        ),
        "membership_actions": ("BatchMembershipActions", "GroupRole"),
        "policies": (
            "GroupMemberVisibility",
            "GroupPolicies",
            "GroupRequiredSignupFields",
            "GroupVisibility",
        ),
    },
)

_ALL = (
    "BatchMembershipActions",
    "GroupMemberVisibility",
    "GroupPolicies",
    "GroupRequiredSignupFields",
    "GroupRole",
    "GroupVisibility",
    "GroupsAPIError",
    "GroupsClient",
    "GroupsManager",
)

#: what namespaces of globus_core get of these names
NAMESPACES = {
    "": _ALL,
    "services.groups": (
        *_ALL,
        "GroupDocument",
        "GroupPoliciesDocument",
        "MemberChange",
        "MembersSync",
        "Membership",
        "MembershipActionError",
        "MembershipFailure",
        "SubscriptionGroup",
        "raise_membership_errors",
    ),
}
