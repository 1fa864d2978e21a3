"""
What is answered about files and tasks.
"""

from __future__ import annotations

from . import documents as doc
from .answers import canned, refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.testing import ResponseSet

    Sets = dict[str, ResponseSet]

_OPERATION = f"/v0.10/operation/endpoint/{doc.COLLECTION_ID}"
_ENDPOINT: dict[str, t.Any] = {"endpoint_id": doc.COLLECTION_ID}
_TASK = f"/v0.10/task/{doc.TASK_ID}"
_ID: dict[str, t.Any] = {"task_id": doc.TASK_ID}
_SUBMITTED: dict[str, t.Any] = {"submission_id": doc.SUBMISSION_ID, **_ID}
_TRANSFER = {
    "DATA_TYPE": "transfer",
    "submission_id": doc.SUBMISSION_ID,
    "source_endpoint": doc.COLLECTION_ID,
    "destination_endpoint": doc.DESTINATION_ID,
    "DATA": [
        {
            "DATA_TYPE": "transfer_item",
            "source_path": doc.TRANSFERRED["source_path"],
            "destination_path": doc.TRANSFERRED["destination_path"],
        }
    ],
}
_DELETION = {
    "DATA_TYPE": "delete",
    "submission_id": doc.SUBMISSION_ID,
    "endpoint": doc.COLLECTION_ID,
    "DATA": [{"DATA_TYPE": "delete_item", "path": doc.TRANSFERRED["source_path"]}],
}


def _operations() -> Sets:
    ls, stat = f"{_OPERATION}/ls", f"{_OPERATION}/stat"
    mkdir, rename = f"{_OPERATION}/mkdir", f"{_OPERATION}/rename"
    files = {
        "DATA_TYPE": "file_list",
        "DATA": [doc.DIRECTORY, doc.FILE],
        "endpoint": doc.COLLECTION_ID,
        "path": "/~/",
        "absolute_path": None,
        "length": 2,
        "total": 2,
        "rename_supported": True,
        "symlink_supported": True,
    }
    made = doc.result("DirectoryCreated", "the directory was created", DATA_TYPE="mkdir_result")
    renamed = doc.result("FileRenamed", "the file was renamed")
    old_and_new = {"oldpath": "/~/a.fits", "newpath": "/~/b.fits"}
    look = canned(
        "GET",
        stat,
        doc.FILE,
        "not_found",
        args={**_ENDPOINT, "path": "/~/orion.fits"},
        **_ENDPOINT,
    )
    look.register("permission_denied", refusal("GET", stat, "denied_by_endpoint", **_ENDPOINT))
    return {
        "operation_ls": canned(
            "GET",
            ls,
            files,
            *("no_such_path", "denied_by_endpoint", "consent_required", "disconnected"),
            args=_ENDPOINT,
            **_ENDPOINT,
        ),
        "operation_stat": look,
        "operation_mkdir": canned(
            "POST",
            mkdir,
            made,
            *("exists", "denied_by_endpoint"),
            args={**_ENDPOINT, "path": "/~/nebulae"},
            **_ENDPOINT,
        ),
        "operation_rename": canned(
            "POST", rename, renamed, "no_such_path", args={**_ENDPOINT, **old_and_new}, **_ENDPOINT
        ),
    }


def _submissions() -> Sets:
    def accepted(kind: str, code: str) -> dict[str, t.Any]:
        link = {
            "DATA_TYPE": "link",
            "href": f"task/{doc.TASK_ID}?format=json",
            "rel": "related",
            "resource": "task",
            "title": "related task",
        }
        more = {"DATA_TYPE": f"{kind}_result", "resource": f"/{kind}", "task_link": link}
        return doc.result(code, "there is a task for it", **more, **_SUBMITTED)

    def submission(kind: str, document: dict[str, t.Any]) -> ResponseSet:
        path = f"/v0.10/{kind}"
        made = canned(
            "POST",
            path,
            accepted(kind, "Accepted"),
            "consent_required",
            args={"data": document},
            cases={"duplicate": accepted(kind, "Duplicate")},
            **_SUBMITTED,
        )
        made.register("failure", refusal("POST", path, "no_items", args={"data": document}))
        return made

    return {
        "get_submission_id": canned(
            "GET",
            "/v0.10/submission_id",
            {"value": doc.SUBMISSION_ID},
            args={},
            submission_id=doc.SUBMISSION_ID,
        ),
        "submit_transfer": submission("transfer", _TRANSFER),
        "submit_delete": submission("delete", _DELETION),
    }


