# mypy: disable-error-code="assignment,override,misc"
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false

import typing as t
import uuid

from globus_core import MISSING
from globus_core.authorizers.base import GlobusAuthorizer as SyncGlobusAuthorizer
from globus_core.documents import MissingType
from globus_core.response import GlobusHTTPResponse
from globus_core.scopes._scope import Scope
from globus_core.scopes.data import GCSCollectionScopes, GCSEndpointScopes
from globus_core.transport.requests_transport import RequestsTransport
from globus_core.transport.retry import RetryConfig
from globus_core_app.app import GlobusApp as SyncGlobusApp
from globus_core_async.awaited.app import GlobusApp
from globus_core_async.awaited.kernel import BaseClient, GlobusAuthorizer, Paginator
from globus_core_gcs.endpoint import ID, Body, Params, Words
from globus_core_gcs.errors import GCSAPIError
from globus_core_gcs.guest_collections import Document
from globus_core_gcs.responses import IterableGCSResponse, UnpackingGCSResponse

class GCSClientPages:
    def get_collection_list(
        self,
        *,
        mapped_collection_id: ID | MissingType = MISSING,
        filter: Words = MISSING,
        include: Words = MISSING,
        page_size: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[IterableGCSResponse]: ...
    def get_role_list(
        self,
        collection_id: ID | MissingType = MISSING,
        include: str | MissingType = MISSING,
        page_size: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[IterableGCSResponse]: ...
    def get_storage_gateway_list(
        self,
        *,
        include: Words = MISSING,
        page_size: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[IterableGCSResponse]: ...
    def get_user_credential_list(
        self,
        storage_gateway: ID | MissingType = MISSING,
        page_size: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> Paginator[IterableGCSResponse]: ...

class GCSClient(BaseClient):
    service_name: str
    error_class: type[GCSAPIError]
    resource_server: str | None
    def __init__(
        self,
        gcs_address: str,
        *,
        app: SyncGlobusApp | GlobusApp | None = None,
        app_scopes: t.Sequence[str | Scope] | None = None,
        environment: str | None = None,
        authorizer: SyncGlobusAuthorizer | GlobusAuthorizer | None = None,
        app_name: str | None = None,
        transport: RequestsTransport | None = None,
        retry_config: RetryConfig | None = None,
    ) -> None: ...
    @staticmethod
    async def get_gcs_endpoint_scopes(endpoint_id: uuid.UUID | str) -> GCSEndpointScopes: ...
    @staticmethod
    async def get_gcs_collection_scopes(collection_id: uuid.UUID | str) -> GCSCollectionScopes: ...
    @property
    def endpoint_client_id(self) -> str: ...
    @property
    def default_scope_requirements(self) -> list[Scope]: ...
    async def get_gcs_info(self, query_params: Params = None) -> UnpackingGCSResponse: ...
    async def get_endpoint(self, query_params: Params = None) -> UnpackingGCSResponse: ...
    async def update_endpoint(
        self, endpoint_data: Body, *, include: Words = MISSING, query_params: Params = None
    ) -> UnpackingGCSResponse: ...
    async def create_guest_collection(
        self, collection_data: Document, *, local_username: str | None = None
    ) -> UnpackingGCSResponse: ...
    async def get_collection_list(
        self,
        *,
        mapped_collection_id: ID | MissingType = MISSING,
        filter: Words = MISSING,
        include: Words = MISSING,
        page_size: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableGCSResponse: ...
    async def get_collection(
        self, collection_id: ID, *, query_params: Params = None
    ) -> UnpackingGCSResponse: ...
    async def create_collection(self, collection_data: Body) -> UnpackingGCSResponse: ...
    async def update_collection(
        self, collection_id: ID, collection_data: Body, *, query_params: Params = None
    ) -> UnpackingGCSResponse: ...
    async def delete_collection(
        self, collection_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def get_storage_gateway_list(
        self,
        *,
        include: Words = MISSING,
        page_size: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableGCSResponse: ...
    async def create_storage_gateway(
        self, data: Body, *, query_params: Params = None
    ) -> UnpackingGCSResponse: ...
    async def get_storage_gateway(
        self, storage_gateway_id: ID, *, include: Words = MISSING, query_params: Params = None
    ) -> UnpackingGCSResponse: ...
    async def update_storage_gateway(
        self, storage_gateway_id: ID, data: Body, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def delete_storage_gateway(
        self, storage_gateway_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def get_user_credential_list(
        self,
        storage_gateway: ID | MissingType = MISSING,
        page_size: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableGCSResponse: ...
    async def create_user_credential(
        self, data: Body, query_params: Params = None
    ) -> UnpackingGCSResponse: ...
    async def get_user_credential(
        self, user_credential_id: ID, query_params: Params = None
    ) -> UnpackingGCSResponse: ...
    async def update_user_credential(
        self, user_credential_id: ID, data: Body, query_params: Params = None
    ) -> UnpackingGCSResponse: ...
    async def delete_user_credential(
        self, user_credential_id: ID, query_params: Params = None
    ) -> GlobusHTTPResponse: ...
    async def get_role_list(
        self,
        collection_id: ID | MissingType = MISSING,
        include: str | MissingType = MISSING,
        page_size: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableGCSResponse: ...
    async def create_role(
        self, data: Body, query_params: Params = None
    ) -> UnpackingGCSResponse: ...
    async def get_role(self, role_id: ID, query_params: Params = None) -> UnpackingGCSResponse: ...
    async def delete_role(self, role_id: ID, query_params: Params = None) -> GlobusHTTPResponse: ...
    @property
    def paginated(self) -> GCSClientPages: ...
