"""The records of the sandbox: clients, logins, codes and tokens, as Authlib requires them."""

# Authlib has no annotations, and third-party stubs for it are narrower than it is.
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import hmac
import typing as t
import uuid
from urllib.parse import urlsplit

import attrs
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin

from globus_core.testing.sandbox import Clock, is_loopback

from .seeds import HYBRID, ClientSeed, Person

CODE_LIFETIME = 600
DEPENDENT_GRANT = "urn:globus:auth:grant_type:dependent_token"


#: the grant types that each type of client may use
GRANT_TYPES = {
    "client_identity": ("client_credentials",),
    "confidential_client": ("authorization_code", "client_credentials", "refresh_token"),
    "globus_connect_server": ("client_credentials", DEPENDENT_GRANT),
    HYBRID: ("authorization_code", "client_credentials", "refresh_token", DEPENDENT_GRANT),
    "public_installed_client": ("authorization_code", "refresh_token"),
    "public_webapp_client": ("authorization_code", "refresh_token"),
    "resource_server": ("client_credentials", DEPENDENT_GRANT),
}


@attrs.frozen(kw_only=True)
class Credential:
    """
    A secret of a client.
    """

    id: str
    name: str
    created: float
    secret: str = attrs.field(repr=False)


class Client(ClientMixin):  # type: ignore[misc,unused-ignore]
    """
    A registered application.

    :param seed: its registration
    """

    id_token_signed_response_alg = None

    def __init__(self, seed: ClientSeed) -> None:
        self.seed = seed
        self.client_id = seed.id
        self.credentials: dict[str, Credential] = {}

    @property
    def is_public(self) -> bool:
        """
        Whether it is a public client (RFC 6749 section 2.1).
        """
        return self.seed.is_public

    def add_credential(self, name: str, secret: str, now: float) -> Credential:
        """
        Add a secret.

        :param name: its name
        :param secret: the secret
        :param now: the sandbox's time
        """
        made = Credential(id=str(uuid.uuid4()), name=name, created=now, secret=secret)
        self.credentials[made.id] = made
        return made

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:  # type: ignore[override,unused-ignore]
        return self.seed.redirect_uris[0] if self.seed.redirect_uris else None

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        if redirect_uri in self.seed.redirect_uris:
            return True
        try:
            parts = urlsplit(redirect_uri)
            host = parts.hostname
        except ValueError:
            return False
        is_plain = parts.scheme == "http" and "@" not in parts.netloc and not parts.fragment
        return self.seed.loopback_redirects and is_plain and is_loopback(host)

    def check_client_secret(self, client_secret: str) -> bool:
        given = client_secret.encode()
        known = (credential.secret.encode() for credential in self.credentials.values())
        return any(hmac.compare_digest(secret, given) for secret in known)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method == "none") is self.is_public

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and self.check_grant_type("authorization_code")

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in GRANT_TYPES[self.seed.client_type]


@attrs.frozen(kw_only=True)
class Authentication:
    """
    The latest sign-in of an identity in a session.
    """

    auth_time: int
    mfa: bool = False


def _signed_in_alone(login: Login) -> dict[str, Authentication]:
    return {login.person.id: Authentication(auth_time=login.auth_time)}


@attrs.define(eq=False, kw_only=True)
class Login:
    """
    One approval by one person for one client; all tokens issued for it belong to it.
    """

    id: str
    client: Client
    person: Person
    auth_time: int
    scope: str
    offline: bool = False
    nonce: str | None = None
    consents: dict[str, int] = attrs.field(factory=dict)
    authentications: dict[str, Authentication] = attrs.field(
        default=attrs.Factory(_signed_in_alone, takes_self=True)
    )


@attrs.define(eq=False, kw_only=True)
class AuthorizationCode(AuthorizationCodeMixin):  # type: ignore[misc,unused-ignore]
    """
    An authorization code for a login.
    """

    code: str = attrs.field(repr=False)
    login: Login
    redirect_uri: str
    expires_at: float
    code_challenge: str | None
    code_challenge_method: str | None
    state: str | None = None
    used: bool = False

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.login.scope

    def get_nonce(self) -> str | None:
        return self.login.nonce

    def get_auth_time(self) -> int:
        return self.login.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@attrs.define(eq=False, kw_only=True)
class Token(TokenMixin):  # type: ignore[misc,unused-ignore]
    """
    An access or refresh token.
    """

    value: str = attrs.field(repr=False)
    kind: str
    resource_server: str
    scope: str
    login: Login
    issued_at: int
    expires_at: int | None
    clock: Clock
    parent: Token | None = None
    revoked: bool = False
    rotated: bool = False

    def check_client(self, client: Client) -> bool:
        return self.login.client is client

    def get_scope(self) -> str:
        return self.scope

    def get_expires_in(self) -> int | None:  # type: ignore[override,unused-ignore]
        return None if self.expires_at is None else self.expires_at - self.issued_at

    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= self.clock.now()

    def is_revoked(self) -> bool:
        return self.revoked

    def is_usable(self) -> bool:
        """
        Whether it is neither expired nor revoked.
        """
        return not self.is_expired() and not self.revoked

    def get_user(self) -> Person:
        return self.login.person

    def get_client(self) -> Client:
        return self.login.client

    @property
    def scopes(self) -> list[str]:
        """
        Its scopes as a list.
        """
        return self.scope.split()


Document = dict[str, t.Any]
