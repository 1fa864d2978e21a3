"""
The endpoint manager: tasks of others on endpoints that the caller manages.

The methods need the role ``activity_monitor``, those that change something ``activity_manager``.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import comma_joined, flag, iso_time, listed, path, query
from globus_core.exc import GlobusSDKUsageError
from globus_core.paging import LastKeyPaginator, has_paginator

from .responses import IterableTransferResponse
from .tasks import counted_pages, marked_pages

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import typing as t

    from globus_core import MissingType
    from globus_core.documents import IDs

    from .answer_documents import SkippedError, SuccessfulTransfer, TaskDocument, TaskEvent
    from .answers import TaskResponse
    from .endpoints import ID, Params

    Time: t.TypeAlias = datetime.datetime | str

_MANAGER = "/v0.10/endpoint_manager"


class ManagedTasks(BaseClient):
    """
    The methods for tasks on endpoints that the caller manages.
    """

    service_name = "transfer"

    @has_paginator(LastKeyPaginator, items_key="DATA")
    def endpoint_manager_task_list(
        self,
        *,
        filter_status: str | t.Iterable[str] | MissingType = MISSING,
        filter_task_id: IDs | MissingType = MISSING,
        filter_owner_id: ID | MissingType = MISSING,
        filter_endpoint: ID | MissingType = MISSING,
        filter_endpoint_use: t.Literal["source", "destination"] | MissingType = MISSING,
        filter_is_paused: bool | MissingType = MISSING,
        filter_completion_time: str | tuple[Time, Time] | MissingType = MISSING,
        filter_min_faults: int | MissingType = MISSING,
        filter_local_user: str | MissingType = MISSING,
        last_key: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse[TaskDocument]:
        """
        List tasks on the caller's endpoints, one page of them.

        Transfer requires an endpoint, an owner or task ids for all but the tasks that are active.

        :param filter_status: ACTIVE, INACTIVE, SUCCEEDED or FAILED, one or several
        :param filter_task_id: only these tasks, one or several, 50 at most
        :param filter_owner_id: only tasks of this identity
        :param filter_endpoint: only tasks that use this endpoint
        :param filter_endpoint_use: only tasks that use it as ``source`` or as ``destination``
        :param filter_is_paused: only tasks that are paused (True) or not (False)
        :param filter_completion_time: only tasks that ended in this range: a pair of times, or the
            text ``begin,end``. An empty string is an open end. A datetime without a time zone is in
            local time
        :param filter_min_faults: only tasks with so many errors at least
        :param filter_local_user: only tasks of this account on the system behind the endpoint
        :param last_key: the ``last_key`` of the page before; MISSING begins
        :param query_params: further query parameters, which win
        :raises GlobusSDKUsageError: if there is a ``filter_endpoint_use`` without an endpoint
        :raises TransferAPIError: if the caller does not manage the endpoint
        """
        if filter_endpoint_use is not MISSING and filter_endpoint is MISSING:
            raise GlobusSDKUsageError("'filter_endpoint_use' needs a 'filter_endpoint'")
        params = query(
            query_params,
            filter_status=comma_joined(filter_status),
            filter_task_id=comma_joined(filter_task_id),
            filter_owner_id=filter_owner_id,
            filter_endpoint=filter_endpoint,
            filter_endpoint_use=filter_endpoint_use,
            filter_is_paused=filter_is_paused,
            filter_completion_time=_range(filter_completion_time),
            filter_min_faults=filter_min_faults,
            filter_local_user=filter_local_user,
            last_key=last_key,
        )
        return IterableTransferResponse(self.get(f"{_MANAGER}/task_list", query_params=params))

    def endpoint_manager_get_task(
        self, task_id: ID, *, query_params: Params = None
    ) -> TaskResponse:
        """
        Fetch a task.

        :param task_id: the task's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller manages none of its endpoints
        """
        return self.get(path(_MANAGER + "/task/{}", task_id), query_params=query(query_params))  # type: ignore[return-value]

    @counted_pages
    def endpoint_manager_task_event_list(
        self,
        task_id: ID,
        *,
        limit: int | MissingType = MISSING,
        offset: int | MissingType = MISSING,
        filter_is_error: bool | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse[TaskEvent]:
        """
        List what has happened to a task, the latest first.

        :param task_id: the task's id
        :param limit: how many at once, 1000 at most; MISSING leaves it to Transfer
        :param offset: how many to skip
        :param filter_is_error: only errors (True) or only other events (False)
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller manages none of its endpoints
        """
        params = query(
            query_params, limit=limit, offset=offset, filter_is_error=flag(filter_is_error)
        )
        return IterableTransferResponse(
            self.get(path(_MANAGER + "/task/{}/event_list", task_id), query_params=params)
        )

    def endpoint_manager_task_pause_info(
        self, task_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Fetch why a task is paused.

        :param task_id: the task's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller manages none of its endpoints
        """
        return self.get(
            path(_MANAGER + "/task/{}/pause_info", task_id), query_params=query(query_params)
        )

    @marked_pages
    def endpoint_manager_task_successful_transfers(
        self,
        task_id: ID,
        *,
        marker: str | int | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse[SuccessfulTransfer]:
        """
        List the files that a transfer has transferred, one page of them; after its end.

        :param task_id: the task's id
        :param marker: the ``next_marker`` of the page before; MISSING begins
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the task has not ended, or the caller manages none of its
            endpoints
        """
        return IterableTransferResponse(
            self.get(
                path(_MANAGER + "/task/{}/successful_transfers", task_id),
                query_params=query(query_params, marker=marker),
            )
        )

    @marked_pages
    def endpoint_manager_task_skipped_errors(
        self,
        task_id: ID,
        *,
        marker: str | int | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse[SkippedError]:
        """
        List the files that a transfer has skipped, and why, one page of them; after its end.

        :param task_id: the task's id
        :param marker: the ``next_marker`` of the page before; MISSING begins
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the task has not ended, or the caller manages none of its
            endpoints
        """
        return IterableTransferResponse(
            self.get(
                path(_MANAGER + "/task/{}/skipped_errors", task_id),
                query_params=query(query_params, marker=marker),
            )
        )

    # what is done to them

    def endpoint_manager_cancel_tasks(
        self, task_ids: IDs, message: str, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Cancel tasks, which takes a while; ``id`` of the response is for the next method.

        :param task_ids: the ids of the tasks, one or several
        :param message: what their owners read
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller manages none of the endpoints of a task
        """
        return self.post(
            f"{_MANAGER}/admin_cancel",
            data={"message": message, "task_id_list": listed(task_ids)},
            query_params=query(query_params),
        )

    def endpoint_manager_cancel_status(
        self, admin_cancel_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Fetch whether tasks have been canceled yet.

        :param admin_cancel_id: the ``id`` that :meth:`endpoint_manager_cancel_tasks` has returned
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if there is no such id
        """
        return self.get(
            path(_MANAGER + "/admin_cancel/{}", admin_cancel_id), query_params=query(query_params)
        )

    def endpoint_manager_pause_tasks(
        self, task_ids: IDs, message: str, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Pause tasks until they are resumed.

        :param task_ids: the ids of the tasks, one or several
        :param message: what their owners read
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller manages none of the endpoints of a task
        """
        return self.post(
            f"{_MANAGER}/admin_pause",
            data={"message": message, "task_id_list": listed(task_ids)},
            query_params=query(query_params),
        )

    def endpoint_manager_resume_tasks(
        self, task_ids: IDs, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Resume tasks that were paused.

        :param task_ids: the ids of the tasks, one or several
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller manages none of the endpoints of a task
        """
        return self.post(
            f"{_MANAGER}/admin_resume",
            data={"task_id_list": listed(task_ids)},
            query_params=query(query_params),
        )


def _range(times: str | tuple[Time, Time] | MissingType) -> str | MissingType:
    """A pair of times as Transfer reads it."""
    if isinstance(times, str) or not isinstance(times, (list, tuple)):
        return times
    return ",".join([str(iso_time(time)) for time in times])
