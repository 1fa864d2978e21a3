"""
User credentials: the accounts with which users reach a storage system.
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


class UserCredentials(BaseClient):
    """
    The methods for the caller's credentials.
    """

    service_name = "globus_connect_server"

    @has_paginator(MarkerPaginator, items_key="data")
    def get_user_credential_list(
        self,
        storage_gateway: ID | MissingType = MISSING,
        page_size: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableGCSResponse:
        """
        List the caller's credentials.

        :param storage_gateway: the id of the gateway that they are for; MISSING lists all
        :param page_size: how many at once; MISSING leaves it to the endpoint
        :param marker: the ``marker`` of the page before; MISSING begins
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if the caller may not list them
        """
        params = query(
            query_params, storage_gateway=storage_gateway, page_size=page_size, marker=marker
        )
        return IterableGCSResponse(self.get("/user_credentials", query_params=params))

    def create_user_credential(
        self, data: Body, query_params: Params = None
    ) -> UnpackingGCSResponse:
        """
        Register a credential for a storage gateway.

        :param data: a :class:`UserCredentialDocument`
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if the gateway does not take it, or the document is wrong
        """
        response = self.post("/user_credentials", data=data, query_params=query(query_params))
        return UnpackingGCSResponse(response, "user_credential")

    def get_user_credential(
        self, user_credential_id: ID, query_params: Params = None
    ) -> UnpackingGCSResponse:
        """
        Fetch a credential. What is secret in it the text of the answer hides.

        :param user_credential_id: its id
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if there is none, or it is not the caller's
        """
        response = self.get(
            path("/user_credentials/{}", user_credential_id), query_params=query(query_params)
        )
        return UnpackingGCSResponse(response, "user_credential")

    def update_user_credential(
        self, user_credential_id: ID, data: Body, query_params: Params = None
    ) -> UnpackingGCSResponse:
        """
        Change a credential.

        :param user_credential_id: its id
        :param data: the fields to change
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if it is not the caller's, or a field is wrong
        """
        response = self.patch(
            path("/user_credentials/{}", user_credential_id),
            data=data,
            query_params=query(query_params),
        )
        return UnpackingGCSResponse(response, "user_credential")

    def delete_user_credential(
        self, user_credential_id: ID, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Delete a credential.

        :param user_credential_id: its id
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if there is none, or it is not the caller's
        """
        return self.delete(
            path("/user_credentials/{}", user_credential_id), query_params=query(query_params)
        )
