# mypy: disable-error-code="assignment,override,misc"
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false

import typing as t
from collections.abc import AsyncIterator
from typing import Any

from typing_extensions import Self

from globus_core import MISSING
from globus_core.authorizers.base import GlobusAuthorizer as SyncGlobusAuthorizer
from globus_core.documents import IDs, MissingType
from globus_core.response import GlobusHTTPResponse
from globus_core.scopes._scope import Scope
from globus_core.scopes.collection import ScopeCollection
from globus_core.scopes.data import _FlowsScopes
from globus_core.transport.requests_transport import RequestsTransport
from globus_core.transport.retry import RetryConfig
from globus_core_app.app import GlobusApp as SyncGlobusApp
from globus_core_async.awaited.app import GlobusApp
from globus_core_async.awaited.kernel import BaseClient, GlobusAuthorizer, Paginator
from globus_core_async.awaited.shapes import Each
from globus_core_flows.errors import FlowsAPIError
from globus_core_flows.flows import ID, Fields, Params
from globus_core_flows.responses import (
    IterableFlowsResponse,
    IterableRegisteredAPIsResponse,
    IterableRunLogsResponse,
    IterableRunsResponse,
    IterableWebInputsResponse,
)
from globus_core_flows.run_states import RunLogEntry, RunResult, RunState
from globus_core_flows.specific_flow import Policy

class SpecificFlowClient(BaseClient):
    service_name: str
    error_class: type[FlowsAPIError]
    scopes: ScopeCollection | None
    def __init__(
        self,
        flow_id: ID,
        *,
        environment: str | None = None,
        base_url: str | None = None,
        app: SyncGlobusApp | GlobusApp | None = None,
        app_scopes: t.Sequence[str | Scope] | None = None,
        authorizer: SyncGlobusAuthorizer | GlobusAuthorizer | None = None,
        app_name: str | None = None,
        transport: RequestsTransport | None = None,
        retry_config: RetryConfig | None = None,
    ) -> None: ...
    @property
    def default_scope_requirements(self) -> list[Scope]: ...
    async def add_app_transfer_data_access_scope(self, collection_ids: IDs) -> Self: ...
    async def run_flow(
        self,
        body: t.Mapping[str, t.Any],
        *,
        label: str | MissingType = MISSING,
        tags: list[str] | MissingType = MISSING,
        activity_notification_policy: Policy | MissingType = MISSING,
        run_monitors: list[str] | MissingType = MISSING,
        run_managers: list[str] | MissingType = MISSING,
        additional_fields: Fields = None,
    ) -> GlobusHTTPResponse: ...
    async def resume_run(self, run_id: ID) -> GlobusHTTPResponse: ...
    async def login_and_resume(self, run: t.Mapping[str, t.Any]) -> GlobusHTTPResponse: ...
    async def validate_run(
        self,
        body: t.Mapping[str, t.Any],
        *,
        label: str | MissingType = MISSING,
        tags: list[str] | MissingType = MISSING,
        run_monitors: list[str] | MissingType = MISSING,
        run_managers: list[str] | MissingType = MISSING,
        activity_notification_policy: Policy | MissingType = MISSING,
        additional_fields: Fields = None,
    ) -> GlobusHTTPResponse: ...

