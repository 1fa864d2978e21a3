"""The endpoints that programs talk to."""

from __future__ import annotations

import typing as t

from flask import Blueprint, Response, jsonify, request

from ._callers import Callers
from ._claims import identity_document, provider_document, userinfo
from ._errors import ApiError
from ._keys import ALGORITHM
from ._oauth import Server
from ._records import DEPENDENT_GRANT
from ._scopes import VIEW_CONSENTS, VIEW_IDENTITIES
from ._seeds import IdentityProvider, Person

MOST_KEYS = 100
#: bytes of a query; web servers commonly read 8 KiB of a request line
MOST_QUERY_BYTES = 8000
_SEES_IDENTITIES = ["openid", "email", "profile", VIEW_IDENTITIES]


class Api:
    """
    Token endpoints, OpenID Connect documents and the identity API.

    :param server: the authorization server
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._state = server.state
        self._callers = Callers(server.state)

    def blueprint(self) -> Blueprint:
        """
        The routes.
        """
        routes = Blueprint("api", __name__)
        for path, view, method in (
            ("/v2/oauth2/token", self.token, "POST"),
            ("/v2/oauth2/token/revoke", self.revoke, "POST"),
            ("/v2/oauth2/token/introspect", self.introspect, "POST"),
            ("/v2/oauth2/token/validate", self.validate, "POST"),
            ("/v2/oauth2/userinfo", self.userinfo, "GET"),
            ("/.well-known/openid-configuration", self.openid_configuration, "GET"),
            ("/jwk.json", self.keys, "GET"),
            ("/v2/api/identities", self.identities, "GET"),
            ("/v2/api/identity_providers", self.identity_providers, "GET"),
            ("/v2/api/identities/<identity_id>/consents", self.consents, "GET"),
        ):
            routes.add_url_rule(path, view_func=view, methods=[method])
        return routes

    def token(self) -> Response:
        """
        All grants.
        """
        with self._state.lock:
            return t.cast("Response", self._server.create_token_response())

    def revoke(self) -> Response:
        """
        Revocation.
        """
        return self._token_endpoint("revocation")

    def introspect(self) -> Response:
        """
        Introspection.
        """
        return self._token_endpoint("introspection")

    def validate(self) -> Response:
        """
        Introspection reduced to yes or no.
        """
        return self._token_endpoint("validation")

    def _token_endpoint(self, name: str) -> Response:
        with self._state.lock:
            return t.cast("Response", self._server.create_endpoint_response(name))

    def userinfo(self) -> Response:
        """
        Who the token's owner is.
        """
        token = self._callers.token(["openid"])
        login = token.login
        return jsonify(userinfo(self._state, login.person, token.scopes, login.auth_time))

    def openid_configuration(self) -> Response:
        """
        The discovery document.
        """
        url = self._state.url
        return jsonify(
            {
                "issuer": self._state.issuer,
                "authorization_endpoint": f"{url}v2/oauth2/authorize",
                "token_endpoint": f"{url}v2/oauth2/token",
                "userinfo_endpoint": f"{url}v2/oauth2/userinfo",
                "revocation_endpoint": f"{url}v2/oauth2/token/revoke",
                "introspection_endpoint": f"{url}v2/oauth2/token/introspect",
                "jwks_uri": f"{url}jwk.json",
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": [
                    "authorization_code",
                    "refresh_token",
                    "client_credentials",
                    DEPENDENT_GRANT,
                ],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "scopes_supported": ["openid", "email", "profile"],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "client_secret_post",
                    "none",
                ],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    def keys(self) -> Response:
        """
        The public keys.
        """
        return jsonify(self._state.keys.public_document())

    def identities(self) -> Response:
        """
        People by name or id.
        """
        self._authorize_lookup()
        if len(request.query_string) > MOST_QUERY_BYTES:
            raise ApiError(414, f"a query can have {MOST_QUERY_BYTES} bytes")
        usernames, ids = _one_of("usernames", "ids")
        with self._state.lock:
            if usernames is not None:
                provision = _flag("provision")
                people = self._state.people
                found = [people.by_username(n, provision=provision) for n in usernames]
            else:
                found = [self._state.people.by_id(key) for key in ids or ()]
        return self._identity_answer([person for person in found if person is not None])

    def _identity_answer(self, found: list[Person]) -> Response:
        known = {person.id: person for person in found}
        answer: dict[str, t.Any] = {
            "identities": [identity_document(person) for person in known.values()]
        }
        if "identity_provider" in request.args.get("include", "").split(","):
            providers = self._state.people.providers
            wanted = dict.fromkeys(person.identity_provider for person in known.values())
            answer["included"] = {
                "identity_providers": [
                    provider_document(providers[key]) for key in wanted if key in providers
                ]
            }
        return jsonify(answer)

    def identity_providers(self) -> Response:
        """
        Providers by domain or id.
        """
        self._authorize_lookup()
        domains, ids = _one_of("domains", "ids")
        wanted = {text.lower() for text in domains or ids or ()}

        def matches(provider: IdentityProvider) -> bool:
            keys = provider.domains if domains is not None else (provider.id,)
            return not wanted.isdisjoint(keys)

        providers = self._state.people.providers.values()
        found = [provider_document(provider) for provider in providers if matches(provider)]
        return jsonify({"identity_providers": found})

    def consents(self, identity_id: str) -> Response:
        """
        What a person has approved.
        """
        everything = _flag("all")
        token = self._callers.token([VIEW_CONSENTS] if everything else None)
        person = self._state.people.by_id(identity_id)
        if person is None or person.id != token.login.person.id:
            raise ApiError(403, "only your own consents can be seen")
        client = None if everything else token.login.client.client_id
        with self._state.lock:
            found = self._state.consents.of(person.id, rooted_at=client)
        return jsonify({"consents": [consent.document() for consent in found]})

    def _authorize_lookup(self) -> None:
        """
        Let holders of a token look up people, and clients with their secret.
        """
        if self._callers.client() is None:
            self._callers.token(list(_SEES_IDENTITIES))


def _one_of(first: str, second: str) -> tuple[list[str] | None, list[str] | None]:
    given = [_keys(name) for name in (first, second)]
    if given.count(None) != 1:
        raise ApiError(
            400, f"exactly one of {first} and {second} must be given", code="INVALID_PARAMETERS"
        )
    keys = given[0] if given[0] is not None else given[1]
    if len(keys or ()) > MOST_KEYS:
        raise ApiError(400, f"at most {MOST_KEYS} keys can be given", code="INVALID_PARAMETERS")
    return given[0], given[1]


def _keys(name: str) -> list[str] | None:
    text = request.args.get(name)
    if text is None:
        return None
    return [part.strip() for part in text.split(",") if part.strip()]


def _flag(name: str) -> bool:
    return request.args.get(name, "").lower() == "true"
