"""Authlib's authorization server with the sandbox's state, behaving like Globus Auth."""

# Authlib has no annotations, and third-party stubs for it are narrower than it is.
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import json
import typing as t

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload, FlaskOAuth2Request
from authlib.oauth2.rfc6749 import (
    InvalidClientError,
    InvalidGrantError,
    InvalidScopeError,
    OAuth2Error,
    OAuth2Request,
)
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oauth2.rfc9207 import IssuerParameter
from flask import Response
from flask import request as flask_request

from .claims import identity_set
from .grants import (
    ClientGrant,
    ClientIdToken,
    CodeGrant,
    CodeIdToken,
    DependentGrant,
    Pkce,
    RefreshGrant,
)
from .records import Client, Document, Login, Token
from .scope_directory import AUTH, UnknownScopeError
from .sessions import meets
from .state import State, new_token


class _Request(FlaskOAuth2Request):  # type: ignore[misc,unused-ignore]
    """
    A request, with the login that its tokens come from.

    :param request: Flask's request
    """

    login: Login | None = None
    parent_token: Token | None = None

    def __init__(self, request: t.Any) -> None:
        # Authlib requires TLS or a loopback name in the URL; this server already makes sure that
        # only this machine can connect.
        uri = f"https://sandbox{request.full_path}"
        OAuth2Request.__init__(self, request.method, uri, headers=request.headers)
        self._request = request
        self.payload = FlaskOAuth2Payload(request)


class _Issuer(IssuerParameter):  # type: ignore[misc,unused-ignore]
    """
    Names the issuer in every redirect (RFC 9207).
    """

    def __init__(self, state: State) -> None:
        self._state = state

    def get_issuer(self) -> str:
        return self._state.issuer


class Server(AuthorizationServer):  # type: ignore[misc,unused-ignore]
    """
    The authorization server.

    :param state: the sandbox's state
    """

    def __init__(self, state: State) -> None:
        self.state = state
        super().__init__(query_client=state.clients.get, save_token=self._save)
        self.load_config({})
        self.issuer = _Issuer(state)
        self.issuer(self)
        self.register_grant(CodeGrant, [Pkce(), CodeIdToken(self)])
        self.register_grant(RefreshGrant)
        self.register_grant(ClientGrant, [ClientIdToken(self)])
        self.register_grant(DependentGrant)
        self.register_endpoint(_Revocation)
        self.register_endpoint(_Introspection)
        self.register_endpoint(_Validation)

    def load_config(self, config: t.Any) -> None:
        generator = BearerTokenGenerator(
            access_token_generator=lambda **_: new_token("Ag"),
            refresh_token_generator=lambda **_: new_token("Ag1"),
            expires_generator=lambda *_: self.state.settings.access_token_lifetime,
        )
        self.register_token_generator("default", generator)

    def create_oauth2_request(self, request: t.Any) -> _Request:
        return _Request(flask_request)

    def authenticate_client(
        self, request: t.Any, methods: t.Any, endpoint: str = "token"
    ) -> Client:
        try:
            return t.cast("Client", super().authenticate_client(request, methods, endpoint))
        except ValueError as error:  # credentials that are not text
            raise InvalidClientError(status_code=401) from error

    def validate_requested_scope(self, scope: str | None) -> None:
        try:
            self.state.directory.parse(scope)
        except UnknownScopeError as error:
            raise InvalidScopeError() from error

    def handle_response(self, status_code: int, payload: t.Any, headers: t.Any) -> Response:
        if not isinstance(payload, str):
            payload = json.dumps(payload)
        return Response(payload, status=status_code, headers=headers)

    def handle_error_response(self, request: t.Any, error: OAuth2Error) -> Response:
        if isinstance(error, (InvalidGrantError, InvalidClientError)):
            error.status_code = 401
        return t.cast("Response", super().handle_error_response(request, error))

    def remember(self, documents: t.Iterable[Document], request: t.Any) -> None:
        """
        Store the issued tokens.

        :param documents: one for each resource server
        :param request: the token request
        """
        for document in documents:
            self.state.add_tokens(document, request.login, request.parent_token)

    def _save(self, token: Document, request: t.Any) -> None:
        self.remember((token, *token["other_tokens"]), request)


