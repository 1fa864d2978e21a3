"""
What the manager of an endpoint answers the client's methods, canned for unit tests: by method, then
by case.
"""

from __future__ import annotations

from . import documents as doc
from .answers import answer, canned, envelope, listing, refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.testing import RegisteredResponse, ResponseSet

    Document = dict[str, t.Any]

_COLLECTION = f"/collections/{doc.COLLECTION_ID}"
_GATEWAY = f"/storage_gateways/{doc.GATEWAY_ID}"
_ROLE = f"/roles/{doc.ROLE_ID}"
_CREDENTIAL = f"/user_credentials/{doc.CREDENTIAL_ID}"

_ENDPOINT_TOLD: Document = {
    "endpoint_id": doc.ENDPOINT_ID,
    "display_name": doc.ENDPOINT["display_name"],
    "gcs_manager_url": doc.ENDPOINT["gcs_manager_url"],
}
_GATEWAY_TOLD: Document = {"id": doc.GATEWAY_ID, "display_name": doc.GATEWAY["display_name"]}
_COLLECTION_TOLD: Document = {
    "id": doc.COLLECTION_ID,
    "display_name": doc.COLLECTION["display_name"],
}
_COLLECTIONS_TOLD = {
    "identity_id": doc.IDENTITY_ID,
    "collection_ids": [doc.COLLECTION_ID, doc.GUEST_ID],
    "gateway_ids": [doc.GATEWAY_ID, doc.GATEWAY_ID],
    "display_names": [doc.COLLECTION["display_name"], doc.GUEST["display_name"]],
}
_ROLE_TOLD: Document = {"id": doc.ROLE_ID}
_CREDENTIAL_TOLD: Document = {"id": doc.CREDENTIAL_ID}
_ONE_COLLECTION = {"collection_id": doc.COLLECTION_ID}
_ONE_GATEWAY = {"storage_gateway_id": doc.GATEWAY_ID}
_ONE_ROLE = {"role_id": doc.ROLE_ID}
_ONE_CREDENTIAL = {"user_credential_id": doc.CREDENTIAL_ID}
_NEW_NAME = {"display_name": "a new name"}


def _not_found(method: str, path: str, args: Document, /) -> dict[str, RegisteredResponse]:
    message = "There is no such object"
    return {"not_found": refusal(method, path, 404, "not_found", message, None, args=args)}


def _forbidden(method: str, path: str, args: Document, /, **told: t.Any) -> RegisteredResponse:
    message = "You may not do this"
    return refusal(method, path, 403, "permission_denied", message, None, args=args, **told)


def _invalid(method: str, path: str, args: Document, /) -> RegisteredResponse:
    detail = [{"loc": ["display_name"], "msg": "field required", "type": "missing"}]
    return refusal(
        method, path, 422, "unprocessable_entity", "The document is wrong", detail, args=args
    )


_UPDATE = {"endpoint_data": _NEW_NAME}
_WITH_DOCUMENT = {**_UPDATE, "include": "endpoint"}
_CREATE_COLLECTION = {"collection_data": _NEW_NAME}
_UPDATE_COLLECTION = {**_ONE_COLLECTION, **_CREATE_COLLECTION}
_CREATE: Document = {"data": _NEW_NAME}

