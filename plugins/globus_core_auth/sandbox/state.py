"""The state of the sandbox of Globus Auth, and its lock."""

from __future__ import annotations

import secrets
import threading
import typing as t
import uuid

import attrs

from globus_core.scopes import Scope
from globus_core.testing.sandbox import World

from .consents import ConsentForest
from .people import People
from .records import (
    CODE_LIFETIME,
    Authentication,
    AuthorizationCode,
    Client,
    Document,
    Login,
    Token,
)
from .scope_directory import ScopeDirectory
from .seeds import ClientSeed, Person, Policy, Project, ScopeSeed, Seeds
from .signing_keys import SigningKeys

R = t.TypeVar("R")


@attrs.define(kw_only=True)
class Settings:
    """
    Settings that can be changed while the sandbox runs; :py:meth:`State.reset` restores the initial
    values.
    """

    auto_approve: bool = True
    rotate_refresh_tokens: bool = False
    access_token_lifetime: int = 172800
    denials: int = 0


class State:
    """
    The state of the sandbox of Globus Auth.

    :param world: the data shared with the other services
    :param seeds: the initial data
    :param settings: the initial settings, to which a reset returns
    :param synthetic: number of synthetic people
    """

    def __init__(self, world: World, seeds: Seeds, settings: Settings, *, synthetic: int) -> None:
        self.lock = threading.RLock()
        self.seeds = seeds
        self.clock = world.clock
        self.keys = SigningKeys()
        self.directory = ScopeDirectory(seeds.scopes, world.scopes, world.collections)
        self.people = People(seeds.people, seeds.identity_providers, synthetic)
        self.consents = ConsentForest(self.directory, self.clock)
        self.projects: dict[str, Project] = {}
        self.policies: dict[str, Policy] = {}
        self.clients: dict[str, Client] = {}
        self.codes: dict[str, AuthorizationCode] = {}
        self.tokens: dict[str, Token] = {}
        self.settings = attrs.evolve(settings)
        self._first_settings = settings
        self.url = ""
        self.issuer = ""
        self._register_seeds()

    def _register_seeds(self) -> None:
        self.directory.reset()
        self.people.reset()
        self.projects = {project.id: project for project in self.seeds.projects}
        self.policies = {policy.id: policy for policy in self.seeds.policies}
        self.clients.clear()
        for seed in self.seeds.clients:
            self.add_client(seed)

    def locked(self, view: t.Callable[..., R]) -> t.Callable[..., R]:
        """
        A decorator that holds the lock during the function.

        :param view: the function
        """

        def run(**given: t.Any) -> R:
            with self.lock:
                return view(**given)

        return run

    def reset(self) -> None:
        """
        Return to the initial state, including the signing key.
        """
        with self.lock:
            self.settings = attrs.evolve(self._first_settings)
            self.codes.clear()
            self.tokens.clear()
            self.consents.clear()
            self._register_seeds()
            self.keys.reset()

    def add_client(self, seed: ClientSeed) -> Client:
        """
        Register a client.

        :param seed: its registration, whose secret becomes its first credential
        """
        client = self.clients[seed.id] = Client(seed)
        self.people.add_service(seed)
        if seed.secret is not None:
            client.add_credential("seed", seed.secret, self.clock.now())
        return client

    def remove_client(self, client: Client) -> None:
        """
        Remove a client with its scopes, and all tokens and consents for it.

        :param client: the client
        """
        key = client.client_id
        for scope in list(self.directory.registered.values()):
            if scope.client == key:
                self.remove_scope(scope)
        del self.clients[key]
        self.people.forget_service(key)
        self.consents.forget(lambda consent: consent.client == key)
        self.revoke_where(lambda token: token.login.client is client)
        self._drop_codes(lambda login: login.client is client)

    def remove_scope(self, scope: ScopeSeed) -> None:
        """
        Remove a scope, and all tokens and consents for it.

        :param scope: the scope
        """
        text = scope.scope_string
        del self.directory.registered[text]
        self.consents.forget(lambda consent: consent.scope_string == text)
        self.revoke_where(lambda token: text in token.scopes)
        self._drop_codes(lambda login: text in login.scope.split())

    def rescind(self, number: int) -> None:
        """
        Remove a consent and those below it, and revoke the tokens issued for them.

        :param number: the consent's id
        """
        gone = self.consents.below_and(number)
        self.consents.forget(lambda consent: consent.id == number)

        def is_issued_for(token: Token) -> bool:
            return any(token.login.consents.get(scope) in gone for scope in token.scopes)

        self.revoke_where(is_issued_for)
        self._drop_codes(lambda login: not gone.isdisjoint(login.consents.values()))

    def _drop_codes(self, matches: t.Callable[[Login], bool]) -> None:
        self.codes = {key: code for key, code in self.codes.items() if not matches(code.login)}

    def log_in(
        self,
        client: Client,
        person: Person,
        scopes: t.Sequence[Scope],
        *,
        offline: bool = False,
        nonce: str | None = None,
        authentications: dict[str, Authentication] | None = None,
    ) -> Login:
        """
        Record that a person has approved scopes for a client.

        :param client: the client
        :param person: the person
        :param scopes: what was approved
        :param offline: whether refresh tokens are included
        :param nonce: the nonce for the ID token
        :param authentications: the sign-ins of the session by identity; None for one just now
        """
        now = int(self.clock.now())
        session = authentications or {person.id: Authentication(auth_time=now)}
        known = session.get(person.id)
        return Login(
            id=str(uuid.uuid4()),
            client=client,
            person=person,
            auth_time=known.auth_time if known else now,
            authentications=session,
            scope=" ".join(dict.fromkeys(scope.scope_string for scope in scopes)),
            offline=offline,
            nonce=nonce,
            consents=self.consents.approve(client.client_id, person.id, scopes, offline=offline),
        )

    def approved_below(self, token: Token) -> dict[str, int]:
        """
        The downstream scopes that were approved for the service that a token is for.

        :param token: an access token
        :returns: consent ids by scope string
        """
        held = (token.login.consents.get(scope) for scope in token.scopes)
        return self.consents.below(node for node in held if node is not None)

    def dependent_login(
        self,
        client: Client,
        parent: Token,
        consents: t.Mapping[str, int],
        *,
        offline: bool = False,
    ) -> Login:
        """
        The login of a service that acts for the holder of a token.

        :param client: the service
        :param parent: the token
        :param consents: the consents that are used, by scope string
        :param offline: whether refresh tokens are included
        """
        return Login(
            id=parent.login.id,
            client=client,
            person=parent.login.person,
            auth_time=parent.login.auth_time,
            scope=" ".join(consents),
            offline=offline,
            consents=dict(consents),
            authentications=parent.login.authentications,
        )

    def add_code(
        self,
        code: str,
        login: Login,
        redirect_uri: str,
        challenge: str | None,
        method: str | None,
    ) -> None:
        """
        Store an authorization code.
        """
        self.codes[code] = AuthorizationCode(
            code=code,
            login=login,
            redirect_uri=redirect_uri,
            expires_at=self.clock.now() + CODE_LIFETIME,
            code_challenge=challenge,
            code_challenge_method=method,
        )

    def add_tokens(self, document: Document, login: Login, parent: Token | None = None) -> None:
        """
        Store the tokens of one token document.

        :param document: the access token, and possibly refresh token, for one resource server
        :param login: the login that they belong to
        :param parent: the token they were derived from by the dependent grant
        """
        now = int(self.clock.now())
        for kind in ("access_token", "refresh_token"):
            value = document.get(kind)
            if value is None or value in self.tokens:
                continue
            expires = now + int(document["expires_in"]) if kind == "access_token" else None
            self.tokens[value] = Token(
                value=value,
                kind=kind,
                resource_server=document["resource_server"],
                scope=document["scope"],
                login=login,
                issued_at=now,
                expires_at=expires,
                clock=self.clock,
                parent=parent,
            )

    def find_token(self, value: str, kind: str | None = None) -> Token | None:
        """
        Find a token, also if it is expired or revoked.

        :param value: the token itself
        :param kind: ``access_token`` or ``refresh_token``; None for either
        """
        token = self.tokens.get(value)
        return token if token is not None and kind in (None, token.kind) else None

    def revoke_where(self, matches: t.Callable[[Token], bool]) -> None:
        """
        Revoke all tokens that match, and those derived from them.

        :param matches: whether to revoke a token
        """
        for token in self.tokens.values():
            if matches(token):
                token.revoked = True
        # A derived token is always younger than its parent, so one pass in order is enough.
        for token in self.tokens.values():
            if token.parent is not None and token.parent.revoked:
                token.revoked = True

    def revoke(self, token: Token) -> None:
        """
        Revoke a token; with a refresh token, also the access tokens of its grant (RFC 7009, 2.1).

        :param token: an access or refresh token
        """
        if token.kind == "access_token":
            return self.revoke_where(lambda other: other is token)
        return self.revoke_chain(token)

    def revoke_chain(self, token: Token) -> None:
        """
        Revoke all tokens of one login for one resource server.

        :param token: one of them
        """
        self.revoke_where(
            lambda other: (
                other.login is token.login and other.resource_server == token.resource_server
            )
        )

    def take_denial(self) -> bool:
        """
        Whether to deny the current login; counts down.
        """
        with self.lock:
            if not self.settings.denials:
                return False
            self.settings.denials -= 1
            return True


def new_token(prefix: str) -> str:
    """
    A random token.

    :param prefix: its prefix
    """
    return prefix + secrets.token_urlsafe(36)
