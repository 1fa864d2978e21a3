"""
``globus-core explain``: what codes mean, and what to do.
"""

from __future__ import annotations

import json
import re

import click
import pytest
from click.testing import Result

from globus_core import exc
from globus_core.cli import ExitCode
from globus_core_cli.group import cli
from globus_core_errors._translators import oauth2, status
from globus_core_errors.codes import CODES, EXIT_CODES, explain
from tests.commands import separate_runner


def invoke(*arguments: str) -> Result:
    """Run the command in this process."""
    return separate_runner().invoke(cli, ["explain", *arguments], prog_name="globus-core")


def test_a_code_is_explained_with_what_to_do() -> None:
    """In three lines, or as one JSON document."""
    text = invoke("invalid_grant").stdout.splitlines()
    assert text[0] == "invalid_grant: error of Globus Auth"
    assert text[1].startswith("What it means: the code or the refresh token")
    assert text[2].startswith("What to do: log in again")
    document = json.loads(invoke("4", "--json").stdout)
    assert document.keys() == {"code", "kind", "meaning", "remedy"}
    assert document["kind"] == "exit code"


@pytest.mark.parametrize(
    ("code", "like"),
    [
        ("consentrequired", "ConsentRequired"),
        ("ClientError.NotFound.Task", "ClientError.NotFound"),
        ("ExternalError.Something.New", "ExternalError"),
    ],
)
def test_case_does_not_matter_and_a_family_explains_its_members(code: str, like: str) -> None:
    """Services have more codes than any table."""
    found, known = explain(code), explain(like)
    assert found is not None
    assert known is not None
    assert found == {**known, "code": code}


@pytest.mark.parametrize(
    ("code", "said"),
    [("404", "does not know"), ("429", "too many"), ("137", "signal 9 (SIGKILL)"), ("191", "63")],
)
def test_statuses_and_signals_are_known(code: str, said: str) -> None:
    """By number."""
    found = explain(code)
    assert found is not None
    assert said in str(found["meaning"])


@pytest.mark.parametrize("name", [name for name in dir(exc) if name.endswith("Error")])
def test_every_exception_is_explained_by_its_docstring(name: str) -> None:
    """In a part of a sentence."""
    found = explain(name)
    assert found is not None
    assert found["meaning"]
    assert not str(found["meaning"]).endswith(".")


@pytest.mark.parametrize("code", ["nosuch", "", "-", "999", "1" * 400, "²", "a\x1b[31m", "__doc__"])
def test_an_unknown_code_is_a_failure(code: str) -> None:
    """With the nearest code, or how to list all, and without control characters."""
    result = invoke("--", code)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "'globus-core explain' lists" in result.stderr
    assert "\x1b" not in result.stderr
    assert len(result.stderr) < 500


def test_a_mistyped_code_is_answered_with_the_nearest() -> None:
    """As a mistyped command is."""
    assert "did you mean 'ConsentRequired'?" in invoke("ConsentRequird").stderr


def test_all_codes_are_listed() -> None:
    """Without a code."""
    rows = json.loads(invoke("--json").stdout)
    assert {row["code"] for row in rows} == {*map(str, EXIT_CODES), *CODES}
    assert "ConsentRequired" in invoke().stdout


def test_the_tables_are_complete() -> None:
    """Each exit code, each code and status that has advice as an error has an explanation too."""
    assert {code.value for code in ExitCode} <= EXIT_CODES.keys()
    assert oauth2.ADVICE.keys() <= CODES.keys()
    assert all(explain(str(known)) for known in status.ADVICE)


@pytest.mark.parametrize("code", [*CODES, *map(str, EXIT_CODES)])
def test_commands_in_remedies_exist(code: str) -> None:
    """Somebody will type them."""
    found = explain(code)
    assert found is not None
    for words in re.findall(r"globus-core ((?:[a-z-]+ ?)+)", str(found["remedy"])):
        command: click.Command = cli
        for word in words.split():
            if not isinstance(command, click.Group):
                break
            inner = command.get_command(click.Context(command), word)
            assert inner is not None, words
            command = inner
