"""
The names of globus-sdk's module of this path, loaded when used.
"""

# Written by tests/layout/sdk_paths.py, from its table.

from __future__ import annotations

from globus_core._lazy import forward as _forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.services.groups import BatchMembershipActions as BatchMembershipActions
    from globus_core.services.groups import GroupMemberVisibility as GroupMemberVisibility
    from globus_core.services.groups import GroupPolicies as GroupPolicies
    from globus_core.services.groups import GroupRequiredSignupFields as GroupRequiredSignupFields
    from globus_core.services.groups import GroupRole as GroupRole
    from globus_core.services.groups import GroupVisibility as GroupVisibility
else:
    __getattr__, __dir__ = _forward(
        __name__,
        {
            "globus_core.services.groups": (
                "BatchMembershipActions",
                "GroupMemberVisibility",
                "GroupPolicies",
                "GroupRequiredSignupFields",
                "GroupRole",
                "GroupVisibility",
            )
        },
    )

__all__ = (
    "BatchMembershipActions",
    "GroupMemberVisibility",
    "GroupPolicies",
    "GroupRequiredSignupFields",
    "GroupRole",
    "GroupVisibility",
)
