"""
Tasks: what becomes of entries that are ingested or deleted.
"""

from __future__ import annotations

from globus_core import BaseClient, GlobusHTTPResponse
from globus_core.documents import path, query

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .indices import ID, Params


class Tasks(BaseClient):
    """
    The methods for tasks.
    """

    service_name = "search"

    def get_task(self, task_id: ID, *, query_params: Params = None) -> GlobusHTTPResponse:
        """
        Fetch a task. Its ``state`` is ``PENDING``, ``PROGRESS``, ``SUCCESS`` or ``FAILED``, and
        ``message`` says why it has failed.

        :param task_id: its id
        :param query_params: further query parameters, which win
        :raises SearchAPIError: if there is no such task, or the caller must not see it
        """
        return self.get(path("/v1/task/{}", task_id), query_params=query(query_params))

    def get_task_list(self, index_id: ID, *, query_params: Params = None) -> GlobusHTTPResponse:
        """
        List the last tasks of an index, in ``tasks``.

        :param index_id: the index's id
        :param query_params: further query parameters, which win
        :raises SearchAPIError: if the caller must not write to the index
        """
        return self.get(path("/v1/task_list/{}", index_id), query_params=query(query_params))
