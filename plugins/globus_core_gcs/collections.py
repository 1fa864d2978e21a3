"""
Mapped and guest collections.
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


class Collections(BaseClient):
    """
    The methods for collections.
    """

    service_name = "globus_connect_server"

    @has_paginator(MarkerPaginator, items_key="data")
    def get_collection_list(
        self,
        *,
        mapped_collection_id: ID | MissingType = MISSING,
        filter: Words = MISSING,
        include: Words = MISSING,
        page_size: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableGCSResponse:
        """
        List the endpoint's collections.

        :param mapped_collection_id: only guest collections on this mapped collection
        :param filter: one or several of ``mapped_collections``, ``guest_collections``,
            ``managed_by_me`` and ``created_by_me``
        :param include: ``private_policies`` has all fields, for those who may see them
        :param page_size: how many at once; MISSING leaves it to the endpoint
        :param marker: the ``marker`` of the page before; MISSING begins
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if the caller may not list them
        """
        params = query(
            query_params,
            include=comma_joined(include),
            page_size=page_size,
            marker=marker,
            mapped_collection_id=mapped_collection_id,
            filter=comma_joined(filter),
        )
        return IterableGCSResponse(self.get("/collections", query_params=params))

    def get_collection(
        self, collection_id: ID, *, query_params: Params = None
    ) -> UnpackingGCSResponse:
        """
        Fetch a collection.

        :param collection_id: its id
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if there is none, or the caller may not see it
        """
        response = self.get(
            path("/collections/{}", collection_id), query_params=query(query_params)
        )
        return UnpackingGCSResponse(response, "collection")

    def create_collection(self, collection_data: Body) -> UnpackingGCSResponse:
        """
        Create a collection.

        :param collection_data: a :class:`MappedCollectionDocument` or a
            :class:`GuestCollectionDocument`
        :raises GCSAPIError: if the caller may not, or the document is wrong
        """
        return UnpackingGCSResponse(self.post("/collections", data=collection_data), "collection")

    def update_collection(
        self, collection_id: ID, collection_data: Body, *, query_params: Params = None
    ) -> UnpackingGCSResponse:
        """
        Change a collection.

        :param collection_id: its id
        :param collection_data: the fields to change
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if the caller may not, or a field is wrong
        """
        response = self.patch(
            path("/collections/{}", collection_id),
            data=collection_data,
            query_params=query(query_params),
        )
        return UnpackingGCSResponse(response, "collection")

    def delete_collection(
        self, collection_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Delete a collection. The files stay.

        :param collection_id: its id
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if the caller may not, or it is protected
        """
        return self.delete(path("/collections/{}", collection_id), query_params=query(query_params))
