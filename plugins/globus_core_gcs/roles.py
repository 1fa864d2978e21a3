"""
Roles: who administers the endpoint and its collections, and who may see what happens there.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import path, query
from globus_core.paging import MarkerPaginator, has_paginator

from .responses import IterableGCSResponse, UnpackingGCSResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core import MissingType

    from .endpoint import ID, Body, Params


class Roles(BaseClient):
    """
    The methods for roles on the endpoint and on collections.
    """

    service_name = "globus_connect_server"

    @has_paginator(MarkerPaginator, items_key="data")
    def get_role_list(
        self,
        collection_id: ID | MissingType = MISSING,
        include: str | MissingType = MISSING,
        page_size: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableGCSResponse:
        """
        List roles.

        :param collection_id: the id of the collection; MISSING lists those on the endpoint
        :param include: ``all_roles`` has those on all collections too
        :param page_size: how many at once; MISSING leaves it to the endpoint
        :param marker: the ``marker`` of the page before; MISSING begins
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if the caller may not list them
        """
        params = query(
            query_params,
            include=include,
            page_size=page_size,
            marker=marker,
            collection_id=collection_id,
        )
        return IterableGCSResponse(self.get("/roles", query_params=params))

    def create_role(self, data: Body, query_params: Params = None) -> UnpackingGCSResponse:
        """
        Give a role to an identity or a group.

        :param data: a :class:`GCSRoleDocument`
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if the caller may not, or the document is wrong
        """
        response = self.post("/roles", data=data, query_params=query(query_params))
        return UnpackingGCSResponse(response, "role")

    def get_role(self, role_id: ID, query_params: Params = None) -> UnpackingGCSResponse:
        """
        Fetch a role.

        :param role_id: its id
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if there is none, or the caller may not see it
        """
        response = self.get(path("/roles/{}", role_id), query_params=query(query_params))
        return UnpackingGCSResponse(response, "role")

    def delete_role(self, role_id: ID, query_params: Params = None) -> GlobusHTTPResponse:
        """
        Take a role away.

        :param role_id: its id
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if there is none, or the caller may not
        """
        return self.delete(path("/roles/{}", role_id), query_params=query(query_params))
