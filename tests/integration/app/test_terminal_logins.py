"""
Logins over a real pseudo-terminal, by the command line and by whatever can work there.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.integration.app.terminal import (
    CTRL_D,
    PATIENCE,
    Terminal,
    code_at,
    is_closed,
    page_at,
)

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX")

#: logs in by a flow of the name given, says how that ended, and in which state things are then
PROGRAM = """
import sys, termios, threading, time
from globus_core import UserApp
from globus_core.exc import GlobusError
from globus_core.globus_app import GlobusAppConfig
from globus_core.login_flows import AutoLoginFlowManager

client_id, way, seconds = sys.argv[1:]
before = termios.tcgetattr(0)

class Shown(AutoLoginFlowManager):
    "The flow with a browser that shows the URL to the test."
    @classmethod
    def for_globus_app(cls, app_name, login_client, config):
        return cls(login_client, open_browser=show, timeout=float(seconds))

def show(url):
    print(f"<browser {url}>", flush=True)
    return way != "closed"

flow = way if way in ("auto", "command-line") else Shown
app = UserApp("t", client_id=client_id, config=GlobusAppConfig(flow, token_storage="memory"))
try:
    app.login()
    print("tokens for", *app.token_storage.get_token_data_by_resource_server())
except GlobusError as error:
    print("error", type(error).__name__, error)
except KeyboardInterrupt:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    print("interrupted")
print("terminal as before:", termios.tcgetattr(0) == before)
while threading.active_count() > 1:
    time.sleep(0.01)
print("no thread is left")
print("next line:", input())
print("end")
"""
GOOD = r"tokens for auth\.globus\.org\n"
SSH: dict[str, t.Any] = {"SSH_CONNECTION": "192.0.2.1 22 192.0.2.2 22"}


class Person:
    """
    Somebody at the terminal of a program that logs in.

    :param terminal: the terminal
    """

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def address(self) -> str:
        """The address that is shown to be opened on any machine."""
        return self.terminal.wait_for(r"\n  (http\S+/authorize\S+)\n")[1]

    def browser(self) -> str:
        """The address that the browser was opened with."""
        return self.terminal.wait_for(r"<browser (\S+)>")[1]

    def waits(self) -> None:
        """Wait until a code can be pasted."""
        self.terminal.wait_for(r"(?i)(paste|enter) the code shown there: ")

    def leaves(self, ending: str) -> None:
        """See how the login ended, and that the terminal and the program are as before."""
        self.terminal.wait_for(ending)
        self.terminal.wait_for("terminal as before: True\n")
        self.terminal.wait_for("no thread is left\n")
        self.terminal.type("what the program asks for next\n")
        self.terminal.wait_for("next line: what the program asks for next\n")
        assert self.terminal.end() == 0


def at_a_terminal(
    sandbox: Sandbox, way: str, *, seconds: float = PATIENCE, **variables: str
) -> Terminal:
    """The program above at a terminal."""
    return Terminal(PROGRAM, sandbox.native_client_id, way, str(seconds), **variables)


def back_at(url: str) -> tuple[str, tuple[str, int], str]:
    """Where a browser comes back to: the URI, host and port of it, and the state to bring."""
    query = parse_qs(urlsplit(url).query)
    uri = urlsplit(query["redirect_uri"][0])
    return uri.geturl(), (uri.hostname or "", uri.port or 0), query["state"][0]


# the command line


def test_a_code_is_pasted_on_the_command_line(sandbox: Sandbox) -> None:
    """The default of apps: the URL, the question, the code, and the terminal as it was."""
    with at_a_terminal(sandbox, "command-line") as terminal:
        person = Person(terminal)
        terminal.type(f"{code_at(person.address())}\n")
        person.leaves(GOOD)


@pytest.mark.parametrize("way", ["command-line", "race"])
def test_ctrl_c_ends_a_login(sandbox: Sandbox, way: str) -> None:
    """Any of them, and nothing goes on listening."""
    with at_a_terminal(sandbox, way) as terminal:
        person = Person(terminal)
        person.waits()
        terminal.interrupt_until("interrupted\n")
        person.leaves("interrupted\n")
        if way == "race":
            assert is_closed(back_at(person.browser())[1])


@pytest.mark.parametrize("way", ["command-line", "race"])
def test_the_end_of_the_input_ends_a_login(sandbox: Sandbox, way: str) -> None:
    """Ctrl-D is a typed error."""
    with at_a_terminal(sandbox, way) as terminal:
        person = Person(terminal)
        person.waits()
        terminal.type(CTRL_D)
        person.leaves("error CommandLineLoginFlowEOFError ")
        if way == "race":
            assert is_closed(back_at(person.browser())[1])


# whatever can work


def test_over_ssh_the_code_is_pasted_and_the_reason_told(sandbox: Sandbox) -> None:
    """No browser is opened where it would not be the person's; empty lines do no harm."""
    with at_a_terminal(sandbox, "auto", **SSH) as terminal:
        person = Person(terminal)
        code = code_at(person.address())
        person.waits()
        assert "Not opening a browser: this is a remote session (SSH)" in terminal.seen
        terminal.type(f"\n  \n {code} \n")
        person.leaves(GOOD)


