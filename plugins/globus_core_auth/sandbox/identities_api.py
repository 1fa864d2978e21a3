"""Identities, identity providers, and the consents that people have given."""

from __future__ import annotations

import typing as t

from flask import Response, jsonify, request

from globus_core.testing.sandbox import ApiError, Route, fields, routes

from .callers import Endpoints
from .claims import identity_document, provider_document
from .scope_directory import VIEW_CONSENTS, VIEW_IDENTITIES
from .seeds import IdentityProvider, Person

MOST_KEYS = 100
#: bytes of a query; web servers commonly read 8 KiB of a request line
MOST_QUERY_BYTES = 8000
_SEES_IDENTITIES = ["openid", "email", "profile", VIEW_IDENTITIES]


class IdentitiesApi(Endpoints):
    """
    The endpoints of identities, identity providers and consents.
    """

    def routes(self) -> list[Route]:
        return routes(
            ("GET", "/identities", self.identities),
            ("GET", "/identity_providers", self.identity_providers),
            ("GET", "/identities/<identity_id>/consents", self.consents),
            prefix="/v2/api",
        )

    def identities(self) -> Response:
        """
        People by name or id.
        """
        self._authorize_lookup()
        if len(request.query_string) > MOST_QUERY_BYTES:
            raise ApiError(414, f"a query can have at most {MOST_QUERY_BYTES} bytes")
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
        The consents of a person.
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
        Require a token, or a client with its secret, for a look-up.
        """
        if self._callers.client() is None:
            self._callers.token(list(_SEES_IDENTITIES))


def _one_of(first: str, second: str) -> tuple[list[str] | None, list[str] | None]:
    given = [_keys(name) for name in (first, second)]
    if given.count(None) != 1:
        raise fields.bad(f"exactly one of {first} and {second} must be given")
    keys = given[0] if given[0] is not None else given[1]
    if len(keys or ()) > MOST_KEYS:
        raise fields.bad(f"at most {MOST_KEYS} keys can be given")
    return given[0], given[1]


def _keys(name: str) -> list[str] | None:
    text = request.args.get(name)
    if text is None:
        return None
    return [part.strip() for part in text.split(",") if part.strip()]


def _flag(name: str) -> bool:
    return request.args.get(name, "").lower() == "true"
