"""
What is answered about runs.
"""

from __future__ import annotations

from globus_core.testing import ResponseList

from . import documents as doc
from .answers import cases, listed, pages, refusal, response

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.testing import RegisteredResponse, ResponseSet

_RUN = f"/runs/{doc.RUN_ID}"
_FLOW = f"/flows/{doc.FLOW_ID}"
_ID: dict[str, t.Any] = {"run_id": doc.RUN_ID, "args": {"run_id": doc.RUN_ID}}
_BOTH: dict[str, t.Any] = {"flow_id": doc.FLOW_ID, **_ID}


def _missing(method: str, path: str, **told: t.Any) -> RegisteredResponse:
    detail = f"No run has the id {doc.RUN_ID}"
    return refusal(method, path, 404, "NOT_FOUND", detail, **{**_ID, **told})


def _conflict(path: str, wanted: str) -> RegisteredResponse:
    detail = f"The run {doc.RUN_ID} must be {wanted} for this"
    return refusal("POST", path, 409, "STATE_CONFLICT", detail, **_ID)


def _order(method_name: str, default: dict[str, t.Any]) -> ResponseSet:
    """Of the two methods that take the input of a run."""
    path = f"{_FLOW}/{method_name}"
    request: dict[str, t.Any] = {"body": doc.INPUT, "label": "the night of 1 March"}
    told: dict[str, t.Any] = {
        "flow_id": doc.FLOW_ID,
        "args": request,
        "request_params": request,
        "request_body": doc.INPUT,
    }
    wrong = {**told, "args": {"body": {"path": 1}}, "request_body": {"path": 1}}
    problem = {"loc": ["$.path"], "msg": "1 is not of type 'string'", "type": "InvalidActionInput"}
    refused = {
        "invalid_input_payload": refusal(
            "POST",
            path,
            400,
            "FLOW_INPUT_ERROR",
            [problem],
            "The input does not fit the schema: 1 error.",
            **wrong,
        ),
        "invalid_token": refusal(
            "POST", path, 401, "AUTHENTICATION_ERROR", "The token is invalid or expired", **told
        ),
        "not_a_flow_starter": refusal(
            "POST",
            path,
            403,
            "FORBIDDEN",
            f"You lack a permission on the flow {doc.FLOW_ID}: RUN.",
            **told,
        ),
        "missing_scope_error": refusal(
            "POST", path, 403, "MISSING_SCOPE", "The token lacks the flow's scope", **told
        ),
    }
    return cases(response("POST", path, default, **told), **refused)


def _run_list() -> ResponseSet:
    first = listed("runs", doc.SUCCEEDED)
    both = [doc.FLOW_ID, doc.OTHER_FLOW_ID]
    return cases(
        response("GET", "/runs", first, args={}, first_run_id=doc.RUN_ID),
        paginated=pages("/runs", "runs", [doc.SUCCEEDED, doc.RUN_OF_OTHER], args={}),
        filter_flow_id=pages(
            "/runs",
            "runs",
            [doc.SUCCEEDED, doc.RUN_OF_OTHER],
            args={"filter_flow_id": both},
            by_flow_id={flow_id: {"num": 1} for flow_id in both},
        ),
    )


def _change() -> ResponseSet:
    told: dict[str, t.Any] = {**_BOTH, "args": {"run_id": doc.RUN_ID, "label": "clouds"}}
    changed = {**doc.STARTED, "label": "clouds"}
    return cases(response("PUT", _RUN, changed, **told), not_found=_missing("PUT", _RUN, **told))


def _wants_description(request: t.Any) -> tuple[bool, str]:
    return "include_flow_description=True" in request.url, "no description is wanted"


def _wants_none(request: t.Any) -> tuple[bool, str]:
    return not _wants_description(request)[0], "a description is wanted"


def _with_or_without_description() -> ResponseList:
    return ResponseList(
        response("GET", _RUN, doc.SUCCEEDED, match=[_wants_none], **_ID),
        response("GET", _RUN, doc.WITH_DESCRIPTION, match=[_wants_description], **_ID),
        metadata=_ID,
    )


RESPONSE_SETS: dict[str, ResponseSet] = {
    "run_flow": _order("run", doc.STARTED),
    "validate_run": _order("validate_run", {"message": "the input is valid"}),
    "resume_run": cases(
        response("POST", f"{_RUN}/resume", doc.STARTED, **_BOTH),
        conflict=_conflict(f"{_RUN}/resume", "INACTIVE"),
    ),
    "list_runs": _run_list(),
    "get_run": cases(
        _with_or_without_description(),
        active=response("GET", _RUN, doc.STARTED, **_ID),
        inactive=response("GET", _RUN, doc.INACTIVE, **_ID),
        not_found=_missing("GET", _RUN),
    ),
    "get_run_definition": cases(
        response("GET", f"{_RUN}/definition", doc.RUN_DEFINITION, **_ID),
        not_found=_missing("GET", f"{_RUN}/definition"),
    ),
    "get_run_logs": cases(
        response("GET", f"{_RUN}/log", listed("entries", *doc.LOG), **_ID),
        paginated=pages(f"{_RUN}/log", "entries", doc.LOG[:2], **_ID),
        not_found=_missing("GET", f"{_RUN}/log"),
    ),
    "update_run": _change(),
    "cancel_run": cases(
        response("POST", f"{_RUN}/cancel", doc.CANCELED, **_ID),
        conflict=_conflict(f"{_RUN}/cancel", "ACTIVE or INACTIVE"),
    ),
    "delete_run": cases(
        response("POST", f"{_RUN}/release", doc.SUCCEEDED, **_ID),
        conflict=_conflict(f"{_RUN}/release", "ENDED, SUCCEEDED or FAILED"),
    ),
}
