"""The command ``globus-core groups``, at the sandbox."""

from __future__ import annotations

import json
import re
import typing as t
import uuid

import pytest
from click.testing import Result

from globus_core_cli.group import cli
from tests.commands import separate_runner

from .conftest import ADA, BO, Village

Run = t.Callable[..., Result]


@pytest.fixture
def run(village: Village, monkeypatch: pytest.MonkeyPatch) -> Run:
    """
    Run a command as the confidential client, which needs no browser.
    """
    for name, address in village.sandbox.environment().items():
        monkeypatch.setenv(name, address)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", village.sandbox.confidential_client_id)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", village.sandbox.confidential_client_secret)
    monkeypatch.setenv("GLOBUS_CORE_TOKEN_STORAGE", "memory")

    def run(*arguments: str, typed: str | bytes = "") -> Result:
        return separate_runner().invoke(cli, ["groups", *arguments], input=typed)

    return run


@pytest.fixture
def group(run: Run) -> str:
    """
    A group that the client has made.
    """
    made = run("create", "Kestrels", "--description", "birds", "--json")
    return str(json.loads(made.stdout)["id"])


def members(run: Run, group: str) -> dict[str, str]:
    """
    The roles of the active members, but for the client itself.
    """
    found = json.loads(run("member", "list", group, "--json").stdout)
    return {
        each["username"]: each["role"]
        for each in found
        if each["status"] == "active" and each["username"].endswith("@example.org")
    }


def test_groups_are_created_shown_listed_and_deleted(run: Run) -> None:
    """As text and as JSON."""
    assert run("list").stdout == "you are in no group\n"
    made = run("create", "Kestrels").stdout.split()
    assert made[:2] == ["created", "group"]
    group = made[2]
    shown = run("show", group).stdout
    assert re.search(rf"Group ID: +{group}\nName: +Kestrels\n", shown)
    assert re.search(r"Your Roles: +admin\n", shown)
    assert json.loads(run("show", group, "--json").stdout)["policies"]
    lines = run("list").stdout.splitlines()
    assert lines[0].split() == ["id", "name", "your", "roles"]
    assert lines[1].split() == [group, "Kestrels", "admin"]
    assert [each["id"] for each in json.loads(run("list", "--json").stdout)] == [group]
    inner = json.loads(run("create", "Young", "--parent-id", group, "--json").stdout)
    assert inner["parent_id"] == group
    assert run("delete", inner["id"]).stdout == f"deleted group {inner['id']}\n"
    assert run("show", inner["id"]).exit_code == 1


def test_members_are_added_invited_and_removed(run: Run, group: str) -> None:
    """By usernames and ids, several at once."""
    added = run("member", "add", group, "ada@example.org", BO, "--role", "manager")
    assert added.stdout == "added ada@example.org as manager\nadded bo@example.org as manager\n"
    assert members(run, group) == {"ada@example.org": "manager", "bo@example.org": "manager"}
    invited = run("member", "invite", group, "chidi@example.org")
    assert invited.stdout == "invited chidi@example.org as member\n"
    assert re.search(r"chidi@example.org\tmember\tinvited", run("member", "list", group).stdout)
    answer = json.loads(run("member", "remove", group, "ada@example.org", "--json").stdout)
    assert [each["identity_id"] for each in answer["remove"]] == [ADA]
    assert members(run, group) == {"bo@example.org": "manager"}


def test_who_could_not_be_removed_is_told(run: Run, group: str) -> None:
    """With exit code 1, though the other is removed."""
    assert run("member", "add", group, "ada@example.org").exit_code == 0
    result = run("member", "remove", group, "ada@example.org", "bo@example.org")
    assert (result.exit_code, result.stdout) == (1, "removed ada@example.org\n")
    assert re.fullmatch(r"cannot remove bo@example\.org: [A-Z_]+: .+\n", result.stderr)
    assert members(run, group) == {}
    result = run("member", "remove", group, "bo@example.org", "--json")
    assert result.exit_code == 1
    assert list(json.loads(result.stdout)["errors"]) == ["remove"]


