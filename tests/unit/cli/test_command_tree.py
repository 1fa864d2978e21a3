"""What holds for every command and sub-command of every plugin."""

from __future__ import annotations

import re
import typing as t

import click
import pytest
from click.testing import CliRunner

from globus_core_cli.group import cli

if t.TYPE_CHECKING:
    from collections.abc import Iterator

#: commands without ``--json``, and why
NO_JSON = {
    "cat": "prints files as they are",
    "run": "the output is that of the command that is run",
    "completion": "prints a script for a shell",
}


def _below(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            inner = click.Context(command, info_name=name, parent=context)
            for path, found in _below(command, inner):
                yield f"{name} {path}", found


COMMANDS = dict(_below(cli, click.Context(cli, info_name="globus-core")))
each_command = pytest.mark.parametrize("path", COMMANDS)


def options_of(command: click.Command) -> list[str]:
    """The names of a command's options."""
    return [name for parameter in command.params for name in parameter.opts]


@each_command
def test_every_command_has_json(path: str) -> None:
    """All that print something a program may want; groups have it in their commands."""
    command = COMMANDS[path]
    if isinstance(command, click.Group) and not command.invoke_without_command:
        return

    assert ("--json" in options_of(command)) is (path not in NO_JSON)


@each_command
def test_every_command_describes_itself(path: str) -> None:
    """In a sentence, whose words fit in the list of its group; and each of its options."""
    command = COMMANDS[path]
    first = (command.help or "").strip().partition("\n\n")[0]

    assert first.endswith("."), first
    assert first[0].isupper()
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert parameter.help[0].isupper(), parameter.help


@each_command
@pytest.mark.parametrize("width", [60, 200])
def test_the_help_of_every_command_fits(
    path: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line of it is longer than the terminal is wide, except for long words and examples."""
    monkeypatch.setenv("COLUMNS", str(width))
    runner = CliRunner()
    result = runner.invoke(cli, [*path.split(), "--help"], terminal_width=width)

    assert result.exit_code == 0
    for line in result.output.splitlines():
        is_example = line.startswith("    globus-core ")
        assert len(line) <= width or len(line.split()) <= 2 or is_example, line


@each_command
def test_a_mistyped_option_is_answered_with_the_nearest(path: str) -> None:
    """For each option of each command that has a long name."""
    long = [name for name in options_of(COMMANDS[path]) if re.fullmatch(r"--[a-z-]{6,}", name)]
    for name in long[:2]:
        result = CliRunner().invoke(cli, [*path.split(), f"{name[:-2]}{name[-1]}x"])

        assert result.exit_code == 2
        assert name in result.output.partition("Error:")[2], result.output


GROUPS = [path for path, command in COMMANDS.items() if isinstance(command, click.Group)]


@pytest.mark.parametrize("path", [path for path in GROUPS if path != "identities"])
def test_a_mistyped_sub_command_is_answered_with_the_nearest(path: str) -> None:
    """In groups of plugins too, which are groups of click like any other; once."""
    group = COMMANDS[path]
    assert isinstance(group, click.Group)
    name = max(group.commands, key=len)
    result = CliRunner().invoke(cli, [*path.split(), f"{name[:-1]}{name[-1]}x"])

    assert result.exit_code == 2
    assert result.output.count("Did you mean") == 1
    assert f"'{name}'" in result.output.partition("Did you mean")[2]
