"""
The ``globus-core`` command: its parts come from plugins, and it stands without any.
"""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import typing as t

import click
import pytest
from click.testing import CliRunner, Result

import globus_core
from globus_core import hookimpl
from globus_core.exc import GlobusSDKUsageError
from globus_core.login_flows import CommandLineLoginFlowEOFError
from globus_core.plugins import PluginManager, get_plugin_manager, set_plugin_manager
from globus_core_cli.group import cli
from tests.commands import separate_runner
from tests.unit.cli.commands import START, run

if t.TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

DEFAULT_PLUGINS = {
    "app",
    "async",
    "auth",
    "cli",
    "compute",
    "demo",
    "doctor",
    "errors",
    "flows",
    "gcs",
    "groups",
    "identity",
    "jobs",
    "local",
    "resource_server",
    "sandbox",
    "search",
    "storage",
    "storage_encrypted",
    "storage_keyring",
    "storage_postgres",
    "storage_redis",
    "telemetry",
    "timers",
    "transfer",
}
FIELDS = {
    "name",
    "distribution",
    "version",
    "module",
    "first_party",
    "state",
    "load_seconds",
    "hooks",
    "reason",
    "traceback",
    "reports",
}


_LAST_LINE = "                     settings, journal, journal/count, reset)\n"


def invoke(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli, list(arguments), prog_name="globus-core")


@pytest.fixture
def manager() -> Iterator[PluginManager]:
    """A plugin manager that this test may change."""
    previous = set_plugin_manager(PluginManager())
    yield get_plugin_manager()
    set_plugin_manager(previous)


@pytest.fixture
def broken_site(tmp_path: pathlib.Path) -> pathlib.Path:
    """A folder with an installed distribution whose plugin raises when it is imported."""
    (tmp_path / "campus_broken.py").write_text(
        "raise RuntimeError('the campus directory is closed')\n", encoding="utf-8"
    )
    info = tmp_path / "campus_broken-2.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: campus-broken\nVersion: 2.5\n", encoding="utf-8"
    )
    (info / "entry_points.txt").write_text(
        "[globus_core.plugins]\ncampus = campus_broken\n", encoding="utf-8"
    )
    return tmp_path


# help and errors


def test_the_version_is_shown() -> None:
    """The distribution's version, nothing else."""
    result = invoke("--version")
    assert result.exit_code == 0
    assert globus_core.__version__ in result.output


def test_an_unknown_command_is_a_usage_error() -> None:
    """The name is in the message, and the exit code says that the call was wrong."""
    result = invoke("nope")
    assert result.exit_code == 2
    assert "'nope'" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("mistyped", "meant"), [("whoam", "whoami"), ("plugin", "plugins"), ("identites", "identities")]
)
def test_a_mistyped_command_is_answered_with_the_nearest(mistyped: str, meant: str) -> None:
    """Once, as wrong usage; a name that is near to none gets no guess."""
    result = run(mistyped)
    assert result.returncode == 2
    assert result.stderr.count(f"Did you mean {meant!r}?") == 1
    assert "Did you mean" not in run("zzzzzz").stderr


def test_without_click_the_way_to_install_it_is_shown() -> None:
    """The script is there without the extra, and says which one is missing."""
    start = f"import sys; sys.modules['click'] = None; {START}"
    result = run("plugins", start=start)
    assert result.returncode == 1
    assert 'pip install "globus-core[cli]"' in result.stderr
    assert "Traceback" not in result.stderr


def test_another_missing_module_is_not_mistaken_for_click() -> None:
    """What is not click's absence stays what it is."""
    start = f"import sys; sys.modules['globus_core_cli.group'] = None; {START}"
    result = run("plugins", start=start)
    assert result.returncode != 0
    assert "needs click" not in result.stderr


# commands of plugins


class Campus:
    """A plugin with commands: a good one, one that fails clearly, and two that cannot be."""

    @hookimpl
    def globus_cli_commands(self) -> dict[str, t.Any]:
        """Offer them."""

        @click.command()
        def hello() -> None:
            """Greet."""
            click.echo("hello from campus")

        @click.command()
        def refuse() -> None:
            """Fail with an error of ours."""
            error = GlobusSDKUsageError("that cannot work")
            error.advice = "try something else"
            raise error

        @click.command()
        def ask() -> None:
            """Prompt, and get Ctrl-D."""
            click.echo("Enter it: ", nl=False, err=True)
            raise CommandLineLoginFlowEOFError("the input ended")

        return {
            "ask": ask,
            "hello": hello,
            "refuse": refuse,
            "gone": "campus_module_that_is_not_there:command",
            "odd": "json:dumps",
        }


def test_commands_of_other_plugins_stand_beside_ours(manager: PluginManager) -> None:
    """A third-party plugin adds its command by the hook."""
    manager.register(Campus(), "campus")
    result = invoke("hello")
    assert (result.exit_code, result.output) == (0, "hello from campus\n")


