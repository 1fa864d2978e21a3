"""
What managers of endpoints are answered.
"""

from __future__ import annotations

from . import documents as doc
from .answers import canned
from .tasks import event_list, file_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.testing import ResponseSet

    Sets = dict[str, ResponseSet]

_MANAGER = "/v0.10/endpoint_manager"
_ENDPOINT = f"{_MANAGER}/endpoint/{doc.COLLECTION_ID}"
_TASK = f"{_MANAGER}/task/{doc.TASK_ID}"
_ENDPOINT_ID: dict[str, t.Any] = {"endpoint_id": doc.COLLECTION_ID}
_ID: dict[str, t.Any] = {"task_id": doc.TASK_ID}


def _endpoints() -> Sets:
    def endpoints(path: str, **args: t.Any) -> ResponseSet:
        found = doc.listing("endpoint_list", doc.COLLECTION)
        return canned("GET", path, found, args=args, endpoint_id=doc.COLLECTION_ID)

    return {
        "endpoint_manager_monitored_endpoints": endpoints(f"{_MANAGER}/monitored_endpoints"),
        "endpoint_manager_hosted_endpoint_list": endpoints(
            f"{_ENDPOINT}/hosted_endpoint_list", **_ENDPOINT_ID
        ),
        "endpoint_manager_get_endpoint": canned(
            "GET",
            _ENDPOINT,
            doc.COLLECTION,
            "permission_denied",
            args=_ENDPOINT_ID,
            **_ENDPOINT_ID,
        ),
        "endpoint_manager_acl_list": canned(
            "GET",
            f"{_ENDPOINT}/access_list",
            doc.listing("access_list", doc.RULE),
            "permission_denied",
            args=_ENDPOINT_ID,
            **_ENDPOINT_ID,
        ),
    }


def _tasks() -> Sets:
    page = doc.listing("task_list", doc.ACTIVE, has_next_page=False, last_key=None)
    first = {**page, "has_next_page": True, "last_key": "second"}
    told: dict[str, t.Any] = {
        "task_id": doc.TASK_ID,
        "source": doc.COLLECTION_ID,
        "destination": doc.DESTINATION_ID,
        "owner_id": doc.IDENTITY_ID,
    }
    pause = {
        "DATA_TYPE": "pause_info",
        "pause_rules": [doc.PAUSE_RULE],
        "source_pause_message": None,
        "destination_pause_message": None,
        "source_pause_message_share": None,
        "destination_pause_message_share": None,
    }
    return {
        "endpoint_manager_task_list": canned(
            "GET",
            f"{_MANAGER}/task_list",
            page,
            "permission_denied",
            args={},
            cases={"paginated": [first, page]},
            **told,
        ),
        "endpoint_manager_get_task": canned(
            "GET", _TASK, doc.ACTIVE, "permission_denied", args=_ID, **_ID
        ),
        "endpoint_manager_task_event_list": event_list(
            f"{_TASK}/event_list", [doc.SUCCEEDED, doc.STARTED]
        ),
        "endpoint_manager_task_pause_info": canned(
            "GET", f"{_TASK}/pause_info", pause, args=_ID, **_ID
        ),
        "endpoint_manager_task_successful_transfers": file_list(
            _TASK, "successful_transfers", doc.TRANSFERRED
        ),
        "endpoint_manager_task_skipped_errors": file_list(_TASK, "skipped_errors", doc.SKIPPED),
    }


def _actions() -> Sets:
    args: dict[str, t.Any] = {"task_ids": [doc.TASK_ID]}
    with_message = {**args, "message": "the disks are being replaced"}
    status = {"DATA_TYPE": "admin_cancel", "id": doc.CANCEL_ID, "done": True}
    paused = doc.result("PauseAccepted", "the tasks are being paused")
    resumed = doc.result("ResumeAccepted", "the tasks are being resumed")
    one: dict[str, t.Any] = {"admin_cancel_id": doc.CANCEL_ID}
    return {
        "endpoint_manager_cancel_tasks": canned(
            "POST",
            f"{_MANAGER}/admin_cancel",
            {**status, "done": False},
            "permission_denied",
            args=with_message,
            **one,
        ),
        "endpoint_manager_cancel_status": canned(
            "GET",
            f"{_MANAGER}/admin_cancel/{doc.CANCEL_ID}",
            status,
            "not_found",
            args=one,
            **one,
        ),
        "endpoint_manager_pause_tasks": canned(
            "POST", f"{_MANAGER}/admin_pause", paused, "permission_denied", args=with_message
        ),
        "endpoint_manager_resume_tasks": canned(
            "POST", f"{_MANAGER}/admin_resume", resumed, "permission_denied", args=args
        ),
    }


def _pause_rules() -> Sets:
    every, one = f"{_MANAGER}/pause_rule_list", f"{_MANAGER}/pause_rule/{doc.PAUSE_RULE_ID}"
    args: dict[str, t.Any] = {"pause_rule_id": doc.PAUSE_RULE_ID}
    kept = ("DATA_TYPE", "message", "endpoint_id", "pause_task_delete")
    new = {"data": {key: doc.PAUSE_RULE[key] for key in kept}}
    change = {**args, "data": {"message": doc.PAUSE_RULE["message"]}}
    deleted = doc.result("Deleted", "the rule was deleted")
    return {
        "endpoint_manager_pause_rule_list": canned(
            "GET", every, doc.listing("pause_rule_list", doc.PAUSE_RULE), args={}, **args
        ),
        "endpoint_manager_create_pause_rule": canned(
            "POST",
            f"{_MANAGER}/pause_rule",
            doc.PAUSE_RULE,
            "permission_denied",
            args=new,
            status=201,
            **args,
        ),
        "endpoint_manager_get_pause_rule": canned(
            "GET", one, doc.PAUSE_RULE, "not_found", args=args, **args
        ),
        "endpoint_manager_update_pause_rule": canned(
            "PUT", one, doc.PAUSE_RULE, "not_found", args=change, **args
        ),
        "endpoint_manager_delete_pause_rule": canned(
            "DELETE", one, deleted, "not_found", args=args, **args
        ),
    }


RESPONSE_SETS: t.Mapping[str, ResponseSet] = {
    **_endpoints(),
    **_tasks(),
    **_actions(),
    **_pause_rules(),
}
