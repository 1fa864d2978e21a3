"""
The client for the Groups API.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient
from globus_core.documents import comma_joined, path, query
from globus_core.response import ArrayResponse
from globus_core.scopes import GroupsScopes

from .errors import GroupsAPIError
from .members import Members

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core import GlobusHTTPResponse, MissingType
    from globus_core.documents import Params

    from .answer_documents import GroupDocument
    from .answers import GroupPoliciesResponse, GroupResponse, SubscriptionGroupResponse
    from .membership_actions import BatchMembershipActions
    from .policies import GroupPolicies

    ID: t.TypeAlias = uuid.UUID | str
    Status: t.TypeAlias = t.Literal[
        "active", "invited", "pending", "rejected", "removed", "left", "declined"
    ]
    Include: t.TypeAlias = t.Literal[
        "memberships", "my_memberships", "policies", "allowed_actions", "child_ids"
    ]
    Body: t.TypeAlias = dict[str, t.Any]


class GroupsClient(Members, BaseClient):
    """
    Groups of people: their documents, policies and members.

    It asks an app for the scope ``view_my_groups_and_memberships``, which suffices for
    :meth:`get_my_groups` only. Everything else needs ``GroupsScopes.all``, by ``app_scopes``.
    """

    service_name = "groups"
    error_class = GroupsAPIError
    scopes = GroupsScopes
    default_scope_requirements = [GroupsScopes.view_my_groups_and_memberships]  # pyright: ignore

    # groups

    def get_my_groups(
        self,
        *,
        statuses: t.Iterable[Status] | Status | MissingType = MISSING,
        query_params: Params = None,
    ) -> ArrayResponse[GroupDocument]:
        """
        List the groups in which the caller's identities have a membership.

        :param statuses: the statuses of memberships to look for, one or several; MISSING looks for
            ``active`` ones
        :param query_params: further query parameters, which win
        :raises GroupsAPIError: if a status is unknown
        """
        params = query(query_params, statuses=comma_joined(statuses))
        return ArrayResponse(self.get("/v2/groups/my_groups", query_params=params))

    def get_group(
        self,
        group_id: ID,
        *,
        include: t.Iterable[Include] | Include | MissingType = MISSING,
        query_params: Params = None,
    ) -> GroupResponse:
        """
        Fetch the document of a group.

        :param group_id: its id
        :param include: what else the document should have, one or several: ``memberships``,
            ``my_memberships``, ``policies``, ``allowed_actions``, ``child_ids``
        :param query_params: further query parameters, which win
        :raises GroupsAPIError: if there is no such group, or the caller must not see it
        """
        return self.get(  # type: ignore[return-value]
            path("/v2/groups/{}", group_id),
            query_params=query(query_params, include=comma_joined(include)),
        )

    def get_group_by_subscription_id(self, subscription_id: ID) -> SubscriptionGroupResponse:
        """
        Find the group that belongs to a subscription: ``group_id``, and ``subscription_info``.

        :param subscription_id: the subscription's id
        :raises GroupsAPIError: if there is no such subscription, or the caller must not see it
        """
        return self.get(path("/v2/subscription_info/{}", subscription_id))  # type: ignore[return-value]

    def create_group(self, data: Body, *, query_params: Params = None) -> GroupResponse:
        """
        Create a group, in which the caller is an admin.

        :param data: the group: ``name``, ``description``, and perhaps ``parent_id`` and
            ``terms_and_conditions``
        :param query_params: further query parameters, which win
        :raises GroupsAPIError: if a field is missing or wrong
        """
        return self.post("/v2/groups", data=data, query_params=query(query_params))  # type: ignore[return-value]

    def update_group(
        self, group_id: ID, data: Body, *, query_params: Params = None
    ) -> GroupResponse:
        """
        Change fields of a group.

        :param group_id: its id
        :param data: the fields to change
        :param query_params: further query parameters, which win
        :raises GroupsAPIError: if there is no such group, or the caller must not change it
        """
        return self.put(  # type: ignore[return-value]
            path("/v2/groups/{}", group_id), data=data, query_params=query(query_params)
        )

    def delete_group(self, group_id: ID, *, query_params: Params = None) -> GlobusHTTPResponse:
        """
        Delete a group.

        :param group_id: its id
        :param query_params: further query parameters, which win
        :raises GroupsAPIError: if there is no such group, or the caller must not delete it
        """
        return self.delete(path("/v2/groups/{}", group_id), query_params=query(query_params))

    # policies and fields

    def get_group_policies(
        self, group_id: ID, *, query_params: Params = None
    ) -> GroupPoliciesResponse:
        """
        Fetch the policies of a group.

        :param group_id: its id
        :param query_params: further query parameters, which win
        :raises GroupsAPIError: if there is no such group, or the caller must not see them
        """
        return self.get(path("/v2/groups/{}/policies", group_id), query_params=query(query_params))  # type: ignore[return-value]

    def set_group_policies(
        self, group_id: ID, data: Body | GroupPolicies, *, query_params: Params = None
    ) -> GroupPoliciesResponse:
        """
        Replace the policies of a group.

        :param group_id: its id
        :param data: all policies
        :param query_params: further query parameters, which win
        :raises GroupsAPIError: if one is missing or wrong, or the caller must not change them
        """
        return self.put(  # type: ignore[return-value]
            path("/v2/groups/{}/policies", group_id), data=data, query_params=query(query_params)
        )

    def get_membership_fields(
        self, group_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Fetch what the caller's identities have told about themselves as members of a group.

        :param group_id: its id
        :param query_params: further query parameters, which win
        :raises GroupsAPIError: if there is no such group
        """
        return self.get(
            path("/v2/groups/{}/membership_fields", group_id), query_params=query(query_params)
        )

    def set_membership_fields(
        self, group_id: ID, data: Body, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Tell what a group wants to know of the caller's identities.

        :param group_id: its id
        :param data: the fields of each identity
        :param query_params: further query parameters, which win
        :raises GroupsAPIError: if there is no such group, or a field is wrong
        """
        return self.put(
            path("/v2/groups/{}/membership_fields", group_id),
            data=data,
            query_params=query(query_params),
        )

    # memberships

    def batch_membership_action(
        self,
        group_id: ID,
        actions: Body | BatchMembershipActions,
        *,
        query_params: Params = None,
    ) -> GlobusHTTPResponse:
        """
        Do any number of actions with memberships of a group.

        The response has the changed memberships by action. What failed is under ``errors``, also by
        action; that is no error of the request.

        :param group_id: its id
        :param actions: the actions
        :param query_params: further query parameters, which win
        :raises GroupsAPIError: if there is no such group, or the document is wrong
        """
        return self.post(
            path("/v2/groups/{}", group_id), data=actions, query_params=query(query_params)
        )

    def get_identity_preferences(self, *, query_params: Params = None) -> GlobusHTTPResponse:
        """
        Fetch for each of the caller's identities whether others may add it to groups.

        :param query_params: further query parameters, which win
        """
        return self.get("/v2/preferences", query_params=query(query_params))

    def set_identity_preferences(
        self, data: Body, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Say whether others may add the caller's identities to groups.

        :param data: for each identity id such as ``{"allow_add": False}``
        :param query_params: further query parameters, which win
        :raises GroupsAPIError: if one of them is not the caller's
        """
        return self.put("/v2/preferences", data=data, query_params=query(query_params))

    # subscriptions

    def set_subscription_admin_verified(
        self, group_id: ID, subscription_id: ID | None, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Mark a group as verified by the admins of a subscription.

        :param group_id: its id
        :param subscription_id: the subscription's id; None takes the mark away
        :param query_params: further query parameters, which win
        :raises GroupsAPIError: if there is no such group, or the caller is no admin of the
            subscription
        """
        return self.put(
            path("/v2/groups/{}/subscription_admin_verified", group_id),
            data={"subscription_admin_verified_id": subscription_id},
            query_params=query(query_params),
        )
