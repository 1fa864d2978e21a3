"""
What is answered about people: identities, providers, consents, and the OpenID documents.
"""

from __future__ import annotations

from globus_core.testing import RegisteredResponse, ResponseList, ResponseSet

from . import documents as doc
from .answers import Endpoint, developers_set

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_IDENTITIES = Endpoint("GET", "/v2/api/identities")
_PROVIDERS = Endpoint("GET", "/v2/api/identity_providers")
_USERINFO = Endpoint("GET", "/v2/oauth2/userinfo")
_CONFIGURATION = Endpoint("GET", "/.well-known/openid-configuration")


def _identities() -> ResponseSet:
    ada, bo = doc.IDENTITY, doc.OTHER_IDENTITY
    nobody = "nobody@example.org"
    both = [ada["username"], bo["username"]]
    included = {"identity_providers": [doc.PROVIDER]}
    return ResponseSet(
        default=_IDENTITIES.answer(
            {"identities": [ada]},
            args={"usernames": ada["username"]},
            id=ada["id"],
            username=ada["username"],
        ),
        multiple=_IDENTITIES.answer(
            {"identities": [ada, bo]},
            args={"usernames": both},
            ids=[ada["id"], bo["id"]],
            usernames=both,
        ),
        included=_IDENTITIES.answer(
            {"identities": [ada], "included": included},
            args={"usernames": ada["username"], "include": "identity_provider"},
            id=ada["id"],
            username=ada["username"],
        ),
        empty=_IDENTITIES.answer({"identities": []}, args={"usernames": nobody}),
        **_IDENTITIES.refusals("unauthorized", "forbidden", "invalid_parameters"),
    )


def _providers() -> ResponseSet:
    return ResponseSet(
        default=_PROVIDERS.answer(
            {"identity_providers": [doc.PROVIDER]},
            args={"ids": doc.PROVIDER_ID},
            ids=[doc.PROVIDER_ID],
            domains=doc.PROVIDER["domains"],
        ),
        empty=_PROVIDERS.answer(
            {"identity_providers": []}, args={"domains": "nowhere.example.org"}
        ),
        **_PROVIDERS.refusals("unauthorized", "forbidden", "invalid_parameters"),
    )


def _userinfo() -> ResponseSet:
    least = {"sub": doc.IDENTITY_ID}
    return ResponseSet(
        default=_USERINFO.answer(
            doc.USERINFO, args={}, id=doc.IDENTITY_ID, username=doc.IDENTITY["username"]
        ),
        openid=_USERINFO.answer(least, args={}, id=doc.IDENTITY_ID),
        **_USERINFO.refusals("unauthorized", "forbidden"),
    )


def _configuration_at(address: str) -> dict[str, t.Any]:
    """Keys are fetched only where a server's issuer is its address."""
    return {**doc.OPENID_CONFIGURATION, "issuer": address}


def _keys() -> ResponseSet:
    """The configuration says where the keys are, so that they come with it."""
    keys = RegisteredResponse(path=doc.OPENID_CONFIGURATION["jwks_uri"], json=doc.KEY_SET)
    configuration = _CONFIGURATION.answer(_configuration_at)
    return ResponseSet(default=ResponseList(configuration, keys, metadata={"args": {}}))


RESPONSE_SETS: t.Mapping[str, ResponseSet] = {
    "get_identities": _identities(),
    "get_identity_providers": _providers(),
    "userinfo": _userinfo(),
    "get_openid_configuration": ResponseSet(
        default=_CONFIGURATION.answer(doc.OPENID_CONFIGURATION, args={}, issuer=doc.ISSUER)
    ),
    "get_jwk": _keys(),
    "get_consents": developers_set(
        "GET",
        f"/v2/api/identities/{doc.IDENTITY_ID}/consents",
        {"consents": [doc.CONSENT]},
        args={"identity_id": doc.IDENTITY_ID},
        identity_id=doc.IDENTITY_ID,
    ),
}