class _Revocation(RevocationEndpoint):  # type: ignore[misc,unused-ignore]
    """
    Token revocation, answered ``{"active": false}``.
    """

    server: Server
    CLIENT_AUTH_METHODS: list[str] = [
        "client_secret_basic",
        "client_secret_post",
        "none",
    ]

    def create_endpoint_response(self, request: t.Any) -> tuple[int, Document, t.Any]:
        status, _, headers = super().create_endpoint_response(request)
        return status, {"active": False}, headers

    def query_token(self, token_string: str, token_type_hint: str | None) -> Token | None:
        return self.server.state.find_token(token_string)

    def authenticate_token(self, request: t.Any, client: Client) -> Token | None:
        self.check_params(request, client)
        token = self.query_token(request.form["token"], None)
        # A native client may end the tokens of its instances: the CLI logs out in that way.
        if token is not None and client.client_id not in _app(token):
            raise InvalidGrantError()
        return token

    def revoke_token(self, token: Token, request: t.Any) -> None:
        self.server.state.revoke(token)


class _Introspection(IntrospectionEndpoint):  # type: ignore[misc,unused-ignore]
    """
    Token introspection, for the client that the token was issued to and the service it is for.
    """

    server: Server

    def check_permission(self, token: Token, client: Client, request: t.Any) -> bool:
        return client.client_id in _audience(token)

    def query_token(self, token_string: str, token_type_hint: str | None) -> Token | None:
        return self.server.state.find_token(token_string)

    def introspect_token(self, token: Token) -> Document:
        person = token.get_user()
        answer: Document = {
            "active": True,
            "token_type": "Bearer",
            "scope": token.scope,
            "client_id": token.login.client.client_id,
            "username": person.username,
            "name": person.name,
            "email": person.email,
            "sub": person.id,
            "aud": _audience(token),
            "iss": self.server.state.issuer,
            "iat": token.issued_at,
            "nbf": token.issued_at,
        }
        if token.expires_at is not None:
            answer["exp"] = token.expires_at
        return answer | self._included(token)

    def _included(self, token: Token) -> Document:
        wanted = flask_request.form.get("include", "").split(",")
        answer: Document = {}
        if "session_info" in wanted:
            answer["session_info"] = _session(self.server.state, token)
        members = identity_set(self.server.state, token.get_user())
        if "identity_set" in wanted:
            answer["identity_set"] = [member["sub"] for member in members]
        if "identity_set_detail" in wanted:
            answer["identity_set_detail"] = members
        policies = flask_request.form.get("authentication_policies", "")
        if ids := [each.strip().lower() for each in policies.split(",") if each.strip()]:
            answer["policy_evaluations"] = {
                each: {"evaluation": meets(self.server.state, each, token.login)} for each in ids
            }
        return answer


class _Validation(_Introspection):
    """
    Returns only whether a token is usable, to any client.
    """

    ENDPOINT_NAME = "validation"
    CLIENT_AUTH_METHODS: list[str] = [
        "client_secret_basic",
        "client_secret_post",
        "none",
    ]

    def check_permission(self, token: Token, client: Client, request: t.Any) -> bool:
        return True

    def introspect_token(self, token: Token) -> Document:
        return {"active": True}


def _audience(token: Token) -> list[str]:
    return list(dict.fromkeys((token.resource_server, token.login.client.client_id)))


def _app(token: Token) -> tuple[str | None, ...]:
    client = token.login.client
    return client.client_id, client.seed.parent_client


def _session(state: State, token: Token) -> Document:
    people = ((key, state.people.by_id(key)) for key in token.login.authentications)
    authentications: Document = {
        key: {
            "idp": person.identity_provider,
            "auth_time": token.login.authentications[key].auth_time,
            "acr": None,
            "amr": ["mfa"] if token.login.authentications[key].mfa else None,
            "custom_claims": {},
        }
        for key, person in people
        if person is not None
    }
    return {"session_id": token.login.id, "authentications": authentications}


def is_for_auth(token: Token) -> bool:
    """
    Whether a token is valid for the API of Globus Auth.

    :param token: an access token
    """
    return token.resource_server == AUTH
