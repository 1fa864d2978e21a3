"""
Which way to log in is taken where, and why the others are not.
"""

from __future__ import annotations

import io
import os
import re
import sys
import types
import typing as t
import webbrowser
from urllib.parse import parse_qs, urlsplit

import pytest

from globus_core import ConfidentialAppAuthClient, NativeAppAuthClient, UserApp
from globus_core.exc import (
    GlobusSDKUsageError,
    LoginFlowError,
    LoginRequiredError,
    LoginTimeoutError,
)
from globus_core.gare import GlobusAuthorizationParameters
from globus_core.globus_app import GlobusAppConfig
from globus_core.login_flows import (
    AutoLoginFlowManager,
    CommandLineLoginFlowEOFError,
    CommandLineLoginFlowManager,
    LocalServerLoginFlowManager,
)
from globus_core.token_storage import MemoryTokenStorage
from globus_core_app import _environment_detection

CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f01"
TRANSFER_ALL = "urn:globus:auth:scope:transfer.api.globus.org:all"
WANTED = GlobusAuthorizationParameters(required_scopes=["openid", TRANSFER_ALL])
VARIABLES = (
    *_environment_detection._SSH_VARS,
    *_environment_detection._WSL_VARS,
    *_environment_detection._CONTAINER_VARS,
    *_environment_detection._DISPLAY_VARS,
    "PYCHARM_HOSTED",
)


class AtTerminal(io.StringIO):
    """An input that says that it is a terminal."""

    def isatty(self) -> bool:
        """It says so."""
        return True


@pytest.fixture(autouse=True)
def _desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a display and a browser, and nothing in between; nobody at a terminal."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(_environment_detection, "_CONTAINER_FILES", ())
    monkeypatch.setattr(webbrowser, "get", lambda: types.SimpleNamespace(name="firefox"))
    monkeypatch.setattr(sys, "stdin", io.StringIO())


@pytest.fixture
def client() -> t.Iterator[NativeAppAuthClient]:
    """A native client whose server is nowhere."""
    with NativeAppAuthClient(CLIENT_ID, base_url="http://127.0.0.1:9/") as made:
        yield made


# the browser


def test_on_a_desktop_a_browser_can_be_used() -> None:
    """Nothing speaks against it."""
    assert _environment_detection.why_no_browser() is None


@pytest.mark.parametrize(
    ("variable", "reason"),
    [
        *((name, "SSH") for name in _environment_detection._SSH_VARS),
        *((name, "WSL") for name in _environment_detection._WSL_VARS),
        *((name, "container") for name in _environment_detection._CONTAINER_VARS),
    ],
)
def test_a_browser_that_could_not_come_back_is_not_used(
    monkeypatch: pytest.MonkeyPatch, variable: str, reason: str
) -> None:
    """One text says what kind of place this is."""
    monkeypatch.setenv(variable, "x")
    assert reason in str(_environment_detection.why_no_browser())


def test_a_container_is_known_by_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: t.Any) -> None:
    """As container runtimes leave it."""
    mark = tmp_path / ".dockerenv"
    monkeypatch.setattr(_environment_detection, "_CONTAINER_FILES", (str(mark),))
    assert _environment_detection.why_no_browser() is None
    mark.touch()
    assert "container" in str(_environment_detection.why_no_browser())


