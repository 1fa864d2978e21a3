"""
What is answered about endpoints and collections, roles, access rules and bookmarks.
"""

from __future__ import annotations

from . import documents as doc
from .answers import canned, refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.testing import ResponseSet

    Sets = dict[str, ResponseSet]

_ONE = f"/v0.10/endpoint/{doc.COLLECTION_ID}"
_GUEST = f"/v0.10/endpoint/{doc.GUEST_ID}"
_ID: dict[str, t.Any] = {"endpoint_id": doc.COLLECTION_ID}
_GUEST_ID: dict[str, t.Any] = {"endpoint_id": doc.GUEST_ID}
_UPDATED = doc.result("Updated", "the endpoint was updated")


def _subscriptions() -> Sets:
    args: dict[str, t.Any] = {"collection_id": doc.COLLECTION_ID}
    subscription, verified = f"{_ONE}/subscription", f"{_ONE}/subscription_admin_verified"
    assign = canned(
        "PUT",
        subscription,
        _UPDATED,
        args={**args, "subscription_id": doc.SUBSCRIPTION_ID},
        **_ID,
    )
    default = {**args, "subscription_id": "DEFAULT"}
    both = [doc.SUBSCRIPTION_ID, doc.OTHER_SUBSCRIPTION_ID]
    assign.register("not_found", refusal("PUT", subscription, "no_such_endpoint", **_ID))
    assign.register(
        "multi_subscriber_cannot_use_default",
        refusal("PUT", subscription, "bad_request", args=default, subscription_ids=both, **_ID),
    )
    yes = {**args, "subscription_admin_verified": True}
    verify = canned("PUT", verified, _UPDATED, args=yes, **_ID)
    for case in ("non_valid_verified_status", "non_subscribed_endpoint"):
        verify.register(case, refusal("PUT", verified, "bad_request", **_ID))
    verify.register("no_admin_role", refusal("PUT", verified, "permission_denied", **_ID))
    session = refusal("PUT", verified, "bad_request", subscription_id=doc.SUBSCRIPTION_ID, **_ID)
    verify.register("no_identities_in_session", session)
    return {"set_subscription_id": assign, "set_subscription_admin_verified": verify}


def _endpoints() -> Sets:
    new = {
        "DATA_TYPE": "shared_endpoint",
        "host_endpoint": doc.ENDPOINT_ID,
        "host_path": "/~/nebulae/",
        "display_name": "Images to share",
    }
    name = {"display_name": doc.COLLECTION["display_name"]}
    deleted = doc.result("Deleted", "the endpoint was deleted")
    created = doc.result("Created", "the collection was created", id=doc.GUEST_ID)
    server = f"{_ONE}/server/{doc.SERVER_ID}"
    return {
        "get_endpoint": canned(
            "GET",
            _ONE,
            doc.COLLECTION,
            "no_such_endpoint",
            args=_ID,
            cases={"guest": {**doc.GUEST, "id": doc.COLLECTION_ID}},
            **_ID,
        ),
        "update_endpoint": canned(
            "PUT", _ONE, _UPDATED, "permission_denied", args={**_ID, "data": name}, **_ID
        ),
        "delete_endpoint": canned("DELETE", _ONE, deleted, "permission_denied", args=_ID, **_ID),
        "create_shared_endpoint": canned(
            "POST",
            "/v0.10/shared_endpoint",
            created,
            "permission_denied",
            args={"data": new},
            status=201,
            id=doc.GUEST_ID,
        ),
        "endpoint_server_list": canned(
            "GET", f"{_ONE}/server_list", doc.listing("server_list", doc.SERVER), args=_ID, **_ID
        ),
        "get_endpoint_server": canned(
            "GET", server, doc.SERVER, "not_found", args={**_ID, "server_id": doc.SERVER_ID}
        ),
    }


