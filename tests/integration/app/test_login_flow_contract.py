"""
The login flows keep the contract of all flows, and the contract finds what is wrong with others.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest

from globus_core import ConfidentialAppAuthClient
from globus_core.exc import LoginDeniedError
from globus_core.gare import GlobusAuthorizationParameters
from globus_core.login_flows import (
    AutoLoginFlowManager,
    CommandLineLoginFlowManager,
    LocalServerLoginFlowManager,
    LoginFlowManager,
)
from globus_core.testing import HeadlessBrowser, LoginFlowContract

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from globus_core.testing import Sandbox
    from globus_core.testing.login_flow import Factory

    Person = t.Callable[[str], str | None]

CALLBACK = "http://127.0.0.1:7777/callback"
CTRL_D = "\x04"

needs_terminals = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX")


def returning(person: Person) -> t.Callable[[str], bool]:
    """A browser that goes where the person goes, and back to the program."""

    def open_browser(url: str) -> bool:
        callback = person(url)
        return callback is None or HeadlessBrowser().open(callback)

    return open_browser


class _Prompted(CommandLineLoginFlowManager):
    """The flow of the command line, whose person pastes the whole callback."""

    person: Person

    def print_authorize_url(self, authorize_url: str) -> None:
        super().print_authorize_url(authorize_url)
        self.authorize_url = authorize_url

    def prompt_for_code(self) -> str:
        return self.person(self.authorize_url) or ""


class TestCommandLine(LoginFlowContract):
    """
    A URL to open, the callback to paste.
    """

    @pytest.fixture
    def flow_factory(self) -> Factory:
        def make(login_client: t.Any, person: Person, **options: t.Any) -> LoginFlowManager:
            flow = _Prompted(login_client, **options)
            flow.person = person
            return flow

        return make


class TestCommandLineOfAPortal(LoginFlowContract):
    """
    The same with a client that has a secret.
    """

    @pytest.fixture
    def login_client(self, globus_sandbox: Sandbox) -> Iterator[t.Any]:
        with confidential(globus_sandbox) as client:
            yield client

    @pytest.fixture
    def flow_factory(self) -> Factory:
        def make(login_client: t.Any, person: Person, **options: t.Any) -> LoginFlowManager:
            flow = _Prompted(login_client, redirect_uri=CALLBACK, **options)
            flow.person = person
            return flow

        return make


class TestLocalServer(LoginFlowContract):
    """
    A browser that comes back to a server on loopback.
    """

    has_deadline = True

    @pytest.fixture
    def flow_factory(self) -> Factory:
        def make(login_client: t.Any, person: Person, **options: t.Any) -> LoginFlowManager:
            browser = returning(person)
            return LocalServerLoginFlowManager(login_client, open_browser=browser, **options)

        return make


@needs_terminals
class TestAutoByBrowser(LoginFlowContract):
    """
    Browser and pasted code race, and the browser wins.
    """

    has_deadline = True

    @pytest.fixture
    def flow_factory(self, screen: int) -> Factory:
        def make(login_client: t.Any, person: Person, **options: t.Any) -> LoginFlowManager:
            return AutoLoginFlowManager(login_client, open_browser=returning(person), **options)

        return make


@needs_terminals
class TestAutoByCode(LoginFlowContract):
    """
    Over SSH there is only the code, here the whole callback.
    """

    has_deadline = True

    @pytest.fixture
    def flow_factory(self, screen: int, monkeypatch: pytest.MonkeyPatch) -> Factory:
        monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 22 192.0.2.2 22")

        class Pasted(AutoLoginFlowManager):
            person: Person

            def start_flow(self, *args: t.Any) -> tuple[t.Any, str]:
                flow, url = super().start_flow(*args)
                pasted = self.person(url)
                os.write(screen, (CTRL_D if pasted is None else f"{pasted}\n").encode())
                return flow, url

        def make(login_client: t.Any, person: Person, **options: t.Any) -> LoginFlowManager:
            flow = Pasted(login_client, **options)
            flow.person = person
            return flow

        return make


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A terminal in the place of the standard input; what is written here is typed there."""
    ours, theirs = os.openpty()
    with open(theirs, encoding="utf-8") as line:
        monkeypatch.setattr("sys.stdin", line)
        yield ours
    os.close(ours)


