"""
Tasks: transfers and deletions that are submitted and then done in the background.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import comma_joined, path, query
from globus_core.exc import GlobusSDKUsageError
from globus_core.paging import LimitOffsetTotalPaginator, NullableMarkerPaginator, has_paginator

from .responses import IterableTransferResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import MissingType

    from .answer_documents import SkippedError, SuccessfulTransfer, TaskDocument, TaskEvent
    from .answers import ResultResponse, SubmissionIdResponse, SubmissionResponse, TaskResponse
    from .delete_data import DeleteData
    from .endpoints import ID, Body, Params
    from .filters import TransferFilterDict
    from .transfer_data import TransferData


def _length(page: IterableTransferResponse) -> int:
    return len(page["DATA"])


#: how lists of tasks and events are paginated
counted_pages = has_paginator(
    LimitOffsetTotalPaginator,
    items_key="DATA",
    get_page_size=_length,
    max_total_results=1000,
    page_size=1000,
)
#: how lists of files are paginated
marked_pages = has_paginator(NullableMarkerPaginator, items_key="DATA", marker_key="next_marker")


class Tasks(BaseClient):
    """
    The methods for tasks of the caller.
    """

    service_name = "transfer"

    # submitting

    def get_submission_id(self, *, query_params: Params = None) -> SubmissionIdResponse:
        """
        Fetch a new submission id, under ``value``.

        :param query_params: further query parameters, which win
        """
        return self.get("/v0.10/submission_id", query_params=query(query_params))  # type: ignore[return-value]

    def submit_transfer(self, data: dict[str, t.Any] | TransferData) -> SubmissionResponse:
        """
        Submit a transfer; its ``task_id`` is in the response.

        If there is no ``submission_id``, a new one is fetched and stored in ``data``. Then the same
        document can be submitted again, after an error for example, without starting a second task.

        :param data: the transfer
        :raises TransferAPIError: if it is refused; with ``info.consent_required`` if a collection
            needs a consent
        """
        return self._submit("/v0.10/transfer", data)

    def submit_delete(self, data: dict[str, t.Any] | DeleteData) -> SubmissionResponse:
        """
        Submit a deletion; its ``task_id`` is in the response.

        The submission id is handled as by :meth:`submit_transfer`.

        :param data: the deletion
        :raises TransferAPIError: if it is refused; with ``info.consent_required`` if the collection
            needs a consent
        """
        return self._submit("/v0.10/delete", data)

    def _submit(self, path: str, data: dict[str, t.Any]) -> SubmissionResponse:
        if data.get("submission_id", MISSING) is MISSING:
            data["submission_id"] = self.get_submission_id()["value"]
        return self.post(path, data=data)  # type: ignore[return-value]

    # looking at them

    @counted_pages
    def task_list(
        self,
        *,
        limit: int | MissingType = MISSING,
        offset: int | MissingType = MISSING,
        orderby: str | list[str] | MissingType = MISSING,
        filter: str | TransferFilterDict | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse[TaskDocument]:
        """
        List the caller's tasks, the newest first.

        :param limit: how many at once, 1000 at most; MISSING leaves it to Transfer
        :param offset: how many to skip
        :param orderby: a field such as ``label`` or ``completion_time DESC``, or several
        :param filter: which to list: ``{"status": ["ACTIVE", "INACTIVE"]}``, which is the same as
            the text ``status:ACTIVE,INACTIVE``; a time takes a pair, one of which may be empty
        :param query_params: further query parameters, which win
        :raises GlobusSDKUsageError: if a value of the filter has a ``/``
        :raises TransferAPIError: if the filter is malformed
        """
        from .filters import filter_text

        params = query(
            query_params,
            limit=limit,
            offset=offset,
            orderby=comma_joined(orderby),
            filter=filter_text(filter),
        )
        return IterableTransferResponse(self.get("/v0.10/task_list", query_params=params))

    @counted_pages
    def task_event_list(
        self,
        task_id: ID,
        *,
        limit: int | MissingType = MISSING,
        offset: int | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse[TaskEvent]:
        """
        List what has happened to a task, the latest first.

        :param task_id: the task's id
        :param limit: how many at once, 1000 at most; MISSING leaves it to Transfer
        :param offset: how many to skip
        :param query_params: further query parameters, which win; ``{"filter": "is_error:1"}`` lists
            errors only
        :raises TransferAPIError: if the caller has no such task
        """
        return IterableTransferResponse(
            self.get(
                path("/v0.10/task/{}/event_list", task_id),
                query_params=query(query_params, limit=limit, offset=offset),
            )
        )

    def get_task(self, task_id: ID, *, query_params: Params = None) -> TaskResponse:
        """
        Fetch a task: its ``status`` (ACTIVE, INACTIVE, SUCCEEDED or FAILED) and its counters.

        :param task_id: the task's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller has no such task
        """
        return self.get(path("/v0.10/task/{}", task_id), query_params=query(query_params))  # type: ignore[return-value]

    def task_pause_info(self, task_id: ID, *, query_params: Params = None) -> GlobusHTTPResponse:
        """
        Fetch why a task is paused: the rules and messages of the collections' managers.

        :param task_id: the task's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller has no such task
        """
        return self.get(
            path("/v0.10/task/{}/pause_info", task_id), query_params=query(query_params)
        )

    @marked_pages
    def task_successful_transfers(
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
        :raises TransferAPIError: if the task has not ended, is a deletion, or is not the caller's
        """
        return IterableTransferResponse(
            self.get(
                path("/v0.10/task/{}/successful_transfers", task_id),
                query_params=query(query_params, marker=marker),
            )
        )

    @marked_pages
    def task_skipped_errors(
        self,
        task_id: ID,
        *,
        marker: str | int | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse[SkippedError]:
        """
        List the files that a transfer has skipped, and why, one page of them; after its end.

        Files are only skipped in transfers with ``skip_source_errors``.

        :param task_id: the task's id
        :param marker: the ``next_marker`` of the page before; MISSING begins
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the task has not ended, or is not the caller's
        """
        return IterableTransferResponse(
            self.get(
                path("/v0.10/task/{}/skipped_errors", task_id),
                query_params=query(query_params, marker=marker),
            )
        )

    # changing them

    def update_task(
        self, task_id: ID, data: Body, *, query_params: Params = None
    ) -> ResultResponse:
        """
        Change the label or the deadline of a task that has not ended.

        :param task_id: the task's id
        :param data: the fields to change: ``label``, ``deadline`` (ISO 8601)
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the task has ended, or is not the caller's
        """
        return self.put(  # type: ignore[return-value]
            path("/v0.10/task/{}", task_id), data=data, query_params=query(query_params)
        )

    def cancel_task(self, task_id: ID) -> ResultResponse:
        """
        Cancel a task; ``code`` says whether that was done, or the task had ended before.

        :param task_id: the task's id
        :raises TransferAPIError: if the caller has no such task
        """
        return self.post(path("/v0.10/task/{}/cancel", task_id))  # type: ignore[return-value]

    # waiting for them

    def task_wait(self, task_id: ID, *, timeout: int = 10, polling_interval: int = 10) -> bool:
        """
        Wait until a task is no longer active, and say whether it is so.

        True does not mean that it succeeded: it may have failed, or wait for a consent (INACTIVE).

        :param task_id: the task's id
        :param timeout: how long to wait, in seconds, 1 at least; the time that requests take is not
            counted
        :param polling_interval: the time between two requests, in seconds, 1 at least; it is
            reduced to ``timeout``
        :raises GlobusSDKUsageError: if one of the times is less than a second
        :raises TransferAPIError: if the caller has no such task
        """
        from globus_core import waiting

        if timeout < 1 or polling_interval < 1:
            raise GlobusSDKUsageError(
                "'timeout' and 'polling_interval' must be at least 1 second, "
                f"not {timeout} and {polling_interval}"
            )
        interval = min(timeout, polling_interval)
        waited = 0
        while self.get_task(task_id)["status"] == "ACTIVE":
            waited += interval
            if waited > timeout:
                return False
            waiting.sleep(interval)
        return True
