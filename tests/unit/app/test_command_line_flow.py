"""
The login on a command line: what is shown, and what may be brought back.
"""

from __future__ import annotations

import builtins
import io
import sys
import threading
import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest

from globus_core import ConfidentialAppAuthClient, NativeAppAuthClient
from globus_core.exc import (
    GlobusSDKUsageError,
    LoginDeniedError,
    LoginFlowError,
    LoginRequiredError,
    StateMismatchError,
)
from globus_core.gare import GlobusAuthorizationParameters
from globus_core.login_flows import (
    AutoLoginFlowManager,
    CommandLineLoginFlowEOFError,
    CommandLineLoginFlowManager,
    LocalServerLoginError,
    LocalServerLoginFlowManager,
)

CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f01"
BASE = "http://127.0.0.1:9/"
PAGE = f"{BASE}v2/web/auth-code"
WANTED = GlobusAuthorizationParameters(required_scopes=["openid"])


class Recorder(NativeAppAuthClient):
    """A client that notes the code instead of exchanging it."""

    forms: list[dict[str, t.Any]]

    def oauth2_token(self, form_data: t.Any, **kwargs: t.Any) -> t.Any:
        self.forms = [form_data]
        raise Exchanged


class Exchanged(Exception):  # noqa: N818
    """The flow has come to the exchange."""


@pytest.fixture
def client() -> Recorder:
    """A native client whose server is nowhere."""
    client = Recorder(CLIENT_ID, base_url=BASE)
    client.key_store.set_configuration({"issuer": BASE})
    return client


class Typist(CommandLineLoginFlowManager):
    """Keeps the URL, and types what the test makes of it."""

    url: str
    types: t.Callable[[str], str]

    def print_authorize_url(self, authorize_url: str) -> None:
        """Keep it."""
        self.url = authorize_url

    def prompt_for_code(self) -> str:
        """Type."""
        return self.types(parse_qs(urlsplit(self.url).query)["state"][0])


def exchanged_code(client: Recorder, types: t.Callable[[str], str]) -> str:
    """The code that the flow exchanges for what was typed."""
    flow = Typist(client)
    flow.types = types
    with pytest.raises(Exchanged):
        flow.run_login_flow(WANTED)
    return str(client.forms[0]["code"])


def test_a_code_is_exchanged(client: Recorder) -> None:
    """What the page shows is enough; white space around it does not matter."""
    assert exchanged_code(client, lambda state: " the-code \n") == "the-code"
    assert client.forms[0]["redirect_uri"] == f"{BASE}v2/web/auth-code"
    assert client.forms[0]["code_verifier"]


def test_a_whole_url_with_the_right_state_is_exchanged(client: Recorder) -> None:
    """Who copies the address line instead of the code gets in too."""
    page = f"{BASE}v2/web/auth-code?code=the-code&state="
    assert exchanged_code(client, lambda state: page + state) == "the-code"


@pytest.mark.parametrize("entered", ["the-code", f"{PAGE}?code=the-code&state="])
def test_the_clients_own_exchange_is_used(entered: str) -> None:
    """A program may have overridden it, and it is for this flow though another one has begun."""

    class Overriding(Recorder):
        codes: list[str]

        def oauth2_exchange_code_for_tokens(self, auth_code: str) -> t.Any:
            self.codes = [auth_code]
            return super().oauth2_exchange_code_for_tokens(auth_code)

    client = Overriding(CLIENT_ID, base_url=BASE)
    client.key_store.set_configuration({"issuer": BASE})

    def types(state: str) -> str:
        client.oauth2_start_flow("openid", redirect_uri="https://another.example.org/")
        return entered + state if "://" in entered else entered

    assert exchanged_code(client, types) == "the-code"
    assert client.codes == ["the-code"]
    assert client.forms[0]["redirect_uri"] == f"{BASE}v2/web/auth-code"


@pytest.mark.parametrize(
    ("page", "error"),
    [
        (f"{PAGE}?code=the-code&state=another", StateMismatchError),
        (f"{PAGE}?code=the-code", StateMismatchError),
        (f"{PAGE}?error=access_denied&state={{state}}", LoginDeniedError),
        (f"{PAGE}?state={{state}}", LoginFlowError),
        ("https://[auth?state={state}", LoginFlowError),
        ("", LoginFlowError),
    ],
)
def test_what_does_not_fit_is_refused_before_the_exchange(
    client: Recorder, page: str, error: type[Exception]
) -> None:
    """A pasted URL is checked like any callback, and nothing is no code."""
    flow = Typist(client)
    flow.types = lambda state: page.replace("{state}", state)
    with pytest.raises(error):
        flow.run_login_flow(WANTED)
    assert not hasattr(client, "forms")


