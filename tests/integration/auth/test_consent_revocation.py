"""
``globus-core consents revoke``: a person revokes on the page, and the command sees it.
"""

from __future__ import annotations

import json
import typing as t
from html.parser import HTMLParser

import pytest
import requests
from click.testing import Result

from globus_core import hookimpl, waiting
from globus_core.plugins import PluginManager, get_plugin_manager, set_plugin_manager
from globus_core_auth import consent_revocation
from globus_core_cli.group import cli
from tests.commands import separate_runner
from tests.integration.app.helpers import CountedLogin

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from globus_core_sandbox import Sandbox

TRANSFER_ALL = "urn:globus:auth:scope:transfer.api.globus.org:all"
COLLECTION = "e90b4d37-85a2-4c1f-b6d8-2f7a3c5e1b94"
DATA_ACCESS = f"https://auth.globus.org/scopes/{COLLECTION}/data_access"
NESTED = f"{TRANSFER_ALL}[*{DATA_ACCESS}]"


class Desk:
    """A plugin with a login that needs nobody."""

    @hookimpl
    def globus_login_flows(self) -> dict[str, t.Any]:
        """Offer the login."""
        return {"by-itself": CountedLogin}


class Meanwhile(waiting.Waiter):
    """
    A person who does something while the command pauses.

    :param action: what
    """

    def __init__(self, action: Callable[[], object]) -> None:
        self.action = action
        self.pauses = 0

    def sleep(self, seconds: float) -> None:
        self.pauses += 1
        self.action()


class Page(HTMLParser):
    """The page with the consents; its buttons."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = f"{url}v2/web/consents"
        self.buttons: list[str] = []
        with requests.Session() as session:
            session.trust_env = False
            self.text = session.get(self.url, timeout=10).text
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "button":
            self.buttons.append(str(dict(attrs)["value"]))

    def rescind(self, number: object) -> int:
        """Press a button, and return the status."""
        with requests.Session() as session:
            session.trust_env = False
            return session.post(self.url, data={"consent": number}, timeout=10).status_code


@pytest.fixture(autouse=True)
def _desk(globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", globus_sandbox.url)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", globus_sandbox.native_client_id)
    monkeypatch.setenv("GLOBUS_CORE_LOGIN_FLOW", "by-itself")
    monkeypatch.setattr(consent_revocation, "is_seen", lambda: True)
    previous = set_plugin_manager(PluginManager())
    get_plugin_manager().register(Desk(), "desk")
    yield
    set_plugin_manager(previous)


def invoke(*arguments: str) -> Result:
    """Run a command in this process."""
    return separate_runner().invoke(cli, list(arguments), prog_name="globus-core")


def numbers() -> dict[str, int]:
    """The number of each consent, by scope."""
    found = json.loads(invoke("consents", "--json").stdout)
    return {consent["scope_name"]: consent["id"] for consent in found}


def test_the_command_waits_until_a_person_has_revoked_on_the_page(globus_sandbox: Sandbox) -> None:
    """The page and the consents are named before, the result is told after."""
    invoke("login", "--scope", TRANSFER_ALL)
    before = numbers()
    person = Meanwhile(lambda: Page(globus_sandbox.url).rescind(before[TRANSFER_ALL]))
    with waiting.use(person):
        result = invoke("consents", "revoke", TRANSFER_ALL, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {"revoked": [before[TRANSFER_ALL]], "remaining": []}
    assert f"{globus_sandbox.url}v2/web/consents" in result.stderr
    assert TRANSFER_ALL in result.stderr
    assert person.pauses == 1
    assert TRANSFER_ALL not in numbers()


def test_what_was_given_for_a_consent_goes_with_it(globus_sandbox: Sandbox) -> None:
    """And is shown before, as a tree; naming it too changes nothing."""
    invoke("login", "--scope", NESTED)
    known = numbers()
    person = Meanwhile(lambda: Page(globus_sandbox.url).rescind(known[TRANSFER_ALL]))
    with waiting.use(person):
        line = ["consents", "revoke", DATA_ACCESS, str(known[TRANSFER_ALL])]
        result = invoke(*line)
    assert result.exit_code == 0
    assert result.stdout == "2 consents are revoked\n"
    assert f"└── *{DATA_ACCESS}" in result.stderr
    assert result.stderr.count(DATA_ACCESS) == 1


def test_an_optional_consent_can_go_alone(globus_sandbox: Sandbox) -> None:
    """That for which it was given stays."""
    invoke("login", "--scope", NESTED)
    known = numbers()
    assert Page(globus_sandbox.url).rescind(known[DATA_ACCESS]) == 200
    assert numbers() == {name: n for name, n in known.items() if name != DATA_ACCESS}


def test_a_consent_can_take_the_login_with_it(globus_sandbox: Sandbox) -> None:
    """Then Globus Auth cannot be asked any more, and nobody is asked to log in again."""
    invoke("login")
    known = numbers()
    page = Page(globus_sandbox.url)
    with waiting.use(Meanwhile(lambda: [page.rescind(number) for number in known.values()])):
        result = invoke("consents", "revoke", "openid", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["remaining"] == []
    assert invoke("whoami").exit_code == 4


def test_the_waiting_ends(globus_sandbox: Sandbox) -> None:
    """With what is still there."""
    invoke("login")
    nobody = Meanwhile(lambda: None)
    with waiting.use(nobody):
        result = invoke("consents", "revoke", "email", "--timeout", "30")
    assert result.exit_code == 1
    assert result.stdout == "1 of 1 consents are still there\n"
    assert nobody.pauses == 30 // consent_revocation.PAUSE + 1


def test_without_a_terminal_nobody_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is shown all the same; with no time to wait, only that is done."""
    invoke("login")
    monkeypatch.setattr(consent_revocation, "is_seen", lambda: False)
    result = invoke("consents", "revoke", "email")
    assert result.exit_code == 4
    assert "v2/web/consents" in result.stderr
    assert "nobody is at a terminal" in result.stderr
    nobody = Meanwhile(lambda: None)
    with waiting.use(nobody):
        assert invoke("consents", "revoke", "email", "--timeout", "0").exit_code == 1


