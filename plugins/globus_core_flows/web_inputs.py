"""
Web inputs: questions of runs that people answer before the run goes on.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import comma_joined, path, query
from globus_core.paging import NullableMarkerPaginator, has_paginator

from .responses import IterableWebInputsResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import MissingType
    from globus_core.documents import IDs

    from .flows import ID, Params


class WebInputs(BaseClient):
    """
    The methods for web inputs.
    """

    service_name = "flows"

    @has_paginator(NullableMarkerPaginator, items_key="web_input_summaries", marker_key="marker")
    def list_web_inputs(
        self,
        *,
        filter_roles: str | t.Iterable[str] | MissingType = MISSING,
        filter_states: str | t.Iterable[str] | MissingType = MISSING,
        filter_flow_ids: IDs | MissingType = MISSING,
        filter_run_ids: IDs | MissingType = MISSING,
        orderby: str | t.Iterable[str] | MissingType = MISSING,
        per_page: int | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableWebInputsResponse:
        """
        List web inputs that are visible to the caller.

        :param filter_roles: only those on which the caller has one of these roles: ``viewer``,
            ``respondent``
        :param filter_states: only those in one of these states: ``open``, ``closed``
        :param filter_flow_ids: only those of these flows
        :param filter_run_ids: only those of these runs
        :param orderby: a field and a direction, such as ``created_timestamp DESC``, or several
        :param per_page: how many at once; MISSING leaves it to Flows
        :param marker: the ``marker`` of the page before; MISSING begins
        :param query_params: further query parameters, which win
        :raises FlowsAPIError: if a parameter is malformed
        """
        params = query(
            query_params,
            filter_roles=comma_joined(filter_roles),
            filter_states=comma_joined(filter_states),
            filter_flow_ids=comma_joined(filter_flow_ids),
            filter_run_ids=comma_joined(filter_run_ids),
            orderby=comma_joined(orderby),
            per_page=per_page,
            marker=marker,
        )
        return IterableWebInputsResponse(self.get("/web_inputs", query_params=params))

    def get_web_input(self, web_input_id: ID) -> GlobusHTTPResponse:
        """
        Fetch a web input, with its question and its ``options``.

        :param web_input_id: its id
        :raises FlowsAPIError: if there is none with this id; ``to_gare`` of the error tells if the
            flow's authentication policy requires a new login
        """
        return self.get(path("/web_inputs/{}", web_input_id))

    def respond_to_web_input(self, web_input_id: ID, value: t.Any) -> GlobusHTTPResponse:
        """
        Answer a web input, which closes it.

        :param web_input_id: its id
        :param value: the answer, any JSON value; for a selection the ``option_id`` of an option
        :raises FlowsAPIError: if it is closed, the caller is no respondent of it, or the answer
            is none of its options
        """
        return self.post(
            path("/web_inputs/{}/respond", web_input_id), data={"response": {"value": value}}
        )