def test_the_browser_wins_the_race(sandbox: Sandbox) -> None:
    """It comes back by itself, strays before it change nothing, half a typed code is forgotten."""
    with at_a_terminal(sandbox, "race") as terminal:
        person = Person(terminal)
        person.waits()
        uri, address, _ = back_at(person.browser())
        for stray in ("favicon.ico", "?code=stolen&state=wrong"):
            with pytest.raises(OSError, match="404"):
                page_at(f"{uri}/{stray}")
        terminal.type("half a co")
        assert "You are logged in" in page_at(person.browser())
        person.leaves(GOOD)
        assert is_closed(address)


def test_a_pasted_code_wins_the_race(sandbox: Sandbox) -> None:
    """The address that is shown works on any machine; the browser's port is closed then."""
    with at_a_terminal(sandbox, "race") as terminal:
        person = Person(terminal)
        person.waits()
        terminal.type(f"{code_at(person.address())}\n")
        person.leaves(GOOD)
        assert is_closed(back_at(person.browser())[1])


def test_the_browsers_own_address_can_be_pasted_too(sandbox: Sandbox) -> None:
    """A browser on another machine ends at a page that is not there; its address has the code."""
    with at_a_terminal(sandbox, "race") as terminal:
        person = Person(terminal)
        person.waits()
        client = sandbox.native_client_id
        assert f"client_id={client}" in person.browser()
        terminal.type(f"{callback_of(person.browser())}\n")
        person.leaves(GOOD)


def test_a_pasted_address_with_another_state_is_refused(sandbox: Sandbox) -> None:
    """As a callback that comes over the wire is."""
    with at_a_terminal(sandbox, "race") as terminal:
        person = Person(terminal)
        person.waits()
        terminal.type(f"{back_at(person.browser())[0]}/?code=stolen&state=wrong\n")
        person.leaves("error StateMismatchError ")


def test_a_denial_in_the_browser_ends_the_race(sandbox: Sandbox) -> None:
    """With its reason."""
    sandbox.deny_next_login()
    with at_a_terminal(sandbox, "race") as terminal:
        person = Person(terminal)
        person.waits()
        page_at(person.browser())
        person.leaves("error LoginDeniedError .*access_denied")


def test_a_browser_that_does_not_open_leaves_the_code(sandbox: Sandbox) -> None:
    """It is told, and the login goes on."""
    with at_a_terminal(sandbox, "closed") as terminal:
        person = Person(terminal)
        person.waits()
        assert "the browser could not be opened" in terminal.seen
        terminal.type(f"{code_at(person.address())}\n")
        person.leaves(GOOD)


def test_the_race_has_an_end(sandbox: Sandbox) -> None:
    """A tab that is closed, and nobody at the terminal: a typed error with the seconds."""
    with at_a_terminal(sandbox, "race", seconds=0.05) as terminal:
        person = Person(terminal)
        person.leaves(r"error LoginTimeoutError the login was not completed within 0\.05 seconds")


# nobody there


@pytest.mark.parametrize("way", ["command-line", "auto"])
def test_without_a_terminal_the_command_to_run_is_named_at_once(
    sandbox: Sandbox, way: str, tmp_path: t.Any
) -> None:
    """And running it in a terminal is what the program needed."""
    code = f"""
from globus_core import AuthClient, UserApp
from globus_core.exc import LoginRequiredError
from globus_core.globus_app import GlobusAppConfig
config = GlobusAppConfig({way!r}, token_storage="sqlite:{tmp_path.as_posix()}/my tokens.db")
app = UserApp("nightly run", client_id={sandbox.native_client_id!r}, config=config)
try:
    print(AuthClient(app=app).userinfo()["name"])
except LoginRequiredError as error:
    assert error.command in str(error)
    print(error.command)
"""

    def run() -> str:
        ended = subprocess.run(
            [sys.executable, "-c", code],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            start_new_session=True,
            check=True,
        )
        assert ended.stderr == ""
        return ended.stdout.strip()

    program, *arguments = shlex.split(run())
    assert program == "globus-core"
    start = "from globus_core_cli import main; main()"
    with Terminal(start, *arguments, **SSH) as terminal:
        terminal.type(f"{code_at(Person(terminal).address())}\n")
        terminal.wait_for("logged in as ada@example.org")
        assert terminal.end() == 0
    assert run() == "Ada Kestrel"


def test_the_command_line_tool_asks_nobody_without_a_terminal(sandbox: Sandbox) -> None:
    """Exit code 4, one text on standard error, nothing on standard output."""
    ended = subprocess.run(
        [sys.executable, "-c", "from globus_core_cli import main; main()", "login"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        start_new_session=True,
        env={**os.environ, "GLOBUS_CLIENT_ID": sandbox.native_client_id},
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (4, "")
    assert re.search(r"no one can be prompted here: .*globus-core login --client-id", ended.stderr)


def callback_of(url: str) -> str:
    """Where the server sends the browser after the login, which does not go there."""
    import requests

    answer = requests.get(url, allow_redirects=False, timeout=PATIENCE)
    return answer.headers["Location"]