@pytest.mark.parametrize(
    "address",
    [
        "https://auth.example.org/v2/web/auth-code",
        "https://127.0.0.1:9/v2/web/auth-code",
        "http://127.0.0.1:10/v2/web/auth-code",
        "http://127.0.0.1/v2/web/auth-code",
        "http://127.0.0.1:9/v2/web/another",
        "http://127.0.0.1:9/",
        "http://127.0.0.1:9@evil.example/v2/web/auth-code",
        "http://127.0.0.1:9\\@evil.example/v2/web/auth-code",
        "http://127.0.0.1:9/v2/web/auth-code/../../evil",
        "evil://127.0.0.1:9/v2/web/auth-code",
        "x" * 5000 + "://",
    ],
)
@pytest.mark.parametrize("query", ["code=the-code", "error=access_denied"])
def test_a_url_of_another_page_is_refused(client: Recorder, address: str, query: str) -> None:
    """Who could make a person paste it could have chosen what stands in it."""
    flow = Typist(client)
    flow.types = lambda state: f"{address}?{query}&state={state}"
    with pytest.raises(LoginFlowError, match="but this login ends at") as caught:
        flow.run_login_flow(WANTED)
    assert PAGE in str(caught.value)
    assert "the-code" not in str(caught.value)
    assert len(str(caught.value)) < 400
    assert not hasattr(client, "forms")


@pytest.mark.parametrize(
    "address",
    [PAGE, f"{PAGE}/", PAGE.replace("http", "HTTP"), PAGE.replace("http://", "http://x@")],
)
def test_the_same_page_in_another_spelling_is_taken(client: Recorder, address: str) -> None:
    """Scheme and host have no case, and the end of a path no meaning."""
    typed = f"{address}?code=the-code&state="
    assert exchanged_code(client, lambda state: typed + state) == "the-code"


def test_the_page_of_the_programs_own_redirect_uri_is_expected() -> None:
    """Whatever kind of address it is."""
    client = Recorder(CLIENT_ID, base_url=BASE)
    client.key_store.set_configuration({"issuer": BASE})
    for redirect_uri in ("https://portal.example.org/back?x=1", "my.program://back"):
        flow = Typist(client, redirect_uri=redirect_uri)
        end = redirect_uri.partition("?")[0]
        flow.types = lambda state, end=end: f"{end}?x=1&code=the-code&state={state}"  # type: ignore[misc]
        with pytest.raises(Exchanged):
            flow.run_login_flow(WANTED)
        flow.types = lambda state: f"{PAGE}?code=the-code&state={state}"
        with pytest.raises(LoginFlowError, match="but this login ends at"):
            flow.run_login_flow(WANTED)


