"""
What is answered about flows.
"""

from __future__ import annotations

from . import documents as doc
from .answers import cases, listed, pages, refusal, response

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.testing import RegisteredResponse, ResponseSet

_FLOW = f"/flows/{doc.FLOW_ID}"
_ID: dict[str, t.Any] = {"flow_id": doc.FLOW_ID, "args": {"flow_id": doc.FLOW_ID}}
_NO_END = 'a state of type \'Action\' needs either "End": true or "Next"'


def _no_such_flow(method: str) -> RegisteredResponse:
    return refusal(method, _FLOW, 404, "NOT_FOUND", f"No flow has the id {doc.FLOW_ID}", **_ID)


def _not_allowed(method: str, permission: str, **told: t.Any) -> RegisteredResponse:
    detail = f"You lack a permission on the flow {doc.FLOW_ID}: {permission}."
    return refusal(method, _FLOW, 403, "FORBIDDEN", detail, **told)


def _invalid(path: str, **told: t.Any) -> RegisteredResponse:
    place = ["definition", "States", "Copy"]
    return refusal(
        "POST",
        path,
        422,
        "UNPROCESSABLE_ENTITY",
        [{"loc": place, "msg": _NO_END, "type": "value_error"}],
        f"1 validation error in body. $.definition.States.Copy: {_NO_END}",
        **told,
    )


def _create() -> ResponseSet:
    told: dict[str, t.Any] = {"args": doc.NEW_FLOW, "params": doc.NEW_FLOW}
    wrong = {**doc.NEW_FLOW, "flow_administrators": ["someone@example.org"]}
    problem = {
        "loc": ["flow_administrators", 0],
        "msg": "'someone@example.org' is not the URN of an identity or a group",
        "type": "value_error",
    }
    return cases(
        response("POST", "/flows", doc.FLOW, **told),
        bad_admin_principal_error=refusal(
            "POST",
            "/flows",
            422,
            "UNPROCESSABLE_ENTITY",
            [problem],
            args=wrong,
            params=wrong,
        ),
        definition_error=_invalid(
            "/flows", args={**doc.NEW_FLOW, "definition": doc.INVALID_DEFINITION}
        ),
    )


def _update() -> ResponseSet:
    params = {"title": "Archive a clear night"}
    told: dict[str, t.Any] = {
        "flow_id": doc.FLOW_ID,
        "params": params,
        "args": {"flow_id": doc.FLOW_ID, **params},
    }
    return cases(
        response("PUT", _FLOW, {**doc.FLOW, **params}, **told),
        not_found=refusal("PUT", _FLOW, 404, "NOT_FOUND", "No flow has this id", **told),
        forbidden=_not_allowed("PUT", "UPDATE", **told),
    )


def _validate() -> ResponseSet:
    told: dict[str, t.Any] = {
        "args": {"definition": doc.DEFINITION},
        "success": doc.DEFINITION,
        "invalid": doc.INVALID_DEFINITION,
    }
    return cases(
        response("POST", "/flows/validate", doc.VALID, **told),
        definition_error=_invalid(
            "/flows/validate", **{**told, "args": {"definition": doc.INVALID_DEFINITION}}
        ),
    )


RESPONSE_SETS: dict[str, ResponseSet] = {
    "create_flow": _create(),
    "get_flow": cases(
        response("GET", _FLOW, doc.FLOW, title=doc.FLOW["title"], **_ID),
        not_found=_no_such_flow("GET"),
    ),
    "list_flows": cases(
        response("GET", "/flows", listed("flows", doc.FLOW), args={}, first_flow_id=doc.FLOW_ID),
        paginated=pages("/flows", "flows", [doc.FLOW, doc.OTHER_FLOW], args={}),
    ),
    "update_flow": _update(),
    "delete_flow": cases(
        response("DELETE", _FLOW, doc.DELETED, **_ID),
        not_found=_no_such_flow("DELETE"),
        forbidden=_not_allowed("DELETE", "DELETE", **_ID),
    ),
    "validate_flow": _validate(),
}
