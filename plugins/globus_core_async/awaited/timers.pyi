# mypy: disable-error-code="assignment,override,misc"
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false

import typing as t
from typing import Any

from typing_extensions import Self

from globus_core.documents import IDs, Params
from globus_core.response import GlobusHTTPResponse
from globus_core_async.awaited.kernel import BaseClient
from globus_core_timers.client import ID
from globus_core_timers.errors import TimersAPIError
from globus_core_timers.timers import FlowTimer, TimerJob, TransferTimer

class TimersClient(BaseClient):
    service_name: str
    error_class: type[TimersAPIError]
    scopes: Any
    default_scope_requirements: Any
    async def add_app_transfer_data_access_scope(self, collection_ids: IDs) -> Self: ...
    async def add_app_flow_user_scope(self, flow_ids: IDs) -> Self: ...
    async def list_jobs(self, *, query_params: Params = None) -> GlobusHTTPResponse: ...
    async def get_job(self, job_id: ID, *, query_params: Params = None) -> GlobusHTTPResponse: ...
    async def create_timer(
        self, timer: dict[str, t.Any] | TransferTimer | FlowTimer
    ) -> GlobusHTTPResponse: ...
    async def create_job(self, data: dict[str, t.Any] | TimerJob) -> GlobusHTTPResponse: ...
    async def update_job(self, job_id: ID, data: dict[str, t.Any]) -> GlobusHTTPResponse: ...
    async def delete_job(self, job_id: ID) -> GlobusHTTPResponse: ...
    async def pause_job(self, job_id: ID) -> GlobusHTTPResponse: ...
    async def resume_job(
        self, job_id: ID, *, update_credentials: bool | None = None
    ) -> GlobusHTTPResponse: ...
