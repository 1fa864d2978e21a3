"""
The command ``globus-core search``.
"""

from __future__ import annotations

import json
import typing as t

import click

from globus_core.cli import Output, with_app, with_output
from globus_core.scopes import SearchScopes

if t.TYPE_CHECKING:
    from globus_core.globus_app import GlobusApp

    from .client import SearchClient

    Document = dict[str, t.Any]

_INDEX = {"Index ID": "id", "Display Name": "display_name", "Status": "status"}
_TASK = {
    "State": "state",
    "Index ID": "index_id",
    "Message": "message",
    "Creation Date": "creation_date",
    "Completion Date": "completion_date",
}
_KINDS = ("GIngest", "GMetaList", "GMetaEntry")

index_id = click.argument("index_id", metavar="INDEX_ID", type=click.UUID)
advanced = click.option(
    "--advanced", is_flag=True, help="Use the advanced query syntax, with fields, ranges and so on."
)
document = click.argument("document", metavar="FILE", type=click.File("rb"))


@click.group()
def search() -> None:
    """Search indices of Globus Search, and change what is in them."""


@search.group()
def index() -> None:
    """List, show and create indices."""


@search.group()
def subject() -> None:
    """Show and delete the subjects of an index."""


@search.group()
def task() -> None:
    """Show tasks, which ingest and delete entries."""


# indices


@index.command("list")
@with_output()
@with_app()
def list_indices(app: GlobusApp, output: Output) -> None:
    """List the indices on which you have a role."""
    with _client(app) as client:
        found = client.index_list().data
    if output.as_json:
        output.show(found, str)
        return
    columns = (*_INDEX.values(), "permissions")
    rows = [
        (*(each[name] for name in _INDEX.values()), _roles(each)) for each in found["index_list"]
    ]
    output.table(columns, rows, empty="you have no role on any index")


@index.command("show")
@index_id
@with_output()
@with_app()
def show_index(app: GlobusApp, output: Output, index_id: str) -> None:
    """Show an index."""
    with _client(app) as client:
        output.show(client.get_index(index_id).data, _record(_INDEX))


@index.command("create")
@click.argument("display_name", metavar="NAME")
@click.argument("description")
@with_output()
@with_app()
def create_index(app: GlobusApp, output: Output, display_name: str, description: str) -> None:
    """Create a trial index with a NAME and a DESCRIPTION."""
    with _client(app, SearchScopes.all) as client:
        output.show(client.create_index(display_name, description).data, _record(_INDEX))


# queries and entries


@search.command()
@index_id
@click.option("-q", "words", metavar="WORDS", help="The words to search for.")
@click.option(
    "--query-document",
    type=click.File("rb"),
    help="A JSON file with a query; '-' is standard input. Options override it.",
)
@click.option("--limit", type=click.IntRange(min=0), help="How many results to show.")
@advanced
@click.option(
    "--bypass-visible-to", is_flag=True, help="Search what others can see too; for administrators."
)
@with_output("Print the whole response as JSON.")
@with_app()
def query(
    app: GlobusApp,
    output: Output,
    index_id: str,
    words: str | None,
    query_document: t.BinaryIO | None,
    limit: int | None,
    advanced: bool,
    bypass_visible_to: bool,
) -> None:
    """Search an index, and print the subjects that are found."""
    if (words is None) == (query_document is None):
        raise click.UsageError("pass either -q or --query-document")
    data: Document = {"q": words} if query_document is None else _object(query_document)
    given = {"limit": limit, "advanced": advanced, "bypass_visible_to": bypass_visible_to}
    # 0 is a limit, False is the default
    data.update({k: v for k, v in given.items() if v is not None and v is not False})
    with _client(app) as client:
        output.show(client.post_search(index_id, data).data, _subjects)


@search.command()
@index_id
@document
@with_output()
@with_app()
def ingest(app: GlobusApp, output: Output, index_id: str, document: t.BinaryIO) -> None:
    """Ingest the entries in a JSON FILE; '-' is standard input.

    It holds a whole document (GIngest), or a GMetaList or GMetaEntry, as its '@datatype' says.
    """
    data = _object(document)
    kind = data.get("@datatype", "GIngest")
    if kind not in _KINDS:
        raise click.UsageError(f"'@datatype' must be one of {', '.join(_KINDS)}, not {kind!r}")
    if kind != "GIngest":
        data = {"@datatype": "GIngest", "ingest_type": kind, "ingest_data": data}
    with _client(app, SearchScopes.ingest) as client:
        output.show(client.ingest(index_id, data).data, _submitted)


# subjects and tasks


@subject.command("show")
@index_id
@click.argument("subject")
@with_output("Print the whole response as JSON.")
@with_app()
def show_subject(app: GlobusApp, output: Output, index_id: str, subject: str) -> None:
    """Show what is known about a SUBJECT."""
    with _client(app) as client:
        output.show(client.get_subject(index_id, subject).data, _entries)


@subject.command("delete")
@index_id
@click.argument("subject")
@with_output()
@with_app()
def delete_subject(app: GlobusApp, output: Output, index_id: str, subject: str) -> None:
    """Delete a SUBJECT with all its entries."""
    with _client(app, SearchScopes.ingest) as client:
        output.show(client.delete_subject(index_id, subject).data, _submitted)


@task.command("show")
@click.argument("task_id", metavar="TASK_ID", type=click.UUID)
@with_output()
@with_app()
def show_task(app: GlobusApp, output: Output, task_id: str) -> None:
    """Show a task."""
    with _client(app, SearchScopes.ingest) as client:
        output.show(client.get_task(task_id).data, _record(_TASK))


def _client(app: GlobusApp, *scopes: t.Any) -> SearchClient:
    from .client import SearchClient

    return SearchClient(app=app, app_scopes=[*scopes] or None)


def _object(file: t.BinaryIO) -> Document:
    """The JSON object in a file."""
    name = getattr(file, "name", "-")
    try:
        found = json.load(file)
    except ValueError as error:
        raise click.UsageError(f"{name!r} is not JSON: {error}") from error
    except RecursionError:
        raise click.UsageError(f"{name!r} is nested too deeply") from None
    if not isinstance(found, dict):
        raise click.UsageError(f"{name!r} does not hold a JSON object")
    return found


# the texts of documents


def _record(fields: t.Mapping[str, str]) -> t.Callable[[Document], str]:
    width = max(map(len, fields)) + 2

    def text(shown: Document) -> str:
        lines = (
            f"{title + ':':<{width}}{'-' if shown.get(name) is None else shown[name]}"
            for title, name in fields.items()
        )
        return "\n".join(lines)

    return text


def _roles(found: Document) -> str:
    return ", ".join(found.get("permissions", ()))


def _subjects(found: Document) -> str:
    return "\n".join(each["subject"] for each in found["gmeta"]) or "nothing was found"


def _entries(found: Document) -> str:
    entries = found["entries"]
    return json.dumps(entries[0] if len(entries) == 1 else entries, indent=2, ensure_ascii=False)


def _submitted(answer: Document) -> str:
    return f"Task ID: {answer['task_id']}"