def _lists() -> Sets:
    found = [doc.COLLECTION, doc.GUEST]
    ids: dict[str, t.Any] = {"endpoint_ids": [each["id"] for each in found]}
    one_each = [
        doc.listing("endpoint_list", each, has_next_page=each is not doc.GUEST, offset=at, limit=1)
        for at, each in enumerate(found)
    ]
    shared = [{"id": doc.GUEST_ID}, {"id": doc.COLLECTION_ID}]
    return {
        "endpoint_search": canned(
            "GET",
            "/v0.10/endpoint_search",
            doc.listing("endpoint_list", *found, has_next_page=False, offset=0, limit=100),
            "bad_request",
            args={"filter_fulltext": "sky"},
            cases={"paginated": one_each},
            **ids,
        ),
        "my_effective_pause_rule_list": canned(
            "GET",
            f"{_ONE}/my_effective_pause_rule_list",
            doc.listing("pause_rule_limited_list", doc.PAUSE_RULE),
            args=_ID,
            **_ID,
        ),
        "my_shared_endpoint_list": canned(
            "GET",
            f"{_ONE}/my_shared_endpoint_list",
            doc.listing("endpoint_list", doc.GUEST),
            args=_ID,
            **_ID,
        ),
        "get_shared_endpoint_list": canned(
            "GET",
            f"{_ONE}/shared_endpoint_list",
            {"shared_endpoints": shared, "next_token": None},
            "permission_denied",
            args=_ID,
            cases={
                "paginated": [
                    {"shared_endpoints": shared[:1], "next_token": "second"},
                    {"shared_endpoints": shared[1:], "next_token": None},
                ]
            },
            **_ID,
        ),
    }


def _permissions() -> Sets:
    role, rule = f"{_ONE}/role/{doc.ROLE_ID}", f"{_GUEST}/access/{doc.RULE_ID}"
    new_role = {key: doc.ROLE[key] for key in ("DATA_TYPE", "principal_type", "principal", "role")}
    kept = ("DATA_TYPE", "principal_type", "principal", "path", "permissions")
    new_rule = {key: doc.RULE[key] for key in kept}
    of_role, of_rule = {**_ID, "role_id": doc.ROLE_ID}, {**_GUEST_ID, "rule_id": doc.RULE_ID}
    deleted = doc.result("Deleted", "it was deleted")
    added = doc.result("Created", "the rule was added", access_id=doc.RULE_ID)
    updated = doc.result("Updated", "the rule was updated")
    change = {**of_rule, "rule_data": {"permissions": "rw"}}
    return {
        "endpoint_role_list": canned(
            "GET", f"{_ONE}/role_list", doc.listing("role_list", doc.ROLE), args=_ID, **of_role
        ),
        "add_endpoint_role": canned(
            "POST",
            f"{_ONE}/role",
            doc.ROLE,
            "permission_denied",
            args={**_ID, "role_data": new_role},
            **of_role,
        ),
        "get_endpoint_role": canned("GET", role, doc.ROLE, "not_found", args=of_role, **of_role),
        "delete_endpoint_role": canned(
            "DELETE", role, deleted, "not_found", args=of_role, **of_role
        ),
        "endpoint_acl_list": canned(
            "GET",
            f"{_GUEST}/access_list",
            doc.listing("access_list", doc.RULE),
            "permission_denied",
            args=_GUEST_ID,
            **of_rule,
        ),
        "get_endpoint_acl_rule": canned(
            "GET", rule, doc.RULE, "not_found", args=of_rule, **of_rule
        ),
        "add_endpoint_acl_rule": canned(
            "POST",
            f"{_GUEST}/access",
            added,
            "permission_denied",
            args={**_GUEST_ID, "rule_data": new_rule},
            status=201,
            **of_rule,
        ),
        "update_endpoint_acl_rule": canned(
            "PUT", rule, updated, "not_found", args=change, **of_rule
        ),
        "delete_endpoint_acl_rule": canned(
            "DELETE", rule, deleted, "not_found", args=of_rule, **of_rule
        ),
    }


def _bookmarks() -> Sets:
    every, one = "/v0.10/bookmark_list", f"/v0.10/bookmark/{doc.BOOKMARK_ID}"
    args: dict[str, t.Any] = {"bookmark_id": doc.BOOKMARK_ID}
    new = {key: doc.BOOKMARK[key] for key in ("name", "endpoint_id", "path")}
    deleted = doc.result("Deleted", "the bookmark was deleted")
    change = {**args, "bookmark_data": {"name": doc.BOOKMARK["name"]}}
    return {
        "bookmark_list": canned(
            "GET", every, doc.listing("bookmark_list", doc.BOOKMARK), args={}, **args
        ),
        "create_bookmark": canned(
            "POST",
            "/v0.10/bookmark",
            doc.BOOKMARK,
            "bad_request",
            args={"bookmark_data": new},
            status=201,
            **args,
        ),
        "get_bookmark": canned("GET", one, doc.BOOKMARK, "not_found", args=args, **args),
        "update_bookmark": canned("PUT", one, doc.BOOKMARK, "not_found", args=change, **args),
        "delete_bookmark": canned("DELETE", one, deleted, "not_found", args=args, **args),
    }


RESPONSE_SETS: t.Mapping[str, ResponseSet] = {
    **_endpoints(),
    **_subscriptions(),
    **_lists(),
    **_permissions(),
    **_bookmarks(),
}