def confidential(sandbox: Sandbox) -> ConfidentialAppAuthClient:
    """The sandbox's client with a secret."""
    return ConfidentialAppAuthClient(
        sandbox.confidential_client_id, sandbox.confidential_client_secret, base_url=sandbox.url
    )


# flows with something wrong


class _Pasted(LoginFlowManager):
    """A flow with nothing wrong, from which the others differ in one thing."""

    def __init__(self, login_client: t.Any, person: Person, **options: t.Any) -> None:
        super().__init__(login_client, **options)
        self.person = person

    def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any:
        flow, url = self.start_flow(auth_parameters, CALLBACK)
        callback = self.person(url)
        if callback is None:
            raise EOFError
        return self.finish(flow, callback)

    def finish(self, flow: t.Any, callback: str) -> t.Any:
        return flow.exchange_callback(callback)


class _FixedState(_Pasted):
    def start_flow(self, *args: t.Any) -> tuple[t.Any, str]:
        flow, _ = super().start_flow(*args)
        flow.state = "one-state-for-every-login"
        return flow, flow.get_authorize_url()


class _FixedNonce(_Pasted):
    def start_flow(self, *args: t.Any) -> tuple[t.Any, str]:
        flow, _ = super().start_flow(*args)
        flow.nonce = "one-nonce-for-every-login"
        return flow, flow.get_authorize_url()


class _WithoutPKCE(_Pasted):
    def start_flow(
        self, auth_parameters: GlobusAuthorizationParameters, redirect_uri: str | None
    ) -> tuple[t.Any, str]:
        flow = self.login_client.oauth2_start_flow(
            redirect_uri, auth_parameters.required_scopes, state=None, nonce=None
        )
        return flow, flow.get_authorize_url()


class _ForgetsTheSession(_Pasted):
    def start_flow(
        self, auth_parameters: GlobusAuthorizationParameters, redirect_uri: str | None
    ) -> tuple[t.Any, str]:
        scopes = GlobusAuthorizationParameters(required_scopes=auth_parameters.required_scopes)
        return super().start_flow(scopes, redirect_uri)


class _HasScopesOfItsOwn(_Pasted):
    def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any:
        scopes = auth_parameters.required_scopes or ["openid"]
        return super().run_login_flow(GlobusAuthorizationParameters(required_scopes=scopes))


class _LogsInToOneServer(_Pasted):
    def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any:
        scopes = (auth_parameters.required_scopes or [])[:1]
        return super().run_login_flow(GlobusAuthorizationParameters(required_scopes=scopes))


class _ForgetsRefreshTokens(_Pasted):
    def __init__(self, login_client: t.Any, person: Person, **options: t.Any) -> None:
        super().__init__(login_client, person)


class _TakesAnyClient(_Pasted):
    def __init__(self, login_client: t.Any, person: Person, **options: t.Any) -> None:
        self.login_client, self.person = login_client, person
        self.request_refresh_tokens, self.native_prefill_named_grant = False, None


class _SwallowsTheDenial(_Pasted):
    def finish(self, flow: t.Any, callback: str) -> t.Any:
        with contextlib.suppress(LoginDeniedError):
            return super().finish(flow, callback)


class _ChecksNoState(_Pasted):
    def finish(self, flow: t.Any, callback: str) -> t.Any:
        return flow.exchange_code_for_tokens(parse_qs(urlsplit(callback).query)["code"][0])


class _ShowsTheCallback(_Pasted):
    def finish(self, flow: t.Any, callback: str) -> t.Any:
        try:
            return super().finish(flow, callback)
        except Exception as error:
            raise type(error)(f"{error}: {callback}") from None


class _ReturnsNothing(_Pasted):
    def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any:
        with contextlib.suppress(EOFError):
            return super().run_login_flow(auth_parameters)


class _SwallowsInterrupts(_Pasted):
    def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any:
        with contextlib.suppress(KeyboardInterrupt):
            return super().run_login_flow(auth_parameters)


class _PrintsTheCode(_Pasted):
    def finish(self, flow: t.Any, callback: str) -> t.Any:
        os.write(2, f"got {flow.code_from(callback)}\n".encode())
        return super().finish(flow, callback)


