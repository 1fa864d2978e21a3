# mypy: disable-error-code="assignment,override,misc"
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false

import datetime
import typing as t
import uuid
from collections.abc import AsyncIterator
from typing import Any

from typing_extensions import Self

from globus_core import MISSING
from globus_core.documents import IDs, MissingType
from globus_core.response import GlobusHTTPResponse, IterableJSONAPIResponse
from globus_core.scopes.data import _TransferScopes
from globus_core_async.awaited.kernel import BaseClient, Paginator
from globus_core_async.awaited.shapes import Each
from globus_core_transfer.answer_documents import (
    AccessRule,
    BookmarkDocument,
    FileDocument,
    PauseRule,
    RoleDocument,
    SkippedError,
    SuccessfulTransfer,
    TaskDocument,
    TaskEvent,
    TransferEndpoint,
)
from globus_core_transfer.answers import (
    EndpointResponse,
    FileResponse,
    ResultResponse,
    SubmissionIdResponse,
    SubmissionResponse,
    TaskResponse,
)
from globus_core_transfer.delete_data import DeleteData
from globus_core_transfer.endpoints import ID, Body, EntityType, Params
from globus_core_transfer.errors import TransferAPIError
from globus_core_transfer.filters import TransferFilterDict
from globus_core_transfer.managed_tasks import Time
from globus_core_transfer.many import _BYTES, _ITEMS, _OWN_SHARE
from globus_core_transfer.many_items import Item
from globus_core_transfer.many_states import ManyState
from globus_core_transfer.planning import TransferPlan
from globus_core_transfer.principals import AccessGrant
from globus_core_transfer.responses import IterableTransferResponse
from globus_core_transfer.submission_store import SubmissionStore
from globus_core_transfer.submissions import Submission
from globus_core_transfer.task_states import TaskResult, TaskState
from globus_core_transfer.transfer_data import TransferData
from globus_core_transfer.tunnel_documents import CreateTunnelData
from globus_core_transfer.walking import OnError
from globus_core_transfer.walks import WalkEntry

