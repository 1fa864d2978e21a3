"""A client of the sandbox that shares no code with the SDK: requests, hashlib and PyJWT."""

from __future__ import annotations

import base64
import hashlib
import typing as t
from urllib.parse import parse_qsl, urlsplit

import jwt
import requests

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox

VERIFIER = "correct-horse-battery-staple-correct-horse-battery"
TRANSFER = "urn:globus:auth:scope:transfer.api.globus.org:all"
DEPENDENT_GRANT = "urn:globus:auth:grant_type:dependent_token"

Document = dict[str, t.Any]


def challenge(verifier: str) -> str:
    """
    The S256 code challenge of a verifier.
    """
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class PlainClient:
    """
    Speaks to one sandbox as its native client, and as its confidential one where asked.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.redirect_uri = "http://127.0.0.1:7777/callback"
        self.basic = sandbox.confidential_client_id, sandbox.confidential_client_secret

    def get(self, path: str, token: str | None = None, /, **params: t.Any) -> requests.Response:
        """
        GET without following redirects.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = self.sandbox.url + path
        return self.session.get(
            url, params=params, headers=headers, allow_redirects=False, timeout=10
        )

    def post(
        self, path: str, auth: tuple[str, str] | None = None, /, **form: t.Any
    ) -> requests.Response:
        """
        POST a form.
        """
        url = self.sandbox.url + path
        return self.session.post(url, data=form, auth=auth, allow_redirects=False, timeout=10)

    def authorize_params(self, **changes: t.Any) -> Document:
        """
        The query of a good login, with changes; None takes a parameter away.
        """
        params: Document = {
            "client_id": self.sandbox.native_client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid email profile",
            "state": "a-state",
            "response_type": "code",
            "code_challenge": challenge(VERIFIER),
            "code_challenge_method": "S256",
            "access_type": "online",
            **changes,
        }
        return {name: value for name, value in params.items() if value is not None}

    def authorize(self, **changes: t.Any) -> requests.Response:
        """
        Open the authorize address.
        """
        return self.get("v2/oauth2/authorize", **self.authorize_params(**changes))

    def code(self, **changes: t.Any) -> str:
        """
        An authorization code.
        """
        return redirect_query(self.authorize(**changes))["code"]

    def exchange(self, code: str, **changes: t.Any) -> requests.Response:
        """
        Exchange a code.
        """
        form = {
            "grant_type": "authorization_code",
            "client_id": self.sandbox.native_client_id,
            "code": code,
            "code_verifier": VERIFIER,
            "redirect_uri": self.redirect_uri,
            **changes,
        }
        return self.post("v2/oauth2/token", **form)

    def log_in(self, **changes: t.Any) -> Document:
        """
        Log in and return the token document.
        """
        token: Document = good(self.exchange(self.code(**changes)))
        return token

    def refresh(self, refresh_token: str, **changes: t.Any) -> requests.Response:
        """
        Use a refresh token.
        """
        form = {"grant_type": "refresh_token", "client_id": self.sandbox.native_client_id}
        return self.post("v2/oauth2/token", refresh_token=refresh_token, **(form | changes))

    def grant(self, grant_type: str, **form: t.Any) -> requests.Response:
        """
        Use a grant as the confidential client.
        """
        return self.post("v2/oauth2/token", self.basic, grant_type=grant_type, **form)

    def verify(self, id_token: str, audience: str | None = None) -> Document:
        """
        Check an ID token against the published keys and return its claims.
        """
        configuration = good(self.get(".well-known/openid-configuration"))
        keys = jwt.PyJWKSet.from_dict(good(self.session.get(configuration["jwks_uri"], timeout=10)))
        claims: Document = jwt.decode(
            id_token,
            keys[jwt.get_unverified_header(id_token)["kid"]].key,
            algorithms=configuration["id_token_signing_alg_values_supported"],
            audience=audience or self.sandbox.native_client_id,
            issuer=configuration["issuer"],
        )
        return claims


def redirect_query(response: requests.Response) -> dict[str, str]:
    """
    The query of the address that a response redirects to.
    """
    assert response.status_code == 302, response.text
    return dict(parse_qsl(urlsplit(response.headers["Location"]).query))


def good(response: requests.Response) -> t.Any:
    """
    The document of a response that must be a success.
    """
    assert response.status_code == 200, response.text
    return response.json()


def refused(response: requests.Response, status: int) -> t.Any:
    """
    The document of a response that must have this error status.
    """
    assert response.status_code == status, response.text
    return response.json()
