"""
Who may do what: roles on endpoints and collections, and access rules of guest collections.
"""

from __future__ import annotations

from globus_core import BaseClient, GlobusHTTPResponse
from globus_core.documents import path, query

from .responses import IterableTransferResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .answer_documents import AccessRule, RoleDocument
    from .endpoints import ID, Body, Params


class Permissions(BaseClient):
    """
    The methods for roles and access rules.
    """

    service_name = "transfer"

    # roles

    def endpoint_role_list(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> IterableTransferResponse[RoleDocument]:
        """
        List the roles on an endpoint or a collection.

        :param endpoint_id: its id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller must not see them
        """
        return IterableTransferResponse(
            self.get(
                path("/v0.10/endpoint/{}/role_list", endpoint_id), query_params=query(query_params)
            )
        )

    def add_endpoint_role(self, endpoint_id: ID, role_data: Body) -> GlobusHTTPResponse:
        """
        Give a role to a person or a group.

        :param endpoint_id: the id of the endpoint or collection
        :param role_data: the role, with ``DATA_TYPE`` (``role``), ``principal_type`` (``identity``
            or ``group``), ``principal`` (an id) and ``role``, such as ``access_manager``
        :raises TransferAPIError: if the caller must not give roles, or it is given already
        """
        return self.post(path("/v0.10/endpoint/{}/role", endpoint_id), data=role_data)

    def get_endpoint_role(
        self, endpoint_id: ID, role_id: str, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Fetch one role.

        :param endpoint_id: the id of the endpoint or collection
        :param role_id: the role's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if there is no such role
        """
        return self.get(
            path("/v0.10/endpoint/{}/role/{}", endpoint_id, role_id),
            query_params=query(query_params),
        )

    def delete_endpoint_role(self, endpoint_id: ID, role_id: str) -> GlobusHTTPResponse:
        """
        Take a role away.

        :param endpoint_id: the id of the endpoint or collection
        :param role_id: the role's id
        :raises TransferAPIError: if there is no such role, or the caller must not take it away
        """
        return self.delete(path("/v0.10/endpoint/{}/role/{}", endpoint_id, role_id))

    # access rules

    def endpoint_acl_list(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> IterableTransferResponse[AccessRule]:
        """
        List the access rules of a guest collection.

        :param endpoint_id: the collection's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller does not manage the access to it
        """
        return IterableTransferResponse(
            self.get(
                path("/v0.10/endpoint/{}/access_list", endpoint_id),
                query_params=query(query_params),
            )
        )

    def get_endpoint_acl_rule(
        self, endpoint_id: ID, rule_id: str, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Fetch one access rule.

        :param endpoint_id: the collection's id
        :param rule_id: the rule's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if there is no such rule
        """
        return self.get(
            path("/v0.10/endpoint/{}/access/{}", endpoint_id, rule_id),
            query_params=query(query_params),
        )

    def add_endpoint_acl_rule(self, endpoint_id: ID, rule_data: Body) -> GlobusHTTPResponse:
        """
        Let a person, a group or everybody read or write below a folder of a guest collection.

        :param endpoint_id: the collection's id
        :param rule_data: the rule, with ``DATA_TYPE`` (``access``), ``principal_type``
            (``identity``, ``group``, ``all_authenticated_users`` or ``anonymous``), ``principal``,
            ``path`` (which ends in ``/``) and ``permissions`` (``r`` or ``rw``); perhaps with
            ``notify_email``, ``notify_message`` and ``expiration_date``
        :raises TransferAPIError: if there is such a rule already, or the caller must not add one
        """
        return self.post(path("/v0.10/endpoint/{}/access", endpoint_id), data=rule_data)

    def update_endpoint_acl_rule(
        self, endpoint_id: ID, rule_id: str, rule_data: Body
    ) -> GlobusHTTPResponse:
        """
        Change an access rule.

        :param endpoint_id: the collection's id
        :param rule_id: the rule's id
        :param rule_data: the fields to change, such as ``{"permissions": "rw"}``
        :raises TransferAPIError: if there is no such rule, or the caller must not change it
        """
        return self.put(path("/v0.10/endpoint/{}/access/{}", endpoint_id, rule_id), data=rule_data)

    def delete_endpoint_acl_rule(self, endpoint_id: ID, rule_id: str) -> GlobusHTTPResponse:
        """
        Delete an access rule.

        :param endpoint_id: the collection's id
        :param rule_id: the rule's id
        :raises TransferAPIError: if there is no such rule, or the caller must not delete it
        """
        return self.delete(path("/v0.10/endpoint/{}/access/{}", endpoint_id, rule_id))
