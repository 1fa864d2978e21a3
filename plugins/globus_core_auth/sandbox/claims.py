"""The data about people: ID token claims, userinfo, identity documents."""

from __future__ import annotations

import typing as t

from .records import Login
from .scope_directory import VIEW_IDENTITY_SET
from .seeds import IdentityProvider, Person
from .state import State


def identity_document(person: Person) -> dict[str, t.Any]:
    """
    An entry of the identities API.

    :param person: whose
    """
    return {
        "id": person.id,
        "username": person.username,
        "name": person.name,
        "email": person.email,
        "organization": person.organization,
        "identity_provider": person.identity_provider,
        "identity_type": person.identity_type,
        "status": person.status,
    }


def provider_document(provider: IdentityProvider) -> dict[str, t.Any]:
    """
    An entry of the identity providers API.

    :param provider: which
    """
    return {
        "id": provider.id,
        "name": provider.name,
        "short_name": provider.short_name,
        "alternative_names": [],
        "domains": list(provider.domains),
    }


def id_token_claims(state: State, login: Login) -> dict[str, t.Any]:
    """
    The claims about a person in an ID token.

    :param state: the sandbox
    :param login: the login
    """
    person = login.person
    times = {key: done.auth_time for key, done in login.authentications.items()}
    linked = [
        {**item, "last_authentication": times.get(item["sub"])}
        for item in identity_set(state, person)
    ]
    return {
        "sub": person.id,
        "name": person.name,
        "email": person.email,
        "preferred_username": person.username,
        "organization": person.organization,
        "identity_provider": person.identity_provider,
        "identity_provider_display_name": _provider_name(state, person),
        "last_authentication": login.auth_time,
        "identity_set": linked,
    }


def userinfo(
    state: State, person: Person, scopes: t.Collection[str], last_authentication: int
) -> dict[str, t.Any]:
    """
    The claims of userinfo that a token's scopes allow.

    :param state: the sandbox
    :param person: the token's owner
    :param scopes: the token's scopes
    :param last_authentication: the time of the sign-in, in UTC epoch seconds
    """
    answer: dict[str, t.Any] = {"sub": person.id}
    if "profile" in scopes:
        answer |= {
            "name": person.name,
            "preferred_username": person.username,
            "organization": person.organization,
            "identity_provider": person.identity_provider,
            "identity_provider_display_name": _provider_name(state, person),
            "last_authentication": last_authentication,
        }
    if "email" in scopes:
        answer["email"] = person.email
    if VIEW_IDENTITY_SET in scopes:
        answer["identity_set"] = identity_set(state, person)
    return answer


def identity_set(state: State, person: Person) -> list[dict[str, t.Any]]:
    """
    A person's identities, the given one first.

    :param state: the sandbox
    :param person: one of them
    """
    others = (state.people.by_id(identity) for identity in person.linked)
    return [_set_item(state, member) for member in (person, *others) if member is not None]


def _set_item(state: State, person: Person) -> dict[str, t.Any]:
    return {
        "sub": person.id,
        "username": person.username,
        "name": person.name,
        "email": person.email,
        "organization": person.organization,
        "status": person.status,
        "identity_provider": person.identity_provider,
        "identity_provider_display_name": _provider_name(state, person),
    }


def _provider_name(state: State, person: Person) -> str | None:
    provider = state.people.providers.get(person.identity_provider)
    return provider.name if provider else None
