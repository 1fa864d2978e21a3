"""
Programs that log in because a service asked for it: with globus-core, with globus-sdk, and with
what globus-sdk reads in an error.
"""

from __future__ import annotations

import re
import typing as t
import warnings
from urllib.request import urlopen

import globus_sdk
import globus_sdk.gare
import globus_sdk.login_flows
import globus_sdk.token_storage
import pytest

from globus_core import BaseClient, ConfidentialAppAuthClient, TokenChecker
from globus_core.testing import Sandbox
from globus_core_auth.sandbox.seeds import PROJECT, Policy, ScopeSeed, Seeds
from tests.integration.app.helpers import CountedLogin, user_app
from tests.integration.resource_server import http_services

if t.TYPE_CHECKING:
    from collections.abc import Iterator

AT_SCHOOL = "akestrel@example.edu"
SCHOOL_ONLY = "0f4a6c1e-73d5-4b89-9e02-c5b17d8a3f60"
SERVICE = Seeds().scopes[0].client
PORTAL, ADMIN = (f"https://auth.globus.org/scopes/{SERVICE}/{name}" for name in ("portal", "admin"))
SEEDS = Seeds(
    policies=(
        Policy(
            id=SCHOOL_ONLY,
            project_id=PROJECT,
            display_name="School",
            description="",
            domain_constraints_include=("example.edu",),
        ),
    ),
    scopes=(
        *Seeds().scopes,
        ScopeSeed(
            id="7d0c61f4-2b9e-4a83-95d7-e1f8a3c05b62",
            scope_string=ADMIN,
            client=SERVICE,
            name="Administrate the portal",
        ),
    ),
)

REQUIREMENTS = {
    "a consent": {"scopes": [PORTAL, ADMIN]},
    "a domain": {"scopes": PORTAL, "domains": "example.edu"},
    "a policy": {"scopes": PORTAL, "policies": SCHOOL_ONLY},
    "a recent sign-in": {"scopes": PORTAL, "session_max_age": 120},
}


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox to which the clients of both libraries go."""
    with Sandbox(seeds=SEEDS) as made:
        monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", made.url)
        yield made


@pytest.fixture(params=REQUIREMENTS)
def url(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[str]:
    """The address of a service that requires something of its callers."""
    with ConfidentialAppAuthClient(SERVICE, sandbox.confidential_client_secret) as auth:
        wanted = REQUIREMENTS[request.param]
        checker = TokenChecker(auth, clock=sandbox.now, **t.cast("t.Any", wanted))
        with http_services.wsgi(checker) as (host, port):
            yield f"http://{host}:{port}/"


class TypedCode(globus_sdk.login_flows.LoginFlowManager):
    """
    A login of globus-sdk by somebody who opens the address and types the code.
    """

    asked: t.ClassVar[list[globus_sdk.gare.GlobusAuthorizationParameters]]

    @classmethod
    def for_globus_app(cls, app_name: str, login_client: t.Any, config: t.Any) -> TypedCode:
        """Make the manager of an app."""
        return cls(login_client)

    def run_login_flow(
        self, auth_parameters: globus_sdk.gare.GlobusAuthorizationParameters
    ) -> globus_sdk.OAuthTokenResponse:
        """Note what is asked for, and log in."""
        self.asked.append(auth_parameters)
        shows_code = self.login_client.base_url + "v2/web/auth-code"
        address = self._get_authorize_url(auth_parameters, shows_code)
        with urlopen(address, timeout=30) as page:
            code = re.search(r'id="authorization-code">([^<]+)<', page.read().decode())
        assert code is not None
        return self.login_client.oauth2_exchange_code_for_tokens(code[1])


def of_globus_core(sandbox: Sandbox, url: str) -> Iterator[t.Any]:
    """A client of globus-core, and what its logins were asked for."""

    class Portal(BaseClient):
        base_url = url
        resource_server = SERVICE

    with user_app(
        sandbox,
        scopes={SERVICE: [PORTAL]},
        auto_redrive_gares=True,
        login_flow_manager=CountedLogin,
    ) as app:
        client = Portal(app=app, app_scopes=[])
        yield client
        yield t.cast("CountedLogin", app._login_flow_manager).asked
        client.close()


def of_globus_sdk(sandbox: Sandbox, url: str) -> Iterator[t.Any]:
    """A client of globus-sdk, and what its logins were asked for."""

    class Portal(globus_sdk.BaseClient):
        base_url = url
        default_scope_requirements: t.ClassVar[t.Any] = []

    Portal.resource_server = SERVICE  # type: ignore[assignment]
    TypedCode.asked = []
    with globus_sdk.UserApp(
        "tests",
        client_id=sandbox.native_client_id,
        scope_requirements={SERVICE: [PORTAL]},
        config=globus_sdk.GlobusAppConfig(
            token_storage=globus_sdk.token_storage.MemoryTokenStorage(),
            login_flow_manager=TypedCode,
            auto_redrive_gares=True,
        ),
    ) as app:
        client = Portal(app=app, app_scopes=[])
        yield client
        yield TypedCode.asked
        client.close()


@pytest.mark.parametrize("made", [of_globus_core, of_globus_sdk])
def test_a_program_logs_in_once_because_the_service_asked(
    sandbox: Sandbox, url: str, made: t.Any, request: pytest.FixtureRequest
) -> None:
    """The program does nothing for it but call; the call is repeated and answered."""
    parts = made(sandbox, url)
    client = next(parts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # of globus-sdk
        if "max_age" in str(REQUIREMENTS[request.node.callspec.params["url"]]):
            assert client.get("/").text == "ada@example.org"
            sandbox.advance_clock(121)

        assert client.get("/").text == "ada@example.org"
        assert client.get("/").text == "ada@example.org"

        first, because = next(parts)
        assert first.session_message is None
        assert because.session_message
        assert next(parts, None) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("a consent", {"required_scopes": [ADMIN, PORTAL]}),
        ("a domain", {"session_required_single_domain": ["example.edu"]}),
        ("a policy", {"session_required_policies": [SCHOOL_ONLY]}),
    ],
    indirect=["url"],
)
def test_globus_sdk_reads_the_requirements_in_its_error(
    sandbox: Sandbox, url: str, expected: dict[str, t.Any]
) -> None:
    """For programs that start the login themselves, by the document or by ``info``."""
    with user_app(sandbox, scopes={SERVICE: [PORTAL]}) as app:
        header = app.get_authorizer(SERVICE).get_authorization_header()
    assert header is not None
    authorizer = globus_sdk.AccessTokenAuthorizer(header.removeprefix("Bearer "))
    with (
        globus_sdk.BaseClient(base_url=url, authorizer=authorizer) as client,
        pytest.raises(globus_sdk.GlobusAPIError) as caught,
    ):
        client.get("/")

    gare = globus_sdk.gare.to_gare(caught.value)
    assert gare is not None
    (name, value) = next(iter(expected.items()))
    assert getattr(gare.authorization_parameters, name) == value
    info = caught.value.info
    found = info.consent_required or info.authorization_parameters
    assert getattr(found, name) == value
    assert gare.authorization_parameters.session_message == caught.value.message
