"""Authlib's grants, with the sandbox's storage and one token for each resource server."""

# Authlib has no annotations, and third-party stubs for it are narrower than it is.
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import typing as t

from authlib.oauth2.rfc6749 import (
    BaseGrant,
    InvalidGrantError,
    InvalidRequestError,
    OAuth2Error,
    TokenEndpointMixin,
    UnauthorizedClientError,
)
from authlib.oauth2.rfc6749.grants import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    RefreshTokenGrant,
)
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, OpenIDToken

from globus_core.testing.sandbox import error_document

from .claims import id_token_claims
from .records import DEPENDENT_GRANT, AuthorizationCode, Client, Document, Login, Token
from .sessions import session_of
from .signing_keys import ALGORITHM

if t.TYPE_CHECKING:
    from .oauth import Server

_ALL_CLIENTS = ["client_secret_basic", "client_secret_post", "none"]
_WITH_SECRET = ["client_secret_basic", "client_secret_post"]


class _ByResourceServer:
    """
    Lets a grant issue one token for each resource server.
    """

    server: Server
    request: t.Any
    GRANT_TYPE: t.Any

    def issue(self, login: Login, scopes: t.Iterable[str], *, offline: bool) -> list[Document]:
        """
        Create the token documents, that of Globus Auth first.

        :param login: what was approved
        :param scopes: the requested scopes
        :param offline: whether refresh tokens are requested
        """
        directory = self.server.state.directory
        groups = directory.by_resource_server(scopes)
        return [
            {
                **self.server.generate_token(
                    grant_type=self.GRANT_TYPE,
                    client=login.client,
                    user=login,
                    scope=" ".join(names),
                    include_refresh_token=offline and directory.allow_refresh_tokens(names),
                ),
                "resource_server": resource_server,
            }
            for resource_server, names in groups.items()
        ]

    def bundle(self, documents: list[Document]) -> Document:
        """
        The first document with the others in ``other_tokens``.

        :param documents: the tokens
        :raises InvalidGrantError: if there are none
        """
        if not documents:
            raise InvalidGrantError("None of the scopes of this grant exists any more.")
        first, *others = documents
        return {**first, "other_tokens": others}


class CodeGrant(_ByResourceServer, AuthorizationCodeGrant):  # type: ignore[misc,unused-ignore]
    """
    The authorization code grant.
    """

    TOKEN_ENDPOINT_AUTH_METHODS = _ALL_CLIENTS

    @staticmethod
    def validate_authorization_redirect_uri(request: t.Any, client: Client) -> str:
        # Authlib puts the URL into its message and fails on characters that are invalid there, so
        # the check is repeated without it.
        wanted = request.payload.redirect_uri or client.get_default_redirect_uri()
        if not wanted:
            raise InvalidRequestError("The request has no redirect_uri.")
        if not client.check_redirect_uri(wanted):
            raise InvalidRequestError("The redirect_uri is not registered for this client.")
        return str(wanted)

    def save_authorization_code(self, code: str, request: t.Any) -> None:
        state = self.server.state
        values = request.payload.data
        person, authentications = session_of(state, request.client, request.user, values)
        login = state.log_in(
            request.client,
            person,
            state.directory.parse(request.payload.scope),
            offline=values.get("access_type") == "offline",
            nonce=values.get("nonce"),
            authentications=authentications,
        )
        challenge = values.get("code_challenge"), values.get("code_challenge_method")
        state.add_code(code, login, request.payload.redirect_uri or "", *challenge)
        state.codes[code].state = request.payload.state

    def query_authorization_code(self, code: str, client: Client) -> AuthorizationCode | None:
        state = self.server.state
        known = state.codes.get(code)
        if known is None or known.login.client is not client:
            return None
        if known.used:
            state.revoke_where(lambda token: token.login is known.login)
            return None
        return known if known.expires_at > state.clock.now() else None

    def delete_authorization_code(self, authorization_code: AuthorizationCode) -> None:
        authorization_code.used = True

    def authenticate_user(self, authorization_code: AuthorizationCode) -> Login:
        return authorization_code.login

    def generate_token(self, **given: t.Any) -> Document:
        code: AuthorizationCode = self.request.authorization_code
        login = self.request.login = code.login
        token = self.bundle(self.issue(login, login.scope.split(), offline=login.offline))
        if code.state is not None:
            token["state"] = code.state
        return token


class RefreshGrant(_ByResourceServer, RefreshTokenGrant):  # type: ignore[misc,unused-ignore]
    """
    The refresh grant: one token, for the refresh token's resource server.
    """

    TOKEN_ENDPOINT_AUTH_METHODS = _ALL_CLIENTS

    @property
    def rotates(self) -> bool:
        """
        Whether each refresh token can be used only once.
        """
        return self.server.state.settings.rotate_refresh_tokens

    def authenticate_refresh_token(self, refresh_token: str) -> Token | None:
        known = self.server.state.find_token(refresh_token, "refresh_token")
        if known is None or known.is_usable():
            return known
        if known.rotated:
            self.server.state.revoke_chain(known)
        return None

    def authenticate_user(self, refresh_token: Token) -> Login:
        return refresh_token.login

    def generate_token(self, *, scope: str, **given: t.Any) -> Document:
        old: Token = self.request.refresh_token
        self.request.login = old.login
        self.request.parent_token = old.parent
        token = self.bundle(self.issue(old.login, scope.split(), offline=self.rotates))
        if not self.rotates:
            token["refresh_token"] = old.value
        return token

    def revoke_old_credential(self, refresh_token: Token) -> None:
        if self.rotates:
            refresh_token.rotated = refresh_token.revoked = True