def test_a_consent_that_is_not_there_is_wrong_usage() -> None:
    """Before anybody is asked for anything; without a login there is another code."""
    assert invoke("consents", "revoke", "email").exit_code == 4
    invoke("login")
    result = invoke("consents", "revoke", "nothing")
    assert result.exit_code == 2
    assert "there is no consent 'nothing'" in result.stderr
    assert invoke("consents", "revoke").exit_code == 2


def test_a_server_that_fails_meanwhile_is_a_failure(globus_sandbox: Sandbox) -> None:
    """It does not count as revoked."""
    invoke("login")
    broken = Meanwhile(lambda: globus_sandbox.fail(path="/v2/api/identities/*", status=403))
    with waiting.use(broken):
        result = invoke("consents", "revoke", "email")
    assert result.exit_code == 1
    assert "could not be asked again" in result.stderr


# the page of the sandbox


def test_the_page_lists_what_can_be_rescinded(globus_sandbox: Sandbox) -> None:
    """By person; a dependency that is not optional has no button."""
    assert "There are no consents" in Page(globus_sandbox.url).text
    portal = globus_sandbox.seeds.scopes[0].scope_string
    invoke("login", "--scope", portal)
    page = Page(globus_sandbox.url)
    assert "ada@example.org" in page.text
    forest = numbers()
    assert str(forest[portal]) in page.buttons
    assert str(forest[TRANSFER_ALL]) not in page.buttons


@pytest.mark.parametrize("number", ["", "4711", "x", "²", "9" * 50])
def test_what_is_no_consent_cannot_be_rescinded(globus_sandbox: Sandbox, number: str) -> None:
    """An error page."""
    assert Page(globus_sandbox.url).rescind(number) == 400
