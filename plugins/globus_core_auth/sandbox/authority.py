"""What Globus Auth provides to the other services of the sandbox."""

from __future__ import annotations

import typing as t
import uuid

from globus_core.identities import Identity
from globus_core.testing.sandbox import ApiError, Caller

from .claims import identity_document, identity_set
from .records import Client, Login, Token
from .scope_directory import UnknownScopeError, service_client_id
from .seeds import ClientSeed, Person
from .state import State, new_token


class TokenAuthority:
    """
    Looks up the holders of tokens, and issues tokens to services.

    :param state: the state of the sandbox of Globus Auth
    """

    def __init__(self, state: State) -> None:
        self._state = state

    def caller(self, token: str) -> Caller | None:
        """
        The holder of an access token; None if the token is unknown, expired or revoked.

        :param token: the access token
        """
        with self._state.lock:
            found = self._state.find_token(token, "access_token")
            if found is None or not found.is_usable():
                return None
            person = found.get_user()
            return Caller(
                identity=person.id,
                username=person.username,
                identities=tuple(item["sub"] for item in identity_set(self._state, person)),
                client_id=found.login.client.client_id,
                resource_server=found.resource_server,
                scopes=frozenset(found.scopes),
                dependent_scopes=frozenset(self._state.approved_below(found)),
                token=token,
            )

    def issue(
        self, resource_server: str, scopes: t.Sequence[str], on_behalf_of: Caller | None
    ) -> str:
        """
        An access token for a service, as if it had requested one.

        The caller's token may have expired, because services keep refresh tokens, but it must not
        be revoked.

        :param resource_server: the resource server of the service that asks
        :param scopes: the scopes, all of one resource server
        :param on_behalf_of: the caller whose consents are used; None for the service's own identity
        :raises ApiError: 400 for unknown scopes, 401 for a revoked token, 403 if a scope was not
            approved
        """
        with self._state.lock:
            self._check(scopes)
            client = self._service_client(resource_server)
            if on_behalf_of is None:
                person = self._state.people.service_identity(client.client_id)
                parsed = self._state.directory.parse(" ".join(scopes))
                return self._store(self._state.log_in(client, person, parsed), None)
            parent = self._state.find_token(on_behalf_of.token, "access_token")
            if parent is None or parent.revoked:
                raise ApiError(401, "the token was revoked")
            return self._store(self._dependent_login(client, parent, scopes), parent)

    def identity(self, key: str) -> Identity | None:
        """
        An identity; None if there is none.

        :param key: its id or username
        """
        people = self._state.people
        with self._state.lock:
            person = people.by_id(key) or people.by_username(key)
        return None if person is None else _identity(person)

    def people(self) -> list[Identity]:
        """
        The people at the start of the sandbox.
        """
        return [_identity(person) for person in self._state.seeds.people]

    def _check(self, scopes: t.Sequence[str]) -> None:
        try:
            self._state.directory.parse(" ".join(scopes))
        except UnknownScopeError as error:
            raise ApiError(400, f"unknown scope: {error}", code="UNKNOWN_SCOPE_ERROR") from error
        if len(self._state.directory.by_resource_server(scopes)) != 1:
            raise ApiError(400, "the scopes belong to several resource servers")

    def _dependent_login(self, client: Client, parent: Token, scopes: t.Sequence[str]) -> Login:
        approved = self._state.approved_below(parent)
        if missing := [scope for scope in scopes if scope not in approved]:
            raise ApiError(
                403,
                "the service needs a consent that was not granted",
                code="CONSENT_REQUIRED",
                extra={"unapproved_scopes": missing},
            )
        return self._state.dependent_login(
            client, parent, {scope: approved[scope] for scope in scopes}
        )

    def _store(self, login: Login, parent: Token | None) -> str:
        value = new_token("Ag")
        (resource_server,) = self._state.directory.by_resource_server(login.scope.split())
        document = {
            "access_token": value,
            "expires_in": self._state.settings.access_token_lifetime,
            "resource_server": resource_server,
            "scope": login.scope,
        }
        self._state.add_tokens(document, login, parent)
        return value

    def _service_client(self, resource_server: str) -> Client:
        """
        The client that a service is registered as; created when it is first needed.
        """
        key = service_client_id(resource_server)
        known = self._state.clients.get(key)
        if known is not None:
            return known
        seed = ClientSeed(
            id=key,
            name=resource_server,
            project=None,
            secret=str(uuid.uuid4()),
            client_type="resource_server",
        )
        return self._state.add_client(seed)


def _identity(person: Person) -> Identity:
    return Identity(identity_document(person))
