"""
Runs of flows: finding them, their logs, changing and ending them.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import Document, comma_joined, path, query
from globus_core.paging import MarkerPaginator, has_paginator

from .responses import IterableRunLogsResponse, IterableRunsResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import MissingType
    from globus_core.documents import IDs

    from .flows import ID, Fields, Params


class Runs(BaseClient):
    """
    The methods for runs that have been started.
    """

    service_name = "flows"

    @has_paginator(MarkerPaginator, items_key="runs")
    def list_runs(
        self,
        *,
        filter_flow_id: IDs | MissingType = MISSING,
        filter_roles: str | t.Iterable[str] | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableRunsResponse:
        """
        List runs that are visible to the caller, the newest first.

        :param filter_flow_id: only runs of this flow, or of several
        :param filter_roles: only those on which the caller has one of these roles: ``run_owner``,
            ``run_manager``, ``run_monitor``, ``flow_run_manager``, ``flow_run_monitor``
        :param marker: the ``marker`` of the page before; MISSING begins
        :param query_params: further query parameters, which win
        :raises FlowsAPIError: if a parameter is malformed
        """
        params = query(
            query_params,
            filter_flow_id=comma_joined(filter_flow_id),
            filter_roles=comma_joined(filter_roles),
            marker=marker,
        )
        return IterableRunsResponse(self.get("/runs", query_params=params))

    def get_run(
        self,
        run_id: ID,
        *,
        include_flow_description: bool | MissingType = MISSING,
        query_params: Params = None,
    ) -> GlobusHTTPResponse:
        """
        Fetch a run; ``status`` is ACTIVE, INACTIVE, SUCCEEDED or FAILED.

        :param run_id: its id
        :param include_flow_description: add the flow's texts, under ``flow_description``; MISSING
            does not
        :param query_params: further query parameters, which win
        :raises FlowsAPIError: if there is none with this id, or it is not visible to the caller
        """
        params = query(query_params, include_flow_description=include_flow_description)
        return self.get(path("/runs/{}", run_id), query_params=params)

    def get_run_definition(self, run_id: ID) -> GlobusHTTPResponse:
        """
        Fetch the definition and the input schema with which a run was started.

        :param run_id: the run's id
        :raises FlowsAPIError: if there is none with this id, or it is not visible to the caller
        """
        return self.get(path("/runs/{}/definition", run_id))

    @has_paginator(MarkerPaginator, items_key="entries")
    def get_run_logs(
        self,
        run_id: ID,
        *,
        limit: int | MissingType = MISSING,
        reverse_order: bool | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableRunLogsResponse:
        """
        List what has happened in a run, the earliest first.

        :param run_id: the run's id
        :param limit: how many entries at once; MISSING leaves it to Flows
        :param reverse_order: True gives the latest first
        :param marker: the ``marker`` of the page before; MISSING begins
        :param query_params: further query parameters, which win
        :raises FlowsAPIError: if there is none with this id, or it is not visible to the caller
        """
        params = query(query_params, limit=limit, reverse_order=reverse_order, marker=marker)
        return IterableRunLogsResponse(self.get(path("/runs/{}/log", run_id), query_params=params))

    def update_run(
        self,
        run_id: ID,
        *,
        label: str | MissingType | None = MISSING,
        tags: list[str] | MissingType | None = MISSING,
        run_monitors: list[str] | MissingType | None = MISSING,
        run_managers: list[str] | MissingType | None = MISSING,
        additional_fields: Fields = None,
    ) -> GlobusHTTPResponse:
        """
        Change what is written about a run, and who may see and manage it.

        Fields that are MISSING stay as they are; a list takes the place of the one before.

        :param run_id: the run's id
        :param label: its label
        :param tags: its tags
        :param run_monitors: URNs of those who may see it
        :param run_managers: URNs of those who may also cancel and change it
        :param additional_fields: further fields, which win
        :raises FlowsAPIError: if a field is malformed, or the caller must not change the run
        """
        fields = {
            "tags": tags,
            "label": label,
            "run_monitors": run_monitors,
            "run_managers": run_managers,
        }
        return self.put(path("/runs/{}", run_id), data=Document(fields, additional_fields))

    def cancel_run(self, run_id: ID) -> GlobusHTTPResponse:
        """
        End a run that has not ended.

        :param run_id: the run's id
        :raises FlowsAPIError: if the run has ended, or the caller must not cancel it
        """
        return self.post(path("/runs/{}/cancel", run_id))

    def delete_run(self, run_id: ID) -> GlobusHTTPResponse:
        """
        Delete what is known of a run that has ended.

        :param run_id: the run's id
        :raises FlowsAPIError: if the run has not ended, or the caller must not delete it
        """
        return self.post(path("/runs/{}/release", run_id))