RESPONSE_SETS: t.Mapping[str, ResponseSet] = {
    # the endpoint
    "get_gcs_info": canned(
        "GET",
        "/info",
        doc.INFO,
        doc.CONNECTOR,
        args={},
        endpoint_client_id=doc.CLIENT_ID,
        domain_name=doc.HOST,
    ),
    "get_endpoint": canned("GET", "/endpoint", doc.ENDPOINT, args={}, **_ENDPOINT_TOLD),
    "update_endpoint": canned(
        "PATCH",
        "/endpoint",
        args=_UPDATE,
        cases={
            "include_endpoint": answer(
                "PATCH", "/endpoint", envelope(doc.ENDPOINT), args=_WITH_DOCUMENT, **_ENDPOINT_TOLD
            ),
            "forbidden": _forbidden("PATCH", "/endpoint", _UPDATE),
        },
        **_ENDPOINT_TOLD,
    ),
    # collections
    "get_collection_list": listing(
        "/collections",
        doc.COLLECTION,
        doc.GUEST,
        cases={"forbidden": _forbidden("GET", "/collections", {}, **_COLLECTIONS_TOLD)},
        **_COLLECTIONS_TOLD,
    ),
    "get_collection": canned(
        "GET",
        _COLLECTION,
        doc.COLLECTION,
        args=_ONE_COLLECTION,
        cases=_not_found("GET", _COLLECTION, _ONE_COLLECTION),
        **_COLLECTION_TOLD,
    ),
    "create_collection": canned(
        "POST",
        "/collections",
        doc.COLLECTION,
        args=_CREATE_COLLECTION,
        cases={
            "forbidden": _forbidden("POST", "/collections", _CREATE_COLLECTION),
            "validation_error": _invalid("POST", "/collections", _CREATE_COLLECTION),
        },
        **_COLLECTION_TOLD,
    ),
    "update_collection": canned(
        "PATCH",
        _COLLECTION,
        doc.COLLECTION,
        args=_UPDATE_COLLECTION,
        cases=_not_found("PATCH", _COLLECTION, _UPDATE_COLLECTION),
        **_COLLECTION_TOLD,
    ),
    "delete_collection": canned(
        "DELETE",
        _COLLECTION,
        args=_ONE_COLLECTION,
        cases=_not_found("DELETE", _COLLECTION, _ONE_COLLECTION),
        **_COLLECTION_TOLD,
    ),
    # storage gateways
    "get_storage_gateway_list": listing(
        "/storage_gateways",
        doc.GATEWAY,
        doc.S3_GATEWAY,
        ids=[doc.GATEWAY_ID, doc.S3_GATEWAY_ID],
    ),
    "create_storage_gateway": canned(
        "POST",
        "/storage_gateways",
        doc.GATEWAY,
        args=_CREATE,
        cases={"validation_error": _invalid("POST", "/storage_gateways", _CREATE)},
        **_GATEWAY_TOLD,
    ),
    "get_storage_gateway": canned(
        "GET",
        _GATEWAY,
        doc.GATEWAY,
        args=_ONE_GATEWAY,
        cases=_not_found("GET", _GATEWAY, _ONE_GATEWAY),
        **_GATEWAY_TOLD,
    ),
    "update_storage_gateway": canned(
        "PATCH", _GATEWAY, doc.GATEWAY, args={**_ONE_GATEWAY, **_CREATE}, **_GATEWAY_TOLD
    ),
    "delete_storage_gateway": canned(
        "DELETE",
        _GATEWAY,
        args=_ONE_GATEWAY,
        cases={
            "permission_denied_error": _forbidden("DELETE", _GATEWAY, _ONE_GATEWAY, **_GATEWAY_TOLD)
        },
        **_GATEWAY_TOLD,
    ),
    # roles
    "get_role_list": listing(
        "/roles", doc.ROLE, doc.COLLECTION_ROLE, ids=[doc.ROLE_ID, doc.OTHER_ROLE_ID]
    ),
    "create_role": canned(
        "POST",
        "/roles",
        doc.ROLE,
        args=_CREATE,
        cases={"forbidden": _forbidden("POST", "/roles", _CREATE)},
        **_ROLE_TOLD,
    ),
    "get_role": canned(
        "GET",
        _ROLE,
        doc.ROLE,
        args=_ONE_ROLE,
        cases=_not_found("GET", _ROLE, _ONE_ROLE),
        **_ROLE_TOLD,
    ),
    "delete_role": canned("DELETE", _ROLE, args=_ONE_ROLE, **_ROLE_TOLD),
    # user credentials
    "get_user_credential_list": listing(
        "/user_credentials",
        doc.CREDENTIAL,
        doc.S3_CREDENTIAL,
        ids=[doc.CREDENTIAL_ID, doc.OTHER_CREDENTIAL_ID],
    ),
    "create_user_credential": canned(
        "POST",
        "/user_credentials",
        doc.CREDENTIAL,
        args=_CREATE,
        cases={"validation_error": _invalid("POST", "/user_credentials", _CREATE)},
        **_CREDENTIAL_TOLD,
    ),
    "get_user_credential": canned(
        "GET",
        _CREDENTIAL,
        doc.CREDENTIAL,
        args=_ONE_CREDENTIAL,
        cases=_not_found("GET", _CREDENTIAL, _ONE_CREDENTIAL),
        **_CREDENTIAL_TOLD,
    ),
    "update_user_credential": canned(
        "PATCH",
        _CREDENTIAL,
        doc.CREDENTIAL,
        args={**_ONE_CREDENTIAL, **_CREATE},
        **_CREDENTIAL_TOLD,
    ),
    "delete_user_credential": canned(
        "DELETE", _CREDENTIAL, args=_ONE_CREDENTIAL, **_CREDENTIAL_TOLD
    ),
}
