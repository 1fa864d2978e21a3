"""The token endpoints, and the documents of OpenID Connect."""

from __future__ import annotations

import typing as t

from flask import Response, jsonify

from globus_core.testing.sandbox import Route, routes

from .callers import ServerEndpoints
from .claims import userinfo
from .records import DEPENDENT_GRANT
from .signing_keys import ALGORITHM


class TokensApi(ServerEndpoints):
    """
    The token endpoints, and userinfo.
    """

    def routes(self) -> list[Route]:
        return routes(
            ("POST", "/v2/oauth2/token", self.token),
            ("POST", "/v2/oauth2/token/revoke", self.revoke),
            ("POST", "/v2/oauth2/token/introspect", self.introspect),
            ("POST", "/v2/oauth2/token/validate", self.validate),
            ("GET", "/v2/oauth2/userinfo", self.userinfo),
            ("GET", "/.well-known/openid-configuration", self.openid_configuration),
            ("GET", "/jwk.json", self.keys),
        )

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
        Token validation: introspection with only ``active``.
        """
        return self._token_endpoint("validation")

    def _token_endpoint(self, name: str) -> Response:
        with self._state.lock:
            return t.cast("Response", self._server.create_endpoint_response(name))

    def userinfo(self) -> Response:
        """
        Userinfo about the token's owner.
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