def _tasks() -> Sets:
    tasks = [doc.TASK, {**doc.FAILED, "task_id": doc.SUBMISSION_ID}]
    told: dict[str, t.Any] = {
        "tasks": [
            {
                "source_id": doc.COLLECTION_ID,
                "destination_id": doc.DESTINATION_ID,
                "owner_id": doc.IDENTITY_ID,
                "task_id": doc.TASK_ID,
            }
        ]
    }
    states = {
        "active": doc.ACTIVE,
        "retrying": doc.RETRYING,
        "inactive": doc.INACTIVE,
        "failed": doc.FAILED,
    }
    events = [doc.SUCCEEDED, doc.STARTED]
    pause = {
        "DATA_TYPE": "pause_info_limited",
        "pause_rules": [doc.PAUSE_RULE],
        "source_pause_message": None,
        "destination_pause_message": None,
        "source_pause_message_share": None,
        "destination_pause_message_share": None,
    }
    canceled = doc.result("Canceled", "the task is being canceled")
    change = {**_ID, "data": {"label": doc.TASK["label"]}}
    return {
        "task_list": canned(
            "GET",
            "/v0.10/task_list",
            doc.counted("task_list", doc.TASK),
            "bad_request",
            args={},
            cases={"paginated": in_turn("task_list", tasks)},
            **told,
        ),
        "get_task": canned("GET", _TASK, doc.TASK, "not_found", args=_ID, cases=states, **_ID),
        "task_wait": canned("GET", _TASK, doc.TASK, "not_found", args=_ID, **_ID),
        "update_task": canned(
            "PUT", _TASK, doc.result("Updated", "the task was updated"), "conflict", args=change
        ),
        "cancel_task": canned(
            "POST",
            f"{_TASK}/cancel",
            canceled,
            "not_found",
            args=_ID,
            cases={"complete": doc.result("TaskComplete", "the task has ended before")},
            **_ID,
        ),
        "task_event_list": event_list(f"{_TASK}/event_list", events),
        "task_pause_info": canned("GET", f"{_TASK}/pause_info", pause, args=_ID, **_ID),
        "task_successful_transfers": file_list(_TASK, "successful_transfers", doc.TRANSFERRED),
        "task_skipped_errors": file_list(_TASK, "skipped_errors", doc.SKIPPED),
    }


def in_turn(kind: str, items: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """
    Documents as pages with one of them each, all of which are counted.

    :param kind: the ``DATA_TYPE``
    :param items: the documents
    """
    total = len(items)
    return [doc.counted(kind, each, total=total, offset=at) for at, each in enumerate(items)]


def event_list(path: str, events: list[dict[str, t.Any]]) -> ResponseSet:
    """
    The set of a method that lists events.

    :param path: its path
    :param events: the events
    """
    return canned(
        "GET",
        path,
        doc.counted("event_list", *events),
        "not_found",
        args=_ID,
        cases={"paginated": in_turn("event_list", events)},
        **_ID,
    )


def file_list(task: str, name: str, document: dict[str, t.Any]) -> ResponseSet:
    """
    The set of a method that lists the files of a task.

    :param task: the path of the task
    :param name: the name of the list
    :param document: what is told of a file
    """
    page = doc.listing(name, document, marker=0, next_marker=None)
    first = {**page, "next_marker": 51}
    second = {**page, "marker": 51}
    return canned(
        "GET",
        f"{task}/{name}",
        page,
        "bad_request",
        args=_ID,
        cases={"paginated": [first, second]},
        **_ID,
    )


RESPONSE_SETS: t.Mapping[str, ResponseSet] = {**_operations(), **_submissions(), **_tasks()}
