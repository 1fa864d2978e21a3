"""
Errors of Globus Transfer.
"""

from __future__ import annotations

from globus_core.exc import GlobusAPIError, GlobusError


class TransferAPIError(GlobusAPIError):
    """
    An error response of Globus Transfer.

    ``code`` has parts, as in ``ClientError.NotFound``; ``ExternalError`` and ``EndpointError`` are
    errors of a collection, not of the service.
    """


class TaskFaultError(GlobusError):
    """
    A task was canceled, because an error had happened that was not to be tried again.

    :param task_id: the task's id
    :param code: the code of the error, such as ``FILE_NOT_FOUND``
    :param path: the file or directory; None if Transfer did not say
    :param reason: what went wrong, in Transfer's words
    """

    def __init__(self, task_id: str, code: str, path: str | None, reason: str) -> None:
        where = "" if path is None else f" at {path}"
        super().__init__(f"task {task_id} was canceled after {code}{where}: {reason}")
        self.task_id = task_id
        self.code = code
        self.path = path
        self.reason = reason
