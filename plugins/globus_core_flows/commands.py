"""
``globus-core flows``: find and start flows, and see what becomes of their runs.
"""

from __future__ import annotations

import functools
import json

import click

from globus_core.cli import with_app, with_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.cli import Output
    from globus_core.globus_app import GlobusApp

    from .client import FlowsClient
    from .run_states import RunLogEntry, RunState

    R = t.TypeVar("R")
    Document: t.TypeAlias = dict[str, t.Any]

_FLOWS = {"id": "flow", "title": "title", "user_role": "your role", "updated_at": "updated"}
_FLOW = {
    **_FLOWS,
    "subtitle": "subtitle",
    "description": "description",
    "flow_owner": "owner",
    "keywords": "keywords",
    "created_at": "created",
    "globus_auth_scope": "scope",
}
_RUNS = {"run_id": "run", "flow_title": "flow", "label": "label", "status": "status"}
_RUN = {
    **_RUNS,
    "flow_id": "flow's id",
    "tags": "tags",
    "start_time": "started",
    "completion_time": "ended",
    "run_owner": "owner",
    "user_role": "your role",
}
_ROLES = ("flow_viewer", "flow_starter", "flow_administrator", "flow_owner")
_JSON = "Print JSON, as the Flows API gives it."


def _with_client(command: t.Callable[..., R]) -> t.Callable[..., R]:
    """Add the options for an app and ``--json``, and pass ``client``, ``app`` and ``output``."""

    @with_output(_JSON)
    @with_app()
    @functools.wraps(command)
    def run(*args: t.Any, app: GlobusApp, **kwargs: t.Any) -> R:
        from .client import FlowsClient

        with FlowsClient(app=app) as client:
            return command(*args, client=client, app=app, **kwargs)

    return run


@click.group()
def flows() -> None:
    """Find and start flows, and follow their runs."""


@flows.command("list")
@click.option("--role", type=click.Choice(_ROLES), help="Only flows on which you have this role.")
@click.option("--search", metavar="WORDS", help="Only flows that contain these words.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="List at most this many.",
)
@_with_client
def list_flows(
    client: FlowsClient,
    app: GlobusApp,
    output: Output,
    role: str | None,
    search: str | None,
    limit: int,
) -> None:
    """List the flows that you can see, by title."""
    pages = client.paginated.list_flows(
        filter_roles=role, filter_fulltext=search, orderby="title ASC"
    )
    _show_list(output, pages.items(), limit, _FLOWS, "there are no flows")


@flows.command("show")
@click.argument("flow_id")
@_with_client
def show_flow(client: FlowsClient, app: GlobusApp, output: Output, flow_id: str) -> None:
    """Show a flow."""
    output.show(client.get_flow(flow_id).data, lambda flow: _lines(flow, _FLOW))


@flows.command("start")
@click.argument("flow_id")
@click.option(
    "--input",
    "source",
    metavar="JSON|FILE",
    help="The input: a JSON object, a file, or '-' for standard input.",
)
@click.option("--label", help="A name for the run.")
@click.option("--tag", "tags", multiple=True, help="A tag to find the run by; can be repeated.")
@with_output(_JSON)
@with_app()
def start_flow(
    app: GlobusApp,
    output: Output,
    flow_id: str,
    source: str | None,
    label: str | None,
    tags: tuple[str, ...],
) -> None:
    """Start a flow."""
    from globus_core import MISSING

    from .specific_flow import SpecificFlowClient

    body = _object(source)
    with SpecificFlowClient(flow_id, app=app) as flow:
        answer = flow.run_flow(body, label=label or MISSING, tags=list(tags) or MISSING)
    output.show(answer.data, lambda run: f"started run {run['run_id']}")


# runs


@flows.group("run")
def runs() -> None:
    """Show, watch, cancel and resume runs."""


@runs.command("list")
@click.option("--flow", "flow_ids", multiple=True, help="Only runs of this flow; can be repeated.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="List at most this many.",
)
@_with_client
def list_runs(
    client: FlowsClient, app: GlobusApp, output: Output, flow_ids: tuple[str, ...], limit: int
) -> None:
    """List the runs that you can see, newest first."""
    from globus_core import MISSING

    pages = client.paginated.list_runs(filter_flow_id=flow_ids or MISSING)
    _show_list(output, pages.items(), limit, _RUNS, "there are no runs")


