"""
What commands print: text for people, JSON for programs.
"""

from __future__ import annotations

import json
import typing as t

import click
import pytest
from click.testing import Result

from globus_core.cli import Output, with_output
from tests.commands import separate_runner


@click.command()
@with_output("Print the greeting as JSON.")
@click.argument("name")
def greet(name: str, output: Output) -> None:
    """Greet somebody."""
    output.show({"hello": name}, lambda greeting: f"hello {greeting['hello']}")
    output.note("that was all")


@click.command()
@with_output()
@click.argument("count", type=int)
def count(count: int, output: Output) -> None:
    """Count."""
    output.table(("number", "square"), ((n, n * n) for n in range(count)), empty="nothing")


def invoke(command: click.Command, *arguments: str) -> Result:
    """Run a command that comes to a good end."""
    result = separate_runner().invoke(command, arguments)
    assert result.exit_code == 0, result.output
    return result


def test_a_person_reads_text_and_notes() -> None:
    """The notes are on standard error, so that the output can be piped."""
    result = invoke(greet, "ada")
    assert (result.stdout, result.stderr) == ("hello ada\n", "that was all\n")


def test_a_program_reads_json_and_nothing_else() -> None:
    """What a person is told beside it would be in the way."""
    result = invoke(greet, "ada", "--json")
    assert json.loads(result.stdout) == {"hello": "ada"}
    assert result.stderr == ""


def test_the_option_is_told_in_the_help() -> None:
    """In the words of the command, where it has some."""
    assert "Print the greeting as JSON." in invoke(greet, "--help").output
    assert "Print JSON." in invoke(count, "--help").output


def test_rows_are_lines_or_an_array_of_objects() -> None:
    """The columns name the values in both; in a pipe, tabs are between the values."""
    assert invoke(count, "3").output.splitlines() == [
        "number\tsquare",
        "0\t0",
        "1\t1",
        "2\t4",
    ]
    assert json.loads(invoke(count, "2", "--json").output) == [
        {"number": 0, "square": 0},
        {"number": 1, "square": 1},
    ]


def test_no_rows_are_said_in_words() -> None:
    """Heads above nothing would look like a mistake; a program gets an empty array."""
    assert invoke(count, "0").output == "nothing\n"
    assert json.loads(invoke(count, "0", "--json").output) == []


def test_what_is_not_known_is_a_dash(capsys: pytest.CaptureFixture[str]) -> None:
    """None would look like a name."""
    Output(as_json=False).table(("a", "b"), [[None, 1]], empty="")
    assert capsys.readouterr().out == "a\tb\n-\t1\n"


def test_a_row_of_another_length_is_a_mistake() -> None:
    """A value without a column would get lost in silence."""
    output: t.Any = Output(as_json=False)
    with pytest.raises(ValueError, match=r"zip\(\)"):
        output.table(("one",), [("a", "b")], empty="-")


def test_text_of_others_does_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Names come from servers; JSON escapes them itself."""
    nasty = "\x1b[2J\rEve\u202e"
    output: t.Any = Output(as_json=False)
    output.show(nasty, lambda text: f"hello\n{text}")
    output.note(nasty)
    output.table(("name",), [[f"{nasty}\nmallory"], ["n" * 5000]], empty="")
    out, err = capsys.readouterr()
    assert f"{out}{err}".replace("\n", "").isprintable()
    assert out.count("\n") == 5
    assert len(out) < 3000
    as_json: t.Any = Output(as_json=True)
    as_json.show({"name": nasty}, str)
    out = capsys.readouterr().out
    assert json.loads(out) == {"name": nasty}
    assert out.replace("\n", "").isprintable()