class TransferClientPages:
    def endpoint_manager_task_event_list(
        self,
        task_id: ID,
        *,
        limit: int | MissingType = MISSING,
        offset: int | MissingType = MISSING,
        filter_is_error: bool | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[IterableTransferResponse[TaskEvent]]: ...
    def endpoint_manager_task_list(
        self,
        *,
        filter_status: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        filter_task_id: IDs | MissingType = MISSING,
        filter_owner_id: ID | MissingType = MISSING,
        filter_endpoint: ID | MissingType = MISSING,
        filter_endpoint_use: t.Literal["source", "destination"] | MissingType = MISSING,
        filter_is_paused: bool | MissingType = MISSING,
        filter_completion_time: str | tuple[Time, Time] | MissingType = MISSING,
        filter_min_faults: int | MissingType = MISSING,
        filter_local_user: str | MissingType = MISSING,
        last_key: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[IterableTransferResponse[TaskDocument]]: ...
    def endpoint_manager_task_skipped_errors(
        self, task_id: ID, *, marker: str | int | MissingType = MISSING, query_params: Params = None
    ) -> Paginator[IterableTransferResponse[SkippedError]]: ...
    def endpoint_manager_task_successful_transfers(
        self, task_id: ID, *, marker: str | int | MissingType = MISSING, query_params: Params = None
    ) -> Paginator[IterableTransferResponse[SuccessfulTransfer]]: ...
    def endpoint_search(
        self,
        filter_fulltext: str | MissingType = MISSING,
        *,
        filter_scope: str | MissingType = MISSING,
        filter_owner_id: ID | MissingType = MISSING,
        filter_host_endpoint: ID | MissingType = MISSING,
        filter_non_functional: bool | MissingType = MISSING,
        filter_entity_type: EntityType | MissingType = MISSING,
        limit: int | MissingType = MISSING,
        offset: int | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[IterableTransferResponse[TransferEndpoint]]: ...
    def get_shared_endpoint_list(
        self,
        endpoint_id: ID,
        *,
        max_results: int | MissingType = MISSING,
        next_token: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[IterableTransferResponse]: ...
    def task_event_list(
        self,
        task_id: ID,
        *,
        limit: int | MissingType = MISSING,
        offset: int | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[IterableTransferResponse[TaskEvent]]: ...
    def task_list(
        self,
        *,
        limit: int | MissingType = MISSING,
        offset: int | MissingType = MISSING,
        orderby: str | list[str] | MissingType = MISSING,
        filter: str | TransferFilterDict | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[IterableTransferResponse[TaskDocument]]: ...
    def task_skipped_errors(
        self, task_id: ID, *, marker: str | int | MissingType = MISSING, query_params: Params = None
    ) -> Paginator[IterableTransferResponse[SkippedError]]: ...
    def task_successful_transfers(
        self, task_id: ID, *, marker: str | int | MissingType = MISSING, query_params: Params = None
    ) -> Paginator[IterableTransferResponse[SuccessfulTransfer]]: ...

class TransferClient(BaseClient):
    service_name: str
    error_class: type[TransferAPIError]
    scopes: _TransferScopes
    default_scope_requirements: Any
    retry_checks: Any
    logs_in_for_consents: bool
    async def plan(
        self,
        data: dict[str, t.Any] | TransferData,
        items: t.Iterable[Item] | AsyncIterator[Item],
        *,
        expand: bool = False,
        items_per_task: int = _ITEMS,
        bytes_per_task: int = _BYTES,
    ) -> TransferPlan: ...
    async def submit_many(
        self,
        data: dict[str, t.Any] | TransferData,
        items: t.Iterable[Item] | AsyncIterator[Item],
        *,
        key: str | None = None,
        store: SubmissionStore | None = None,
        expand: bool = False,
        items_per_task: int = _ITEMS,
        bytes_per_task: int = _BYTES,
        most_unfinished: int = _OWN_SHARE,
        timeout: float | None = None,
        fail_on: str | t.Iterable[str] | AsyncIterator[str] = (),
        stop_when_paused: bool = True,
    ) -> ManyState: ...
    def watch_many(
        self,
        data: dict[str, t.Any] | TransferData,
        items: t.Iterable[Item] | AsyncIterator[Item],
        *,
        key: str | None = None,
        store: SubmissionStore | None = None,
        expand: bool = False,
        items_per_task: int = _ITEMS,
        bytes_per_task: int = _BYTES,
        most_unfinished: int = _OWN_SHARE,
        timeout: float | None = None,
        fail_on: str | t.Iterable[str] | AsyncIterator[str] = (),
    ) -> Each[ManyState]: ...
    async def wait_for_task(
        self,
        task_id: ID,
        timeout: float | None = None,
        *,
        fail_on: str | t.Iterable[str] | AsyncIterator[str] = (),
        stop_when_paused: bool = True,
    ) -> TaskResult: ...
    def watch_task(self, task_id: ID, timeout: float | None = None) -> Each[TaskState]: ...
    async def submit_once(
        self,
        data: dict[str, t.Any] | TransferData | DeleteData,
        key: str,
        *,
        store: SubmissionStore | None = None,
    ) -> Submission: ...
    async def forget_submission(
        self, key: str, *, store: SubmissionStore | None = None
    ) -> None: ...
    async def get_submission_id(self, *, query_params: Params = None) -> SubmissionIdResponse: ...
    async def submit_transfer(
        self, data: dict[str, t.Any] | TransferData
    ) -> SubmissionResponse: ...
    async def submit_delete(self, data: dict[str, t.Any] | DeleteData) -> SubmissionResponse: ...
    async def task_list(
        self,
        *,
        limit: int | MissingType = MISSING,
        offset: int | MissingType = MISSING,
        orderby: str | list[str] | MissingType = MISSING,
        filter: str | TransferFilterDict | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse[TaskDocument]: ...
    async def task_event_list(
        self,
        task_id: ID,
        *,
        limit: int | MissingType = MISSING,
        offset: int | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse[TaskEvent]: ...
    async def get_task(self, task_id: ID, *, query_params: Params = None) -> TaskResponse: ...
    async def task_pause_info(
        self, task_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def task_successful_transfers(
        self, task_id: ID, *, marker: str | int | MissingType = MISSING, query_params: Params = None
    ) -> IterableTransferResponse[SuccessfulTransfer]: ...
    async def task_skipped_errors(
        self, task_id: ID, *, marker: str | int | MissingType = MISSING, query_params: Params = None
    ) -> IterableTransferResponse[SkippedError]: ...
    async def update_task(
        self, task_id: ID, data: Body, *, query_params: Params = None
    ) -> ResultResponse: ...
    async def cancel_task(self, task_id: ID) -> ResultResponse: ...
    async def task_wait(
        self, task_id: ID, *, timeout: int = 10, polling_interval: int = 10
    ) -> bool: ...
    def walk(
        self,
        collection_id: ID,
        path: str | MissingType = MISSING,
        *,
        max_depth: int | None = None,
        show_hidden: bool = True,
        follow_links: bool = False,
        on_error: OnError | None = None,
        at_once: int = 4,
        local_user: str | MissingType = MISSING,
    ) -> Each[WalkEntry]: ...
    def glob(
        self,
        collection_id: ID,
        pattern: str,
        *,
        show_hidden: bool = True,
        on_error: OnError | None = None,
        at_once: int = 4,
        local_user: str | MissingType = MISSING,
    ) -> Each[WalkEntry]: ...
    async def operation_ls(
        self,
        endpoint_id: ID,
        path: str | MissingType = MISSING,
        *,
        show_hidden: bool | MissingType = MISSING,
        orderby: str | list[str] | MissingType = MISSING,
        limit: int | MissingType = MISSING,
        offset: int | MissingType = MISSING,
        filter: str | TransferFilterDict | list[str | TransferFilterDict] | MissingType = MISSING,
        local_user: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse[FileDocument]: ...
    async def operation_stat(
        self,
        endpoint_id: ID,
        path: str | MissingType = MISSING,
        *,
        local_user: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> FileResponse: ...
    async def operation_mkdir(
        self,
        endpoint_id: ID,
        path: str,
        *,
        local_user: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> ResultResponse: ...
    async def operation_rename(
        self,
        endpoint_id: ID,
        oldpath: str,
        newpath: str,
        *,
        local_user: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> ResultResponse: ...
    async def get_endpoint(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> EndpointResponse: ...
    async def update_endpoint(
        self, endpoint_id: ID, data: Body, *, query_params: Params = None
    ) -> ResultResponse: ...
    async def set_subscription_id(
        self, collection_id: ID, subscription_id: ID | t.Literal["DEFAULT"] | None
    ) -> ResultResponse: ...
    async def set_subscription_admin_verified(
        self, collection_id: ID, subscription_admin_verified: bool
    ) -> ResultResponse: ...
    async def delete_endpoint(self, endpoint_id: ID) -> ResultResponse: ...
    async def endpoint_search(
        self,
        filter_fulltext: str | MissingType = MISSING,
        *,
        filter_scope: str | MissingType = MISSING,
        filter_owner_id: ID | MissingType = MISSING,
        filter_host_endpoint: ID | MissingType = MISSING,
        filter_non_functional: bool | MissingType = MISSING,
        filter_entity_type: EntityType | MissingType = MISSING,
        limit: int | MissingType = MISSING,
        offset: int | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse[TransferEndpoint]: ...
    async def my_effective_pause_rule_list(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> IterableTransferResponse[PauseRule]: ...
    async def my_shared_endpoint_list(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> IterableTransferResponse[TransferEndpoint]: ...
    async def get_shared_endpoint_list(
        self,
        endpoint_id: ID,
        *,
        max_results: int | MissingType = MISSING,
        next_token: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse: ...
    async def create_shared_endpoint(self, data: Body) -> GlobusHTTPResponse: ...
    async def endpoint_server_list(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> IterableTransferResponse: ...
    async def get_endpoint_server(
        self, endpoint_id: ID, server_id: int | str, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def grant(
        self,
        collection_id: ID,
        path: str,
        who: uuid.UUID | str | None = None,
        permissions: str = "r",
        *,
        group: uuid.UUID | str | None = None,
        identities: t.Any = None,
        expiration_date: datetime.datetime | str | MissingType = MISSING,
        notify_email: str | MissingType = MISSING,
        notify_message: str | MissingType = MISSING,
    ) -> AccessGrant: ...
    async def revoke(
        self,
        collection_id: ID,
        path: str,
        who: uuid.UUID | str | None = None,
        *,
        group: uuid.UUID | str | None = None,
        identities: t.Any = None,
    ) -> bool: ...
    async def endpoint_role_list(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> IterableTransferResponse[RoleDocument]: ...
    async def add_endpoint_role(self, endpoint_id: ID, role_data: Body) -> GlobusHTTPResponse: ...
    async def get_endpoint_role(
        self, endpoint_id: ID, role_id: str, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def delete_endpoint_role(self, endpoint_id: ID, role_id: str) -> GlobusHTTPResponse: ...
    async def endpoint_acl_list(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> IterableTransferResponse[AccessRule]: ...
    async def get_endpoint_acl_rule(
        self, endpoint_id: ID, rule_id: str, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def add_endpoint_acl_rule(
        self, endpoint_id: ID, rule_data: Body
    ) -> GlobusHTTPResponse: ...
    async def update_endpoint_acl_rule(
        self, endpoint_id: ID, rule_id: str, rule_data: Body
    ) -> GlobusHTTPResponse: ...
    async def delete_endpoint_acl_rule(
        self, endpoint_id: ID, rule_id: str
    ) -> GlobusHTTPResponse: ...
    async def bookmark_list(
        self, *, query_params: Params = None
    ) -> IterableTransferResponse[BookmarkDocument]: ...
    async def create_bookmark(self, bookmark_data: Body) -> GlobusHTTPResponse: ...
    async def get_bookmark(
        self, bookmark_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def update_bookmark(self, bookmark_id: ID, bookmark_data: Body) -> GlobusHTTPResponse: ...
    async def delete_bookmark(self, bookmark_id: ID) -> GlobusHTTPResponse: ...
    async def endpoint_manager_monitored_endpoints(
        self, *, query_params: Params = None
    ) -> IterableTransferResponse: ...
    async def endpoint_manager_hosted_endpoint_list(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> IterableTransferResponse: ...
    async def endpoint_manager_get_endpoint(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def endpoint_manager_acl_list(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> IterableTransferResponse: ...
    async def endpoint_manager_pause_rule_list(
        self, *, filter_endpoint: ID | MissingType = MISSING, query_params: Params = None
    ) -> IterableTransferResponse: ...
    async def endpoint_manager_create_pause_rule(self, data: Body | None) -> GlobusHTTPResponse: ...
    async def endpoint_manager_get_pause_rule(
        self, pause_rule_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def endpoint_manager_update_pause_rule(
        self, pause_rule_id: ID, data: Body | None
    ) -> GlobusHTTPResponse: ...
    async def endpoint_manager_delete_pause_rule(
        self, pause_rule_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def endpoint_manager_task_list(
        self,
        *,
        filter_status: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        filter_task_id: IDs | MissingType = MISSING,
        filter_owner_id: ID | MissingType = MISSING,
        filter_endpoint: ID | MissingType = MISSING,
        filter_endpoint_use: t.Literal["source", "destination"] | MissingType = MISSING,
        filter_is_paused: bool | MissingType = MISSING,
        filter_completion_time: str | tuple[Time, Time] | MissingType = MISSING,
        filter_min_faults: int | MissingType = MISSING,
        filter_local_user: str | MissingType = MISSING,
        last_key: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse[TaskDocument]: ...
    async def endpoint_manager_get_task(
        self, task_id: ID, *, query_params: Params = None
    ) -> TaskResponse: ...
    async def endpoint_manager_task_event_list(
        self,
        task_id: ID,
        *,
        limit: int | MissingType = MISSING,
        offset: int | MissingType = MISSING,
        filter_is_error: bool | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse[TaskEvent]: ...
    async def endpoint_manager_task_pause_info(
        self, task_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def endpoint_manager_task_successful_transfers(
        self, task_id: ID, *, marker: str | int | MissingType = MISSING, query_params: Params = None
    ) -> IterableTransferResponse[SuccessfulTransfer]: ...
    async def endpoint_manager_task_skipped_errors(
        self, task_id: ID, *, marker: str | int | MissingType = MISSING, query_params: Params = None
    ) -> IterableTransferResponse[SkippedError]: ...
    async def endpoint_manager_cancel_tasks(
        self, task_ids: IDs, message: str, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def endpoint_manager_cancel_status(
        self, admin_cancel_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def endpoint_manager_pause_tasks(
        self, task_ids: IDs, message: str, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def endpoint_manager_resume_tasks(
        self, task_ids: IDs, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def create_tunnel(
        self, data: dict[str, t.Any] | CreateTunnelData
    ) -> GlobusHTTPResponse: ...
    async def get_tunnel_events(
        self, tunnel_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def update_tunnel(self, tunnel_id: ID, update_doc: Body) -> GlobusHTTPResponse: ...
    async def get_tunnel(
        self, tunnel_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def delete_tunnel(self, tunnel_id: ID) -> GlobusHTTPResponse: ...
    async def list_tunnels(self, *, query_params: Params = None) -> IterableJSONAPIResponse: ...
    async def get_stream_access_point(
        self, stream_ap_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def add_app_data_access_scope(self, collection_ids: IDs) -> Self: ...
    async def for_collections(self, *collection_ids: ID) -> Self: ...
    @property
    def paginated(self) -> TransferClientPages: ...
