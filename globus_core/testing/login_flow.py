"""
The contract of login flows, as tests that authors of flows inherit.
"""

from __future__ import annotations

import contextlib
import typing as t
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

from globus_core.exc import GlobusError, GlobusSDKUsageError, LoginDeniedError, LoginFlowError
from globus_core.gare import GlobusAuthorizationParameters
from globus_core.login_flows import LoginFlowManager
from globus_core.testing.canary import CanarySecrets, everything_logged
from globus_core.testing.leftovers import nothing_left_running

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Factory = Callable[..., LoginFlowManager]

# How long a test waits for something that comes at once or never.
PATIENCE_SECONDS = 60.0
# How long a flow with a deadline waits for a person who does not return.
SHORT_SECONDS = 0.5

SERVERS = {
    "auth.globus.org": "openid",
    "transfer.api.globus.org": "urn:globus:auth:scope:transfer.api.globus.org:all",
}
SCOPES = list(SERVERS.values())
TOKEN_PATH = "/v2/oauth2/token"  # noqa: S105 - an address


class SandboxPerson:
    """
    A person who logs in at the sandbox: opens a URL, and returns the callback's URL.

    :param change: changes the query parameters of the callback; None for a person who never returns
    :ivar urls: the URLs that were opened
    :ivar codes: the codes that the sandbox issued
    """

    def __init__(
        self, change: Callable[[dict[str, str]], dict[str, str]] | None = lambda query: query
    ) -> None:
        self.urls: list[str] = []
        self.codes: list[str] = []
        self._change = change

    def __call__(self, url: str) -> str | None:
        """
        Log in at the sandbox.

        :param url: the URL to open
        :return: the URL that the browser is redirected to; None if the person does not return
        """
        import requests

        self.urls.append(url)
        if self._change is None:
            return None
        with requests.Session() as browser:
            browser.trust_env = False
            answer = browser.get(url, allow_redirects=False, timeout=PATIENCE_SECONDS)
        address, _, query = answer.headers["Location"].partition("?")
        given = dict(parse_qsl(query))
        self.codes += [given["code"]] if "code" in given else []
        return f"{address}?{urlencode(self._change(given))}"

    def asked(self) -> list[dict[str, str]]:
        """
        The query parameters of the URLs that were opened.
        """
        return [
            {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
            for url in self.urls
        ]


class LoginFlowContract:
    """
    Tests for any login flow. Subclass it in a test module and define the fixture ``flow_factory``:
    a function that creates the flow. It is called as ``flow_factory(login_client, person,
    **options)``. ``person(url)`` stands for the human: call it with the URL that your flow would
    open, and use the result, the URL of the callback, as what your flow would receive from the
    browser or as input. None is a person who does not return. Options are
    ``request_refresh_tokens``, and ``timeout`` in seconds if the flow has a deadline; pass them to
    your flow.

    The logins run against the sandbox: its plugin and its extra must be installed.

    :cvar has_deadline: whether the flow takes ``timeout``, and gives up after it
    :cvar patience: seconds for threads and sockets of the flow to end
    """

    has_deadline = False
    patience = PATIENCE_SECONDS

    @pytest.fixture
    def login_client(self, globus_sandbox: t.Any) -> Iterator[t.Any]:
        """The client for the login, a native one; override it for a flow that needs another."""
        from globus_core import NativeAppAuthClient

        with NativeAppAuthClient(
            globus_sandbox.native_client_id, base_url=globus_sandbox.url
        ) as client:
            yield client

    def test_the_tokens_asked_for_come_back(
        self, login_client: t.Any, flow_factory: Factory, globus_sandbox: t.Any
    ) -> None:
        """One access token for each resource server, for one exchange of the code."""
        person = SandboxPerson()
        tokens = self._log_in(flow_factory(login_client, person))
        assert set(tokens.by_resource_server) == set(SERVERS)
        for server, scope in SERVERS.items():
            token = tokens.by_resource_server[server]
            assert token["access_token"] and token["refresh_token"] is None
            assert scope in token["scope"].split()
        assert len(person.urls) == 1
        assert _exchanges(globus_sandbox) == 1

    def test_refresh_tokens_come_when_asked_for(
        self, login_client: t.Any, flow_factory: Factory
    ) -> None:
        """For each resource server."""
        flow = flow_factory(login_client, SandboxPerson(), request_refresh_tokens=True)
        tokens = self._log_in(flow)
        for server in SERVERS:
            assert tokens.by_resource_server[server]["refresh_token"]

    def test_no_login_can_be_taken_for_another(
        self, login_client: t.Any, flow_factory: Factory
    ) -> None:
        """
        Each has a state (RFC 6749 section 10.12), a nonce (OpenID Connect Core 3.1.2.1) and a PKCE
        challenge (RFC 7636) of its own, which cannot be guessed.
        """
        person = SandboxPerson()
        flow = flow_factory(login_client, person)
        self._log_in(flow)
        self._log_in(flow)
        asked = person.asked()
        assert len(asked) == 2
        for query in asked:
            assert query["response_type"] == "code"
            assert query.get("code_challenge_method") == "S256"
        for name in ("state", "nonce", "code_challenge"):
            one, other = (query.get(name, "") for query in asked)
            assert one != other, f"two logins have one {name}"
            assert min(len(one), len(other)) >= 16, f"the {name} can be guessed"

    def test_what_the_session_must_bring_is_asked_for(
        self, login_client: t.Any, flow_factory: Factory, globus_sandbox: t.Any
    ) -> None:
        """All requirements of the login are in the URL."""
        person = SandboxPerson()
        ada = globus_sandbox.people[0]
        needed = GlobusAuthorizationParameters(
            required_scopes=SCOPES,
            session_required_identities=[ada.id],
            session_required_single_domain=[ada.domain, "example.net"],
            session_required_policies=["88d0b3a7-15ce-49f2-8e64-7c2f9d10a5b8"],
            session_required_mfa=True,
            session_message="Please log in anew",
            prompt="login",
        )
        with contextlib.suppress(GlobusError):  # whether the sandbox grants it does not matter
            self._log_in(flow_factory(login_client, person, **self._limit()), needed)
        asked = person.asked()[0]
        assert asked["scope"].split() == SCOPES
        assert asked.get("session_required_identities") == ada.id
        assert asked.get("session_required_single_domain") == f"{ada.domain},example.net"
        assert asked.get("session_required_policies") == "88d0b3a7-15ce-49f2-8e64-7c2f9d10a5b8"
        assert asked.get("session_required_mfa", "").lower() == "true"
        assert asked.get("session_message") == "Please log in anew"
        assert asked.get("prompt") == "login"

    def test_a_login_without_scopes_is_a_mistake(
        self, login_client: t.Any, flow_factory: Factory
    ) -> None:
        """An error of the program; no one is prompted to log in."""
        person = SandboxPerson()
        flow = flow_factory(login_client, person)
        nothings: tuple[list[str] | None, ...] = (None, [])
        for nothing in nothings:
            with pytest.raises(GlobusSDKUsageError):
                self._log_in(flow, GlobusAuthorizationParameters(required_scopes=nothing))
        assert person.urls == []

    def test_a_client_that_cannot_log_in_is_refused(self, flow_factory: Factory) -> None:
        """When the flow is created, or at the latest when it runs."""
        person = SandboxPerson()
        with pytest.raises(GlobusSDKUsageError):
            self._log_in(flow_factory(object(), person))
        assert person.urls == []

    def test_a_denied_login_says_so(
        self, login_client: t.Any, flow_factory: Factory, globus_sandbox: t.Any
    ) -> None:
        """With the error of the callback (RFC 6749 section 4.1.2.1)."""
        globus_sandbox.deny_next_login()
        with pytest.raises(LoginDeniedError) as caught:
            self._log_in(flow_factory(login_client, SandboxPerson()))
        assert caught.value.error == "access_denied"
        assert _exchanges(globus_sandbox) == 0

    @pytest.mark.parametrize("state", ["of-another-login", "", None])
    def test_the_callback_of_another_login_is_refused(
        self, login_client: t.Any, flow_factory: Factory, globus_sandbox: t.Any, state: str | None
    ) -> None:
        """Whatever its state, if any: its code is not exchanged, and is in no error."""

        def change(query: dict[str, str]) -> dict[str, str]:
            others = {name: value for name, value in query.items() if name != "state"}
            return others if state is None else {**others, "state": state}

        person, secrets = SandboxPerson(change), CanarySecrets()
        with pytest.raises(LoginFlowError) as caught:
            self._log_in(flow_factory(login_client, person, **self._limit()))
        for code in person.codes:
            secrets.add("the code", code)
        secrets.assert_hidden(caught.value)
        assert _exchanges(globus_sandbox) == 0

    def test_a_login_that_nobody_finishes_ends(
        self, login_client: t.Any, flow_factory: Factory, globus_sandbox: t.Any
    ) -> None:
        """With an error of the flow, or because the input has ended."""
        flow = flow_factory(login_client, SandboxPerson(None), **self._limit())
        with pytest.raises((LoginFlowError, EOFError)):
            self._log_in(flow)
        assert _exchanges(globus_sandbox) == 0

    def test_an_interrupt_ends_it(self, login_client: t.Any, flow_factory: Factory) -> None:
        """Ctrl-C reaches the program."""

        def interrupted(url: str) -> str:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            self._log_in(flow_factory(login_client, interrupted, **self._limit()))

    def test_no_secret_shows(
        self,
        login_client: t.Any,
        flow_factory: Factory,
        monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        """Output, log and the ``repr`` of the flow have neither code, verifier nor tokens."""
        started: list[t.Any] = []
        start = login_client.oauth2_start_flow

        def noting(*args: t.Any, **kwargs: t.Any) -> t.Any:
            started.append(start(*args, **kwargs))
            return started[-1]

        monkeypatch.setattr(login_client, "oauth2_start_flow", noting)
        person, secrets = SandboxPerson(), CanarySecrets()
        capfd.readouterr()
        with everything_logged() as lines:
            flow = flow_factory(login_client, person, request_refresh_tokens=True)
            tokens = self._log_in(flow)
        shown = capfd.readouterr()
        for code in person.codes:
            secrets.add("the code", code)
        for one in started:
            secrets.add("the verifier", one.verifier)
        secrets.add("the ID token", tokens["id_token"])
        for token in tokens.by_resource_server.values():
            secrets.add("an access token", token["access_token"])
            secrets.add("a refresh token", token["refresh_token"])
        secrets.assert_hidden(shown.out, shown.err, flow, vars(flow), *lines)

    def _log_in(
        self, flow: LoginFlowManager, needed: GlobusAuthorizationParameters | None = None
    ) -> t.Any:
        """Run a flow; no test may leave anything running."""
        needed = needed or GlobusAuthorizationParameters(required_scopes=SCOPES)
        with nothing_left_running(self.patience):
            return flow.run_login_flow(needed)

    def _limit(self) -> dict[str, float]:
        return {"timeout": SHORT_SECONDS} if self.has_deadline else {}


def _exchanges(sandbox: t.Any) -> int:
    return int(sandbox.count(path=TOKEN_PATH, grant_type="authorization_code"))
