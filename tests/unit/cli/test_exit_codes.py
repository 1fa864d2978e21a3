"""
The exit codes: one table for all commands.
"""

from __future__ import annotations

import os
import pathlib
import re
import signal
import subprocess
import sys
import textwrap
import typing as t

import click
import pytest
from click.testing import Result

from globus_core.cli import ExitCode
from globus_core.exc import GlobusError, LoginRequiredError
from globus_core.token_storage.validating_token_storage import (
    ExpiredTokenError,
    IdentityMismatchError,
    MissingTokenError,
    UnmetScopeRequirementsError,
)
from globus_core_cli.group import cli
from tests.commands import separate_runner
from tests.unit.cli.commands import START

CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f02"
DOCS = pathlib.Path(__file__).parents[3] / "docs" / "reference" / "commands.md"


def _tree(command: click.Command, *path: str) -> t.Iterator[tuple[str, ...]]:
    context = click.Context(command)
    yield path
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _tree(inner, *path, name)


ALL = [path for path in _tree(cli) if path]


def at(path: t.Sequence[str]) -> click.Command:
    """The command at a path."""
    command: click.Command = cli
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    return command


def arguments(path: t.Sequence[str], *options: str) -> list[str]:
    """A command line for the command at a path, with what it requires."""
    command = at(path)
    required = [p for p in command.params if isinstance(p, click.Argument) and p.required]
    needed = [p.opts[0] for p in command.params if isinstance(p, click.Option) and p.required]
    options = (*options, *(word for option in needed for word in (option, "1")))
    inner = (
        command.list_commands(click.Context(command)) if isinstance(command, click.Group) else ()
    )
    return [*path, *options, *inner[:1], *map(a_value, required)]


def a_value(argument: click.Argument) -> str:
    """Something that the argument accepts."""
    if isinstance(argument.type, click.Choice):
        return str(argument.type.choices[0])
    if isinstance(argument.type, click.File):
        return "-"
    if argument.type.name == "service":
        return "auth"
    return f"{CLIENT_ID}:/x" if ":" in str(argument.metavar) else CLIENT_ID


def invoke(*line: str, **variables: str) -> Result:
    """Run a command in this process, with nobody at a terminal."""
    return separate_runner().invoke(cli, list(line), prog_name="globus-core", env=variables)


commands = pytest.mark.parametrize("path", ALL, ids=" ".join)


@commands
def test_help_is_success_and_a_wrong_option_is_wrong_usage(path: tuple[str, ...]) -> None:
    """For each command, also those that plugins add."""
    assert invoke(*path, "--help").exit_code == ExitCode.OK
    wrong = invoke(*path, "--no-such-option")
    assert wrong.exit_code == ExitCode.USAGE
    assert "--no-such-option" in wrong.stderr


@commands
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (GlobusError("trouble"), 1),
        (IdentityMismatchError("trouble", "a", "b"), 1),
        (click.UsageError("trouble"), 2),
        (LoginRequiredError("trouble"), 4),
        (MissingTokenError("trouble"), 4),
        (ExpiredTokenError(1), 4),
        (UnmetScopeRequirementsError("trouble", {}), 4),
        (KeyboardInterrupt(), 130),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_errors_have_the_same_code_in_each_command(
    path: tuple[str, ...], error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line or two on standard error, and never as a traceback."""

    def fail(context: click.Context) -> t.NoReturn:
        raise error

    monkeypatch.setattr(at(path), "invoke", fail)
    result = invoke(*arguments(path))
    assert result.exit_code == code
    assert result.stdout == ""
    assert "Aborted!" in result.stderr if code == 130 else "Error: " in result.stderr


@commands
def test_an_unknown_name_is_wrong_usage_and_the_known_ones_are_listed(
    path: tuple[str, ...],
) -> None:
    """Whether an option or its variable has it, and though no request would be sent."""
    variables = {
        "--environment": ("GLOBUS_SDK_ENVIRONMENT", "production"),
        "--token-storage": ("GLOBUS_CORE_TOKEN_STORAGE", "sqlite"),
        "--login-flow": ("GLOBUS_CORE_LOGIN_FLOW", "command-line"),
        "--cache": ("GLOBUS_CORE_IDENTITY_CACHE", "sqlite"),
    }
    fixed = {"GLOBUS_CLIENT_ID": CLIENT_ID, "GLOBUS_SDK_SERVICE_URL_AUTH": "http://127.0.0.1:1"}
    options = {option for parameter in at(path).params for option in parameter.opts}
    for option in options & variables.keys():
        variable, known = variables[option]
        for result in (
            invoke(*arguments(path, option, "nosuch"), **fixed),
            invoke(*arguments(path), **fixed, **{variable: "nosuch"}),
        ):
            # that a setting is wrong is what the doctor is asked to find
            is_doctor = path == ("doctor",)
            found = result.stdout.replace("\n            -> ", "; ")  # what to do is below it
            told = found if is_doctor else result.stderr
            assert result.exit_code == (ExitCode.FAILED if is_doctor else ExitCode.USAGE)
            assert "'nosuch'; known here: " in told
            assert known in told


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("whoami", 4),
        ("login", 4),
        ("consents", 4),
        (f"ls {CLIENT_ID}", 4),
        ("identities ada@example.org", 4),
        ("logout", 0),
    ],
)
def test_a_command_that_needs_a_login_says_so_where_there_is_none(line: str, code: int) -> None:
    """The same code for all, so that a script can tell; logging out needs none."""
    assert invoke(*line.split(), GLOBUS_CLIENT_ID=CLIENT_ID).exit_code == code


@pytest.mark.skipif(os.name != "posix", reason="a signal for one process alone is POSIX")
def test_ctrl_c_ends_a_command_with_130() -> None:
    """Also while the command is still being imported."""
    hearing = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    late = """
        import sys
        class Finder:
            def find_spec(self, name, path=None, target=None):
                if name == {!r}:
                    signal.raise_signal(signal.SIGINT)
        sys.meta_path.insert(0, Finder())
    """
    for module in ("globus_core_cli.group", "globus_core_cli.plugins_command"):
        code = hearing + textwrap.dedent(late.format(module)) + START
        done = subprocess.run(
            [sys.executable, "-c", code, "plugins"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 130, done.stderr
        assert "Traceback" not in done.stderr
    assert signal.SIGINT + 128 == ExitCode.INTERRUPTED


def test_the_documented_table_has_all_codes() -> None:
    """And no other."""
    rows = re.findall(r"^\| (\d+) \| ", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(row) for row in rows] == [code.value for code in ExitCode]
