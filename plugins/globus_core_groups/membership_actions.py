"""
The document of what is to be done with memberships of a group, and the roles in it.
"""

from __future__ import annotations

import enum

from globus_core.documents import Document, listed
from globus_core.exc import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from typing_extensions import Self

    from globus_core.documents import IDs

    Role: t.TypeAlias = "GroupRole | t.Literal['member', 'manager', 'admin']"


class GroupRole(enum.Enum):
    """
    What a member of a group may do: belong to it, manage its members, or change the group too.
    """

    member = "member"
    manager = "manager"
    admin = "admin"


class BatchMembershipActions(Document):
    """
    Any number of actions, for :meth:`GroupsClient.batch_membership_action`.

    Each method takes the id of an identity or several, adds to the document, and returns it; None
    is a GlobusSDKUsageError.
    """

    def __init__(self) -> None:
        super().__init__({})

    def accept_invites(self, identity_ids: IDs) -> Self:
        """
        Accept invitations of the caller's identities.

        :param identity_ids: the identities
        """
        return self._add("accept", identity_ids)

    def add_members(self, identity_ids: IDs, *, role: Role = "member") -> Self:
        """
        Make identities members, without asking them.

        :param identity_ids: the identities
        :param role: their role
        """
        return self._add("add", identity_ids, role=role)

    def approve_pending(self, identity_ids: IDs) -> Self:
        """
        Grant the requests of identities to join.

        :param identity_ids: the identities
        """
        return self._add("approve", identity_ids)

    def change_roles(self, role: Role, identity_ids: IDs) -> Self:
        """
        Give members another role.

        :param role: their new role
        :param identity_ids: the identities
        """
        return self._add("change_role", identity_ids, role=role)

    def decline_invites(self, identity_ids: IDs) -> Self:
        """
        Decline invitations of the caller's identities.

        :param identity_ids: the identities
        """
        return self._add("decline", identity_ids)

    def invite_members(self, identity_ids: IDs, *, role: Role = "member") -> Self:
        """
        Invite identities.

        :param identity_ids: the identities
        :param role: the role that they get when they accept
        """
        return self._add("invite", identity_ids, role=role)

    def join(self, identity_ids: IDs) -> Self:
        """
        Join with the caller's identities, if the group lets everybody join.

        :param identity_ids: the identities
        """
        return self._add("join", identity_ids)

    def leave(self, identity_ids: IDs) -> Self:
        """
        Leave with the caller's identities.

        :param identity_ids: the identities
        """
        return self._add("leave", identity_ids)

    def reject_join_requests(self, identity_ids: IDs) -> Self:
        """
        Reject the requests of identities to join.

        :param identity_ids: the identities
        """
        return self._add("reject", identity_ids)

    def remove_members(self, identity_ids: IDs) -> Self:
        """
        Remove members.

        :param identity_ids: the identities
        """
        return self._add("remove", identity_ids)

    def request_join(self, identity_ids: IDs) -> Self:
        """
        Ask to let the caller's identities join.

        :param identity_ids: the identities
        """
        return self._add("request_join", identity_ids)

    def _add(self, action: str, identity_ids: IDs, **fields: t.Any) -> Self:
        ids = listed(identity_ids)
        if not isinstance(ids, list):
            raise GlobusSDKUsageError(f"'identity_ids' must be ids of identities, not {ids!r}")
        entries = [{"identity_id": each, **fields} for each in ids]
        self.setdefault(action, []).extend(entries)
        return self
