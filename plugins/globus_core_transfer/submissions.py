"""
A submission that is kept by key: its id is stored before it is sent, its task afterwards.
"""

from __future__ import annotations

import hashlib
import json
import typing as t

from globus_core import MISSING
from globus_core.rate_limits import RequestBudget

from .errors import SubmissionKeyError, TaskConflictError, TransferAPIError

if t.TYPE_CHECKING:
    from globus_core import GlobusHTTPResponse

    from .filters import TransferFilterDict
    from .submission_store import Kept, Place, SubmissionStore
    from .tasks import Tasks

    Data = t.Mapping[str, t.Any]


class Submission(t.NamedTuple):
    """
    A task, and the id under which it was submitted.

    :param task_id: the task
    :param submission_id: the submission
    :param is_new: False if the same submission had made the task before
    """

    task_id: str
    submission_id: str
    is_new: bool


def submit_once(client: Tasks, data: Data, place: Place, store: SubmissionStore) -> Submission:
    """
    Submit a document, unless one was submitted in this place.

    :param client: the client
    :param data: the transfer or deletion, which is not changed
    :param place: where the submission is kept
    :param store: the store
    :raises GlobusError: see :meth:`SubmittingOnce.submit_once`
    """
    digest = fingerprint(data)
    kept, is_first = store.find(place), False
    if kept is None:
        fresh = new_id(client)
        kept = store.claim(place, digest, fresh)
        is_first = kept.submission_id == fresh
    _check(kept, digest, place.key)
    if kept.task_id is not None:
        return Submission(kept.task_id, kept.submission_id, is_new=False)
    try:
        submission = submit(client, data, kept.submission_id)
    except (TransferAPIError, TaskConflictError) as error:
        # A later attempt must not do so: an earlier one may have made a task and not have noted it.
        if is_first and is_refusal(error):
            store.drop(place, kept.submission_id)
        raise
    store.note(place, kept.submission_id, submission.task_id)
    return submission


def submit(client: Tasks, data: Data, submission_id: str) -> Submission:
    """
    Submit a document under a submission id.

    :param client: the client
    :param data: the transfer or deletion, which is not changed
    :param submission_id: the id
    :raises TaskConflictError: if an unfinished task has the same paths
    :raises TransferAPIError: if it is refused for another reason
    """
    document = {**data, "submission_id": submission_id}

    def send(client: Tasks) -> GlobusHTTPResponse:
        if data.get("DATA_TYPE") == "delete":
            return client.submit_delete(document)
        return client.submit_transfer(document)

    try:
        answer = RequestBudget(client).send(send)
    except TransferAPIError as error:
        if not has_identical_paths(error):
            raise
        raise TaskConflictError(_blocking(client, data)) from error
    return Submission(answer["task_id"], submission_id, is_new=answer["code"] != "Duplicate")


def new_id(client: Tasks) -> str:
    """
    A submission id that Transfer gives out.

    :param client: the client
    :raises TransferAPIError: if it is refused
    """
    return str(RequestBudget(client).send(lambda client: client.get_submission_id())["value"])


def fingerprint(data: Data) -> str:
    """
    A hash of a document; its submission id and what is MISSING do not count.

    :param data: the transfer or deletion
    """
    known = _known({**data, "submission_id": MISSING})
    return hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode()).hexdigest()


def is_refusal(error: Exception) -> bool:
    """
    Whether an error says that no task was made, and that sending the same again makes no sense.

    :param error: the error of a submission
    """
    if isinstance(error, TransferAPIError):
        return 400 <= error.http_status < 500 and not error.retryable
    return True


def has_identical_paths(error: TransferAPIError) -> bool:
    """
    Whether an error says that an unfinished task has the same paths.

    :param error: the error of a submission
    """
    # The code, Conflict, is that of other conflicts too.
    return error.http_status == 409 and "identical paths" in (error.message or "")


def _blocking(client: Tasks, data: Data) -> list[str]:
    """
    The unfinished tasks between the same collections; the error itself does not say which it is.
    """
    kind = "DELETE" if data.get("DATA_TYPE") == "delete" else "TRANSFER"
    wanted: TransferFilterDict = {"status": ["ACTIVE", "INACTIVE"], "type": kind}
    source = str(data.get("source_endpoint", data.get("endpoint")))
    target = data.get("destination_endpoint")
    sides = (source, None if target is None else str(target))
    try:
        found = RequestBudget(client).send(lambda client: client.task_list(filter=wanted))
    except TransferAPIError:
        return []  # the conflict matters more
    return [task["task_id"] for task in found if _sides(task) == sides]


def _sides(task: Data) -> tuple[str | None, str | None]:
    return task.get("source_endpoint_id"), task.get("destination_endpoint_id")


def _check(kept: Kept, digest: str, key: str) -> None:
    if kept.fingerprint != digest:
        raise SubmissionKeyError(key, kept.task_id)


def _known(value: t.Any) -> t.Any:
    if isinstance(value, t.Mapping):
        return {str(name): _known(each) for name, each in value.items() if each is not MISSING}
    if isinstance(value, (list, tuple)):
        return [_known(each) for each in value if each is not MISSING]
    return value