class ClientGrant(_ByResourceServer, ClientCredentialsGrant):  # type: ignore[misc,unused-ignore]
    """
    The client credentials grant, for the client's own identity.
    """

    TOKEN_ENDPOINT_AUTH_METHODS = _WITH_SECRET

    def generate_token(self, *, scope: str, **given: t.Any) -> Document:
        state = self.server.state
        client: Client = self.request.client
        person = state.people.service_identity(client.client_id)
        login = state.log_in(client, person, state.directory.parse(scope))
        self.request.login = self.request.user = login
        return self.bundle(self.issue(login, login.scope.split(), offline=False))


class DependentConsentError(OAuth2Error):  # type: ignore[misc,unused-ignore]
    """
    The person has not consented to the downstream scopes of a service.

    :param scopes: the scopes that lack a consent
    """

    error = "dependent_consent_required"
    status_code = 403

    def __init__(self, scopes: t.Iterable[str]) -> None:
        super().__init__(description="A dependent token needs a consent that was not granted.")
        self.scopes = list(scopes)

    def get_body(self) -> list[tuple[str, t.Any]]:  # type: ignore[override,unused-ignore]
        code = str(self.error).upper()
        errors = error_document(403, str(self.description), code=code)["errors"]
        errors[0]["unapproved_scopes"] = self.scopes
        return [*super().get_body(), ("errors", errors)]


class DependentGrant(_ByResourceServer, BaseGrant, TokenEndpointMixin):  # type: ignore[misc,unused-ignore]
    """
    A service exchanges the token it received for tokens for the services it depends on.
    """

    GRANT_TYPE = DEPENDENT_GRANT
    TOKEN_ENDPOINT_AUTH_METHODS = _WITH_SECRET

    def validate_token_request(self) -> None:
        client = t.cast("Client", self.authenticate_token_endpoint_client())
        self.request.client = client
        if not client.check_grant_type(self.GRANT_TYPE):
            raise UnauthorizedClientError("The client may not request dependent tokens.")
        value = self.request.form.get("token")
        if not value:
            raise InvalidRequestError("The request has no token.")
        token = self.server.state.find_token(value, "access_token")
        if token is None or not token.is_usable() or token.resource_server != client.client_id:
            raise InvalidGrantError("The token is not a usable token for this client.")
        self.request.parent_token = token

    def create_token_response(self) -> tuple[int, list[Document], t.Any]:
        parent: Token = self.request.parent_token
        state = self.server.state
        consents = state.approved_below(parent)
        wanted = self._wanted(parent, consents)
        if missing := [scope for scope in wanted if scope not in consents]:
            raise DependentConsentError(missing)
        self.request.login = login = state.dependent_login(
            self.request.client,
            parent,
            {scope: consents[scope] for scope in wanted},
            offline=self.request.form.get("access_type") == "offline",
        )
        documents = self.issue(login, wanted, offline=login.offline)
        self.server.remember(documents, self.request)
        return 200, documents, self.TOKEN_RESPONSE_HEADER

    def _wanted(self, parent: Token, consents: dict[str, int]) -> list[str]:
        if text := self.request.form.get("scope"):
            self.server.validate_requested_scope(text)
            parsed = self.server.state.directory.parse(text)
            return list(dict.fromkeys(scope.scope_string for scope in parsed))
        known = map(self.server.state.directory.find, parent.scopes)
        needed = [
            dependency.scope
            for scope in known
            if scope is not None
            for dependency in scope.dependent_scopes
            if not dependency.optional
        ]
        return list(dict.fromkeys((*needed, *consents)))


class Pkce(CodeChallenge):  # type: ignore[misc,unused-ignore]
    """
    PKCE (RFC 7636) with S256 only, which native clients must use.
    """

    SUPPORTED_CODE_CHALLENGE_METHOD: list[str] = ["S256"]

    def validate_code_challenge(self, grant: t.Any, redirect_uri: t.Any) -> None:
        values = grant.request.payload.data
        challenge = values.get("code_challenge")
        if grant.request.client.is_public and not challenge:
            raise InvalidRequestError("A native client must send a code_challenge.")
        if challenge and values.get("code_challenge_method") != "S256":
            raise InvalidRequestError("The code_challenge_method must be S256.")
        super().validate_code_challenge(grant, redirect_uri)


class _SignsIdTokens:
    """
    ID tokens with the sandbox's clock and keys.

    :param server: the authorization server
    """

    def __init__(self, server: Server) -> None:
        self.server = server

    def get_client_algorithm(self, client: Client) -> str:
        return ALGORITHM

    def get_encode_header(self, client: Client) -> dict[str, t.Any]:
        return {"typ": "JWT", "alg": ALGORITHM, "kid": self.resolve_client_private_key(client).kid}

    def resolve_client_private_key(self, client: Client) -> t.Any:
        return self.server.state.keys.current

    def get_client_claims(self, client: Client) -> dict[str, t.Any]:
        state = self.server.state
        now = int(state.clock.now())
        lifetime = state.settings.access_token_lifetime
        claims = {"iss": state.issuer, "aud": client.client_id, "iat": now, "exp": now + lifetime}
        return {**claims, "auth_time": now}

    def generate_user_info(self, user: Login, scope: str) -> dict[str, t.Any]:
        return id_token_claims(self.server.state, user)


class CodeIdToken(_SignsIdTokens, OpenIDCode):  # type: ignore[misc,unused-ignore]
    """
    ID tokens of the code grant.
    """

    require_nonce = False

    def exists_nonce(self, nonce: str, request: t.Any) -> bool:
        return False


class ClientIdToken(_SignsIdTokens, OpenIDToken):  # type: ignore[misc,unused-ignore]
    """
    ID tokens of the client credentials grant.
    """
