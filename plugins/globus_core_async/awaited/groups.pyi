# mypy: disable-error-code="assignment,override,misc"
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false

import typing as t
from collections.abc import AsyncIterator
from typing import Any

from globus_core import MISSING
from globus_core.documents import MissingType, Params
from globus_core.response import ArrayResponse, GlobusHTTPResponse
from globus_core.scopes.data import _GroupsScopes
from globus_core_async.awaited.identity import IdentityMap
from globus_core_async.awaited.kernel import BaseClient
from globus_core_async.awaited.shapes import Facade
from globus_core_groups.answer_documents import GroupDocument, Membership
from globus_core_groups.answers import (
    GroupPoliciesResponse,
    GroupResponse,
    SubscriptionGroupResponse,
)
from globus_core_groups.client import ID, Body, Include, Status
from globus_core_groups.client import GroupsClient as SyncGroupsClient
from globus_core_groups.errors import GroupsAPIError
from globus_core_groups.member_changes import MembersSync
from globus_core_groups.membership_actions import BatchMembershipActions, Role
from globus_core_groups.policies import GroupPolicies, MemberVisibility, SignupFields, Visibility
from globus_core_identity.identity_map import IdentityMap as SyncIdentityMap

class GroupsManager(Facade):
    def __init__(self, client: SyncGroupsClient | GroupsClient | None = None) -> None: ...
    async def create_group(
        self, name: str, description: str, *, parent_id: ID | None = None
    ) -> GroupResponse: ...
    async def set_group_policies(
        self,
        group_id: ID,
        *,
        is_high_assurance: bool,
        group_visibility: Visibility,
        group_members_visibility: MemberVisibility,
        join_requests: bool,
        signup_fields: SignupFields,
        authentication_assurance_timeout: int | MissingType | None = None,
    ) -> GroupPoliciesResponse: ...
    async def accept_invite(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse: ...
    async def decline_invite(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse: ...
    async def join(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse: ...
    async def leave(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse: ...
    async def request_join(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse: ...
    async def add_member(
        self, group_id: ID, identity_id: ID, *, role: Role = "member"
    ) -> GlobusHTTPResponse: ...
    async def approve_pending(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse: ...
    async def change_role(
        self, group_id: ID, identity_id: ID, role: Role
    ) -> GlobusHTTPResponse: ...
    async def invite_member(
        self, group_id: ID, identity_id: ID, *, role: Role = "member"
    ) -> GlobusHTTPResponse: ...
    async def reject_join_request(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse: ...
    async def remove_member(self, group_id: ID, identity_id: ID) -> GlobusHTTPResponse: ...
    client: Any

class GroupsClient(BaseClient):
    service_name: str
    error_class: type[GroupsAPIError]
    scopes: _GroupsScopes
    default_scope_requirements: Any
    async def get_my_groups(
        self,
        *,
        statuses: t.Iterable[Status] | AsyncIterator[Status] | Status | MissingType = MISSING,
        query_params: Params = None,
    ) -> ArrayResponse[GroupDocument]: ...
    async def get_group(
        self,
        group_id: ID,
        *,
        include: t.Iterable[Include] | AsyncIterator[Include] | Include | MissingType = MISSING,
        query_params: Params = None,
    ) -> GroupResponse: ...
    async def get_group_by_subscription_id(
        self, subscription_id: ID
    ) -> SubscriptionGroupResponse: ...
    async def create_group(self, data: Body, *, query_params: Params = None) -> GroupResponse: ...
    async def update_group(
        self, group_id: ID, data: Body, *, query_params: Params = None
    ) -> GroupResponse: ...
    async def delete_group(
        self, group_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def get_group_policies(
        self, group_id: ID, *, query_params: Params = None
    ) -> GroupPoliciesResponse: ...
    async def set_group_policies(
        self, group_id: ID, data: Body | GroupPolicies, *, query_params: Params = None
    ) -> GroupPoliciesResponse: ...
    async def get_membership_fields(
        self, group_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def set_membership_fields(
        self, group_id: ID, data: Body, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def batch_membership_action(
        self, group_id: ID, actions: Body | BatchMembershipActions, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def get_identity_preferences(
        self, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def set_identity_preferences(
        self, data: Body, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def set_subscription_admin_verified(
        self, group_id: ID, subscription_id: ID | None, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def members(self, group_id: ID) -> list[Membership]: ...
    async def sync_members(
        self,
        group_id: ID,
        members: t.Iterable[str] | AsyncIterator[str] | t.Mapping[str, Role],
        *,
        role: Role | None = None,
        remove: bool = True,
        dry_run: bool = False,
        identity_map: SyncIdentityMap | IdentityMap | None = None,
    ) -> MembersSync: ...