def test_a_mistyped_command_of_another_plugin_is_found_too(manager: PluginManager) -> None:
    """As those of our own are."""
    manager.register(Campus(), "campus")
    result = invoke("helo")
    assert result.exit_code == 2
    assert "Did you mean 'hello'?" in result.output


def test_an_error_of_ours_is_text_with_advice(manager: PluginManager) -> None:
    """No traceback, the message and what to do, exit code 1."""
    manager.register(Campus(), "campus")
    result = invoke("refuse")
    assert result.exit_code == 1
    assert "that cannot work\nWhat to do: try something else." in result.output
    assert "Traceback" not in result.output


def test_ctrl_d_ends_a_prompt_with_an_error_on_a_line_of_its_own(manager: PluginManager) -> None:
    """It does not go on behind the prompt."""
    manager.register(Campus(), "campus")
    result = separate_runner().invoke(cli, ["ask"])
    assert result.exit_code == 1
    assert result.stderr.startswith("Enter it: \nError: the input ended\n")


@pytest.mark.parametrize(
    ("name", "reason"),
    [("gone", "campus_module_that_is_not_there"), ("odd", "not a click command")],
)
def test_a_command_that_cannot_be_had_says_why(
    manager: PluginManager, name: str, reason: str
) -> None:
    """Whatever options it is called with."""
    manager.register(Campus(), "campus")
    for arguments in ((name,), (name, "--help"), (name, "more", "-x")):
        result = invoke(*arguments)
        assert result.exit_code == 1
        assert f"the command {name!r} cannot be used" in result.output
        assert reason in result.output


def test_a_command_that_cannot_be_had_leaves_the_help_alone(manager: PluginManager) -> None:
    """The help lists all commands, and marks that one."""
    manager.register(Campus(), "campus")
    result = invoke("--help")
    assert result.exit_code == 0
    assert re.search(r"gone +\(cannot be used here\)", result.output)
    assert re.search(r"hello +Greet", result.output)


# plugins


def test_the_table_shows_every_plugin() -> None:
    """One line each, with distribution, version, state, load time and hooks."""
    result = invoke("plugins")
    head, *rows = result.output.splitlines()
    assert head.split() == ["plugin", "distribution", "version", "state", "load", "hooks"]
    assert {row.split()[0] for row in rows} == DEFAULT_PLUGINS
    for row in rows:
        assert re.search(rf"globus-core\t{globus_core.__version__}\tloaded\t[\d.]+ ms", row)
    assert any("token_storages" in row for row in rows)


def test_the_json_has_every_field() -> None:
    """It can be read by a program."""
    records = json.loads(invoke("plugins", "--json").output)
    assert {record["name"] for record in records} == DEFAULT_PLUGINS
    for record in records:
        assert set(record) == FIELDS
        assert record["state"] == "loaded"
        assert record["first_party"] is True
        assert record["load_seconds"] >= 0
        assert record["reason"] is record["traceback"] is None
        assert record["reports"] == []
        assert record["module"].endswith(".hooks")
    assert {tuple(r["hooks"]) for r in records if r["name"] == "cli"} == {("globus_cli_commands",)}


def test_what_is_offered_is_shown_with_whose_it_is() -> None:
    """Every name that can be chosen, with plugin, distribution, version and object."""
    found = json.loads(invoke("plugins", "--offers", "--json").output)
    storage = next(row for row in found if row["name"] == "sqlite" and "token" in row["what"])
    assert storage["plugin"] == f"storage@globus-core {globus_core.__version__}"
    assert storage["object"] == "globus_core_storage.sqlite:SQLiteTokenStorage"

    head, *rows = invoke("plugins", "--offers").output.splitlines()
    assert head.split() == ["what", "name", "plugin", "object"]
    assert len(rows) == len(found) > 5


