"""
Registered APIs: HTTP APIs that flows can call by an id.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import comma_joined, path, query
from globus_core.paging import MarkerPaginator, has_paginator

from .responses import IterableRegisteredAPIsResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import MissingType

    from .flows import ID, Params


class RegisteredAPIs(BaseClient):
    """
    The methods for registered APIs.
    """

    service_name = "flows"

    def get_registered_api(
        self, registered_api_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Fetch a registered API, with its target and its templates.

        :param registered_api_id: its id
        :param query_params: further query parameters, which win
        :raises FlowsAPIError: if there is none with this id, or it is not visible to the caller
        """
        return self.get(
            path("/registered_apis/{}", registered_api_id), query_params=query(query_params)
        )

    @has_paginator(MarkerPaginator, items_key="registered_apis")
    def list_registered_apis(
        self,
        *,
        filter_roles: str | t.Iterable[str] | MissingType = MISSING,
        orderby: str | t.Iterable[str] | MissingType = MISSING,
        per_page: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableRegisteredAPIsResponse:
        """
        List registered APIs that are visible to the caller.

        :param filter_roles: only those on which the caller has one of these roles
        :param orderby: a field and a direction, such as ``name DESC``, or several
        :param per_page: how many at once; MISSING leaves it to Flows
        :param marker: the ``marker`` of the page before; MISSING begins
        :param query_params: further query parameters, which win
        :raises FlowsAPIError: if a parameter is malformed
        """
        params = query(
            query_params,
            filter_roles=comma_joined(filter_roles),
            orderby=orderby,
            per_page=per_page,
            marker=marker,
        )
        return IterableRegisteredAPIsResponse(self.get("/registered_apis", query_params=params))
