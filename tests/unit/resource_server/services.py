"""
A service with a fake Globus Auth, and a clock that is moved by hand.
"""

from __future__ import annotations

import json
import threading
import time
import typing as t

from globus_core import TokenChecker
from tests.unit.auth import fakes

if t.TYPE_CHECKING:
    import requests

    from globus_core.resource_server import RefusedError

INTROSPECT = "/v2/oauth2/token/introspect"
SCOPE = f"https://auth.globus.org/scopes/{fakes.CLIENT_ID}/all"
OTHER_SCOPE = f"https://auth.globus.org/scopes/{fakes.CLIENT_ID}/admin"
TOKEN = "Ag" + "a" * 90
HEADER = f"Bearer {TOKEN}"
POLICY = "3c1d7a52-6d0e-4a52-93c7-2f2f0a3b7d11"
AT_SCHOOL = "e5c07b34-8f21-4d96-a3be-50d91f7c62a8"


class Clock:
    """
    A time that only tests move.
    """

    def __init__(self) -> None:
        self.now = float(int(time.time()))

    def __call__(self) -> float:
        return self.now


class Service:
    """
    What a service needs to check tokens, and the Globus Auth that it asks.
    """

    def __init__(self) -> None:
        self.clock = Clock()
        self.auth = fakes.FakeAuth()
        self.tokens: dict[str, dict[str, t.Any]] = {}
        self.auth.answer(fakes.TOKEN_PATH, {})
        self.auth._answers[INTROSPECT] = self._introspect

    def _introspect(self, request: requests.PreparedRequest) -> requests.Response:
        token = self.auth.last.form["token"]
        body = json.dumps(self.tokens.get(token, {"active": False}))
        return fakes.make_response(request, body, 200, "application/json")

    def checker(self, **options: t.Any) -> TokenChecker:
        """
        A checker of this service, with a client of its own.
        """
        options = {"scopes": SCOPE, "clock": self.clock, **options}
        return TokenChecker(fakes.confidential(self.auth), **options)

    def issue(self, token: str = TOKEN, **changes: t.Any) -> str:
        """
        Make a token valid for an hour, and return its header; None takes a fact away.
        """
        facts = {
            "active": True,
            "sub": fakes.IDENTITY,
            "username": "ada@example.org",
            "name": "Ada Kestrel",
            "email": "ada@example.org",
            "scope": SCOPE,
            "aud": [fakes.CLIENT_ID, "some-app"],
            "client_id": "some-app",
            "iss": fakes.ISSUER,
            "exp": int(self.clock.now) + 3600,
            "identity_set_detail": [
                {"sub": fakes.IDENTITY, "username": "ada@example.org", "status": "used"},
                {"sub": AT_SCHOOL, "username": "akestrel@example.edu", "status": "used"},
            ],
            "session_info": self.session(fakes.IDENTITY),
            **changes,
        }
        self.tokens[token] = {key: value for key, value in facts.items() if value is not None}
        return f"Bearer {token}"

    def session(self, *identities: str, ago: float = 0.0) -> dict[str, t.Any]:
        """
        A session with sign-ins by these identities.
        """
        sign_in = {"idp": "a-provider", "auth_time": int(self.clock.now - ago), "amr": ["pwd"]}
        return {"session_id": "a-session", "authentications": dict.fromkeys(identities, sign_in)}

    @property
    def asked(self) -> int:
        """How often Globus Auth was asked."""
        return self.auth.count(INTROSPECT)

    def go_down(self) -> None:
        """
        Let Globus Auth refuse connections.
        """
        self.auth.go_down()

    def come_back(self) -> None:
        """
        Let it answer again.
        """
        self.auth._answers[INTROSPECT] = self._introspect


class Gate:
    """
    Holds back the answers of Globus Auth; ``entered`` says that a request is waiting for one.
    """

    def __init__(self, service: Service) -> None:
        self.entered = threading.Event()
        self.opened = threading.Event()
        self._answer = service.auth._answers[INTROSPECT]
        service.auth._answers[INTROSPECT] = self._wait

    def _wait(self, request: requests.PreparedRequest) -> requests.Response:
        self.entered.set()
        assert self.opened.wait(60)
        return self._answer(request)


def refusal(kind: type[RefusedError], check: t.Callable[[], object]) -> RefusedError:
    """
    The error that a check must raise.
    """
    try:
        check()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__} was raised")
