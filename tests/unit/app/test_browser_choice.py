"""
Whether the browser of this machine is one that a login can work in.
"""

from __future__ import annotations

import typing as t
import webbrowser

import pytest

from globus_core import NativeAppAuthClient
from globus_core.gare import GlobusAuthorizationParameters
from globus_core.login_flows import LocalServerEnvironmentalLoginError, LocalServerLoginFlowManager

CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f01"


class FakeBrowser:
    """A browser by its name only."""

    def __init__(self, name: str) -> None:
        self.name = name

    def open(self, url: str, new: int = 0) -> bool:
        """Refuse, so that the flow ends here."""
        return False


@pytest.fixture(autouse=True)
def _no_ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSH_TTY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)


def refusal() -> str:
    """Why the flow cannot begin on this machine."""
    with NativeAppAuthClient(CLIENT_ID, base_url="http://127.0.0.1:9/") as client:
        flow = LocalServerLoginFlowManager(client)
        with pytest.raises(LocalServerEnvironmentalLoginError) as refused:
            flow.run_login_flow(GlobusAuthorizationParameters(required_scopes=["openid"]))
    assert "command-line" in (refused.value.advice or "")
    return str(refused.value)


@pytest.mark.parametrize("variable", ["SSH_TTY", "SSH_CONNECTION"])
def test_a_remote_session_has_no_browser_of_ones_own(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """Over SSH a browser would open where nobody sees it."""
    monkeypatch.setenv(variable, "10.0.0.1 22")
    assert "SSH" in refusal()


def test_no_browser_at_all_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's error becomes ours."""

    def none() -> t.NoReturn:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    assert "no browser" in refusal()


@pytest.mark.parametrize("name", ["lynx", "www-browser", "links", "elinks", "w3m", "/usr/bin/w3m"])
def test_a_text_browser_cannot_log_in(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The error names the browser that was found."""
    monkeypatch.setattr(webbrowser, "get", lambda: FakeBrowser(name))
    assert name.rpartition("/")[2] in refusal()


def test_a_browser_without_a_name_is_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On some systems the default browser has none; the URL is shown as well."""
    monkeypatch.setattr(webbrowser, "get", lambda: FakeBrowser(""))
    assert "could not be opened" in refusal()
    assert "http://127.0.0.1:9/v2/oauth2/authorize?" in capsys.readouterr().err
