"""
The document of a group's policies.
"""

from __future__ import annotations

import enum

from globus_core import MISSING
from globus_core.documents import Document, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import MissingType


class GroupVisibility(enum.Enum):
    """
    Who sees a group: everybody who is logged in, or its members only.
    """

    authenticated = "authenticated"
    private = "private"


class GroupMemberVisibility(enum.Enum):
    """
    Who sees the members of a group: all members, or its managers and admins.
    """

    members = "members"
    managers = "managers"


class GroupRequiredSignupFields(enum.Enum):
    """
    What somebody who wants to join may have to tell.
    """

    institution = "institution"
    current_project_name = "current_project_name"
    address = "address"
    city = "city"
    state = "state"
    country = "country"
    address1 = "address1"
    address2 = "address2"
    zip = "zip"
    phone = "phone"
    department = "department"
    field_of_science = "field_of_science"


if TYPE_CHECKING:
    Visibility: t.TypeAlias = "GroupVisibility | t.Literal['authenticated', 'private']"
    MemberVisibility: t.TypeAlias = "GroupMemberVisibility | t.Literal['members', 'managers']"
    SignupFields: t.TypeAlias = (
        t.Iterable[GroupRequiredSignupFields | str] | GroupRequiredSignupFields | str
    )


class GroupPolicies(Document):
    """
    All policies of a group, for :meth:`GroupsClient.set_group_policies`.

    :param is_high_assurance: whether members need a recent login to use the membership
    :param group_visibility: who sees the group
    :param group_members_visibility: who sees its members
    :param join_requests: whether people may ask to join
    :param signup_fields: what they have to tell then, one field or several
    :param authentication_assurance_timeout: how old the login may be with high assurance, in
        seconds; None is the service's default
    """

    def __init__(
        self,
        *,
        is_high_assurance: bool,
        group_visibility: Visibility,
        group_members_visibility: MemberVisibility,
        join_requests: bool,
        signup_fields: SignupFields,
        authentication_assurance_timeout: int | MissingType | None = MISSING,
    ) -> None:
        super().__init__(
            {
                "is_high_assurance": is_high_assurance,
                "group_visibility": group_visibility,
                "group_members_visibility": group_members_visibility,
                "join_requests": join_requests,
                "signup_fields": listed(signup_fields),
                "authentication_assurance_timeout": authentication_assurance_timeout,
            }
        )
