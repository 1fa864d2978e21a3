"""
A Globus Auth without a network: an adapter of requests that answers from a table, and the keys
and tokens to go with it.
"""

from __future__ import annotations

import base64
import json
import time
import typing as t
from collections import defaultdict
from functools import cache
from urllib.parse import parse_qsl, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import RSAAlgorithm
from requests.adapters import BaseAdapter

from globus_core import AuthClient, ConfidentialAppAuthClient, NativeAppAuthClient
from globus_core.transport import RetryConfig

if t.TYPE_CHECKING:
    import pytest

BASE_URL = "https://auth.example.org/"
ISSUER = "https://auth.example.org"
CLIENT_ID = "0f4a2c61-7be3-4d95-8a10-c6d27e5b93f8"
CLIENT_SECRET = "not-a-secret-of-anybody"
IDENTITY = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"
TOKEN_PATH = "/v2/oauth2/token"
CONFIGURATION_PATH = "/.well-known/openid-configuration"
KEYS_PATH = "/jwk.json"

Document = dict[str, t.Any]
Answer = t.Callable[[requests.PreparedRequest], requests.Response]


class Sent:
    """
    A request as it went over the wire.
    """

    def __init__(self, request: requests.PreparedRequest) -> None:
        url = urlsplit(request.url or "")
        body = request.body or ""
        text = body.decode() if isinstance(body, bytes) else str(body)
        self.method = request.method
        self.path = url.path
        self.query = dict(parse_qsl(url.query, keep_blank_values=True))
        self.headers = request.headers
        self.body = text
        form = self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
        self.form = dict(parse_qsl(text, keep_blank_values=True)) if form else {}

    @property
    def authorization(self) -> str | None:
        """The Authorization header, or None."""
        return self.headers.get("Authorization")


class FakeAuth(BaseAdapter):
    """
    Answers requests from a table of paths, and remembers them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Sent] = []
        self._answers: dict[str, Answer] = {}
        self.answer(CONFIGURATION_PATH, configuration())

    def answer(
        self,
        path: str,
        body: t.Any,
        status: int = 200,
        content_type: str = "application/json",
        **headers: str,
    ) -> None:
        """
        Answer a path from now on; a body that is neither text nor bytes goes out as JSON.
        """

        def respond(request: requests.PreparedRequest) -> requests.Response:
            text = body if isinstance(body, (str, bytes)) else json.dumps(body)
            response = make_response(request, text, status, content_type)
            response.headers.update(headers)
            return response

        self._answers[path] = respond

    def answer_others(self) -> None:
        """
        Answer every other path with 404.
        """

        def respond(request: requests.PreparedRequest) -> requests.Response:
            return make_response(request, "{}", 404, "application/json")

        self._answers = defaultdict(lambda: respond, self._answers)

    def go_down(self) -> None:
        """
        Refuse every connection from now on.
        """

        def refuse(request: requests.PreparedRequest) -> requests.Response:
            raise requests.ConnectionError("connection refused")

        self._answers = dict.fromkeys(self._answers, refuse)

    def count(self, path: str) -> int:
        """
        How many requests went to a path.
        """
        return sum(sent.path == path for sent in self.sent)

    @property
    def last(self) -> Sent:
        """The last request."""
        return self.sent[-1]

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: t.Any = None,
        verify: t.Any = True,
        cert: t.Any = None,
        proxies: t.Any = None,
    ) -> requests.Response:
        sent = Sent(request)
        self.sent.append(sent)
        return self._answers[sent.path](request)

    def close(self) -> None:
        self._answers.clear()


def make_response(
    request: requests.PreparedRequest, text: str | bytes, status: int, content_type: str
) -> requests.Response:
    """
    A response of requests.
    """
    response = requests.Response()
    response.status_code = status
    response.reason = "Made Up"
    response._content = text.encode() if isinstance(text, str) else text
    response.headers["Content-Type"] = content_type
    response.request = request
    response.url = request.url or ""
    return response


def configuration(**changes: t.Any) -> Document:
    """
    An OpenID configuration, with changes.
    """
    return {"issuer": ISSUER, "jwks_uri": f"{ISSUER}{KEYS_PATH}", **changes}


C = t.TypeVar("C", bound=AuthClient)


def joined(client: C, server: FakeAuth) -> C:
    """
    A client that speaks to a fake server only.
    """
    client.transport.session.mount("https://", server)
    client.transport.session.mount("http://", server)
    return client


def native(server: FakeAuth) -> NativeAppAuthClient:
    """
    A native client that never tries again.
    """
    retries = RetryConfig(max_retries=0)
    client = NativeAppAuthClient(CLIENT_ID, base_url=BASE_URL, retry_config=retries)
    return joined(client, server)


def confidential(server: FakeAuth) -> ConfidentialAppAuthClient:
    """
    A confidential client that never tries again.
    """
    retries = RetryConfig(max_retries=0)
    client = ConfidentialAppAuthClient(
        CLIENT_ID, CLIENT_SECRET, base_url=BASE_URL, retry_config=retries
    )
    return joined(client, server)


# tokens


def token(**changes: t.Any) -> Document:
    """
    A token document, with changes; None takes a key away.
    """
    document = {
        "access_token": "made-up-access-token",
        "scope": "openid email",
        "expires_in": 3600,
        "token_type": "Bearer",
        "resource_server": "auth.globus.org",
        "other_tokens": [],
        **changes,
    }
    return {key: value for key, value in document.items() if value is not None}


@cache
def rsa_key(number: int) -> rsa.RSAPrivateKey:
    """
    An RSA key, made once for each number.
    """
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ec_key(number: int) -> ec.EllipticCurvePrivateKey:
    """
    A key on the curve P-256, made once for each number.
    """
    return ec.generate_private_key(ec.SECP256R1())


def published(key: t.Any, kid: str | None = None, **changes: t.Any) -> Document:
    """
    The public half of a key as a JWK.
    """
    if isinstance(key, rsa.RSAPrivateKey):
        document: Document = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:  # older versions of PyJWT do not pad coordinates that begin with a zero
        point = key.public_key().public_numbers()
        document = {
            "kty": "EC",
            "crv": "P-256",
            "x": _coordinate(point.x),
            "y": _coordinate(point.y),
        }
    named = {} if kid is None else {"kid": kid}
    return {**document, "use": "sig", **named, **changes}


def _coordinate(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def key_set(*keys: Document) -> Document:
    """
    A key set.
    """
    return {"keys": list(keys)}


def claims(**changes: t.Any) -> Document:
    """
    The claims of a good ID token, with changes; None takes a claim away.
    """
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "sub": IDENTITY,
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + 600,
        **changes,
    }
    return {key: value for key, value in good.items() if value is not None}


def id_token(
    key: t.Any = None, kid: str | None = "one", alg: str = "RS512", **changes: t.Any
) -> str:
    """
    A signed ID token.
    """
    signer = rsa_key(1) if key is None else key
    headers = None if kid is None else {"kid": kid}
    return jwt.encode(claims(**changes), signer, algorithm=alg, headers=headers)


def verifications(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """
    The signatures that are verified from now on.
    """
    verify = RSAAlgorithm.verify
    signatures: list[bytes] = []

    def noted(self: t.Any, msg: bytes, key: t.Any, sig: bytes) -> bool:
        signatures.append(sig)
        return verify(self, msg, key, sig)

    monkeypatch.setattr(RSAAlgorithm, "verify", noted)
    return signatures
