"""
globus-cli against the sandbox's Search: a program that we did not write fills and searches indices.
"""

from __future__ import annotations

import dataclasses
import json
import typing as t
from pathlib import Path

import pytest

from globus_core_sandbox import Sandbox
from tests.servers.globus_cli import GlobusCli

pytestmark = pytest.mark.full

ADA = "ada@example.org"
#: the index that every sandbox has
STARS = "4c8e17a5-93d2-4f60-b8a1-e07c5d2f9b36"


@dataclasses.dataclass(frozen=True)
class Desk:
    """
    The program with the confidential client's login, and an index that it has made.
    """

    sandbox: Sandbox
    cli: GlobusCli
    index: str

    def run(self, *arguments: str, typed: str = "", status: int = 0) -> str:
        """
        Run a command of Search.
        """
        return self.cli.run("search", *arguments, typed=typed, status=status)

    def json(self, *arguments: str, typed: str = "", status: int = 0) -> t.Any:
        """
        Run a command of Search, and give its document.
        """
        return self.cli.json("search", *arguments, typed=typed, status=status)

    def finish(self, *arguments: str, typed: str = "") -> str:
        """
        Submit a task, and give its state at the end.
        """
        task = str(self.json(*arguments, typed=typed)["task_id"])
        assert self.json("task", "show", task)["state"] == "PENDING"
        self.sandbox.control("search", "settle")
        return str(self.json("task", "show", task)["state"])

    def found(self, *arguments: str) -> list[str]:
        """
        The subjects that a query finds.
        """
        lines = self.run("query", self.index, *arguments).splitlines()
        return [line for line in lines if line.startswith("book")]


def entry(subject: str, **content: t.Any) -> dict[str, t.Any]:
    """
    An entry that everybody may see.
    """
    return {"subject": subject, "visible_to": ["public"], "content": content}


@pytest.fixture
def desk(globus_sandbox: Sandbox, globus_cli: GlobusCli, tmp_path: Path) -> Desk:
    """
    The index has no entries; no task is done before somebody says so.
    """
    globus_sandbox.control("search", "slow-down", seconds=10_000)
    login = {
        "GLOBUS_CLI_CLIENT_ID": globus_sandbox.confidential_client_id,
        "GLOBUS_CLI_CLIENT_SECRET": globus_sandbox.confidential_client_secret,
    }
    cli = globus_cli.in_environment(tmp_path, **globus_sandbox.environment(), **login)
    made = cli.json("search", "index", "create", "Books", "What we read")
    return Desk(globus_sandbox, cli, made["id"])


@pytest.fixture
def books(desk: Desk, tmp_path: Path) -> Desk:
    """
    Three books are in the index, ingested from a file.
    """
    books = [entry("book1", title="Emma", year=1815), entry("book2", title="Dune", year=1965)]
    file = tmp_path / "books.json"
    data = {"gmeta": [*books, entry("book3", title="Emma again", year=1999)]}
    file.write_text(json.dumps({"ingest_type": "GMetaList", "ingest_data": data}))
    assert desk.finish("ingest", desk.index, str(file)) == "SUCCESS"
    return desk


def test_it_makes_shows_lists_and_deletes_indices(desk: Desk) -> None:
    """Who has made one owns it; a fourth is refused."""
    assert "Books" in desk.run("index", "show", desk.index)
    (listed,) = desk.json("index", "list")["index_list"]
    assert (listed["id"], listed["permissions"]) == (desk.index, ["owner"])
    assert "owner" in desk.run("index", "list")
    for name in "ab":
        desk.run("index", "create", name, "another")
    assert "Conflict.LimitExceeded" in desk.run("index", "create", "c", "one too many", status=1)
    assert "marked for deletion" in desk.run("index", "delete", desk.index)
    assert desk.json("index", "show", desk.index)["status"] == "delete_pending"
    refused = desk.run("index", "delete", desk.index, status=1)
    assert "Conflict.IncompatibleIndexStatus" in refused


