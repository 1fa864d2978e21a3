"""The state of the sandbox of Globus Auth as JSON data: keys, tokens, consents and clients."""

from __future__ import annotations

import typing as t

import attrs

from .records import Authentication, Client, Credential, Login, Token
from .seeds import ClientSeed, DependentScope, Policy, Project, ScopeSeed

if t.TYPE_CHECKING:
    from .records import Document
    from .state import State

A = t.TypeVar("A")


def dump(state: State) -> Document:
    """
    The state as JSON data, with its secrets, which are made up.

    Authorization codes are left out: a login that is under way begins again.

    :param state: the state
    """
    with state.lock:
        # Tokens of a removed client are revoked, and nobody can ask about them.
        tokens = [token for token in state.tokens.values() if _is_kept(state, token.login)]
        logins = list({id(token.login): token.login for token in tokens}.values())
        numbers = {id(login): number for number, login in enumerate(logins)}
        return {
            "keys": state.keys.dump(),
            "people": state.people.dump(),
            "projects": [attrs.asdict(project) for project in state.projects.values()],
            "policies": [attrs.asdict(policy) for policy in state.policies.values()],
            "clients": [_client(client) for client in state.clients.values()],
            "scopes": [attrs.asdict(scope) for scope in state.directory.registered.values()],
            "consents": state.consents.dump(),
            "logins": [_login(login) for login in logins],
            "tokens": [_token(token, numbers[id(token.login)]) for token in tokens],
        }


def load(state: State, saved: Document) -> None:
    """
    Replace the state by one that was saved.

    :param state: the state
    :param saved: what :py:func:`dump` returned
    :raises ValueError: if the data names a person who does not exist
    :raises KeyError: if something is missing in the data
    :raises TypeError: if something in the data has the wrong type
    """
    with state.lock:
        state.keys.load(saved["keys"])
        state.people.load(saved["people"])
        state.projects = {made.id: made for made in _all(Project, saved["projects"])}
        state.policies = {made.id: made for made in _all(Policy, saved["policies"])}
        state.directory.registered = {
            made.scope_string: made for made in map(_made_scope, saved["scopes"])
        }
        state.clients.clear()
        for entry in saved["clients"]:
            _add_client(state, entry)
        state.consents.load(saved["consents"])
        logins = [_made_login(state, entry) for entry in saved["logins"]]
        state.codes.clear()
        state.tokens.clear()
        for entry in saved["tokens"]:  # a parent is before what was derived from it
            _add_token(state, entry, logins)


def _is_kept(state: State, login: Login) -> bool:
    return state.clients.get(login.client.client_id) is login.client


def _client(client: Client) -> Document:
    credentials = [attrs.asdict(credential) for credential in client.credentials.values()]
    return {"seed": attrs.asdict(client.seed), "credentials": credentials}


def _login(login: Login) -> Document:
    return {
        "id": login.id,
        "client": login.client.client_id,
        "person": login.person.id,
        "auth_time": login.auth_time,
        "scope": login.scope,
        "offline": login.offline,
        "nonce": login.nonce,
        "consents": dict(login.consents),
        "authentications": {
            identity: attrs.asdict(done) for identity, done in login.authentications.items()
        },
    }


def _token(token: Token, login: int) -> Document:
    return {
        "value": token.value,
        "kind": token.kind,
        "resource_server": token.resource_server,
        "scope": token.scope,
        "login": login,
        "issued_at": token.issued_at,
        "expires_at": token.expires_at,
        "parent": token.parent.value if token.parent else None,
        "revoked": token.revoked,
        "rotated": token.rotated,
    }


def made(kind: type[A], entry: Document) -> A:
    """
    A record of the seeds from JSON data.

    :param kind: its class
    :param entry: its fields by name
    """
    fields = {
        name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()
    }
    return kind(**fields)


def _all(kind: type[A], entries: t.Iterable[Document]) -> list[A]:
    return [made(kind, entry) for entry in entries]


def _made_scope(entry: Document) -> ScopeSeed:
    needed = _all(DependentScope, entry["dependent_scopes"])
    return made(ScopeSeed, {**entry, "dependent_scopes": needed})


def _add_client(state: State, entry: Document) -> None:
    client = Client(made(ClientSeed, entry["seed"]))
    for credential in _all(Credential, entry["credentials"]):
        client.credentials[credential.id] = credential
    state.clients[client.client_id] = client
    state.people.add_service(client.seed)


def _made_login(state: State, entry: Document) -> Login:
    person = state.people.by_id(entry["person"])
    if person is None:
        raise ValueError(f"there is no person {entry['person']!r}")
    fields = {**entry, "client": state.clients[entry["client"]], "person": person}
    if "authentications" in entry:  # a file of an earlier version has none
        fields["authentications"] = {
            identity: made(Authentication, done)
            for identity, done in entry["authentications"].items()
        }
    return Login(**fields)


def _add_token(state: State, entry: Document, logins: t.Sequence[Login]) -> None:
    parent = state.tokens.get(entry["parent"])
    login = logins[entry["login"]]
    state.tokens[entry["value"]] = Token(
        **{**entry, "login": login, "parent": parent, "clock": state.clock}
    )
