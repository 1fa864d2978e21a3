"""The command ``globus-core search``, at the sandbox."""

from __future__ import annotations

import json
import re
import typing as t
import uuid

import pytest
from click.testing import CliRunner, Result

from globus_core_cli.group import cli

from .conftest import STARS, Document, Library, entry

if t.TYPE_CHECKING:
    from pathlib import Path

Run = t.Callable[..., Result]


@pytest.fixture
def run(library: Library, monkeypatch: pytest.MonkeyPatch) -> Run:
    """
    Run a command as the confidential client, which needs no browser.
    """
    for name, address in library.sandbox.environment().items():
        monkeypatch.setenv(name, address)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", library.sandbox.confidential_client_id)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", library.sandbox.confidential_client_secret)
    monkeypatch.setenv("GLOBUS_CORE_TOKEN_STORAGE", "memory")

    def run(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(cli, ["search", *arguments], input=typed)

    return run


@pytest.fixture
def show(run: Run) -> t.Callable[..., t.Any]:
    """
    Run a command that succeeds, and give its JSON.
    """

    def show(*arguments: str, typed: str = "") -> t.Any:
        result = run(*arguments, "--json", typed=typed)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return show


def test_indices_are_listed_shown_and_created(library: Library, run: Run, show: Run) -> None:
    """As text and as JSON."""
    made: t.Any = show("index", "create", "Books", "What we read")
    assert (made["display_name"], made["is_trial"]) == ("Books", True)
    shown = run("index", "show", made["id"]).stdout
    assert re.search(rf"Index ID: +{made['id']}\nDisplay Name: +Books\nStatus: +open\n", shown)
    listed: t.Any = show("index", "list")
    assert {each["id"] for each in listed["index_list"]} == {made["id"], library.index}
    lines = run("index", "list").stdout.splitlines()
    assert lines[0].split() == ["id", "display_name", "status", "permissions"]
    assert lines[2].split() == [made["id"], "Books", "open", "owner"]


def test_entries_are_ingested_found_and_deleted(library: Library, run: Run, show: Run) -> None:
    """A list from standard input, by tasks that are shown."""
    document = {"@datatype": "GMetaList", "gmeta": [entry("a", {"n": 1}), entry("b", {"n": 2})]}
    submitted = run("ingest", library.index, "-", typed=json.dumps(document))
    task = submitted.stdout.strip().removeprefix("Task ID: ")
    assert show("task", "show", task)["state"] in {"PENDING", "PROGRESS", "SUCCESS"}  # type: ignore[index]
    library.control("settle")
    shown = run("task", "show", task).stdout
    assert re.search(r"State: +SUCCESS\n", shown)
    assert re.search(r"Message: +-\n", shown)
    assert run("query", library.index, "-q", "*").stdout == "a\nb\n"
    assert json.loads(run("subject", "show", library.index, "a").stdout)["content"] == {"n": 1}
    assert run("subject", "delete", library.index, "a").exit_code == 0
    library.control("settle")
    assert run("query", library.index, "-q", "*").stdout == "b\n"
    assert run("query", library.index, "-q", "1").stdout == "nothing was found\n"


@pytest.mark.parametrize("kind", ["GIngest", "GMetaEntry", None])
def test_each_kind_of_document_is_ingested(
    library: Library, show: Run, tmp_path: Path, kind: str | None
) -> None:
    """From a file."""
    whole = {"ingest_type": "GMetaEntry", "ingest_data": entry("a")}
    document: Document = entry("a") if kind == "GMetaEntry" else whole
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"@datatype": kind, **document} if kind else document))
    assert show("ingest", library.index, str(file))["acknowledged"] is True  # type: ignore[index]
    library.control("settle")
    assert library.subjects({"q": "*"}) == ["a"]


def test_a_query_may_be_a_document(library: Library, run: Run, show: Run) -> None:
    """Options win over it."""
    library.add(*(entry(s, {"kind": "letter"}) for s in "abc"))
    library.add(entry("d", {"kind": "letter"}, visible_to=[f"urn:globus:auth:identity:{STARS}"]))
    document = json.dumps({"q": "letter", "limit": 2})
    query = ("query", library.index, "--query-document", "-")
    assert run(*query, typed=document).stdout == "a\nb\n"
    assert run(*query, "--limit", "1", typed=document).stdout == "a\n"
    everything = show(*query, "--limit", "9", "--bypass-visible-to", typed=document)
    assert everything["count"] == 4  # type: ignore[index]
    assert run("query", library.index, "-q", "kind:letter", "--advanced").stdout == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (["query", STARS], "", "pass either -q or --query-document"),
        (["query", STARS, "-q", "a", "--query-document", "-"], "{}", "pass either"),
        (["query", STARS, "--query-document", "-"], "{", "is not JSON"),
        (["query", STARS, "--query-document", "-"], "[]", "does not hold a JSON object"),
        (["query", "stars", "-q", "a"], "", "'stars' is not a valid UUID"),
        (["ingest", STARS, "none.json"], "", "No such file"),
        (["ingest", STARS, "-"], '{"@datatype": "GError"}', "must be one of GIngest"),
    ],
)
def test_wrong_usage_is_told(run: Run, arguments: list[str], typed: str, said: str) -> None:
    """With exit code 2."""
    result = run(*arguments, typed=typed)
    assert (result.exit_code, said in result.output) == (2, True), result.output


def test_errors_of_the_service_are_told(library: Library, run: Run) -> None:
    """With their codes, and exit code 1."""
    for arguments, code in (
        (["index", "show", str(uuid.uuid4())], "NotFound.NoSuchIndex"),
        (["subject", "delete", STARS, "a"], "Forbidden.Generic"),
        (["query", library.index, "-q", '"', "--advanced"], "NotImplemented.Generic"),
    ):
        result = run(*arguments)
        assert result.exit_code == 1
        assert code in result.output