@runs.command("show")
@click.argument("run_id")
@_with_client
def show_run(client: FlowsClient, app: GlobusApp, output: Output, run_id: str) -> None:
    """Show a run."""
    output.show(client.get_run(run_id).data, _run_text)


@runs.command("watch")
@click.argument("run_id")
@click.option(
    "--timeout",
    type=click.FloatRange(0),
    help="How many seconds to watch; by default until the end.",
)
@click.pass_context
@_with_client
def watch_run(
    context: click.Context,
    client: FlowsClient,
    app: GlobusApp,
    output: Output,
    run_id: str,
    timeout: float | None,
) -> None:
    """Watch a run until it ends or needs you; exit code 1 unless it has succeeded."""
    from .run_states import RunOutcome

    state: RunState | None = None
    for state in client.watch_run(run_id, timeout):
        for entry in state.entries:
            output.note(_entry_text(entry))
        if state.outcome is not None:
            break
    assert state is not None  # else there was an error
    output.show(state.run, lambda run: _run_text(dict(run)))
    if state.outcome is not RunOutcome.SUCCEEDED:
        context.exit(1)


@runs.command("log")
@click.argument("run_id")
@click.option("--follow", is_flag=True, help="Follow the log until the run has ended.")
@_with_client
def show_log(
    client: FlowsClient, app: GlobusApp, output: Output, run_id: str, follow: bool
) -> None:
    """Show the log of a run, oldest entry first; with --json, one object per line."""
    entries = client.follow_logs(run_id, None if follow else 0)
    for entry in entries:
        if output.as_json:
            click.echo(json.dumps(entry))
        else:
            output.show(entry, _entry_text)


@runs.command("cancel")
@click.argument("run_id")
@_with_client
def cancel_run(client: FlowsClient, app: GlobusApp, output: Output, run_id: str) -> None:
    """Cancel a run."""
    output.show(client.cancel_run(run_id).data, lambda run: f"canceled run {run['run_id']}")


@runs.command("resume")
@click.argument("run_id")
@_with_client
def resume_run(client: FlowsClient, app: GlobusApp, output: Output, run_id: str) -> None:
    """Resume an INACTIVE run; logs in if something is missing, such as a consent."""
    from .specific_flow import SpecificFlowClient

    run = client.get_run(run_id).data
    with SpecificFlowClient(run["flow_id"], app=app) as flow:
        answer = flow.login_and_resume(run)
    output.show(answer.data, lambda run: f"resumed run {run['run_id']}")


def _show_list(
    output: Output, items: t.Iterable[Document], limit: int, fields: dict[str, str], empty: str
) -> None:
    import itertools

    found = list(itertools.islice(items, limit))
    if output.as_json:
        output.show(found, str)
        return
    rows = [[item.get(field) for field in fields] for item in found]
    output.table([*fields.values()], rows, empty=empty)


def _run_text(run: Document) -> str:
    details = run.get("details") or {}
    told = {**run, "happened": details.get("description")}
    return _lines(told, {**_RUN, "happened": "latest"})


def _entry_text(entry: RunLogEntry | Document) -> str:
    return f"{entry.get('time')}  {entry['code']}  {entry.get('description')}"


def _lines(document: Document, fields: dict[str, str]) -> str:
    found = {name: document.get(field) for field, name in fields.items()}
    shown = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else value
        for name, value in found.items()
        if value not in (None, "", [])
    }
    width = max(map(len, shown)) + 1
    return "\n".join(f"{name + ':':{width}}  {value}" for name, value in shown.items())


def _object(source: str | None) -> Document:
    """The JSON object in a text, a file, or standard input."""
    if source is None:
        return {}
    text = source
    if not source.lstrip().startswith("{"):
        try:
            with click.open_file(source, encoding="utf-8") as file:
                text = file.read()
        except OSError as error:
            raise click.UsageError(f"--input: cannot read {source!r}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise click.UsageError(f"--input: {source!r} is not UTF-8") from None
    try:
        found = json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"--input is no JSON: {error}") from None
    except RecursionError:
        raise click.UsageError("--input is nested too deeply") from None
    if not isinstance(found, dict):
        raise click.UsageError("--input must be a JSON object")
    return found