@pytest.mark.skipif(
    os.name != "posix" or sys.platform == "darwin", reason="displays are told by variables on X11"
)
def test_without_a_display_there_is_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Either kind of display will do."""
    monkeypatch.delenv("DISPLAY")
    assert "no display" in str(_environment_detection.why_no_browser())
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert _environment_detection.why_no_browser() is None


@pytest.mark.parametrize(("initialized", "expected"), [(True, True), (False, False)])
def test_a_notebook_is_known_by_its_kernel(
    monkeypatch: pytest.MonkeyPatch, initialized: bool, expected: bool
) -> None:
    """Not by the package alone, which other programs import too."""
    kernel = types.ModuleType("ipykernel.kernelapp")
    vars(kernel)["IPKernelApp"] = types.SimpleNamespace(initialized=lambda: initialized)
    monkeypatch.setitem(sys.modules, "ipykernel.kernelapp", kernel)
    assert ("notebook" in str(_environment_detection.why_no_browser())) is expected


def test_a_browser_that_cannot_log_in_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text browser, or none."""
    monkeypatch.setattr(webbrowser, "get", lambda: types.SimpleNamespace(name="/usr/bin/w3m"))
    assert (
        _environment_detection.why_no_browser()
        == "'w3m' is a text browser, which cannot be used to log in"
    )

    def none() -> t.NoReturn:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    assert _environment_detection.why_no_browser() == "there is no browser on this machine"


# the terminal


def test_a_terminal_or_a_prompt_of_its_own_is_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notebooks and consoles of development environments ask in ways of their own."""
    assert _environment_detection.why_no_terminal() == "standard input is not a terminal"
    monkeypatch.setenv("PYCHARM_HOSTED", "1")
    assert _environment_detection.why_no_terminal() is None
    monkeypatch.delenv("PYCHARM_HOSTED")
    monkeypatch.setattr(sys, "stdin", AtTerminal())
    assert _environment_detection.why_no_terminal() is None
    assert _environment_detection.terminal_to_wait_at() is None  # it has no descriptor
    monkeypatch.setattr(sys, "stdin", None)
    assert _environment_detection.why_no_terminal() == "there is no standard input"
    assert _environment_detection.terminal_to_wait_at() is None
    monkeypatch.setattr("builtins.input", lambda prompt: "")
    assert _environment_detection.why_no_terminal() is None


@pytest.mark.parametrize("flow", [CommandLineLoginFlowManager, AutoLoginFlowManager])
def test_a_login_that_nobody_is_there_for_is_refused_before_anything_is_shown(
    client: NativeAppAuthClient, flow: type[t.Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """Made by hand, a flow knows no command; the error says what to do."""
    with pytest.raises(LoginRequiredError, match="run this program in a terminal") as refused:
        flow(client).run_login_flow(WANTED)
    assert refused.value.command is None
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("flow", [None, "command-line", "auto"])
def test_an_apps_error_has_the_command_that_logs_in_for_it(flow: str | None) -> None:
    """With the client, the app, the storage and the scopes; what goes without saying is left."""
    config = GlobusAppConfig(flow, token_storage="sqlite:~/t.db", environment="preview")
    app = UserApp(
        "it's nightly",
        client_id=CLIENT_ID,
        config=config,
        scope_requirements={"transfer.api.globus.org": TRANSFER_ALL},
    )
    with app, pytest.raises(LoginRequiredError) as refused:
        app.login()
    assert refused.value.command == (
        f"globus-core login --client-id {CLIENT_ID} --app-name 'it'\"'\"'s nightly' "
        f"--token-storage 'sqlite:~/t.db' --environment preview --scope {TRANSFER_ALL}"
    )
    assert refused.value.command in str(refused.value)


def test_where_no_command_would_help_none_is_named() -> None:
    """Tokens in memory, in an object, behind a password; a session that must be fresh."""
    fresh = GlobusAuthorizationParameters(prompt="login")
    for storage, asked in (
        ("memory", None),
        (MemoryTokenStorage(), None),
        ("json", fresh),
    ):
        config = GlobusAppConfig("auto", token_storage=storage)
        with (
            UserApp("nightly", client_id=CLIENT_ID, config=config) as app,
            pytest.raises(LoginRequiredError, match="run this program in a terminal") as refused,
        ):
            app.login(auth_params=asked)
        assert refused.value.command is None


# what is taken


def test_a_prompt_of_its_own_is_used_where_no_terminal_can_be_waited_at(
    client: NativeAppAuthClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As in a notebook: the reason, the URL, the notebook's own question."""

    def end(prompt: str) -> t.NoReturn:
        raise EOFError

    monkeypatch.setattr("builtins.input", end)
    monkeypatch.setenv("SSH_TTY", "/dev/pts/1")
    with pytest.raises(CommandLineLoginFlowEOFError):
        AutoLoginFlowManager(client).run_login_flow(WANTED)
    shown = capsys.readouterr()
    assert "Not opening a browser: this is a remote session (SSH)" in shown.err
    assert "http://127.0.0.1:9/v2/oauth2/authorize?" in shown.out


