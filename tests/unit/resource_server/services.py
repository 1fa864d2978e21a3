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
TRANSFER = "transfer.api.globus.org"
TRANSFER_ALL = f"urn:globus:auth:scope:{TRANSFER}:all"
GROUPS = "groups.api.globus.org"
GROUPS_VIEW = f"urn:globus:auth:scope:{GROUPS}:view_my_groups_and_memberships"
#: what the values of dependent tokens begin with
DEPENDENT = "made-up-dependent-token"
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
        self.lifetime = 3600
        self.consents = {TRANSFER_ALL, GROUPS_VIEW}
        self.auth._answers[fakes.TOKEN_PATH] = self._exchange
        self.auth._answers[INTROSPECT] = self._introspect

    def _introspect(self, request: requests.PreparedRequest) -> requests.Response:
        form = self.auth.last.form
        facts = dict(self.tokens.get(form["token"], {"active": False}))
        if isinstance(evaluated := facts.pop("policy_evaluations", None), dict):
            asked = form.get("authentication_policies", "").split(",")
            evaluated = {key: evaluated[key] for key in asked if key in evaluated}
        if evaluated:
            facts["policy_evaluations"] = evaluated
        return fakes.make_response(request, json.dumps(facts), 200, "application/json")

    def _exchange(self, request: requests.PreparedRequest) -> requests.Response:
        """The dependent token grant."""
        form = self.auth.last.form
        status, document = 200, t.cast("t.Any", [])
        scopes = form["scope"].split()
        if not self.tokens.get(form["token"], {}).get("active"):
            status, document = 401, {"error": "invalid_grant"}
        elif missing := [scope for scope in scopes if scope not in self.consents]:
            errors = [{"code": "DEPENDENT_CONSENT_REQUIRED", "unapproved_scopes": missing}]
            status, document = 403, {"error": "dependent_consent_required", "errors": errors}
        else:
            servers: dict[str, list[str]] = {}
            for scope in scopes:
                servers.setdefault(scope.split(":")[4], []).append(scope)
            document = [self._dependent(server, held) for server, held in servers.items()]
        return fakes.make_response(request, json.dumps(document), status, "application/json")

    def _dependent(self, server: str, scopes: list[str]) -> dict[str, t.Any]:
        return {
            "access_token": f"{DEPENDENT}-{self.granted}-{server}",
            "expires_in": self.lifetime,
            "token_type": "Bearer",
            "resource_server": server,
            "scope": " ".join(scopes),
        }

    @property
    def granted(self) -> int:
        """How often Globus Auth was asked for dependent tokens."""
        return self.auth.count(fakes.TOKEN_PATH)

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
        self.auth._answers[fakes.TOKEN_PATH] = self._exchange


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
