# mypy: disable-error-code="assignment,override,misc"
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false

import os
import typing as t
from collections.abc import AsyncIterator
from typing import Any

from globus_core import MISSING
from globus_core.documents import IDs, MissingType
from globus_core.response import GlobusHTTPResponse
from globus_core.scopes.data import _SearchScopes
from globus_core_async.awaited.kernel import BaseClient, Paginator
from globus_core_async.awaited.shapes import Each
from globus_core_search.errors import SearchAPIError
from globus_core_search.indices import ID, Body, Params
from globus_core_search.ingest_results import IngestResult
from globus_core_search.ingesting_many import LARGEST_REQUEST
from globus_core_search.responses import IndexListResponse
from globus_core_search.typed_documents import ResultDocument, TaskDocument

class SearchClientPages:
    def post_search(
        self,
        index_id: ID,
        data: Body,
        *,
        offset: int | MissingType = MISSING,
        limit: int | MissingType = MISSING,
    ) -> Paginator[GlobusHTTPResponse]: ...
    def scroll(
        self, index_id: ID, data: Body, *, marker: str | MissingType = MISSING
    ) -> Paginator[GlobusHTTPResponse]: ...
    def search(
        self,
        index_id: ID,
        q: str,
        *,
        offset: int | MissingType = MISSING,
        limit: int | MissingType = MISSING,
        advanced: bool | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[GlobusHTTPResponse]: ...

class SearchClient(BaseClient):
    service_name: str
    error_class: type[SearchAPIError]
    scopes: _SearchScopes
    default_scope_requirements: Any
    async def create_index(self, display_name: str, description: str) -> GlobusHTTPResponse: ...
    async def update_index(
        self,
        index_id: ID,
        *,
        display_name: str | MissingType = MISSING,
        description: str | MissingType = MISSING,
    ) -> GlobusHTTPResponse: ...
    async def delete_index(self, index_id: ID) -> GlobusHTTPResponse: ...
    async def reopen_index(self, index_id: ID) -> GlobusHTTPResponse: ...
    async def get_index(
        self, index_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def index_list(
        self,
        filter_roles: str | t.Iterable[str] | AsyncIterator[str] | MissingType = MISSING,
        *,
        query_params: Params = None,
    ) -> IndexListResponse: ...
    def search_all(
        self, index_id: ID, query: str | Body, *, page_size: int = 1000
    ) -> Each[ResultDocument]: ...
    async def search(
        self,
        index_id: ID,
        q: str,
        *,
        offset: int | MissingType = MISSING,
        limit: int | MissingType = MISSING,
        advanced: bool | MissingType = MISSING,
        query_params: Params = None,
    ) -> GlobusHTTPResponse: ...
    async def post_search(
        self,
        index_id: ID,
        data: Body,
        *,
        offset: int | MissingType = MISSING,
        limit: int | MissingType = MISSING,
    ) -> GlobusHTTPResponse: ...
    async def scroll(
        self, index_id: ID, data: Body, *, marker: str | MissingType = MISSING
    ) -> GlobusHTTPResponse: ...
    async def ingest_many(
        self,
        index_id: ID,
        entries: t.Iterable[Body] | AsyncIterator[Body],
        *,
        progress_file: str | os.PathLike[str] | None = None,
        tasks_at_once: int = 4,
        most_bytes: int = LARGEST_REQUEST,
        most_faulty: int = 100,
        timeout: float | None = None,
    ) -> IngestResult: ...
    async def ingest(self, index_id: ID, data: Body) -> GlobusHTTPResponse: ...
    async def delete_by_query(self, index_id: ID, data: Body) -> GlobusHTTPResponse: ...
    async def batch_delete_by_subject(
        self, index_id: ID, subjects: IDs, additional_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def get_subject(
        self, index_id: ID, subject: str, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def delete_subject(
        self, index_id: ID, subject: str, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def get_entry(
        self,
        index_id: ID,
        subject: str,
        *,
        entry_id: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> GlobusHTTPResponse: ...
    async def delete_entry(
        self,
        index_id: ID,
        subject: str,
        *,
        entry_id: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> GlobusHTTPResponse: ...
    async def wait_for_task(self, task_id: ID, timeout: float | None = None) -> TaskDocument: ...
    async def get_task(self, task_id: ID, *, query_params: Params = None) -> GlobusHTTPResponse: ...
    async def get_task_list(
        self, index_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def create_role(
        self, index_id: ID, data: Body, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def get_role_list(
        self, index_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def delete_role(
        self, index_id: ID, role_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    @property
    def paginated(self) -> SearchClientPages: ...
