"""
What Globus Groups answers the client's methods, canned for unit tests: by method, then by case.
"""

from __future__ import annotations

from globus_core.testing import RegisteredResponse, ResponseSet

from . import documents as doc

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]

#: the refusals by the names of cases: status, code, what is wrong
_REFUSALS = {
    "bad_request": (400, "BAD_REQUEST", "a field is missing or wrong"),
    "forbidden": (403, "FORBIDDEN", "you have no role that lets you"),
    "not_found": (404, "NOT_FOUND", "there is nothing with this id"),
}
_GROUP = f"/v2/groups/{doc.GROUP_ID}"
_ID: Document = {"group_id": doc.GROUP_ID}
_SUBSCRIPTION: Document = {"subscription_id": doc.SUBSCRIPTION_ID}


def _canned(
    method: str,
    path: str,
    body: t.Any,
    /,
    *refusals: str,
    args: Document,
    cases: t.Mapping[str, RegisteredResponse] | None = None,
    **told: t.Any,
) -> ResponseSet:
    """
    The set of a method.

    :param method: the HTTP method
    :param path: the path
    :param body: the document of the default case
    :param refusals: the refusals that are cases too
    :param args: the arguments of the client's method that lead to this request
    :param cases: further cases
    :param told: what tests want to know beside
    """
    others: dict[str, t.Any] = dict(cases or {})
    for name in refusals:
        status, code, detail = _REFUSALS[name]
        document = {"code": code, "detail": detail}
        others[name] = _response(
            method, path, document, status=status, args=args, http_status=status, code=code
        )
    return ResponseSet(default=_response(method, path, body, args=args, **told), **others)


def _response(
    method: str, path: str, body: t.Any, status: int = 200, **told: t.Any
) -> RegisteredResponse:
    return RegisteredResponse(
        service="groups", path=path, method=method, status=status, json=body, metadata=told
    )


def _groups() -> dict[str, ResponseSet]:
    mine = [doc.GROUP, doc.CHILD]
    new = {"data": {"name": doc.GROUP["name"], "description": doc.GROUP["description"]}}
    subscriber: Document = {"group_id": doc.SUBSCRIBER_ID}
    subscription = _response(
        "GET",
        f"/v2/groups/{doc.SUBSCRIBER_ID}",
        doc.SUBSCRIBER,
        args=subscriber,
        **subscriber,
        **_SUBSCRIPTION,
    )
    return {
        "get_my_groups": _canned(
            "GET",
            "/v2/groups/my_groups",
            mine,
            "bad_request",
            args={},
            group_ids=[group["id"] for group in mine],
            group_names=[group["name"] for group in mine],
            member_ids={group["id"]: [doc.IDENTITY_ID] for group in mine},
        ),
        "get_group": _canned(
            "GET",
            _GROUP,
            doc.GROUP,
            "forbidden",
            "not_found",
            args=_ID,
            cases={"subscription": subscription},
            **_ID,
        ),
        "get_group_by_subscription_id": _canned(
            "GET",
            f"/v2/subscription_info/{doc.SUBSCRIPTION_ID}",
            {**subscriber, **_SUBSCRIPTION, "subscription_info": doc.SUBSCRIPTION_INFO},
            "not_found",
            args=_SUBSCRIPTION,
            **subscriber,
            **_SUBSCRIPTION,
        ),
        "create_group": _canned("POST", "/v2/groups", doc.GROUP, "bad_request", args=new, **_ID),
        "update_group": _canned(
            "PUT", _GROUP, doc.GROUP, "forbidden", "not_found", args={**_ID, **new}, **_ID
        ),
        "delete_group": _canned(
            "DELETE", _GROUP, doc.GROUP, "forbidden", "not_found", args=_ID, **_ID
        ),
        "set_subscription_admin_verified": _canned(
            "PUT",
            f"{_GROUP}/subscription_admin_verified",
            {**_ID, "subscription_admin_verified_id": doc.SUBSCRIPTION_ID},
            "forbidden",
            args={**_ID, **_SUBSCRIPTION},
            **_ID,
            **_SUBSCRIPTION,
        ),
    }


def _settings() -> dict[str, ResponseSet]:
    policies, fields = f"{_GROUP}/policies", f"{_GROUP}/membership_fields"
    told = {doc.IDENTITY_ID: {"institution": "Example University"}}
    preferences = {doc.IDENTITY_ID: {"allow_add": True}}
    return {
        "get_group_policies": _canned(
            "GET", policies, doc.POLICIES, "forbidden", "not_found", args=_ID, **_ID
        ),
        "set_group_policies": _canned(
            "PUT",
            policies,
            doc.POLICIES,
            "bad_request",
            "forbidden",
            args={**_ID, "data": doc.POLICIES},
            **_ID,
        ),
        "get_membership_fields": _canned("GET", fields, told, "not_found", args=_ID, **_ID),
        "set_membership_fields": _canned(
            "PUT", fields, told, "bad_request", args={**_ID, "data": told}, **_ID
        ),
        "get_identity_preferences": _canned("GET", "/v2/preferences", preferences, args={}),
        "set_identity_preferences": _canned(
            "PUT", "/v2/preferences", preferences, "bad_request", args={"data": preferences}
        ),
    }


def _memberships() -> dict[str, ResponseSet]:
    entry = {"identity_id": doc.OTHER_IDENTITY_ID, "role": "member"}
    args: Document = {**_ID, "actions": {"add": [entry]}}
    both: Document = {
        **_ID,
        "actions": {"add": [entry], "remove": [{"identity_id": doc.IDENTITY_ID}]},
    }
    partial = _response("POST", _GROUP, doc.PARTLY, args=both, **_ID)
    return {
        "batch_membership_action": _canned(
            "POST",
            _GROUP,
            doc.ADDED,
            "bad_request",
            "not_found",
            args=args,
            cases={"partial": partial},
            **_ID,
        )
    }


RESPONSE_SETS: t.Mapping[str, ResponseSet] = {**_groups(), **_settings(), **_memberships()}
