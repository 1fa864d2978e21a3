"""
``-v`` and ``--debug``: the log on standard error, and nothing secret in it.
"""

from __future__ import annotations

import json
import logging
import pathlib
import subprocess
import sys
import typing as t

import click
import pytest
from click.testing import Result

from globus_core import __main__, hookimpl, waiting
from globus_core.cli import with_app
from globus_core.plugins import PluginManager, get_plugin_manager, set_plugin_manager
from globus_core.testing import CanarySecrets
from globus_core_cli.group import cli
from tests.commands import separate_runner
from tests.integration.app.helpers import CountedLogin

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from globus_core.globus_app import GlobusApp
    from globus_core_sandbox import Sandbox


class NoPauses(waiting.Waiter):
    """Does not pause."""

    def sleep(self, seconds: float) -> None:
        pass


class Desk:
    """A plugin with a login that needs nobody, and a command that logs."""

    @hookimpl
    def globus_login_flows(self) -> dict[str, t.Any]:
        """Offer the login."""
        return {"by-itself": CountedLogin}

    @hookimpl
    def globus_cli_commands(self) -> dict[str, t.Any]:
        """Offer the command."""

        @click.command()
        @with_app()
        def chatter(app: GlobusApp) -> None:
            """Log lines."""
            logging.getLogger("globus_core_campus.rooms").info("two\nlines \x1b[31m")
            logging.getLogger("globus_core_campus.rooms").debug("a detail")
            logging.getLogger("somebody.else").warning("the token of another library")
            logging.getLogger("globus_corection").info("another name")

        return {"chatter": chatter}


@pytest.fixture(autouse=True)
def _desk(globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", globus_sandbox.url)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", globus_sandbox.native_client_id)
    monkeypatch.setenv("GLOBUS_CORE_LOGIN_FLOW", "by-itself")
    previous = set_plugin_manager(PluginManager())
    get_plugin_manager().register(Desk(), "desk")
    yield
    set_plugin_manager(previous)


def invoke(*arguments: str) -> Result:
    """Run a command in this process."""
    return separate_runner().invoke(cli, list(arguments), prog_name="globus-core")


def stored_tokens(*, expire: bool = False) -> list[str]:
    """
    The tokens in the file of the app.

    :param expire: let them have expired long ago
    """
    (path,) = pathlib.Path.home().rglob("tokens.json")
    document = json.loads(path.read_text("utf-8"))
    (records,) = document["data"].values()
    if expire:
        for record in records.values():
            record["expires_at_seconds"] = 1
        path.write_text(json.dumps(document), "utf-8")
    return [
        record[f"{kind}_token"] for record in records.values() for kind in ("access", "refresh")
    ]


def test_without_the_options_there_is_no_log() -> None:
    """A command is silent on standard error."""
    assert invoke("login").stderr == ""
    assert invoke("chatter").stderr == ""


@pytest.mark.parametrize("place", ["before", "after"])
def test_the_options_may_be_before_and_after_the_command(place: str) -> None:
    """People write them where they think of them."""
    for option, has_details in (("-v", False), ("--verbose", False), ("--debug", True)):
        line = [option, "chatter"] if place == "before" else ["chatter", option]
        result = invoke(*line)
        assert result.exit_code == 0
        assert result.stdout == ""
        assert "globus_core_campus.rooms: two\nlines \\x1b[31m\n" in result.stderr
        assert ("a detail" in result.stderr) is has_details


def test_the_louder_option_wins_and_no_line_comes_twice() -> None:
    """Whichever comes first."""
    for line in (["-v", "chatter", "--debug"], ["--debug", "chatter", "-v"]):
        assert invoke(*line).stderr.count("a detail") == 1


def test_lines_of_other_libraries_are_not_shown() -> None:
    """They may hold what is secret."""
    said = invoke("chatter", "--debug").stderr
    assert "another library" not in said
    assert "another name" not in said


def test_the_log_is_as_before_when_the_command_has_ended() -> None:
    """A program that runs commands in its own process keeps its settings."""
    root = logging.getLogger()
    before = root.level, list(root.handlers)
    invoke("chatter", "--debug")
    assert (root.level, root.handlers) == before


def test_the_log_of_a_login_a_renewal_and_a_logout_holds_no_token() -> None:
    """Each request is there, without what was sent and answered."""
    said = [invoke("login", "--debug").stderr]
    first = stored_tokens(expire=True)
    said += [invoke("whoami", "--json", "--debug").stderr]
    second = stored_tokens()
    said += [invoke("-v", "logout", "--debug").stderr]
    secrets = CanarySecrets()
    for value in (*first, *second):
        secrets.add("a token", value)
    assert len({*first, *second}) == 3  # the refresh token stays
    secrets.assert_hidden(*said)
    assert "/v2/oauth2/token;" in said[0]
    assert "/v2/oauth2/token;" in said[1]
    assert "/v2/oauth2/userinfo;" in said[1]
    assert "/v2/oauth2/token/revoke;" in said[2]


def test_a_retry_is_told_once(globus_sandbox: Sandbox) -> None:
    """Commands tell of it anyway, and the log does too."""
    assert invoke("login").exit_code == 0
    globus_sandbox.fail(path="/v2/oauth2/userinfo", status=503, times=1)
    with waiting.use(NoPauses()):
        assert invoke("whoami", "-v").stderr.count("trying again") == 1


# as a module


def test_python_runs_the_package_as_the_command() -> None:
    """Where the script is not on the path: the same output, usage line and exit codes."""
    for arguments, code in ((["--version"], 0), (["whoami", "--nothing"], 2)):
        done = subprocess.run(
            [sys.executable, "-m", "globus_core", *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == code
        assert "globus-core" in done.stdout + done.stderr


def test_the_module_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of the sources that nobody has installed has no command."""
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: ())
    with pytest.raises(SystemExit, match="globus-core is not installed"):
        __main__.main()