def test_nothing_is_done_if_a_name_has_no_identity(run: Run, group: str) -> None:
    """Each such name is told."""
    result = run("member", "add", group, "ada@example.org", "adda@example.org", "x@example.org")
    assert (result.exit_code, result.stdout) == (1, "")
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == [
        "cannot add adda@example.org",
        "cannot add x@example.org",
    ]
    assert members(run, group) == {}


def test_the_members_become_those_of_a_list(run: Run, group: str) -> None:
    """After a look at what would be done."""
    run("member", "add", group, "ada@example.org", "bo@example.org")
    names = "\ufeffbo@example.org\r\n\n  chidi@example.org  \n".encode()
    sync = ("sync", group, "-", "--role", "manager")
    tried = run(*sync, "--dry-run", typed=names)
    said = (
        "added chidi@example.org as manager\n"
        "made bo@example.org a manager\n"
        "removed ada@example.org\n"
        "3 changes, 0 unchanged, 0 failed"
    )
    assert tried.stdout == f"{said} (dry run: nothing was sent)\n"
    assert members(run, group) == {"ada@example.org": "member", "bo@example.org": "member"}
    assert run(*sync, typed=names).stdout == f"{said}\n"
    wanted = {"bo@example.org": "manager", "chidi@example.org": "manager"}
    assert members(run, group) == wanted
    again = json.loads(run(*sync, "--json", typed=names).stdout)
    assert again == {"done": [], "failed": [], "unchanged": 2}
    kept = run(*sync, "--no-remove", typed="ada@example.org")
    assert kept.stdout.startswith("added ada@example.org")
    assert members(run, group) == {**wanted, "ada@example.org": "manager"}


def test_a_list_with_an_unknown_name_is_synced_but_for_it(run: Run, group: str) -> None:
    """It is told with exit code 1."""
    result = run("sync", group, "-", typed="bo@example.org\nadda@example.org\n")
    assert (result.exit_code, members(run, group)) == (1, {"bo@example.org": "member"})
    assert result.stderr.startswith("cannot add adda@example.org: ")
    result = run("sync", group, "-", "--json", typed="adda@example.org")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["failed"][0]["username"] == "adda@example.org"


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (["show", "kestrels"], "", "'kestrels' is not a valid UUID"),
        (["create", "Young", "--parent-id", "kestrels"], "", "'kestrels' is not a valid UUID"),
        (["member", "add", ADA], "", "Missing argument 'IDENTITY...'"),
        (["member", "add", ADA, BO, "--role", "boss"], "", "'boss' is not one of"),
        (["sync", ADA, "none.txt"], "", "No such file"),
        (["sync", ADA, "-"], "\n \n", "has no usernames"),
        (["sync", ADA, "-"], b"\xff\xfe", "is not text in UTF-8"),
    ],
)
def test_wrong_usage_is_told(run: Run, arguments: list[str], typed: str, said: str) -> None:
    """With exit code 2."""
    result = run(*arguments, typed=typed)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


def test_errors_of_the_service_are_told(run: Run) -> None:
    """With exit code 1, on standard error."""
    for arguments in (["show"], ["delete"], ["member", "list"]):
        result = run(*arguments, str(uuid.uuid4()))
        assert (result.exit_code, result.stdout) == (1, "")
        assert len(re.findall(r"^.*404", result.stderr, re.MULTILINE)) == 1


def test_a_login_is_needed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With exit code 4, where nobody can log in."""
    monkeypatch.delenv("GLOBUS_CLIENT_SECRET")
    for arguments in (["list"], ["member", "add", ADA, BO], ["sync", ADA, "-"]):
        result = run(*arguments, typed="bo@example.org")
        assert (result.exit_code, result.stdout) == (4, ""), result.stderr
