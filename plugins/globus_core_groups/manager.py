"""
Groups and their members, one action at a time.
"""

from __future__ import annotations

from globus_core.arguments import check_has

from .client import GroupsClient
from .membership_actions import BatchMembershipActions
from .policies import GroupPolicies

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core import GlobusHTTPResponse, MissingType

    from .answers import GroupPoliciesResponse, GroupResponse
    from .client import ID
    from .membership_actions import Role
    from .policies import MemberVisibility, SignupFields, Visibility


class GroupsManager:
    """
    The actions of a client by themselves, each for one person.

    A membership action that was refused is no exception, but under ``errors`` in the response.

    :param client: the client; None takes one without credentials
    :raises GlobusSDKUsageError: if it is no client
    """

    def __init__(self, client: GroupsClient | None = None) -> None:
        if client is not None:
            check_has(client, "client", ("batch_membership_action",), "a GroupsClient")
        self.client = GroupsClient() if client is None else client

    def create_group(
        self, name: str, description: str, *, parent_id: ID | None = None
    ) -> GroupResponse:
        """
        Create a group, in which the caller is an admin.

        :param name: its name
        :param description: what it is for
        :param parent_id: the id of the group in which it is a subgroup, or None
        :raises GroupsAPIError: if the caller must not
        """
        data = {"name": name, "description": description, "parent_id": parent_id}
        return self.client.create_group(data)

    def set_group_policies(
        self,
        group_id: ID,
        *,
        is_high_assurance: bool,
        group_visibility: Visibility,
        group_members_visibility: MemberVisibility,
        join_requests: bool,
        signup_fields: SignupFields,
        authentication_assurance_timeout: int | MissingType | None = None,
    ) -> GroupPoliciesResponse:
        """
        Replace the policies of a group, as :class:`GroupPolicies` has them.

        :param group_id: its id
        :param is_high_assurance: whether members need a recent login to use the membership
        :param group_visibility: who sees the group
        :param group_members_visibility: who sees its members
        :param join_requests: whether people may ask to join
        :param signup_fields: what they have to tell then
        :param authentication_assurance_timeout: how old the login may be with high assurance, in
            seconds; None is sent as null, MISSING is left out
        :raises GroupsAPIError: if one is wrong, or the caller must not change them
        """
        policies = GroupPolicies(
            is_high_assurance=is_high_assurance,
            group_visibility=group_visibility,
            group_members_visibility=group_members_visibility,
            join_requests=join_requests,
            signup_fields=signup_fields,
            authentication_assurance_timeout=authentication_assurance_timeout,
        )
        return self.client.set_group_policies(group_id, policies)

    # what the caller does with own identities

    def accept_invite(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse:
        """
        Accept an invitation.

        :param group_id: the group
        :param identity_id: the caller's identity that was invited
        :raises GroupsAPIError: if there is no such group
        """
        return self._run(group_id, BatchMembershipActions().accept_invites(identity_id))

    def decline_invite(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse:
        """
        Decline an invitation.

        :param group_id: the group
        :param identity_id: the caller's identity that was invited
        :raises GroupsAPIError: if there is no such group
        """
        return self._run(group_id, BatchMembershipActions().decline_invites(identity_id))

    def join(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse:
        """
        Join a group that lets everybody join.

        :param group_id: the group
        :param identity_id: the caller's identity
        :raises GroupsAPIError: if there is no such group
        """
        return self._run(group_id, BatchMembershipActions().join(identity_id))

    def leave(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse:
        """
        Leave a group.

        :param group_id: the group
        :param identity_id: the caller's identity
        :raises GroupsAPIError: if there is no such group
        """
        return self._run(group_id, BatchMembershipActions().leave(identity_id))

    def request_join(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse:
        """
        Ask to join a group.

        :param group_id: the group
        :param identity_id: the caller's identity
        :raises GroupsAPIError: if there is no such group
        """
        return self._run(group_id, BatchMembershipActions().request_join(identity_id))

    # what managers and admins do with others

    def add_member(
        self, group_id: ID, identity_id: ID, *, role: Role = "member"
    ) -> GlobusHTTPResponse:
        """
        Make an identity a member, without asking.

        :param group_id: the group
        :param identity_id: the identity
        :param role: its role
        :raises GroupsAPIError: if there is no such group
        """
        return self._run(group_id, BatchMembershipActions().add_members(identity_id, role=role))

    def approve_pending(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse:
        """
        Grant a request to join.

        :param group_id: the group
        :param identity_id: the identity that asked
        :raises GroupsAPIError: if there is no such group
        """
        return self._run(group_id, BatchMembershipActions().approve_pending(identity_id))

    def change_role(self, group_id: ID, identity_id: ID, role: Role) -> GlobusHTTPResponse:
        """
        Give a member another role.

        :param group_id: the group
        :param identity_id: the member
        :param role: the new role
        :raises GroupsAPIError: if there is no such group
        """
        return self._run(group_id, BatchMembershipActions().change_roles(role, identity_id))

    def invite_member(
        self, group_id: ID, identity_id: ID, *, role: Role = "member"
    ) -> GlobusHTTPResponse:
        """
        Invite an identity.

        :param group_id: the group
        :param identity_id: the identity
        :param role: its role, once it has accepted
        :raises GroupsAPIError: if there is no such group
        """
        return self._run(group_id, BatchMembershipActions().invite_members(identity_id, role=role))

    def reject_join_request(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse:
        """
        Reject a request to join.

        :param group_id: the group
        :param identity_id: the identity that asked
        :raises GroupsAPIError: if there is no such group
        """
        return self._run(group_id, BatchMembershipActions().reject_join_requests(identity_id))

    def remove_member(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse:
        """
        Remove a member.

        :param group_id: the group
        :param identity_id: the member
        :raises GroupsAPIError: if there is no such group
        """
        return self._run(group_id, BatchMembershipActions().remove_members(identity_id))

    def _run(self, group_id: ID, actions: BatchMembershipActions) -> GlobusHTTPResponse:
        return self.client.batch_membership_action(group_id, actions)
