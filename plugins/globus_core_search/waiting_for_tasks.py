"""
Waiting for tasks.
"""

from __future__ import annotations

from globus_core.polling import polled

from .tasks import Tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .indices import ID
    from .typed_documents import TaskDocument

ENDED = frozenset({"SUCCESS", "FAILED"})


class WaitingForTasks(Tasks):
    """
    The method that waits for tasks.
    """

    service_name = "search"

    def wait_for_task(self, task_id: ID, timeout: float | None = None) -> TaskDocument:
        """
        Wait until a task has ended, and give its last document.

        The task is fetched at once, then after 1, 2, 4 ... 30 seconds. Errors of the network and
        of the service that may pass do not end the wait.

        :param task_id: its id
        :param timeout: how long to wait, in seconds of real time; None waits for as long as it
            takes, and 0 asks once
        :return: the document, whose ``state`` is ``SUCCESS`` or ``FAILED``; or ``PENDING`` or
            ``PROGRESS`` if the task has not ended until ``timeout``
        :raises GlobusSDKUsageError: if ``timeout`` is negative
        :raises SearchAPIError: if there is no such task, or the caller must not see it
        :raises NetworkError: if Search could not be reached until ``timeout``
        """
        task: TaskDocument = {"task_id": str(task_id), "state": "PENDING"}
        for task in polled(lambda: self._task(task_id), timeout):
            if task["state"] in ENDED:
                break
        return task

    def _task(self, task_id: ID) -> TaskDocument:
        task: TaskDocument = self.get_task(task_id).data
        return task
