"""
What Globus Timers answers the client's methods, canned for unit tests: by method, then by case.
"""

from __future__ import annotations

from globus_core.testing import RegisteredResponse, ResponseSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]

TIMER_ID = "d2f60b84-91c7-4e3a-a5d8-70b3f1e96c25"
SOURCE_ID = "2c1f9be4-70d8-4a5b-9f36-e5a84d2b17c0"
DESTINATION_ID = "b6e07d52-1c4f-4893-a0de-57f2c938e614"
FLOW_ID = "48a9c5e0-f731-4d26-8b60-e2c74f19d3a5"
NAME = "every night"

_ACTION = "https://actions.automate.globus.org/transfer/transfer/run"
_FLOW_SCOPE = f"https://auth.globus.org/scopes/{FLOW_ID}/flow_{FLOW_ID.replace('-', '_')}_user"
_TRANSFER_ALL = "urn:globus:auth:scope:transfer.api.globus.org:all"
_START, _NEXT = "2026-03-01T20:00:00+00:00", "2026-03-03T20:00:00+00:00"
_SCHEDULE = {
    "type": "recurring",
    "interval_seconds": 86400,
    "start": _START,
    "end": {"condition": "iterations", "count": 30},
}
_TRANSFER = {
    "DATA_TYPE": "transfer",
    "source_endpoint": SOURCE_ID,
    "destination_endpoint": DESTINATION_ID,
    "DATA": [
        {
            "DATA_TYPE": "transfer_item",
            "source_path": "/~/orion.fits",
            "destination_path": "/archive/orion.fits",
        }
    ],
}
_OLD_BODY = {
    "body": {
        "source_endpoint_id": SOURCE_ID,
        "destination_endpoint_id": DESTINATION_ID,
        "transfer_items": [
            {"source_path": "/~/orion.fits", "destination_path": "/archive/orion.fits"}
        ],
    }
}
_TIMES = {"submitted_at": "2026-02-28T12:00:00+00:00", "last_ran_at": None, "next_run": _START}
_COMMON = {"job_id": TIMER_ID, "name": NAME, "status": "new", "inactive_reason": None, **_TIMES}
_TIMER = {
    **_COMMON,
    "timer_type": "transfer",
    "schedule": _SCHEDULE,
    "body": _TRANSFER,
    "number_of_runs": 0,
    "number_of_errors": 0,
}
_FLOW_BODY = {"body": {"path": "/~/orion.fits"}, "label": NAME}
_ONCE = {"type": "once", "datetime": _START}
_FLOW_TIMER: Document = {
    **_COMMON,
    "timer_type": "flow",
    "schedule": _ONCE,
    "callback_url": f"https://flows.automate.globus.org/flows/{FLOW_ID}/run",
    "callback_body": _FLOW_BODY,
    "interval": None,
    "stop_after": {"date": None, "n_runs": 1},
    "scope": _FLOW_SCOPE,
    "n_runs": 0,
    "n_errors": 0,
    "results": [],
}
_JOB: Document = {
    **_COMMON,
    "status": "loaded",
    "start": _START,
    "interval": 86400.0,
    "stop_after": {"date": None, "n_runs": 30},
    "callback_url": _ACTION,
    "callback_body": _OLD_BODY,
    "scope": None,
    "last_ran_at": "2026-03-02T20:00:05+00:00",
    "next_run": _NEXT,
    "n_runs": 2,
    "n_errors": 0,
    "results": {
        "data": [{"data": {}, "errors": None, "status": 202, "ran_at": "2026-03-02T20:00:05"}],
        "page_next": None,
    },
}
_PAUSED = {
    **_JOB,
    "status": "inactive",
    "next_run": None,
    "inactive_reason": {"cause": "user", "detail": None},
}
_WITHOUT_CONSENT = {
    **_PAUSED,
    "inactive_reason": {
        "cause": "globus_auth_requirements",
        "detail": {
            "code": "ConsentRequired",
            "authorization_parameters": {
                "session_message": "a consent for the collection is missing",
                "required_scopes": [
                    "https://auth.globus.org/scopes/524230d7-ea86-4a52-8312-86065a9e0417/timer"
                    f"[{_TRANSFER_ALL}"
                    f"[*https://auth.globus.org/scopes/{SOURCE_ID}/data_access]]"
                ],
            },
        },
    },
}
_WRONG_FIELDS = {
    "detail": [
        {"loc": ["body", name], "msg": "field required", "type": "value_error.missing"}
        for name in ("start", "callback_url")
    ]
}

