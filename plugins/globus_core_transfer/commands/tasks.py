"""
``globus-core task``: tasks of Transfer.
"""

from __future__ import annotations

import itertools

import click

from .parameters import TIME, with_client
from .waits import task_id_argument, wait, watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import typing as t
    import uuid

    from globus_core.cli import Output

    from ..client import TransferClient

    F = t.TypeVar("F", bound=t.Callable[..., t.Any])

#: how many tasks Transfer lists at once
_PAGE = 1000
_LISTED = {
    "task_id": "task",
    "status": "status",
    "type": "type",
    "source_endpoint_display_name": "source",
    "destination_endpoint_display_name": "destination",
    "label": "label",
}
_SHOWN = {
    "task_id": "task",
    "label": "label",
    "type": "type",
    "status": "status",
    "nice_status": "details",
    "is_paused": "paused",
    "request_time": "requested",
    "deadline": "deadline",
    "completion_time": "completed",
    "source_endpoint_display_name": "source",
    "source_endpoint_id": "source id",
    "destination_endpoint_display_name": "destination",
    "destination_endpoint_id": "destination id",
    "files": "files",
    "directories": "directories",
    "files_transferred": "files transferred",
    "files_skipped": "files skipped",
    "bytes_transferred": "bytes transferred",
    "effective_bytes_per_second": "bytes per second",
    "faults": "faults",
    "subtasks_total": "subtasks",
    "subtasks_succeeded": "subtasks succeeded",
    "subtasks_pending": "subtasks pending",
    "subtasks_retrying": "subtasks retrying",
    "subtasks_failed": "subtasks failed",
    "subtasks_canceled": "subtasks canceled",
    "subtasks_expired": "subtasks expired",
    "subtasks_skipped_errors": "subtasks with skipped errors",
}


@click.group()
def task() -> None:
    """List, show, watch, wait for and cancel tasks of Transfer."""


task.add_command(wait)
task.add_command(watch)


def _several(name: str, **more: t.Any) -> t.Callable[[F], F]:
    return click.option(f"--filter-{name}", multiple=True, **more)


def _time(name: str, help: str) -> t.Callable[[F], F]:
    return click.option(f"--filter-{name}", metavar="TIME", type=TIME, help=help)


@task.command("list")
@click.option(
    "--limit", type=click.IntRange(1), default=10, show_default=True, help="List at most this many."
)
@_several("task-id", metavar="UUID", type=click.UUID, help="Only these tasks; can be repeated.")
@click.option(
    "--filter-type",
    type=click.Choice(["TRANSFER", "DELETE"], case_sensitive=False),
    help="Only transfers, or only deletions.",
)
@_several(
    "status",
    type=click.Choice(["ACTIVE", "INACTIVE", "FAILED", "SUCCEEDED"], case_sensitive=False),
    help="Only tasks with this status; can be repeated.",
)
@_several("label", metavar="PATTERN", help="Only tasks with this label; can be repeated.")
@_several("not-label", metavar="PATTERN", help="Only tasks without this label; can be repeated.")
@click.option(
    "--inexact/--exact",
    default=True,
    help="Whether '*' in labels stands for anything, which it does by default.",
)
@_time("requested-after", "Only tasks requested after this time.")
@_time("requested-before", "Only tasks requested before this time.")
@_time("completed-after", "Only tasks completed after this time.")
@_time("completed-before", "Only tasks completed before this time.")
@with_client(only_reads=True)
def list_tasks(client: TransferClient, output: Output, limit: int, **filters: t.Any) -> None:
    """List your tasks, newest first."""
    page = min(limit, _PAGE)
    pages = client.paginated.task_list(limit=page, filter=_filter(**filters))
    tasks = list(itertools.islice(pages.items(), limit))
    if output.as_json:
        output.show({"DATA": tasks}, str)
        return
    rows = [[found.get(field) for field in _LISTED] for found in tasks]
    output.table([*_LISTED.values()], rows, empty="there are no such tasks")


def _filter(
    *,
    filter_task_id: t.Sequence[uuid.UUID],
    filter_type: str | None,
    filter_status: t.Sequence[str],
    filter_label: t.Sequence[str],
    filter_not_label: t.Sequence[str],
    inexact: bool,
    **times: datetime.datetime | None,
) -> dict[str, t.Any]:
    """The filter of ``task_list`` for the options of the command."""
    same, other = ("~", "!~") if inexact else ("=", "!")
    labels = [same + label for label in filter_label] + [
        other + label for label in filter_not_label
    ]
    clauses = {
        "task_id": [str(each) for each in filter_task_id],
        "type": [filter_type] if filter_type else ["TRANSFER", "DELETE"],
        "status": list(filter_status),
        "label": labels,
        "request_time": _between(times, "requested"),
        "completion_time": _between(times, "completed"),
    }
    return {field: values for field, values in clauses.items() if values}


def _between(times: dict[str, datetime.datetime | None], what: str) -> list[str]:
    """A pair of times, one of which may be empty; nothing if both are."""
    from globus_core.documents import iso_time

    pair = [times[f"filter_{what}_{end}"] for end in ("after", "before")]
    return [str(iso_time(time) or "") for time in pair] if any(pair) else []


@task.command()
@task_id_argument
@click.option(
    "-t",
    "--successful-transfers",
    is_flag=True,
    help="Show the files that were transferred, once the task has ended.",
)
@click.option(
    "--skipped-errors",
    is_flag=True,
    help="Show the files that were skipped, once the task has ended.",
)
@with_client(only_reads=True)
def show(
    client: TransferClient,
    output: Output,
    task_id: uuid.UUID,
    successful_transfers: bool,
    skipped_errors: bool,
) -> None:
    """Show one task."""
    if successful_transfers and skipped_errors:
        raise click.UsageError("--successful-transfers and --skipped-errors exclude each other")
    if successful_transfers:
        pages = client.paginated.task_successful_transfers(task_id)
        _show_files(output, pages, "size", "checksum_algorithm", "checksum")
    elif skipped_errors:
        _show_files(output, client.paginated.task_skipped_errors(task_id), "error_code")
    else:
        from .texts import fields

        output.show(client.get_task(task_id).data, lambda found: fields(found, _SHOWN))


def _show_files(output: Output, pages: t.Any, *columns: str) -> None:
    files = list(pages.items())
    if output.as_json:
        output.show({"DATA": files}, str)
        return
    columns = ("source_path", "destination_path", *columns)
    rows = [[file.get(column) for column in columns] for file in files]
    headings = [column.replace("_", " ") for column in columns]
    output.table(headings, rows, empty="there are no such files")


@task.command()
@click.argument("task_id", metavar="[TASK_ID]", type=click.UUID, required=False)
@click.option("-a", "--all", "every", is_flag=True, help="Cancel all of your unfinished tasks.")
@with_client()
def cancel(client: TransferClient, output: Output, task_id: uuid.UUID | None, every: bool) -> None:
    """Cancel a task, or all of your unfinished tasks."""
    if (task_id is None) != every:
        raise click.UsageError("either TASK_ID or --all is needed")
    if task_id is not None:
        output.show(client.cancel_task(task_id).data, lambda found: found["message"])
        return
    status = {"status": ["ACTIVE", "INACTIVE"]}
    ids = [found["task_id"] for found in client.paginated.task_list(filter=status).items()]
    results = []
    for each in ids:
        results.append(client.cancel_task(each).data)
        if not output.as_json:
            click.echo(f"{each}: {results[-1]['message']}")
    if not ids:
        output.note("there are no tasks to cancel")
    if output.as_json:
        output.show({"results": results, "task_ids": ids}, str)
