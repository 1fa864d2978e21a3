"""
What commands say on standard error while they wait for a server.
"""

from __future__ import annotations

import json
import logging
import socket
import time
import typing as t

import click
import pytest
from click.testing import CliRunner

from globus_core import AuthClient, UserApp, hookimpl, waiting
from globus_core.cli import network_notes_shown, with_app
from globus_core.plugins import PluginManager, get_plugin_manager, set_plugin_manager
from globus_core.token_storage import TokenStorageData
from globus_core_cli import network_notes
from globus_core_cli.group import cli
from tests.integration.app.helpers import CountedLogin

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from globus_core.globus_app import GlobusApp
    from globus_core_sandbox import Sandbox

AUTH = "auth.globus.org"
ADA = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"
CLIENT_ID = "6a1f3c52-9d84-4e0b-b7a6-2c58e910d3f7"


class Pauses(waiting.Waiter):
    """Does not pause, and notes how long it would have."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)


class AtOnce:
    """A timer whose time has come when it starts."""

    made: t.ClassVar[list[AtOnce]] = []

    def __init__(self, seconds: float, function: Callable[[str], None], given: list[str]) -> None:
        self.seconds, self.function, self.given = seconds, function, given
        self.cancelled = False
        self.made.append(self)

    def start(self) -> None:
        self.function(*self.given)

    def cancel(self) -> None:
        self.cancelled = True


class Never(AtOnce):
    """A timer whose time does not come."""

    def start(self) -> None:
        pass


class Commands:
    """A plugin with a login that needs nobody, and a command that runs another one."""

    @hookimpl
    def globus_login_flows(self) -> dict[str, t.Any]:
        """Offer the login."""
        return {"by-itself": CountedLogin}

    @hookimpl
    def globus_cli_commands(self) -> dict[str, t.Any]:
        """Offer the command."""

        @click.command()
        @with_app()
        def inner(app: GlobusApp) -> None:
            AuthClient(app=app).userinfo()

        @click.command()
        @with_app()
        @click.pass_context
        def outer(context: click.Context, app: GlobusApp) -> None:
            context.invoke(inner, **context.params)
            AuthClient(app=app).userinfo()

        return {"outer": outer}


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pauses]:
    """The pauses between attempts, which take no time here."""
    monkeypatch.setattr(AtOnce, "made", [])
    monkeypatch.setattr("globus_core_cli.network_notes.threading.Timer", Never)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", CLIENT_ID)
    previous = set_plugin_manager(PluginManager())
    with waiting.use(Pauses()) as noted:
        yield noted
    set_plugin_manager(previous)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[str, list[str]]]:
    """Runs a command in this process: its output, and its lines on standard error."""

    def run(*arguments: str) -> tuple[str, list[str]]:
        capfd.readouterr()
        with pytest.raises(SystemExit):
            cli.main(list(arguments), prog_name="globus-core")
        out, err = capfd.readouterr()
        return out, err.splitlines()

    return run


def log_in_long_ago() -> None:
    """Store an expired token and a refresh token."""
    with UserApp("globus-core", client_id=CLIENT_ID) as app:
        data = TokenStorageData(
            resource_server=AUTH,
            identity_id=ADA,
            scope="openid profile email",
            access_token="expired",
            refresh_token="for-renewals",
            expires_at_seconds=int(time.time()) - 60,
            token_type="Bearer",
        )
        app.token_storage.token_storage.store_token_data_by_resource_server({AUTH: data})


COMMANDS = (
    ["whoami", "--json"],
    ["login", "--json"],
    ["logout", "--json"],
    ["consents", "--json"],
    ["identities", "resolve", "--format", "json", "bo@example.org"],
)


@pytest.fixture(params=["refused", "no such name"])
def unreachable(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A server that cannot be reached."""
    url = "https://nobody.example"

    def unknown(*_: object, **__: object) -> t.NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    if request.param == "refused":
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    else:
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", url)
    return url


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_command_says_before_each_pause_that_it_tries_again(
    run: Callable[..., tuple[str, list[str]]],
    unreachable: str,
    pauses: Pauses,
    command: list[str],
) -> None:
    """One line each, with the server, the pause and the attempt; the output is still JSON."""
    log_in_long_ago()
    out, err = run(*command)
    assert len(pauses.seconds) >= 5
    said = [line for line in err if "trying again" in line]
    assert said == [
        f"no answer from {unreachable}; trying again in {seconds:.1f} s (attempt {n % 5 + 2} of 6)"
        for n, seconds in enumerate(pauses.seconds)
    ]
    if out:
        json.loads(out)


def test_a_status_that_is_tried_again_is_named(
    run: Callable[..., tuple[str, list[str]]],
    globus_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    pauses: Pauses,
) -> None:
    """The server was there; afterwards the logger and the plugins are as they were."""
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", globus_sandbox.url)
    log_in_long_ago()
    before = [record.name for record in get_plugin_manager().records()]
    globus_sandbox.fail(path="/v2/oauth2/token", status=429, times=1)
    _, err = run("whoami")
    server = globus_sandbox.url.rstrip("/")
    (seconds,) = pauses.seconds
    assert err[0] == f"{server} answered 429; trying again in {seconds:.1f} s (attempt 2 of 6)"
    assert logging.getLogger("globus_core.transport.retries").handlers == []
    assert logging.getLogger("globus_core.transport.retries").level == logging.NOTSET
    assert [record.name for record in get_plugin_manager().records()] == before


def test_a_server_that_takes_long_is_named(
    run: Callable[..., tuple[str, list[str]]],
    unreachable: str,
    monkeypatch: pytest.MonkeyPatch,
    pauses: Pauses,
) -> None:
    """After a few seconds without an answer, once for each attempt."""
    monkeypatch.setattr("globus_core_cli.network_notes.threading.Timer", AtOnce)
    log_in_long_ago()
    _, err = run("whoami")
    assert err.count(f"waiting for an answer from {unreachable}") == len(pauses.seconds) + 1
    assert {timer.seconds for timer in AtOnce.made} == {network_notes.SLOW_SECONDS}


def test_nothing_is_said_of_a_server_that_answers(
    run: Callable[..., tuple[str, list[str]]],
    globus_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All timers are cancelled; a command that another one runs changes nothing about that."""
    get_plugin_manager().register(Commands(), "commands")
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", globus_sandbox.url)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", globus_sandbox.native_client_id)
    monkeypatch.setenv("GLOBUS_CORE_LOGIN_FLOW", "by-itself")
    for command in ("login", "whoami", "outer"):
        assert run(command)[1] == []
    assert AtOnce.made
    assert all(timer.cancelled for timer in AtOnce.made)


def test_a_command_may_say_these_things_for_a_part_of_it_only() -> None:
    """Since standard error may belong to another program later."""

    def shown() -> bool:
        return any(record.name == network_notes._NAME for record in get_plugin_manager().records())

    @click.command()
    @with_app(network_notes=False)
    def look(app: GlobusApp) -> None:
        """Look whether they are shown."""
        with network_notes_shown():
            inside = shown()
        click.echo(f"{inside} {shown()}")

    result = CliRunner().invoke(look, ["--client-id", CLIENT_ID])
    assert result.output == "True False\n"