def test_the_url_is_printed_and_the_code_read(
    client: Recorder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The dialogue of the terminal: the URL alone on its line, then one question."""
    questions: list[str] = []

    def answer(question: str) -> str:
        questions.append(question)
        return " the-code "

    monkeypatch.setattr("builtins.input", answer)
    with pytest.raises(Exchanged):
        CommandLineLoginFlowManager(client).run_login_flow(WANTED)
    (url,) = [line.strip() for line in capsys.readouterr().out.splitlines() if "://" in line]
    assert url.startswith(f"{BASE}v2/oauth2/authorize?")
    assert len(questions) == 1
    assert client.forms[0]["code"] == "the-code"


def test_the_end_of_the_input_is_a_typed_error(
    client: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Off a terminal the login does not crash, and says what to do."""

    def end(question: str) -> t.NoReturn:
        raise EOFError

    monkeypatch.setattr("builtins.input", end)
    with pytest.raises(CommandLineLoginFlowEOFError) as ended:
        CommandLineLoginFlowManager(client).run_login_flow(WANTED)
    assert isinstance(ended.value, EOFError)
    assert isinstance(ended.value, LoginFlowError)
    assert ended.value.advice


def test_ctrl_c_at_the_question_comes_through(
    client: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing turns it into something else."""

    def interrupt(question: str) -> t.NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", interrupt)
    with pytest.raises(KeyboardInterrupt):
        CommandLineLoginFlowManager(client).run_login_flow(WANTED)


def test_a_redirect_uri_of_ones_own_is_used(client: Recorder) -> None:
    """Both for the URL and for the exchange."""
    flow = Typist(client, redirect_uri="https://app.example.org/callback")
    flow.types = lambda state: "the-code"
    with pytest.raises(Exchanged):
        flow.run_login_flow(WANTED)
    assert "redirect_uri=https%3A%2F%2Fapp.example.org%2Fcallback" in flow.url
    assert client.forms[0]["redirect_uri"] == "https://app.example.org/callback"


def test_a_confidential_client_must_say_where_to_come_back_to() -> None:
    """With a redirect URI it may log people in."""
    portal = ConfidentialAppAuthClient(CLIENT_ID, "not-a-secret", base_url=BASE)
    with pytest.raises(GlobusSDKUsageError, match="redirect URI"):
        CommandLineLoginFlowManager(portal)
    assert CommandLineLoginFlowManager(portal, redirect_uri="https://app.example.org/callback")


def test_a_login_needs_scopes(client: Recorder) -> None:
    """A flow without any is refused before anything is shown."""
    for nothing in (
        GlobusAuthorizationParameters(),
        GlobusAuthorizationParameters(required_scopes=[]),
    ):
        with pytest.raises(GlobusSDKUsageError, match="at least one"):
            CommandLineLoginFlowManager(client).run_login_flow(nothing)


def test_only_login_clients_log_in() -> None:
    """The error says which ones do."""
    with pytest.raises(GlobusSDKUsageError, match="NativeAppAuthClient"):
        CommandLineLoginFlowManager(object())


@pytest.mark.parametrize("manager", [CommandLineLoginFlowManager, AutoLoginFlowManager])
def test_a_notebook_without_a_front_end_needs_a_login(
    client: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    manager: type[CommandLineLoginFlowManager | AutoLoginFlowManager],
) -> None:
    """Its kernel's ``input`` raises NotImplementedError; the error names the command instead."""

    class StdinNotImplementedError(NotImplementedError):
        pass

    def refuse(prompt: str = "") -> t.NoReturn:
        raise StdinNotImplementedError("raw_input was called, but this frontend does not support")

    monkeypatch.setattr(builtins, "input", refuse)
    flow = manager(client)
    flow.login_command = ["globus-core", "login", "--client-id", CLIENT_ID]
    wanted = GlobusAuthorizationParameters(required_scopes=["openid", "a-scope"])
    with pytest.raises(LoginRequiredError, match="without a front end") as caught:
        flow.run_login_flow(wanted)
    assert caught.value.command == f"globus-core login --client-id {CLIENT_ID} --scope a-scope"
    assert caught.value.__cause__ is None


class _Closed(io.StringIO):
    """A stream that somebody has closed."""

    def __init__(self) -> None:
        super().__init__()
        self.close()


@pytest.mark.parametrize("stdout", [None, _Closed(), io.StringIO()])
@pytest.mark.parametrize("stderr", [None, _Closed()])
def test_a_hint_that_cannot_be_printed_stops_no_login(
    client: Recorder, monkeypatch: pytest.MonkeyPatch, stdout: t.Any, stderr: t.Any
) -> None:
    """Programs without a console have no streams; all flows go on without them."""

    def opened(url: str) -> bool:
        raise Exchanged  # the hint has been passed by then

    monkeypatch.setattr(sys, "stdin", io.StringIO("the-code\n"))
    monkeypatch.setattr(sys, "stdout", stdout)
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setattr("globus_core_app._code_prompt.why_no_terminal", lambda: None)
    with pytest.raises(Exchanged):
        LocalServerLoginFlowManager(client, open_browser=opened).run_login_flow(WANTED)
    with pytest.raises(Exchanged):
        AutoLoginFlowManager(client, open_browser=opened).run_login_flow(WANTED)
    if stderr is None:
        with pytest.raises(Exchanged):
            CommandLineLoginFlowManager(client).run_login_flow(WANTED)
        assert client.forms[0]["code"] == "the-code"


def test_the_loopback_server_without_a_thread_is_a_typed_error(
    client: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the limit of threads is reached, the login says so, and its socket is closed."""

    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    flow = LocalServerLoginFlowManager(client, open_browser=lambda url: True)
    with pytest.raises(LocalServerLoginError, match="no thread can be started"):
        flow.run_login_flow(WANTED)