def test_it_ingests_each_kind_of_document(desk: Desk) -> None:
    """A whole document, a list, an entry; from standard input too; a wrong one is refused."""
    lists = {"@datatype": "GMetaList", "gmeta": [entry("book1", title="Emma")]}
    single = {"@datatype": "GMetaEntry", **entry("book2", title="Dune")}
    for document in (lists, single):
        typed = json.dumps(document)
        assert desk.finish("ingest", desk.index, "-", typed=typed) == "SUCCESS"
    assert desk.found("-q", "*") == ["book1", "book2"]
    wrong = json.dumps({"@datatype": "GMetaEntry", "subject": "book3"})
    refused = desk.run("ingest", desk.index, "-", typed=wrong, status=1)
    assert "BadRequest.ValidationError" in refused
    assert "Forbidden.Generic" in desk.run("ingest", STARS, "-", typed=json.dumps(single), status=1)


def test_it_searches(books: Desk, tmp_path: Path) -> None:
    """By words and by a document, with a limit, and beyond what is visible."""
    assert books.found("-q", "emma") == ["book1", "book3"]
    assert books.found("-q", "emma", "--limit", "1") == ["book1"]
    assert books.found("-q", "title:dune", "--advanced") == ["book2"]
    old = {"type": "range", "field_name": "year", "values": [{"from": "*", "to": 1970}]}
    sort = [{"field_name": "year", "order": "desc"}]
    file = tmp_path / "query.json"
    file.write_text(json.dumps({"q": "*", "filters": [old], "sort": sort}))
    assert books.found("--query-document", str(file)) == ["book2", "book1"]
    hidden = {**entry("book4", title="Secret"), "visible_to": [f"urn:globus:auth:identity:{STARS}"]}
    books.sandbox.control("search", "entries/add", index_id=books.index, entries=[hidden])
    assert books.found("-q", "secret") == []
    assert books.found("-q", "secret", "--bypass-visible-to") == ["book4"]
    shown = books.json("query", books.index, "-q", "dune")
    assert shown["gmeta"][0]["entries"][0]["content"]["year"] == 1965
    assert "offset" in shown


def test_it_shows_and_deletes_subjects(books: Desk) -> None:
    """What is gone is not found."""
    shown = json.loads(books.run("subject", "show", books.index, "book1"))
    assert shown["content"] == {"title": "Emma", "year": 1815}
    assert books.finish("subject", "delete", books.index, "book1") == "SUCCESS"
    assert "NotFound.Generic" in books.run("subject", "show", books.index, "book1", status=1)
    assert books.found("-q", "*") == ["book2", "book3"]


def test_it_deletes_by_query(books: Desk, tmp_path: Path) -> None:
    """By words or by a document."""
    assert books.finish("delete-by-query", books.index, "-q", "again") == "SUCCESS"
    assert books.found("-q", "*") == ["book1", "book2"]
    new = {"type": "range", "field_name": "year", "values": [{"from": 1900, "to": "*"}]}
    file = tmp_path / "query.json"
    file.write_text(json.dumps({"filters": [new]}))
    document = ("--query-document", str(file))
    assert books.finish("delete-by-query", books.index, *document) == "SUCCESS"
    assert books.found("-q", "*") == ["book1"]


def test_it_lists_tasks(books: Desk) -> None:
    """The last first, with states and times; a failure says why."""
    books.sandbox.control("search", "fail-tasks", index_id=books.index, message="out of paper")
    assert books.finish("subject", "delete", books.index, "book1") == "FAILED"
    tasks = books.json("task", "list", books.index)["tasks"]
    assert [task["state"] for task in tasks] == ["FAILED", "SUCCESS"]
    listed = books.run("task", "list", books.index).splitlines()
    assert [line.split(" ")[0] for line in listed[-2:]] == ["FAILED", "SUCCESS"]
    shown = books.run("task", "show", tasks[0]["task_id"])
    assert "FAILED (Task failed)" in shown
    assert "out of paper" in shown


def test_it_gives_and_takes_roles(desk: Desk) -> None:
    """By username, which it shows in the list."""
    made = desk.json("index", "role", "create", desk.index, "writer", ADA)
    assert (made["role_name"], made["principal_type"]) == ("writer", "identity")
    listed = desk.run("index", "role", "list", desk.index)
    assert f"| writer | {ADA}" in listed
    assert "removed" in desk.run("index", "role", "delete", desk.index, made["id"])
    assert ADA not in desk.run("index", "role", "list", desk.index)
    assert "ValidationError" in desk.run(
        "index", "role", "create", desk.index, "king", ADA, status=1
    )
