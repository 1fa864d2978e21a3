"""
Roles: who may write to an index, and who administers it.
"""

from __future__ import annotations

from globus_core import BaseClient, GlobusHTTPResponse
from globus_core.documents import path, query

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .indices import ID, Body, Params


class Roles(BaseClient):
    """
    The methods for roles on an index.
    """

    service_name = "search"

    def create_role(
        self, index_id: ID, data: Body, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Give a role on an index to an identity or a group.

        :param index_id: the index's id
        :param data: the document, with ``role_name`` (``owner``, ``admin`` or ``writer``) and
            ``principal`` (``urn:globus:auth:identity:<id>`` or ``urn:globus:groups:id:<id>``)
        :param query_params: further query parameters, which win
        :raises SearchAPIError: if the caller does not administer the index, or the document is
            wrong
        """
        return self.post(
            path("/v1/index/{}/role", index_id), data=data, query_params=query(query_params)
        )

    def get_role_list(self, index_id: ID, *, query_params: Params = None) -> GlobusHTTPResponse:
        """
        List the roles on an index, in ``role_list``.

        :param index_id: the index's id
        :param query_params: further query parameters, which win
        :raises SearchAPIError: if the caller does not administer the index
        """
        return self.get(path("/v1/index/{}/role_list", index_id), query_params=query(query_params))

    def delete_role(
        self, index_id: ID, role_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Take a role on an index away.

        :param index_id: the index's id
        :param role_id: the role's id
        :param query_params: further query parameters, which win
        :raises SearchAPIError: if the caller does not administer the index, or there is no such
            role
        """
        return self.delete(
            path("/v1/index/{}/role/{}", index_id, role_id), query_params=query(query_params)
        )
