"""
fauxbus: Globus Auth's paths and answers, for confidential clients, without refresh tokens.

What it does not know it answers with status 501 and code ``NOT_IMPLEMENTED``:
public clients, refresh tokens (``access_type=offline`` as well), dependent
tokens, introspection with ``include``. Client credentials may come by Basic
header or in the form, never both. Its redirect URIs are matched exactly.
"""

from __future__ import annotations

import contextlib
import typing as t
from dataclasses import dataclass
from pathlib import Path

from ._browser import call, good, redirect_target
from ._process import Running, running_server

CLIENT_ID = "3f6c1c9e-5b0e-4c0a-9a51-6f1d2b7e8a01"
CLIENT_SECRET = "fauxbus-client-secret"
OTHER_CLIENT_ID = "3f6c1c9e-5b0e-4c0a-9a51-6f1d2b7e8a02"
OTHER_CLIENT_SECRET = "fauxbus-other-client-secret"
REDIRECT_URI = "https://app.example.org/callback"
PERSON_ID = "8d1f0f7a-2c64-4a57-8d0b-0a4f9be1c201"
LINKED_ID = "8d1f0f7a-2c64-4a57-8d0b-0a4f9be1c202"
PROVIDER_ID = "c5b7e1d2-91a3-4f0e-b6d4-7e2a5f3c9d01"


@dataclass(frozen=True)
class Fauxbus(Running):
    """
    A running fauxbus.
    """

    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    # A second confidential client, which may not touch the tokens of the first.
    other_client_id: str = OTHER_CLIENT_ID
    other_client_secret: str = OTHER_CLIENT_SECRET
    redirect_uri: str = REDIRECT_URI
    # The person who signs in, and the identity linked to the same account.
    identity_id: str = PERSON_ID
    linked_identity_id: str = LINKED_ID
    username: str = "ada@example.org"
    name: str = "Ada Example"
    email: str = "ada@mail.example.org"
    authorize_path: str = "/v2/oauth2/authorize"
    token_path: str = "/v2/oauth2/token"
    revoke_path: str = "/v2/oauth2/token/revoke"
    introspect_path: str = "/v2/oauth2/token/introspect"
    userinfo_path: str = "/v2/oauth2/userinfo"
    jwks_path: str = "/jwk.json"
    discovery_path: str = "/.well-known/openid-configuration"

    def sign_in(self, authorize_url: str) -> str:
        """
        Sign the person in and give the URL to which the browser is sent back.

        :param authorize_url: where the client sends the browser, with its parameters
        """
        session = self.control("/_fauxbus/auth/session", {"account": self.identity_id})
        cookie = {"Cookie": session["cookie"]}
        return redirect_target(call("GET", authorize_url, headers=cookie))

    def advance_clock(self, seconds: int) -> None:
        """
        Let the time of codes and access tokens pass; ID tokens keep to the real time.

        :param seconds: at least 1
        """
        self.control("/_fauxbus/tick", {"seconds": seconds})

    def fail_next(self, path: str, status: int, *, times: int = 1, **rule: t.Any) -> None:
        """
        Make the next requests fail.

        :param path: which ones, as a glob over the path
        :param status: the HTTP status of the answer
        :param times: how many requests fail
        :param rule: ``method``, ``body`` (a JSON object) and ``headers``, all optional
        """
        self.control("/_fauxbus/failures", {"path": path, "status": status, "times": times, **rule})

    def reset(self) -> None:
        """Forget every token, code, session and failure, and set the clock back."""
        self.control("/_fauxbus/reset", {})

    def control(self, path: str, document: dict[str, t.Any]) -> dict[str, t.Any]:
        """Post one document to fauxbus's own test interface."""
        answer: dict[str, t.Any] = good("POST", self.base_url + path, json=document).json()
        return answer


@contextlib.contextmanager
def running_fauxbus(folder: Path) -> t.Iterator[Fauxbus]:
    """
    Run a fauxbus of one's own for as long as the block lasts.

    :param folder: an existing, empty folder for its log
    """
    log = folder / "fauxbus.log"
    with running_server(
        "fauxbus", "--require-issued-tokens", "--control-loopback-only", "--verbose", log=log
    ) as base_url:
        server = Fauxbus(base_url, log)
        # Seeded only now, because the issuer contains the port.
        server.control("/_fauxbus/seed?canonical=true", _seed(server))
        yield server


def _seed(server: Fauxbus) -> dict[str, t.Any]:
    return {
        "oidc": {"issuer": server.base_url, "signed_token_clock": "wall"},
        "identity_providers": {PROVIDER_ID: {"name": "Example University"}},
        "accounts": {PERSON_ID: {"identities": _identities(server)}},
        "clients": {
            CLIENT_ID: {
                "name": "Example Portal",
                "secret": CLIENT_SECRET,
                "redirect_uris": [REDIRECT_URI],
            },
            OTHER_CLIENT_ID: {"name": "Example Service", "secret": OTHER_CLIENT_SECRET},
        },
    }


def _identities(server: Fauxbus) -> dict[str, dict[str, str]]:
    common = {
        "name": server.name,
        "email": server.email,
        "organization": "Example University",
        "identity_provider": PROVIDER_ID,
    }
    return {
        PERSON_ID: {"username": server.username, **common},
        LINKED_ID: {"username": "lovelace@lab.example.org", **common},
    }
