"""
Logins through a real browser: what a person sees, does, and what comes of it.
"""

from __future__ import annotations

import os
import queue
import threading
import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest

from globus_core import NativeAppAuthClient
from globus_core.exc import LoginDeniedError, LoginTimeoutError
from globus_core.gare import GlobusAuthorizationParameters
from globus_core.login_flows import LocalServerLoginFlowManager
from tests.integration.app.chromium import PATIENCE, chromium, decide, shows

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

    from globus_core_sandbox import Sandbox

pytestmark = pytest.mark.timeout(400)

ASKS = "asks for your consent"
WANTED = GlobusAuthorizationParameters(required_scopes=["openid", "profile"])


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One browser for all tests of this module."""
    with chromium(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture
def tab(browser: Chrome) -> Iterator[Chrome]:
    """The browser with one new tab; what a test has opened is closed."""
    browser.switch_to.new_window("tab")
    yield browser
    first, *others = browser.window_handles
    for handle in others:
        browser.switch_to.window(handle)
        browser.close()
    browser.switch_to.window(first)


@pytest.fixture
def asking(sandbox: Sandbox) -> Sandbox:
    """A sandbox that asks for consent, as Globus Auth does."""
    sandbox.configure(auto_approve=False)
    return sandbox


class Login:
    """
    A login that runs while the test looks after the browser.

    :param sandbox: where to log in
    :param seconds: how long the person has
    """

    def __init__(self, sandbox: Sandbox, seconds: float = 3 * PATIENCE) -> None:
        self._client = NativeAppAuthClient(sandbox.native_client_id)
        self._urls: queue.Queue[str] = queue.Queue()
        self._seconds = seconds
        self._outcome: t.Any = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self.url = self._urls.get(timeout=PATIENCE)
        self.back = parse_qs(urlsplit(self.url).query)["redirect_uri"][0]

    def _run(self) -> None:
        flow = Quiet(self._client, open_browser=self._open, timeout=self._seconds)
        try:
            self._outcome = flow.run_login_flow(WANTED)
        except Exception as error:
            self._outcome = error
        finally:
            self._client.close()

    def _open(self, url: str) -> bool:
        self._urls.put(url)
        return True

    def end(self) -> t.Any:
        """Wait for the end; the tokens, or the error is raised."""
        self._thread.join(4 * PATIENCE)
        assert not self._thread.is_alive()
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


class Quiet(LocalServerLoginFlowManager):
    """The flow without its line on stderr."""

    def print_authorize_url(self, authorize_url: str) -> None:
        """There is nobody to show it to."""


def test_a_person_allows_and_is_logged_in(tab: Chrome, asking: Sandbox) -> None:
    """Strays before change nothing: an icon, another state. The page breaks none of its rules."""
    login = Login(asking)
    for stray in ("/favicon.ico", "/?code=stolen&state=wrong", "/other"):
        tab.get(login.back + stray)
        shows(tab, "Nothing to see here")
    tab.get(login.url)
    shows(tab, ASKS)
    decide(tab, "allow")
    shows(tab, "You are logged in")
    assert login.end()["scope"] == "openid profile"
    log: list[dict[str, str]] = tab.get_log("browser")  # type: ignore[no-untyped-call]
    messages = [entry["message"] for entry in log]
    assert not [message for message in messages if "Content Security Policy" in message]


@pytest.mark.full
def test_a_person_denies_and_the_reason_is_shown(tab: Chrome, asking: Sandbox) -> None:
    """In the browser and in the program; the page is that of the login, not an error page."""
    login = Login(asking)
    tab.get(login.url)
    shows(tab, ASKS)
    decide(tab, "deny")
    shows(tab, "The login did not succeed")
    with pytest.raises(LoginDeniedError, match="access_denied"):
        login.end()


@pytest.mark.full
def test_of_two_tabs_the_first_decision_counts(tab: Chrome, asking: Sandbox) -> None:
    """The other tab comes too late, and changes nothing."""
    login = Login(asking)
    for _ in range(2):
        tab.switch_to.new_window("tab")
        tab.get(login.url)
        shows(tab, ASKS)
    first, second = tab.window_handles[-2:]
    tab.switch_to.window(first)
    decide(tab, "allow")
    shows(tab, "You are logged in")
    assert login.end()["access_token"]
    tab.switch_to.window(second)
    decide(tab, "deny")  # nobody listens any more


@pytest.mark.full
def test_a_tab_that_is_closed_leaves_the_deadline(tab: Chrome, asking: Sandbox) -> None:
    """The login ends by itself, with the seconds that it has waited."""
    login = Login(asking, seconds=2.0)
    tab.switch_to.new_window("tab")
    tab.get(login.url)
    shows(tab, ASKS)
    tab.close()
    tab.switch_to.window(tab.window_handles[-1])
    with pytest.raises(LoginTimeoutError, match="within 2 seconds"):
        login.end()


@pytest.mark.full
def test_the_page_suits_the_persons_screen(tab: Chrome, sandbox: Sandbox) -> None:
    """Light and dark as the system is, and no wider than a narrow window."""
    login = Login(sandbox)
    colours = set()
    for scheme in ("light", "dark"):
        feature = {"name": "prefers-color-scheme", "value": scheme}
        tab.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        tab.get(f"{login.back}/elsewhere")
        shows(tab, "Nothing to see here")
        colours.add(tab.execute_script("return getComputedStyle(document.body).backgroundColor"))
    metrics = {"width": 320, "height": 560, "deviceScaleFactor": 1, "mobile": True}
    tab.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    assert tab.execute_script("return document.documentElement.scrollWidth") <= 320
    assert len(colours) == 2
    tab.get(login.url)
    shows(tab, "You are logged in")
    assert login.end()["access_token"]


@pytest.mark.full
@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX")
def test_the_browser_ends_a_wait_at_a_terminal(tab: Chrome, asking: Sandbox) -> None:
    """The login that takes what can work: a real browser and a real terminal."""
    from tests.integration.app.test_terminal_logins import GOOD, Person, at_a_terminal

    with at_a_terminal(asking, "race", seconds=3 * PATIENCE) as terminal:
        person = Person(terminal)
        person.waits()
        tab.get(person.browser())
        shows(tab, ASKS)
        decide(tab, "allow")
        shows(tab, "You are logged in")
        person.leaves(GOOD)
