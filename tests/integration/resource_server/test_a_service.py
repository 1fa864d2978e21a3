"""
A service over HTTP that requires consents and sessions, and an app that logs in because of it.
"""

from __future__ import annotations

import threading
import typing as t
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from globus_core import BaseClient, ConfidentialAppAuthClient, TokenChecker
from globus_core.resource_server import ForbiddenError, UnauthenticatedError, WSGIProtection
from globus_core.testing import Sandbox
from globus_core_auth.sandbox.seeds import PROJECT, Policy, Seeds
from tests.integration.app.helpers import CountedLogin, user_app

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from globus_core import UserApp

AT_SCHOOL = "e5c07b34-8f21-4d96-a3be-50d91f7c62a8"
SCHOOL_ONLY = "0f4a6c1e-73d5-4b89-9e02-c5b17d8a3f60"
POLICY = Policy(
    id=SCHOOL_ONLY,
    project_id=PROJECT,
    display_name="School",
    description="",
    domain_constraints_include=("example.edu",),
)


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox with a policy, to which every client goes."""
    with Sandbox(seeds=Seeds(policies=(POLICY,))) as made:
        monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", made.url)
        yield made


@pytest.fixture
def auth(sandbox: Sandbox) -> Iterator[ConfidentialAppAuthClient]:
    """The service's own client."""
    with ConfidentialAppAuthClient(
        sandbox.confidential_client_id, sandbox.confidential_client_secret
    ) as client:
        yield client


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: t.Any) -> None:
        """Nobody reads it."""


class Running:
    """
    The service, in a thread.
    """

    def __init__(self, checker: TokenChecker) -> None:
        self.callers: list[t.Any] = []
        application = WSGIProtection(self._greet, checker)
        self._server = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever)

    def _greet(self, environ: t.Any, start: t.Any) -> list[bytes]:
        self.callers.append(environ["globus.caller"])
        start("200 OK", [("Content-Type", "application/json")])
        return [b'{"hello": "you"}']

    def __enter__(self) -> Running:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def the_app(sandbox: Sandbox) -> UserApp:
    """An app that does what services require."""
    scope = sandbox.seeds.scopes[0].scope_string
    return user_app(
        sandbox,
        scopes={sandbox.confidential_client_id: [scope]},
        auto_redrive_gares=True,
        login_flow_manager=CountedLogin,
    )


@pytest.mark.parametrize("requires", [{"domains": "example.edu"}, {"policies": SCHOOL_ONLY}])
def test_a_required_session_makes_an_app_log_in_once(
    sandbox: Sandbox, auth: ConfidentialAppAuthClient, requires: dict[str, t.Any]
) -> None:
    """The call is repeated and answered; the person is the same, with one more sign-in."""
    scope = sandbox.seeds.scopes[0].scope_string
    checker = TokenChecker(auth, scopes=scope, **requires)

    class ServiceClient(BaseClient):
        resource_server = sandbox.confidential_client_id

    with Running(checker) as service, the_app(sandbox) as app:
        client = ServiceClient(base_url=service.url, app=app, app_scopes=[])
        assert client.get("/")["hello"] == "you"
        assert client.get("/")["hello"] == "you"
        client.close()

    first, again = service.callers
    assert first.username == "ada@example.org"
    assert AT_SCHOOL in first.session.authentications
    assert first.checked_at == again.checked_at


def test_a_revoked_token_is_refused_after_the_ttl(
    sandbox: Sandbox, auth: ConfidentialAppAuthClient
) -> None:
    """By the sandbox as by Globus Auth."""
    scope = sandbox.seeds.scopes[0].scope_string
    now = [sandbox.now()]
    checker = TokenChecker(auth, scopes=scope, ttl=60, clock=lambda: now[0])
    with the_app(sandbox) as app:
        authorizer = app.get_authorizer(sandbox.confidential_client_id)
        header = authorizer.get_authorization_header()
        assert checker.check(header).username == "ada@example.org"
        app.logout()
    now[0] += 59
    checker.check(header)
    now[0] += 1
    with pytest.raises(UnauthenticatedError):
        checker.check(header)


def test_tokens_for_other_services_are_refused(
    sandbox: Sandbox, auth: ConfidentialAppAuthClient
) -> None:
    """Also those that were issued to the service itself, which it may introspect."""
    scope = sandbox.seeds.scopes[0].scope_string
    checker = TokenChecker(auth, scopes=scope)
    transfer = "urn:globus:auth:scope:transfer.api.globus.org:all"
    own = auth.oauth2_client_credentials_tokens(transfer)
    token = own.by_resource_server["transfer.api.globus.org"]["access_token"]
    assert auth.oauth2_token_introspect(token)["active"] is True

    with pytest.raises(ForbiddenError, match="lacks a scope"):
        checker.check(f"Bearer {token}")
