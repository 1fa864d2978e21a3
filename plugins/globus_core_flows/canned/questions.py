"""
What is answered about web inputs and registered APIs.
"""

from __future__ import annotations

from . import documents as doc
from .answers import cases, listed, pages, refusal, response

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.testing import RegisteredResponse, ResponseSet

_INPUT = f"/web_inputs/{doc.WEB_INPUT_ID}"
_RESPOND = f"{_INPUT}/respond"
_API = f"/registered_apis/{doc.API_ID}"
_IDS: dict[str, t.Any] = {
    "web_input_id": doc.WEB_INPUT_ID,
    "flow_id": doc.FLOW_ID,
    "run_id": doc.RUN_ID,
}
_GET: dict[str, t.Any] = {**_IDS, "args": {"web_input_id": doc.WEB_INPUT_ID}}
_ANSWER: dict[str, t.Any] = {
    **_IDS,
    "option_id": doc.APPROVE_ID,
    "args": {"web_input_id": doc.WEB_INPUT_ID, "value": doc.APPROVE_ID},
}


def _missing(method: str, path: str, **told: t.Any) -> RegisteredResponse:
    detail = f"No web input has the id {doc.WEB_INPUT_ID}"
    return refusal(method, path, 404, "NOT_FOUND", detail, **told)


def _policy(method: str, path: str, **told: t.Any) -> RegisteredResponse:
    """Ask for a login that satisfies the policy of the flow."""
    root = {
        "web_input_summary": doc.WEB_INPUT_SUMMARY,
        "code": "AuthenticationPolicyRequired",
        "authorization_parameters": {
            "session_message": "the flow requires another login",
            "session_required_policies": [doc.POLICY_ID],
        },
    }
    code, detail = "AUTHENTICATION_POLICY_REQUIRED", "Your login does not satisfy the policy"
    return refusal(method, path, 403, code, detail, root=root, **told)


def _list() -> ResponseSet:
    key = "web_input_summaries"
    told: dict[str, t.Any] = {"args": {}, "first_web_input_id": doc.WEB_INPUT_ID, **_IDS}
    closed = {**doc.WEB_INPUT_SUMMARY, "status": "closed"}
    return cases(
        response("GET", "/web_inputs", listed(key, doc.WEB_INPUT_SUMMARY), **told),
        empty=response("GET", "/web_inputs", listed(key), **told),
        paginated=pages("/web_inputs", key, [doc.WEB_INPUT_SUMMARY, closed], **told),
    )


def _respond() -> ResponseSet:
    wrong = {**_ANSWER, "args": {"web_input_id": doc.WEB_INPUT_ID, "value": "maybe"}}
    return cases(
        response("POST", _RESPOND, {"status": "ok"}, **_ANSWER),
        not_found=_missing("POST", _RESPOND, **_ANSWER),
        closed=refusal(
            "POST", _RESPOND, 409, "STATE_CONFLICT", "The web input is closed", **_ANSWER
        ),
        forbidden=refusal(
            "POST", _RESPOND, 403, "FORBIDDEN", "You are no respondent of it", **_ANSWER
        ),
        auth_policy_required=_policy("POST", _RESPOND, **_ANSWER),
        invalid_option=refusal(
            "POST", _RESPOND, 422, "UNPROCESSABLE_ENTITY", "'maybe' is no option of it", **wrong
        ),
    )


def _apis() -> dict[str, ResponseSet]:
    key, path = "registered_apis", "/registered_apis"
    other = {**doc.API_SUMMARY, "id": doc.OTHER_FLOW_ID, "name": "weather"}
    one: dict[str, t.Any] = {
        "registered_api_id": doc.API_ID,
        "args": {"registered_api_id": doc.API_ID},
    }
    first: dict[str, t.Any] = {"args": {}, "first_registered_api_id": doc.API_ID}
    return {
        "get_registered_api": cases(
            response("GET", _API, doc.API, name=doc.API["name"], **one),
            not_found=refusal("GET", _API, 404, "NOT_FOUND", "No registered API has it", **one),
        ),
        "list_registered_apis": cases(
            response("GET", path, listed(key, doc.API_SUMMARY), **first),
            paginated=pages(path, key, [doc.API_SUMMARY, other], **first),
        ),
    }


RESPONSE_SETS: dict[str, ResponseSet] = {
    "list_web_inputs": _list(),
    "get_web_input": cases(
        response("GET", _INPUT, doc.WEB_INPUT, **_GET),
        closed=response("GET", _INPUT, doc.CLOSED_WEB_INPUT, **_GET),
        table_context=response("GET", _INPUT, doc.TABLE_WEB_INPUT, **_GET),
        not_found=_missing("GET", _INPUT, **_GET),
        auth_policy_required=_policy("GET", _INPUT, **_GET),
    ),
    "respond_to_web_input": _respond(),
    **_apis(),
}
