"""
What Globus Compute answers the clients' methods, canned for unit tests: by method, then by case.

The names of methods begin with ``v2.`` or ``v3.``, for the version of the API.
"""

from __future__ import annotations

from globus_core.testing import RegisteredResponse, ResponseSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

ENDPOINT_ID = "6d1c8e57-0b3f-4a92-8e64-f15a7c20d9b3"
ENDPOINT_ID_2 = "b2f4709d-58ce-4136-9a07-3ed81c6f54a2"
ENDPOINT_ID_3 = "e90a3c16-7d45-4b8f-a152-6c04f8d7293e"
FUNCTION_ID = "39d7f0a4-c61b-4e58-b3f9-82a5e04d1c76"
FUNCTION_ID_2 = "f4158b2c-a07e-4d63-95c8-1b6e3f90d7a4"
TASK_ID = "0c86e5d2-3f9a-47b1-8d40-a7e2196bf358"
TASK_ID_2 = "57a0fb93-e8d4-4c26-b71f-94c3d60e82a5"
TASK_GROUP_ID = "c1e93b70-6a2d-4f85-9b4e-d08f57a3612c"
REQUEST_ID = "84b2d6f1-95e3-4a0c-8f7d-36c1e9a50b72"
OWNER_ID = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"
API_VERSION = "1.40.2"
FUNCTION_NAME = "count_stars"
FUNCTION_CODE = "12\nmade-up code\n"
_LOCKED_UNTIL = "2026-03-01T20:15:00.000000"

_ENDPOINT: dict[str, t.Any] = {"endpoint_id": ENDPOINT_ID}
_FUNCTION = {
    "function_id": FUNCTION_ID,
    "function_name": FUNCTION_NAME,
    "function_code": FUNCTION_CODE,
}
_NEW_FUNCTION = {"function_name": FUNCTION_NAME, "function_code": FUNCTION_CODE}
_NEW_ENDPOINT = {"endpoint_name": "observatory"}
_TASKS = {"task_group_id": TASK_GROUP_ID, "task_id": TASK_ID, "task_id_2": TASK_ID_2}
_TASK = {
    "task_id": TASK_ID,
    "status": "success",
    "result": "2817",
    "completion_t": "1772309705.25",
    "details": {"os": "Linux", "python_version": "3.12.4"},
}


def _queue(name: str, **more: t.Any) -> dict[str, t.Any]:
    url = "amqps://an-endpoint:made-up-password@queues.example.org"
    return {"connection_url": url, "exchange": name, "queue": f"{name}.{ENDPOINT_ID}", **more}


_REGISTERED = {
    **_ENDPOINT,
    "task_queue_info": _queue("tasks"),
    "result_queue_info": _queue("results", queue_publish_kwargs={}),
    "warnings": [],
}
_LISTED = [
    {"uuid": key, "name": name, "display_name": name.title(), "owner": OWNER_ID}
    for key, name in ((ENDPOINT_ID, "observatory"), (ENDPOINT_ID_2, "cluster"))
]
_ANOTHER = {
    "uuid": ENDPOINT_ID_3,
    "name": "shared",
    "display_name": "Shared",
    "owner": "d3b07384-d9a1-4c5e-8f2b-6a90c7e41f58",
}


def _response(
    method: str, path: str, body: t.Any, args: dict[str, t.Any] | None, told: dict[str, t.Any]
) -> RegisteredResponse:
    described = {"args": told if args is None else args, **told}
    return RegisteredResponse(
        service="compute", path=path, method=method, json=body, metadata=described
    )


def _canned(
    method: str, path: str, body: t.Any, args: dict[str, t.Any] | None = None, /, **told: t.Any
) -> ResponseSet:
    """
    The set of a method with one case.

    :param method: the HTTP method
    :param path: the path
    :param body: the document
    :param args: the arguments of the client's method; None for those in ``told``
    :param told: what the metadata tell
    """
    return ResponseSet(default=_response(method, path, body, args, told))


def _cases(
    path: str,
    default: t.Any,
    other: tuple[str, t.Any],
    args: dict[str, t.Any],
    told: dict[str, t.Any],
) -> ResponseSet:
    """The set of a method with a second case, whose arguments are in ``args``."""
    name, body = other
    made = ResponseSet(default=_response("GET", path, default, {}, told))
    made.register(name, _response("GET", path, body, args, told))
    return made


def _both(version: str) -> dict[str, ResponseSet]:
    """The sets of the methods that are the same in both versions."""
    endpoints, functions = f"/{version}/endpoints", f"/{version}/functions"
    locked = {**_ENDPOINT, "lock_expiration_timestamp": _LOCKED_UNTIL}
    new_function = {"data": _NEW_FUNCTION}
    made = {
        "register_endpoint": _canned(
            "POST", endpoints, _REGISTERED, {"data": _NEW_ENDPOINT}, **_ENDPOINT
        ),
        "lock_endpoint": _canned("POST", f"{endpoints}/{ENDPOINT_ID}/lock", locked, **_ENDPOINT),
        "register_function": _canned(
            "POST", functions, {"function_uuid": FUNCTION_ID}, new_function, **_FUNCTION
        ),
    }
    return {f"{version}.{name}": each for name, each in made.items()}


