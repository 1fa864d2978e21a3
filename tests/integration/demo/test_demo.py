"""
``globus-core demo``: green where all is well, and clear about the step that fails.
"""

from __future__ import annotations

import itertools
import os
import re
import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result

from globus_core.services.transfer import TaskOutcome, TaskResult
from globus_core.testing import Sandbox
from globus_core_cli.group import cli
from tests.integration.app.terminal import Terminal
from tests.unit.cli.commands import START, run

if t.TYPE_CHECKING:
    from tests.servers.nanoidp import Nanoidp

_UNFINISHED: t.Any = {"status": "ACTIVE"}
STEPS = [
    "connect",
    "log in",
    "store tokens",
    "check the ID token",
    "ask who it is",
    "resolve people",
    "move files",
    "let the token expire",
    "fail clearly",
    "act as a client",
    "log out",
]
_LINE = re.compile(r"\[ ?(\d+)/11\] (ok|--|FAILED) +(.+?) +(\d+) ms  (.+)")
CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f02"


def steps_of(output: str) -> dict[str, tuple[str, str]]:
    """Mark and text of each step's line, by the step's title."""
    found = {}
    for line in output.splitlines():
        match = _LINE.match(line)
        if match:
            found[match[3]] = (match[2], match[5])
    return found


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[t.Callable[..., None]]:
    """Orders a fault at the sandbox that the demo starts."""
    orders: list[dict[str, t.Any]] = []
    real = Sandbox.start

    def start(self: Sandbox) -> Sandbox:
        started = real(self)
        for order in orders:
            started.fail(**order)
        return started

    monkeypatch.setattr(Sandbox, "start", start)
    yield lambda path, **fault: orders.append({"path": path, "times": None, **fault})


def demo(*arguments: str) -> Result:
    """Run the demo in this process."""
    return CliRunner().invoke(cli, ["demo", *arguments])


def test_the_demo_is_green() -> None:
    """Eleven lines, each ok with its time, and exit code 0; no line holds a secret."""
    result = run("demo")
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stderr == ""
    steps = steps_of(result.stdout)
    assert list(steps) == STEPS
    assert {mark for mark, _ in steps.values()} == {"ok"}
    assert len(result.stdout.splitlines()) == 12
    assert "127.0.0.1" in steps["connect"][1]
    assert "1 refresh" in steps["let the token expire"][1]
    assert "0 requests" in steps["resolve people"][1]
    assert "3 files" in steps["move files"][1]
    assert "invalid_grant" in steps["fail clearly"][1]
    assert "advice" in steps["fail clearly"][1]
    assert "401" in steps["log out"][1]
    assert not re.search(r"sandbox-client-secret|Ag\w{20}|eyJ", result.stdout)


def test_a_step_that_fails_is_named_and_the_others_go_on(
    faulty: t.Callable[..., None],
) -> None:
    """The exit code is 1, the line says what happened, and the last line names the step."""
    faulty("/v2/api/identities", status=400)
    result = demo()
    assert result.exit_code == 1
    steps = steps_of(result.output)
    assert list(steps) == STEPS
    assert [title for title, (mark, _) in steps.items() if mark == "FAILED"] == ["resolve people"]
    assert "failed: resolve people" in result.output


_NUMBERS = itertools.count()
#: what is replaced, and by what, so that a step's claim is not so
_LIES: dict[str, tuple[str, t.Any]] = {
    "connect": ("globus_core.AuthClient.get_openid_configuration", lambda self: {}),
    "store tokens": (
        "globus_core_storage.SQLiteTokenStorage.get_token_data_by_resource_server",
        lambda self: {},
    ),
    "check the ID token": ("globus_core_auth.IDTokenDecoder.decode", lambda self, token: {}),
    "ask who it is": ("globus_core.AuthClient.userinfo", lambda self: {"sub": "somebody else"}),
    "resolve people": (
        "globus_core_demo.server.SandboxServer.identity_requests",
        lambda self: next(_NUMBERS) * 2,
    ),
    "move files": (
        "globus_core.TransferClient.wait_for_task",
        lambda self, *args, **options: TaskResult(TaskOutcome.TIMEOUT, _UNFINISHED),
    ),
    "let the token expire": (
        "globus_core_demo.server.SandboxServer.let_tokens_expire",
        lambda self: True,
    ),
    "act as a client": (
        "globus_core.ConfidentialAppAuthClient.oauth2_token_introspect",
        lambda self, token: {"active": False, "username": self.client_id},
    ),
    "log out": ("globus_core.UserApp.logout", lambda self: []),
}


