"""
Errors of Globus Transfer.
"""

from __future__ import annotations

from globus_core.exc import GlobusAPIError, GlobusError, GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


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


class TaskConflictError(GlobusError):
    """
    A submission was refused, because a task with the same paths has not ended; its cause is the
    error response.

    Transfer does not say which task that is. If the caller has one unfinished task between the
    same collections, it is that one; of several, it is one of them.

    :param task_ids: the unfinished tasks between the same collections; empty if they are not known
    """

    def __init__(self, task_ids: t.Iterable[str]) -> None:
        ids = list(task_ids)
        which = {0: "an unfinished task", 1: f"the unfinished task {', '.join(ids)}"}
        told = which.get(len(ids), f"one of the unfinished tasks {', '.join(ids)}")
        super().__init__(f"{told} has the same paths; wait for it, or cancel it")
        self.task_ids = ids

    @property
    def task_id(self) -> str | None:
        """
        The task that blocks; None if it may be one of several.
        """
        return self.task_ids[0] if len(self.task_ids) == 1 else None


class SubmissionKeyError(GlobusSDKUsageError):
    """
    A key stands for a submission with another document, so nothing was sent.

    :param key: the key
    :param task_id: the task of that submission; None if it is not known
    """

    def __init__(self, key: str, task_id: str | None) -> None:
        task = "" if task_id is None else f", task {task_id}"
        super().__init__(
            f"the key {key!r} stands for a submission with another document{task}; use another "
            "key, or call forget_submission() first"
        )
        self.key = key
        self.task_id = task_id


class WalkError(GlobusError):
    """
    Directories could not be listed; everything else was.

    :param errors: why, by the path of the directory
    """

    def __init__(self, errors: dict[str, TransferAPIError]) -> None:
        path, first = next(iter(errors.items()))
        others = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
        super().__init__(f"{path!r}{others} could not be listed: {first}")
        self.errors = errors


class UnknownPrincipalError(GlobusError):
    """
    There is no person or group of a name, or several groups, so nothing was changed.
    """