def _second() -> dict[str, ResponseSet]:
    endpoint, function = f"/v2/endpoints/{ENDPOINT_ID}", f"/v2/functions/{FUNCTION_ID}"
    by_id = {"function_id": FUNCTION_ID}
    versions = {"api": API_VERSION, "min_sdk_version": "2.0.0", "min_endpoint_version": "2.0.0"}
    three = {"endpoint_id_2": ENDPOINT_ID_2, "endpoint_id_3": ENDPOINT_ID_3, **_ENDPOINT}
    shown = {**_LISTED[0], "multi_user": False, "public": False, "description": "A telescope"}
    workers = {"managers": 1, "total_workers": 4, "idle_workers": 3, "pending_tasks": 0}
    status = {"status": "online", "details": {**workers, "outstanding_tasks": 1}}
    described = {"function_uuid": FUNCTION_ID, "description": "Counts stars", "metadata": {}}
    group = [{"id": key, "created_at": _LOCKED_UNTIL} for key in (TASK_ID, TASK_ID_2)]
    results = [
        {"status": "success", "task_uuid": key, "http_status_code": 200, "reason": None}
        for key in (TASK_ID, TASK_ID_2)
    ]
    submitted = {"response": "success", "task_group_id": TASK_GROUP_ID, "results": results}
    queue = {"queue_prefix": "results", "connection_url": _queue("")["connection_url"]}
    return {
        "v2.get_version": _cases(
            "/v2/version",
            API_VERSION,
            ("all", versions),
            {"service": "all"},
            {"api_version": API_VERSION},
        ),
        "v2.get_result_amqp_url": _canned("GET", "/v2/get_amqp_result_connection_url", queue),
        "v2.get_endpoint": _canned("GET", endpoint, shown, **_ENDPOINT),
        "v2.get_endpoint_status": _canned("GET", f"{endpoint}/status", status, **_ENDPOINT),
        "v2.get_endpoints": _cases(
            "/v2/endpoints", _LISTED, ("any", [*_LISTED, _ANOTHER]), {"role": "any"}, three
        ),
        "v2.delete_endpoint": _canned("DELETE", endpoint, {"result": 302}, **_ENDPOINT),
        "v2.get_function": _canned(
            "GET", function, {**_NEW_FUNCTION, **described}, by_id, **_FUNCTION
        ),
        "v2.delete_function": _canned("DELETE", function, {"result": 302}, **by_id),
        "v2.get_task": _canned("GET", f"/v2/tasks/{TASK_ID}", _TASK, task_id=TASK_ID),
        "v2.get_task_batch": _canned(
            "POST",
            "/v2/batch_status",
            {"response": "batch", "results": {TASK_ID: _TASK}},
            {"task_ids": TASK_ID},
            task_id=TASK_ID,
        ),
        "v2.get_task_group": _canned(
            "GET",
            f"/v2/taskgroup/{TASK_GROUP_ID}",
            {"taskgroup_id": TASK_GROUP_ID, "create_websockets_queue": True, "tasks": group},
            {"task_group_id": TASK_GROUP_ID},
            **_TASKS,
        ),
        "v2.submit": _canned("POST", "/v2/submit", submitted, {"data": {"tasks": []}}, **_TASKS),
    }


def _third() -> dict[str, ResponseSet]:
    endpoint = f"/v3/endpoints/{ENDPOINT_ID}"
    allowed = {**_ENDPOINT, "restricted": True, "functions": [FUNCTION_ID, FUNCTION_ID_2]}
    new_tasks = {"tasks": {FUNCTION_ID: ["made-up arguments", "others"]}}
    submitted = {
        "request_id": REQUEST_ID,
        "task_group_id": TASK_GROUP_ID,
        **_ENDPOINT,
        "tasks": {FUNCTION_ID: [TASK_ID, TASK_ID_2]},
    }
    return {
        "v3.update_endpoint": _canned(
            "PUT", endpoint, _REGISTERED, {**_ENDPOINT, "data": _NEW_ENDPOINT}, **_ENDPOINT
        ),
        "v3.get_endpoint_allowlist": _canned(
            "GET", f"{endpoint}/allowed_functions", allowed, **_ENDPOINT
        ),
        "v3.submit": _canned(
            "POST",
            f"{endpoint}/submit",
            submitted,
            {**_ENDPOINT, "data": new_tasks},
            function_id=FUNCTION_ID,
            request_id=REQUEST_ID,
            **_ENDPOINT,
            **_TASKS,
        ),
    }


RESPONSE_SETS: t.Mapping[str, ResponseSet] = {
    **_both("v2"),
    **_second(),
    **_both("v3"),
    **_third(),
}