@pytest.mark.parametrize("step", _LIES)
def test_a_step_whose_claim_is_not_so_fails(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is well formed but wrong: the step says so, and the exit code is 1."""
    monkeypatch.setattr(*_LIES[step])
    result = demo()
    assert result.exit_code == 1
    assert steps_of(result.output)[step][0] == "FAILED"


@pytest.mark.parametrize("answer", [None, ZeroDivisionError()])
@pytest.mark.filterwarnings("ignore:.*globus_translate_error")
def test_a_broken_errors_plugin_fails_the_demo(
    answer: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step that shows an error notices that nothing explains it."""

    def translate(error: Exception) -> None:
        if answer is not None:
            raise answer

    monkeypatch.setattr("globus_core_errors._translators.translate", translate)
    result = demo()
    assert result.exit_code == 1
    assert steps_of(result.output)["fail clearly"][0] == "FAILED"


def test_without_a_login_the_demo_ends(faulty: t.Callable[..., None]) -> None:
    """What cannot be shown without a login is not tried."""
    faulty("/v2/oauth2/token", status=400)
    result = demo()
    assert result.exit_code == 1
    steps = steps_of(result.output)
    assert list(steps) == STEPS[:2]
    assert steps["log in"][0] == "FAILED"
    assert "failed: log in" in result.output


def test_a_server_that_is_not_there_is_said_soon() -> None:
    """The first step fails with the address and what to look at."""
    result = demo("--auth-url", "http://127.0.0.1:9/", "--client-id", CLIENT_ID)
    assert result.exit_code == 1
    assert list(steps_of(result.output)) == ["connect"]
    assert "127.0.0.1:9" in result.output
    assert "What to do" in result.output


@pytest.mark.parametrize("given", [("--auth-url", "http://127.0.0.1:9/"), ("--client-id", "x")])
def test_another_server_needs_both_its_address_and_a_client(given: tuple[str, str]) -> None:
    """One without the other is a usage error."""
    result = demo(*given)
    assert result.exit_code == 2
    assert "--auth-url and --client-id go together" in result.output


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX")
def test_the_demo_shows_the_way_at_a_server_of_somebody_else(nanoidp: Nanoidp) -> None:
    """The person opens the URL and types the code; what that server lacks is left out."""
    server = ("--auth-url", nanoidp.base_url, "--client-id", nanoidp.native_client_id)
    with Terminal(START, "demo", *server) as terminal:
        url = terminal.wait_for(r"\n  (http\S+/v2/oauth2/authorize\S+)\n")[1]
        code = parse_qs(urlsplit(nanoidp.sign_in(url)).query)["code"][0]
        prompt = terminal.wait_for("Enter the code shown there: ")[0]
        terminal.type(f"{code}\n")
        exit_code = terminal.end()
    output = terminal.seen.replace(f"{prompt}{code}\n", "", 1)  # which the terminal itself shows
    steps = steps_of(output)
    assert steps["log in"][0] == "ok", output
    assert steps["store tokens"][0] == "ok"
    assert steps["check the ID token"][0] == "ok"
    assert nanoidp.username in steps["ask who it is"][1]
    assert "1 refresh" in steps["let the token expire"][1]
    left_out = ("resolve people", "move files", "act as a client")
    assert {steps[title][0] for title in left_out} == {"--"}
    assert steps["fail clearly"][0] == "ok"
    assert nanoidp.password not in output
    assert code not in output
    assert "eyJ" not in output
    assert exit_code == 0, output
