"""
The endpoint manager: endpoints and pause rules.

The methods need the role ``activity_monitor``, those that change something ``activity_manager``.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import path, query

from .responses import IterableTransferResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core import MissingType

    from .endpoints import ID, Body, Params

_MANAGER = "/v0.10/endpoint_manager"


class ManagedEndpoints(BaseClient):
    """
    The methods for endpoints that the caller manages.
    """

    service_name = "transfer"

    def endpoint_manager_monitored_endpoints(
        self, *, query_params: Params = None
    ) -> IterableTransferResponse:
        """
        List the endpoints whose activity the caller may see.

        :param query_params: further query parameters, which win
        """
        return IterableTransferResponse(
            self.get(f"{_MANAGER}/monitored_endpoints", query_params=query(query_params))
        )

    def endpoint_manager_hosted_endpoint_list(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> IterableTransferResponse:
        """
        List the guest collections that an endpoint hosts.

        :param endpoint_id: the id of the endpoint that hosts them
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller does not manage the endpoint
        """
        return IterableTransferResponse(
            self.get(
                path(_MANAGER + "/endpoint/{}/hosted_endpoint_list", endpoint_id),
                query_params=query(query_params),
            )
        )

    def endpoint_manager_get_endpoint(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Fetch the document of an endpoint, also of one that is not public.

        :param endpoint_id: the endpoint's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller does not manage the endpoint
        """
        return self.get(
            path(_MANAGER + "/endpoint/{}", endpoint_id), query_params=query(query_params)
        )

    def endpoint_manager_acl_list(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> IterableTransferResponse:
        """
        List the access rules of a guest collection.

        :param endpoint_id: the collection's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller does not manage the endpoint that hosts it
        """
        return IterableTransferResponse(
            self.get(
                path(_MANAGER + "/endpoint/{}/access_list", endpoint_id),
                query_params=query(query_params),
            )
        )

    # pause rules

    def endpoint_manager_pause_rule_list(
        self, *, filter_endpoint: ID | MissingType = MISSING, query_params: Params = None
    ) -> IterableTransferResponse:
        """
        List the pause rules that the caller may see.

        :param filter_endpoint: only those of this endpoint
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller does not manage the endpoint
        """
        return IterableTransferResponse(
            self.get(
                f"{_MANAGER}/pause_rule_list",
                query_params=query(query_params, filter_endpoint=filter_endpoint),
            )
        )

    def endpoint_manager_create_pause_rule(self, data: Body | None) -> GlobusHTTPResponse:
        """
        Create a rule that pauses operations and tasks on an endpoint.

        :param data: the rule: ``DATA_TYPE`` (``pause_rule``), ``message``, ``endpoint_id``, perhaps
            ``identity_id``, and what is paused, such as ``pause_task_delete``
        :raises TransferAPIError: if the caller does not manage the endpoint
        """
        return self.post(f"{_MANAGER}/pause_rule", data=data)

    def endpoint_manager_get_pause_rule(
        self, pause_rule_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Fetch one pause rule.

        :param pause_rule_id: the rule's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if there is no such rule
        """
        return self.get(
            path(_MANAGER + "/pause_rule/{}", pause_rule_id), query_params=query(query_params)
        )

    def endpoint_manager_update_pause_rule(
        self, pause_rule_id: ID, data: Body | None
    ) -> GlobusHTTPResponse:
        """
        Change a pause rule.

        :param pause_rule_id: the rule's id
        :param data: the fields to change
        :raises TransferAPIError: if there is no such rule, or it is not editable by the caller
        """
        return self.put(path(_MANAGER + "/pause_rule/{}", pause_rule_id), data=data)

    def endpoint_manager_delete_pause_rule(
        self, pause_rule_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Delete a pause rule; what it has paused goes on unless another rule pauses it.

        :param pause_rule_id: the rule's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if there is no such rule, or it is not editable by the caller
        """
        return self.delete(
            path(_MANAGER + "/pause_rule/{}", pause_rule_id), query_params=query(query_params)
        )
