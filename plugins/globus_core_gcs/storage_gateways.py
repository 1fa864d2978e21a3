"""
Storage gateways: the storage systems that an endpoint serves.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import comma_joined, path, query
from globus_core.paging import MarkerPaginator, has_paginator

from .responses import IterableGCSResponse, UnpackingGCSResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core import MissingType

    from .endpoint import ID, Body, Params, Words


class StorageGateways(BaseClient):
    """
    The methods for storage gateways.
    """

    service_name = "globus_connect_server"

    @has_paginator(MarkerPaginator, items_key="data")
    def get_storage_gateway_list(
        self,
        *,
        include: Words = MISSING,
        page_size: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableGCSResponse:
        """
        List the endpoint's storage gateways.

        :param include: ``private_policies`` has all fields, ``accounts`` the caller's accounts
        :param page_size: how many at once; MISSING leaves it to the endpoint
        :param marker: the ``marker`` of the page before; MISSING begins
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if the caller may not list them
        """
        params = query(
            query_params, include=comma_joined(include), page_size=page_size, marker=marker
        )
        return IterableGCSResponse(self.get("/storage_gateways", query_params=params))

    def create_storage_gateway(
        self, data: Body, *, query_params: Params = None
    ) -> UnpackingGCSResponse:
        """
        Create a storage gateway.

        :param data: a :class:`StorageGatewayDocument`
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if the caller does not administer the endpoint, or the document is
            wrong
        """
        response = self.post("/storage_gateways", data=data, query_params=query(query_params))
        return UnpackingGCSResponse(response, "storage_gateway")

    def get_storage_gateway(
        self,
        storage_gateway_id: ID,
        *,
        include: Words = MISSING,
        query_params: Params = None,
    ) -> UnpackingGCSResponse:
        """
        Fetch a storage gateway.

        :param storage_gateway_id: its id
        :param include: as of :meth:`get_storage_gateway_list`
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if there is none, or the caller may not see it
        """
        response = self.get(
            path("/storage_gateways/{}", storage_gateway_id),
            query_params=query(query_params, include=comma_joined(include)),
        )
        return UnpackingGCSResponse(response, "storage_gateway")

    def update_storage_gateway(
        self, storage_gateway_id: ID, data: Body, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Change a storage gateway. The answer is the result, without the document.

        :param storage_gateway_id: its id
        :param data: the fields to change
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if the caller does not administer the endpoint, or a field is wrong
        """
        return self.patch(
            path("/storage_gateways/{}", storage_gateway_id),
            data=data,
            query_params=query(query_params),
        )

    def delete_storage_gateway(
        self, storage_gateway_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Delete a storage gateway. The files stay.

        :param storage_gateway_id: its id
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if the caller does not administer the endpoint, or the gateway is used
        """
        return self.delete(
            path("/storage_gateways/{}", storage_gateway_id), query_params=query(query_params)
        )
