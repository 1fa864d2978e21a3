"""
Globus Groups: the client, the manager of memberships, and the documents that they send.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "client": ("GroupsClient",),
        "errors": ("GroupsAPIError", "MembershipActionError", "MembershipFailure"),
        "manager": ("GroupsManager",),
        "member_changes": (
            "MemberChange",
            "MembersSync",
            "Membership",
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
        "MemberChange",
        "MembersSync",
        "Membership",
        "MembershipActionError",
        "MembershipFailure",
        "raise_membership_errors",
    ),
}