class _LogsTokens(_Pasted):
    def finish(self, flow: t.Any, callback: str) -> t.Any:
        tokens = super().finish(flow, callback)
        logging.getLogger("somebody").debug("tokens: %s", tokens["access_token"])
        return tokens


class _KeepsTheVerifier(_Pasted):
    def finish(self, flow: t.Any, callback: str) -> t.Any:
        self.verifier = flow.verifier
        return super().finish(flow, callback)


class _LeavesAThread(_Pasted):
    def finish(self, flow: t.Any, callback: str) -> t.Any:
        threading.Thread(target=ENOUGH.wait, daemon=True).start()
        return super().finish(flow, callback)


class _LeavesASocket(_Pasted):
    def finish(self, flow: t.Any, callback: str) -> t.Any:
        SOCKETS.append(socket.create_server(("127.0.0.1", 0)))
        return super().finish(flow, callback)


class _LeavesASocketWhenInterrupted(_Pasted):
    def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any:
        server = socket.create_server(("127.0.0.1", 0))
        SOCKETS.append(server)
        tokens = super().run_login_flow(auth_parameters)
        server.close()
        return tokens


ENOUGH = threading.Event()
SOCKETS: list[socket.socket] = []

TOKENS = "test_the_tokens_asked_for_come_back"
NO_OTHER = "test_no_login_can_be_taken_for_another"
OTHERS_CALLBACK = "test_the_callback_of_another_login_is_refused"
NO_SECRET = "test_no_secret_shows"

DEFECTS = {
    _FixedState: NO_OTHER,
    _FixedNonce: NO_OTHER,
    _WithoutPKCE: NO_OTHER,
    _ForgetsTheSession: "test_what_the_session_must_bring_is_asked_for",
    _HasScopesOfItsOwn: "test_a_login_without_scopes_is_a_mistake",
    _LogsInToOneServer: TOKENS,
    _ForgetsRefreshTokens: "test_refresh_tokens_come_when_asked_for",
    _TakesAnyClient: "test_a_client_that_cannot_log_in_is_refused",
    _SwallowsTheDenial: "test_a_denied_login_says_so",
    _ChecksNoState: OTHERS_CALLBACK,
    _ShowsTheCallback: OTHERS_CALLBACK,
    _ReturnsNothing: "test_a_login_that_nobody_finishes_ends",
    _SwallowsInterrupts: "test_an_interrupt_ends_it",
    _PrintsTheCode: NO_SECRET,
    _LogsTokens: NO_SECRET,
    _KeepsTheVerifier: NO_SECRET,
    _LeavesAThread: TOKENS,
    _LeavesASocket: TOKENS,
    _LeavesASocketWhenInterrupted: "test_an_interrupt_ends_it",
}


class _Impatient(LoginFlowContract):
    """The contract for flows of which it is known that what they leave does not end."""

    patience = 0.1


@pytest.mark.parametrize(("defective", "test"), DEFECTS.items())
def test_the_contract_finds_a_defect(
    defective: type[_Pasted], test: str, globus_sandbox: Sandbox, request: pytest.FixtureRequest
) -> None:
    """A flow with one thing wrong fails the test of that thing, which a right one passes."""
    with confidential(globus_sandbox) as client:
        fixtures = {
            "login_client": client,
            "globus_sandbox": globus_sandbox,
            "state": "of-another-login",
        }

        def run(contract: LoginFlowContract, flow_class: type[_Pasted]) -> None:
            method = getattr(contract, test)
            wanted = method.__code__.co_varnames[1 : method.__code__.co_argcount]
            known = {**fixtures, "flow_factory": flow_class}
            others = {n: request.getfixturevalue(n) for n in wanted if n not in known}
            method(**{name: value for name, value in known.items() if name in wanted}, **others)

        run(LoginFlowContract(), _Pasted)
        globus_sandbox.reset()
        ENOUGH.clear()
        try:
            with pytest.raises((AssertionError, AttributeError, pytest.fail.Exception)):
                run(_Impatient(), defective)
        finally:
            ENOUGH.set()
            while SOCKETS:
                SOCKETS.pop().close()
