"""
What is answered about tokens: grants, revocation, introspection.
"""

from __future__ import annotations

from globus_core.testing import ResponseSet

from . import documents as doc
from .answers import TOKEN_PATH, Endpoint
from .signed import ACCESS_TOKEN, SIGNED_CLAIMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_TOKENS = Endpoint("POST", TOKEN_PATH)
_REVOKE = Endpoint("POST", f"{TOKEN_PATH}/revoke")
_INTROSPECT = Endpoint("POST", f"{TOKEN_PATH}/introspect")
_VALIDATE = Endpoint("POST", f"{TOKEN_PATH}/validate")

_CODE = "made-up-code"
_REFRESH_TOKEN = "made-up-refresh-token"  # noqa: S105
_OF_AUTH: dict[str, t.Any] = {
    "resource_server": doc.AUTH,
    "access_token": ACCESS_TOKEN,
    "scope": doc.AUTH_SCOPES,
}


def _exchange() -> ResponseSet:
    """The ID token is for the client and the person that the metadata name."""
    more: dict[str, t.Any] = {"state": "_default", "id_token": SIGNED_CLAIMS}
    told = {
        **_OF_AUTH,
        "args": {"auth_code": _CODE},
        "client_id": doc.CLIENT_ID,
        "identity_id": doc.IDENTITY_ID,
    }
    offline = doc.tokens(doc.transfer_token(refresh=True), refresh=True, **more)
    return ResponseSet(
        default=_TOKENS.answer(doc.tokens(doc.transfer_token(), **more), **told),
        openid=_TOKENS.answer(doc.tokens(**more), **told),
        refresh_tokens=_TOKENS.answer(offline, **told),
        **_TOKENS.token_refusals("invalid_grant", "invalid_client"),
    )


def _refresh() -> ResponseSet:
    told = {**_OF_AUTH, "args": {"refresh_token": _REFRESH_TOKEN}}
    return ResponseSet(
        default=_TOKENS.answer(doc.tokens(refresh=True), **told),
        **_TOKENS.token_refusals("invalid_grant", "invalid_client"),
    )


def _any_grant() -> ResponseSet:
    form = {"grant_type": "refresh_token", "refresh_token": _REFRESH_TOKEN}
    return ResponseSet(
        default=_TOKENS.answer(doc.tokens(refresh=True), **_OF_AUTH, args={"form_data": form}),
        **_TOKENS.token_refusals("invalid_grant", "invalid_client", "invalid_scope"),
    )


def _client_credentials() -> ResponseSet:
    token = doc.transfer_token()
    told = {
        "args": {"requested_scopes": doc.TRANSFER_SCOPE},
        "service": "transfer",
        "resource_server": doc.TRANSFER,
        "access_token": token["access_token"],
        "scope": doc.TRANSFER_SCOPE,
    }
    return ResponseSet(
        default=_TOKENS.answer({**token, "other_tokens": []}, **told),
        **_TOKENS.token_refusals("invalid_client", "invalid_scope"),
    )


def _dependent() -> ResponseSet:
    def told(token: dict[str, t.Any]) -> dict[str, t.Any]:
        return {"args": {"token": ACCESS_TOKEN}, "rs_data": {doc.TRANSFER: token}}

    plain, offline = doc.transfer_token(), doc.transfer_token(refresh=True)
    return ResponseSet(
        default=_TOKENS.answer([plain], **told(plain)),
        refresh_tokens=_TOKENS.answer([offline], **told(offline)),
        empty=_TOKENS.answer([], args={"token": ACCESS_TOKEN}, rs_data={}),
        **_TOKENS.token_refusals("invalid_grant", "invalid_client", "invalid_scope"),
    )


def _introspect() -> ResponseSet:
    person = doc.IDENTITY
    told: dict[str, t.Any] = {
        "client_id": doc.CLIENT_ID,
        "scope": doc.AUTH_SCOPES,
        "id": person["id"],
        "username": person["username"],
        "name": person["name"],
        "email": person["email"],
    }
    args = {"token": ACCESS_TOKEN}
    session = {**doc.INTROSPECTION, "session_info": doc.SESSION_INFO}
    return ResponseSet(
        default=_INTROSPECT.answer(doc.INTROSPECTION, args=args, **told),
        session_info=_INTROSPECT.answer(session, args={**args, "include": "session_info"}, **told),
        inactive=_INTROSPECT.answer({"active": False}, args=args),
        **_INTROSPECT.token_refusals("invalid_client"),
    )


RESPONSE_SETS: t.Mapping[str, ResponseSet] = {
    "oauth2_token": _any_grant(),
    "oauth2_exchange_code_for_tokens": _exchange(),
    "oauth2_refresh_token": _refresh(),
    "oauth2_client_credentials_tokens": _client_credentials(),
    "oauth2_get_dependent_tokens": _dependent(),
    "oauth2_revoke_token": ResponseSet(
        default=_REVOKE.answer({"active": False}, args={"token": ACCESS_TOKEN}),
        **_REVOKE.token_refusals("invalid_client"),
    ),
    "oauth2_token_introspect": _introspect(),
    "oauth2_validate_token": ResponseSet(
        default=_VALIDATE.answer({"active": True}, args={"token": ACCESS_TOKEN}),
        inactive=_VALIDATE.answer({"active": False}, args={"token": ACCESS_TOKEN}),
        **_VALIDATE.token_refusals("invalid_client"),
    ),
}