class FlowsClientPages:
    def get_run_logs(
        self,
        run_id: ID,
        *,
        limit: int | MissingType = MISSING,
        reverse_order: bool | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[IterableRunLogsResponse]: ...
    def list_flows(
        self,
        *,
        filter_roles: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        filter_fulltext: str | MissingType = MISSING,
        orderby: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[IterableFlowsResponse]: ...
    def list_registered_apis(
        self,
        *,
        filter_roles: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        orderby: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        per_page: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[IterableRegisteredAPIsResponse]: ...
    def list_runs(
        self,
        *,
        filter_flow_id: IDs | MissingType = MISSING,
        filter_roles: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[IterableRunsResponse]: ...
    def list_web_inputs(
        self,
        *,
        filter_roles: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        filter_states: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        filter_flow_ids: IDs | MissingType = MISSING,
        filter_run_ids: IDs | MissingType = MISSING,
        orderby: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        per_page: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[IterableWebInputsResponse]: ...

class FlowsClient(BaseClient):
    service_name: str
    error_class: type[FlowsAPIError]
    scopes: _FlowsScopes
    default_scope_requirements: Any
    async def create_flow(
        self,
        title: str,
        definition: t.Mapping[str, t.Any],
        input_schema: t.Mapping[str, t.Any],
        subtitle: str | MissingType = MISSING,
        description: str | MissingType = MISSING,
        flow_viewers: list[str] | MissingType = MISSING,
        flow_starters: list[str] | MissingType = MISSING,
        flow_administrators: list[str] | MissingType = MISSING,
        run_managers: list[str] | MissingType = MISSING,
        run_monitors: list[str] | MissingType = MISSING,
        keywords: list[str] | MissingType = MISSING,
        subscription_id: ID | MissingType | None = MISSING,
        authentication_policy_id: ID | MissingType | None = MISSING,
        additional_fields: Fields = None,
    ) -> GlobusHTTPResponse: ...
    async def get_flow(self, flow_id: ID, *, query_params: Params = None) -> GlobusHTTPResponse: ...
    async def list_flows(
        self,
        *,
        filter_roles: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        filter_fulltext: str | MissingType = MISSING,
        orderby: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableFlowsResponse: ...
    async def update_flow(
        self,
        flow_id: ID,
        *,
        title: str | MissingType = MISSING,
        definition: t.Mapping[str, t.Any] | MissingType = MISSING,
        input_schema: t.Mapping[str, t.Any] | MissingType = MISSING,
        subtitle: str | MissingType = MISSING,
        description: str | MissingType = MISSING,
        flow_owner: str | MissingType = MISSING,
        flow_viewers: list[str] | MissingType = MISSING,
        flow_starters: list[str] | MissingType = MISSING,
        flow_administrators: list[str] | MissingType = MISSING,
        run_managers: list[str] | MissingType = MISSING,
        run_monitors: list[str] | MissingType = MISSING,
        keywords: list[str] | MissingType = MISSING,
        subscription_id: ID | t.Literal["DEFAULT"] | MissingType | None = MISSING,
        authentication_policy_id: ID | MissingType | None = MISSING,
        additional_fields: Fields = None,
    ) -> GlobusHTTPResponse: ...
    async def delete_flow(
        self, flow_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def validate_flow(
        self,
        definition: t.Mapping[str, t.Any],
        input_schema: t.Mapping[str, t.Any] | MissingType = MISSING,
    ) -> GlobusHTTPResponse: ...
    async def wait_for_run(self, run_id: ID, timeout: float | None = None) -> RunResult: ...
    def watch_run(self, run_id: ID, timeout: float | None = None) -> Each[RunState]: ...
    def follow_logs(self, run_id: ID, timeout: float | None = None) -> Each[RunLogEntry]: ...
    async def list_runs(
        self,
        *,
        filter_flow_id: IDs | MissingType = MISSING,
        filter_roles: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableRunsResponse: ...
    async def get_run(
        self,
        run_id: ID,
        *,
        include_flow_description: bool | MissingType = MISSING,
        query_params: Params = None,
    ) -> GlobusHTTPResponse: ...
    async def get_run_definition(self, run_id: ID) -> GlobusHTTPResponse: ...
    async def get_run_logs(
        self,
        run_id: ID,
        *,
        limit: int | MissingType = MISSING,
        reverse_order: bool | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableRunLogsResponse: ...
    async def update_run(
        self,
        run_id: ID,
        *,
        label: str | MissingType | None = MISSING,
        tags: list[str] | MissingType | None = MISSING,
        run_monitors: list[str] | MissingType | None = MISSING,
        run_managers: list[str] | MissingType | None = MISSING,
        additional_fields: Fields = None,
    ) -> GlobusHTTPResponse: ...
    async def cancel_run(self, run_id: ID) -> GlobusHTTPResponse: ...
    async def delete_run(self, run_id: ID) -> GlobusHTTPResponse: ...
    async def get_registered_api(
        self, registered_api_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def list_registered_apis(
        self,
        *,
        filter_roles: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        orderby: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        per_page: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableRegisteredAPIsResponse: ...
    async def list_web_inputs(
        self,
        *,
        filter_roles: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        filter_states: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        filter_flow_ids: IDs | MissingType = MISSING,
        filter_run_ids: IDs | MissingType = MISSING,
        orderby: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        per_page: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableWebInputsResponse: ...
    async def get_web_input(self, web_input_id: ID) -> GlobusHTTPResponse: ...
    async def respond_to_web_input(self, web_input_id: ID, value: t.Any) -> GlobusHTTPResponse: ...
    @property
    def paginated(self) -> FlowsClientPages: ...