def test_with_every_plugin_switched_off_the_command_still_tells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The plugins are listed as blocked with the reason, and their commands are gone."""
    monkeypatch.setenv("GLOBUS_CORE_PLUGINS", "none")
    set_plugin_manager(None)
    records = json.loads(invoke("plugins", "--json").output)
    assert {record["state"] for record in records} == {"blocked"}
    assert all("GLOBUS_CORE_PLUGINS=none" in record["reason"] for record in records)
    table = invoke("plugins")
    assert table.exit_code == 0
    assert "blocked" in table.output
    assert "sandbox" not in invoke("--help").output


def test_a_broken_plugin_is_shown_with_its_traceback(broken_site: pathlib.Path) -> None:
    """Distribution, version, reason and traceback; the default plugins are none the worse."""
    result = run("plugins", "--json", path=broken_site)
    assert result.returncode == 0, result.stderr
    records = {record["name"]: record for record in json.loads(result.stdout)}
    campus = records.pop("campus")
    assert (campus["distribution"], campus["version"]) == ("campus-broken", "2.5")
    assert (campus["state"], campus["first_party"]) == ("failed", False)
    assert "the campus directory is closed" in campus["reason"]
    assert "campus_broken.py" in campus["traceback"]
    assert {record["state"] for record in records.values()} == {"loaded"}


def test_the_table_shows_the_trouble_below(broken_site: pathlib.Path) -> None:
    """The person sees in one look which plugin failed, whose it is, and where."""
    result = run("plugins", path=broken_site)
    table, _, trouble = result.stdout.partition("\n\n")
    assert re.search(r"campus\tcampus-broken\t2\.5\tfailed", table)
    assert trouble.startswith("campus@campus-broken: ")
    assert "RuntimeError: the campus directory is closed" in trouble


# sandbox


@pytest.mark.skipif(os.name != "posix", reason="a signal for one process alone is POSIX")
def test_the_sandbox_runs_until_ctrl_c() -> None:
    """It says where it is and what it is for, serves, and ends with exit code 0."""
    from globus_core.testing import SandboxControl

    # Ctrl-C is heard also where the tests themselves run in the background of a shell.
    hearing = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", hearing + START, "sandbox", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        # to the last line, for what is buffered here is lost to communicate()
        greeting = [line.strip() for line in iter(process.stdout.readline, _LAST_LINE)]
        url = greeting[0].split()[-1]
        assert url.startswith("http://127.0.0.1:")
        assert "development only" in greeting[1].lower()
        assert f"export GLOBUS_SDK_SERVICE_URL_AUTH={url}" in greeting
        client = next(line for line in greeting if line.startswith("export GLOBUS_CLIENT_ID="))
        assert f"native client        {client.partition('=')[2]}" in greeting
        assert SandboxControl(url).count() == 0
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert output.rstrip().endswith("stopped")
    assert errors == ""


def test_the_sandbox_listens_on_the_same_port_every_day() -> None:
    """The variables of another day are still right, unless another port is wished."""
    from globus_core_sandbox.cli import sandbox

    (port,) = (option for option in sandbox.params if option.name == "port")
    assert port.default == 8999


def test_a_port_that_is_taken_is_an_error_that_says_what_to_do() -> None:
    """One line that names the port, and the option that takes any free one."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = invoke("sandbox", "--port", port)
    assert result.exit_code == 1
    assert port in result.output
    assert "--port 0" in result.output
    assert result.output.count("\n") == 1


def test_a_sandbox_for_everybody_is_refused() -> None:
    """It listens on loopback only, and says so in one line."""
    result = invoke("sandbox", "--host", "0.0.0.0")
    assert result.exit_code == 1
    assert "loopback only" in result.output
    assert textwrap.dedent(result.output).count("\n") == 1


@pytest.mark.parametrize("command", ["sandbox", "demo"])
def test_without_its_extra_the_sandbox_says_what_to_install(command: str) -> None:
    """One line with the command that mends it, no traceback; the help is none the worse."""
    start = f"import sys; sys.modules['flask'] = None; {START}"
    result = run(command, start=start)
    assert result.returncode == 1
    assert 'pip install "globus-core[sandbox]"' in result.stderr
    assert "Traceback" not in result.stderr
    assert run("--help", start=start).returncode == 0


def test_the_name_of_a_plugin_without_its_extra_is_a_typed_error() -> None:
    """It is an ImportError of ours, which says where the name comes from and what to install."""
    code = """
import sys
sys.modules["flask"] = None
from globus_core.exc import PluginUnavailableError
try:
    from globus_core.testing import Sandbox
except PluginUnavailableError as error:
    print(error)
"""
    result = run(start=code)
    assert 'pip install "globus-core[sandbox]"' in result.stdout, result.stderr
    assert "sandbox" in result.stdout


def test_a_command_of_a_plugin_that_is_not_in_use_is_told_from_a_typing_mistake() -> None:
    """The error names the plugins that are out, and where the reasons are."""
    result = run("demo", GLOBUS_CORE_PLUGINS_BLOCKED="demo")
    assert result.returncode == 2
    assert "Not in use: demo@globus-core; 'globus-core plugins' says why" in result.stderr
    assert "Not in use" not in run("nonsense").stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
@pytest.mark.parametrize("arguments", [["plugins"], ["plugins", "--json"], ["--help"]])
def test_output_that_cannot_be_written_is_one_line_and_a_failure(arguments: list[str]) -> None:
    """A full disk is no reason for a traceback, nor for success."""
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            [sys.executable, "-c", START, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"Error: the output cannot be written: {os.strerror(errno.ENOSPC)}"
    ]


def test_output_that_nobody_reads_is_a_quiet_failure() -> None:
    """The reader of a pipe, such as head, may have enough."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            [sys.executable, "-c", START, "plugins"],
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (1, "")