def test_a_console_that_cannot_be_waited_at_leaves_the_browser(
    client: NativeAppAuthClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As on Windows: the browser alone, with the address to open by hand."""
    monkeypatch.setattr(sys, "stdin", AtTerminal())
    flow = AutoLoginFlowManager(client, open_browser=lambda url: True, timeout=0.01)
    with pytest.raises(LoginTimeoutError):
        flow.run_login_flow(WANTED)
    shown = capsys.readouterr().err
    assert "Not opening a browser" not in shown
    assert "redirect_uri=http%3A%2F%2F127.0.0.1%3A" in shown


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX")
def test_a_terminal_that_is_hung_up_ends_the_login(
    client: NativeAppAuthClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can enter anything any more."""
    screen, line = os.openpty()

    def hang_up(url: str) -> bool:
        os.close(screen)
        return True

    with open(line, encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        flow = AutoLoginFlowManager(client, open_browser=hang_up)
        with pytest.raises(CommandLineLoginFlowEOFError):
            flow.run_login_flow(WANTED)


def test_every_way_asks_with_a_state_a_nonce_and_a_challenge_of_its_own(
    client: NativeAppAuthClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Fresh at each login, whichever flow a person or a program chooses."""
    monkeypatch.setattr("builtins.input", lambda prompt: "")
    seen: list[str] = []
    for _ in range(2):
        for flow in (
            CommandLineLoginFlowManager(client),
            AutoLoginFlowManager(client),
            LocalServerLoginFlowManager(client, open_browser=lambda url: False),
        ):
            with pytest.raises(LoginFlowError):
                flow.run_login_flow(WANTED)
        shown = "".join(capsys.readouterr())
        urls = re.findall(r"http\S+/authorize\S+", shown)
        assert len(urls) == 3
        for url in urls:
            query = parse_qs(urlsplit(url).query)
            assert query["code_challenge_method"] == ["S256"]
            seen += [query[name][0] for name in ("state", "nonce", "code_challenge")]
    assert all(len(value) > 30 for value in seen)
    assert len(set(seen)) == len(seen) == 18


def test_a_redirect_uri_of_ones_own_leaves_the_code_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A confidential client must have one; the browser cannot come back to loopback then."""
    portal = ConfidentialAppAuthClient(CLIENT_ID, "not-a-secret", base_url="http://127.0.0.1:9/")
    with pytest.raises(GlobusSDKUsageError, match="redirect URI"):
        AutoLoginFlowManager(portal)
    monkeypatch.setattr("builtins.input", lambda prompt: "")
    flow = AutoLoginFlowManager(portal, redirect_uri="https://app.example.org/callback")
    with pytest.raises(Exception, match="no code was entered"):
        flow.run_login_flow(WANTED)
    assert "sets its own redirect URI" in capsys.readouterr().err


def test_a_login_listens_on_loopback_only(client: NativeAppAuthClient) -> None:
    """Other machines have no part in it."""
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org", ""):
        with pytest.raises(GlobusSDKUsageError, match="on loopback only"):
            LocalServerLoginFlowManager(client, server_address=(host, 0))
    for host in ("localhost", "127.0.0.1", "::1", "127.0.0.2"):
        assert LocalServerLoginFlowManager(client, server_address=(host, 0))
