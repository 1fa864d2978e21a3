# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

import typing as t

from globus_core.response import GlobusHTTPResponse

from .answer_documents import GroupDocument, GroupPoliciesDocument, Membership, SubscriptionGroup

DefaultT = t.TypeVar("DefaultT")

class GroupResponse(GlobusHTTPResponse[GroupDocument]):
    @t.overload
    def __getitem__(self, key: t.Literal["id", "name", "group_type"]) -> str: ...
    @t.overload
    def __getitem__(
        self,
        key: t.Literal[
            "description",
            "parent_id",
            "subscription_id",
            "terms_and_conditions",
            "subscription_admin_verified_id",
        ],
    ) -> str | None: ...
    @t.overload
    def __getitem__(self, key: t.Literal["enforce_session"]) -> bool: ...
    @t.overload
    def __getitem__(self, key: t.Literal["session_limit"]) -> int: ...
    @t.overload
    def __getitem__(self, key: t.Literal["session_timeouts"]) -> dict[str, t.Any]: ...
    @t.overload
    def __getitem__(self, key: t.Literal["my_memberships", "memberships"]) -> list[Membership]: ...
    @t.overload
    def __getitem__(self, key: t.Literal["policies"]) -> GroupPoliciesDocument: ...
    @t.overload
    def __getitem__(self, key: t.Literal["allowed_actions"]) -> t.Any: ...
    @t.overload
    def __getitem__(self, key: t.Literal["child_ids"]) -> list[str]: ...
    @t.overload
    def __getitem__(self, key: t.Literal["subscription_info"]) -> dict[str, t.Any] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["id", "name", "group_type"], default: None = None
    ) -> str | None: ...
    @t.overload
    def get(
        self, key: t.Literal["id", "name", "group_type"], default: DefaultT
    ) -> str | DefaultT: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "description",
            "parent_id",
            "subscription_id",
            "terms_and_conditions",
            "subscription_admin_verified_id",
        ],
        default: None = None,
    ) -> str | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "description",
            "parent_id",
            "subscription_id",
            "terms_and_conditions",
            "subscription_admin_verified_id",
        ],
        default: DefaultT,
    ) -> str | DefaultT | None: ...
    @t.overload
    def get(self, key: t.Literal["enforce_session"], default: None = None) -> bool | None: ...
    @t.overload
    def get(self, key: t.Literal["enforce_session"], default: DefaultT) -> bool | DefaultT: ...
    @t.overload
    def get(self, key: t.Literal["session_limit"], default: None = None) -> int | None: ...
    @t.overload
    def get(self, key: t.Literal["session_limit"], default: DefaultT) -> int | DefaultT: ...
    @t.overload
    def get(
        self, key: t.Literal["session_timeouts"], default: None = None
    ) -> dict[str, t.Any] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["session_timeouts"], default: DefaultT
    ) -> dict[str, t.Any] | DefaultT: ...
    @t.overload
    def get(
        self, key: t.Literal["my_memberships", "memberships"], default: None = None
    ) -> list[Membership] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["my_memberships", "memberships"], default: DefaultT
    ) -> list[Membership] | DefaultT: ...
    @t.overload
    def get(
        self, key: t.Literal["policies"], default: None = None
    ) -> GroupPoliciesDocument | None: ...
    @t.overload
    def get(
        self, key: t.Literal["policies"], default: DefaultT
    ) -> GroupPoliciesDocument | DefaultT: ...
    @t.overload
    def get(self, key: t.Literal["allowed_actions"], default: None = None) -> t.Any | None: ...
    @t.overload
    def get(self, key: t.Literal["allowed_actions"], default: DefaultT) -> t.Any | DefaultT: ...
    @t.overload
    def get(self, key: t.Literal["child_ids"], default: None = None) -> list[str] | None: ...
    @t.overload
    def get(self, key: t.Literal["child_ids"], default: DefaultT) -> list[str] | DefaultT: ...
    @t.overload
    def get(
        self, key: t.Literal["subscription_info"], default: None = None
    ) -> dict[str, t.Any] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["subscription_info"], default: DefaultT
    ) -> dict[str, t.Any] | DefaultT | None: ...

class GroupPoliciesResponse(GlobusHTTPResponse[GroupPoliciesDocument]):
    @t.overload
    def __getitem__(self, key: t.Literal["is_high_assurance", "join_requests"]) -> bool: ...
    @t.overload
    def __getitem__(self, key: t.Literal["authentication_assurance_timeout"]) -> int | None: ...
    @t.overload
    def __getitem__(
        self, key: t.Literal["group_visibility", "group_members_visibility"]
    ) -> str: ...
    @t.overload
    def __getitem__(self, key: t.Literal["signup_fields"]) -> list[str]: ...
    @t.overload
    def get(
        self, key: t.Literal["is_high_assurance", "join_requests"], default: None = None
    ) -> bool | None: ...
    @t.overload
    def get(
        self, key: t.Literal["is_high_assurance", "join_requests"], default: DefaultT
    ) -> bool | DefaultT: ...
    @t.overload
    def get(
        self, key: t.Literal["authentication_assurance_timeout"], default: None = None
    ) -> int | None: ...
    @t.overload
    def get(
        self, key: t.Literal["authentication_assurance_timeout"], default: DefaultT
    ) -> int | DefaultT | None: ...
    @t.overload
    def get(
        self, key: t.Literal["group_visibility", "group_members_visibility"], default: None = None
    ) -> str | None: ...
    @t.overload
    def get(
        self, key: t.Literal["group_visibility", "group_members_visibility"], default: DefaultT
    ) -> str | DefaultT: ...
    @t.overload
    def get(self, key: t.Literal["signup_fields"], default: None = None) -> list[str] | None: ...
    @t.overload
    def get(self, key: t.Literal["signup_fields"], default: DefaultT) -> list[str] | DefaultT: ...

class SubscriptionGroupResponse(GlobusHTTPResponse[SubscriptionGroup]):
    @t.overload
    def __getitem__(self, key: t.Literal["group_id", "subscription_id"]) -> str: ...
    @t.overload
    def __getitem__(self, key: t.Literal["subscription_info"]) -> dict[str, t.Any]: ...
    @t.overload
    def get(
        self, key: t.Literal["group_id", "subscription_id"], default: None = None
    ) -> str | None: ...
    @t.overload
    def get(
        self, key: t.Literal["group_id", "subscription_id"], default: DefaultT
    ) -> str | DefaultT: ...
    @t.overload
    def get(
        self, key: t.Literal["subscription_info"], default: None = None
    ) -> dict[str, t.Any] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["subscription_info"], default: DefaultT
    ) -> dict[str, t.Any] | DefaultT: ...