_ID: Document = {"job_id": TIMER_ID}


def _response(
    method: str, path: str, body: Document, told: Document, status: int = 200
) -> RegisteredResponse:
    return RegisteredResponse(
        service="timer", path=path, method=method, status=status, json=body, metadata=told
    )


def _error(method: str, path: str, status: int, code: str, detail: str) -> RegisteredResponse:
    body = {"error": {"code": code, "detail": detail, "status": status}}
    told = {**_ID, "http_status": status, "code": code}
    return _response(method, path, body, told, status)


def _sets() -> dict[str, ResponseSet]:
    one = f"/jobs/{TIMER_ID}"
    told = {"args": _ID, **_ID}
    renamed = {"args": {**_ID, "data": {"name": NAME}}, "name": NAME, **_ID}
    create_timer = {"schedule": _SCHEDULE, "body": _TRANSFER, "timer_type": "transfer"}
    create_flow_timer = {
        "schedule": _ONCE,
        "body": _FLOW_BODY,
        "timer_type": "flow",
        "flow_id": FLOW_ID,
    }
    create_job = {
        "callback_url": _ACTION,
        "callback_body": _OLD_BODY,
        "start": _START,
        "interval": 86400,
    }
    messages = ["field required: body.start", "field required: body.callback_url"]
    return {
        "list_jobs": ResponseSet(
            default=_response(
                "GET", "/jobs/", {"jobs": [_JOB]}, {"args": {}, "job_ids": [TIMER_ID]}
            )
        ),
        "get_job": ResponseSet(
            default=_response("GET", one, _JOB, told),
            inactive_user=_response("GET", one, _PAUSED, told),
            inactive_gare=_response("GET", one, _WITHOUT_CONSENT, told),
            simple_500_error=_error("GET", one, 500, "ERROR", "the request has failed"),
            not_found=_error("GET", one, 404, "NOT_FOUND", "there is no timer with this id"),
        ),
        "create_timer": ResponseSet(
            default=_response(
                "POST",
                "/v2/timer",
                {"timer": _TIMER},
                {
                    "args": {"timer": create_timer},
                    "timer_id": TIMER_ID,
                    "source_endpoint": SOURCE_ID,
                    "destination_endpoint": DESTINATION_ID,
                },
                201,
            ),
            flow_timer_success=_response(
                "POST",
                "/v2/timer",
                {"timer": _FLOW_TIMER},
                {
                    "args": {"timer": create_flow_timer},
                    "timer_id": TIMER_ID,
                    "flow_id": FLOW_ID,
                    "callback_body": _FLOW_BODY,
                    "schedule": _ONCE,
                },
                201,
            ),
        ),
        "create_job": ResponseSet(
            default=_response(
                "POST",
                "/jobs/",
                {**_JOB, **_COMMON, "n_runs": 0},
                {"args": {"data": create_job}, **_ID},
                201,
            ),
            validation_error=_response(
                "POST",
                "/jobs/",
                _WRONG_FIELDS,
                {
                    "args": {"data": {}},
                    "http_status": 422,
                    "code": None,
                    "expect_messages": messages,
                    **_ID,
                },
                422,
            ),
        ),
        "update_job": ResponseSet(default=_response("PATCH", one, _JOB, renamed)),
        "delete_job": ResponseSet(default=_response("DELETE", one, _JOB, told)),
        "pause_job": ResponseSet(
            default=_response(
                "POST", f"{one}/pause", {"message": f"Successfully paused job {TIMER_ID}."}, told
            )
        ),
        "resume_job": ResponseSet(
            default=_response(
                "POST", f"{one}/resume", {"message": f"Successfully resumed job {TIMER_ID}."}, told
            )
        ),
    }


RESPONSE_SETS: t.Mapping[str, ResponseSet] = _sets()
