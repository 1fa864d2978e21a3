"""
``globus-core timers``: list, show, create, pause, resume and delete timers.
"""

from __future__ import annotations

import functools
import re

import click

from globus_core.cli import with_app, with_output
from globus_core.printable import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import typing as t

    from globus_core.cli import Output
    from globus_core.globus_app import GlobusApp

    from .client import TimersClient
    from .schedules import OnceTimerSchedule, RecurringTimerSchedule

    F = t.TypeVar("F", bound=t.Callable[..., t.Any])
    R = t.TypeVar("R")
    Document: t.TypeAlias = dict[str, t.Any]

#: how times are entered; those without a zone are in local time
_TIME = click.DateTime(
    ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]
)
_INTERVAL = re.compile("".join(rf"(?:(\d{{1,18}}){unit})?" for unit in ("w", "d", "h", "m", "s?")))
_SECONDS = (7 * 24 * 3600, 24 * 3600, 3600, 60, 1)
_LISTED = {
    "job_id": "timer",
    "name": "name",
    "status": "status",
    "next_run": "next run",
    "n_runs": "runs",
    "n_errors": "errors",
}
_SHOWN = {
    **_LISTED,
    "start": "start",
    "interval": "interval in seconds",
    "last_ran_at": "last run",
    "submitted_at": "submitted",
    "callback_url": "calls",
}
#: how many of the runs after the next one are shown
_FOLLOWING = 2
_JSON = "Print JSON, as the Timers API gives it."


def _with_client(command: t.Callable[..., R]) -> t.Callable[..., R]:
    """Add the options for an app and ``--json``, and pass ``client`` and ``output``."""

    @with_output(_JSON)
    @with_app()
    @functools.wraps(command)
    def run(*args: t.Any, app: GlobusApp, **kwargs: t.Any) -> R:
        from .client import TimersClient

        with TimersClient(app=app) as client:
            return command(*args, client=client, **kwargs)

    return run


@click.group()
def timers() -> None:
    """Create, show, pause, resume and delete timers."""


@timers.command("list")
@_with_client
def list_timers(client: TimersClient, output: Output) -> None:
    """List your timers, oldest first."""
    answer = client.list_jobs(query_params={"order": "submitted_at asc"})
    if output.as_json:
        output.show(answer.data, str)
        return
    rows = [[job.get(field) for field in _LISTED] for job in answer["jobs"]]
    output.table([*_LISTED.values()], rows, empty="there are no timers")


@timers.command("show")
@click.argument("timer_id")
@_with_client
def show_timer(client: TimersClient, output: Output, timer_id: str) -> None:
    """Show a timer, and when it will run next."""
    output.show(client.get_job(timer_id).data, _shown)


@timers.command("delete")
@click.argument("timer_id")
@_with_client
def delete_timer(client: TimersClient, output: Output, timer_id: str) -> None:
    """Delete a timer."""
    output.show(client.delete_job(timer_id).data, lambda job: f"deleted timer {job['job_id']}")


@timers.command("pause")
@click.argument("timer_id")
@_with_client
def pause_timer(client: TimersClient, output: Output, timer_id: str) -> None:
    """Pause a timer until it is resumed."""
    output.show(client.pause_job(timer_id).data, lambda answer: answer["message"])


@timers.command("resume")
@click.argument("timer_id")
@with_output(_JSON)
@with_app()
def resume_timer(app: GlobusApp, output: Output, timer_id: str) -> None:
    """Resume a timer; logs in if something is missing, such as a consent."""
    from globus_core.gare import to_gare

    from .client import TimersClient

    with TimersClient(app=app) as client:
        reason = client.get_job(timer_id).get("inactive_reason") or {}
        lacks = to_gare(reason["detail"]) if reason.get("detail") else None
        if lacks is not None:
            app.login(auth_params=lacks.authorization_parameters)
        answer = client.resume_job(timer_id, update_credentials=True if lacks else None)
    output.show(answer.data, lambda document: document["message"])


def _shown(job: Document) -> str:
    found = {heading: job[field] for field, heading in _SHOWN.items() if job.get(field) is not None}
    reason = job.get("inactive_reason")
    if reason:
        found["inactive because of"] = reason["cause"]
    if then := _runs_after_the_next(job):
        found["then"] = ", ".join(time.isoformat() for time in then)
    width = max(map(len, found), default=0) + 1
    return "\n".join(f"{name + ':':{width}}  {one_line(str(found[name]))}" for name in found)


def _runs_after_the_next(job: Document) -> list[datetime.datetime]:
    """The runs that follow the next one; none if the document does not tell."""
    from globus_core.exc import ValidationError

    from .next_runs import next_runs
    from .times import read_time

    try:
        return next_runs(job, _FOLLOWING, after=read_time(job.get("next_run"), "next_run"))
    except ValidationError:
        return []


# creating


@timers.group("create")
def create() -> None:
    """Create a timer."""


def _schedule_options(command: F) -> F:
    options = (
        click.option("--name", help="A name for the timer."),
        click.option(
            "--start",
            type=_TIME,
            metavar="TIME",
            help="The first run, in local time unless it has an offset; at once by default.",
        ),
        click.option(
            "--interval",
            metavar="TIME",
            help="The time between runs, such as 1h30m; the units are w, d, h, m and s.",
        ),
        click.option(
            "--stop-after-date", type=_TIME, metavar="TIME", help="No runs after this time."
        ),
        click.option("--stop-after-runs", type=click.IntRange(1), help="No more runs than this."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@create.command("transfer")
@click.argument("source")
@click.argument("destination")
@click.option("--recursive", "-r", is_flag=True, help="Transfer a directory with everything in it.")
@click.option("--label", help="A label for each task.")
@click.option(
    "--sync-level",
    type=click.Choice(["exists", "size", "mtime", "checksum"]),
    help="Transfer only files that are missing, or differ in this.",
)
@_schedule_options
@with_output(_JSON)
@with_app()
def create_transfer(
    app: GlobusApp,
    output: Output,
    source: str,
    destination: str,
    recursive: bool,
    label: str | None,
    sync_level: str | None,
    name: str | None,
    **times: t.Any,
) -> None:
    """Transfer a file or directory at set times, from one COLLECTION_ID:PATH to another."""
    from globus_core import MISSING, TransferData

    from .client import TimersClient
    from .timers import TransferTimer

    schedule = _schedule(**times)
    (source_id, source_path), (target_id, target_path) = map(_place, (source, destination))
    level: t.Any = sync_level or MISSING
    transfer = TransferData(source_id, target_id, label=label or MISSING, sync_level=level)
    transfer.add_item(source_path, target_path, recursive=recursive)
    timer = TransferTimer(name=name or MISSING, schedule=schedule, body=transfer)
    with TimersClient(app=app) as client:
        _ask_for_consents(app, client, source_id, target_id)
        answer = client.create_timer(timer)
    output.show(answer.data, lambda document: f"created timer {document['timer']['job_id']}")


def _place(text: str) -> tuple[str, str]:
    collection, _, path = text.partition(":")
    if not collection or not path:
        raise click.UsageError(f"{text!r} is not a place: write COLLECTION_ID:PATH")
    return collection, path


def _ask_for_consents(app: GlobusApp, client: TimersClient, *collections: str) -> None:
    """Ask for what Timers needs for a transfer between collections, which are looked up."""
    from globus_core import TransferClient
    from globus_core.scopes import TimersScopes, TransferScopes

    client.add_app_scope(TimersScopes.timer.with_dependency(TransferScopes.all))
    with TransferClient(app=app) as transfer:
        for collection in dict.fromkeys(collections):
            found = transfer.get_endpoint(collection)
            is_mapped = found.get("entity_type") == "GCSv5_mapped_collection"
            if is_mapped and not found.get("high_assurance"):
                client.add_app_transfer_data_access_scope(collection)


def _schedule(
    *,
    start: datetime.datetime | None,
    interval: str | None,
    stop_after_date: datetime.datetime | None,
    stop_after_runs: int | None,
) -> OnceTimerSchedule | RecurringTimerSchedule:
    from globus_core import MISSING

    from .schedules import OnceTimerSchedule, RecurringTimerSchedule

    if stop_after_date is not None and stop_after_runs is not None:
        raise click.UsageError("give --stop-after-date or --stop-after-runs, not both")
    first = MISSING if start is None else _with_zone(start)
    if interval is None:
        if stop_after_date is not None or stop_after_runs not in (None, 1):
            raise click.UsageError("a timer that runs more than once needs an --interval")
        return OnceTimerSchedule(first)
    end: t.Any = MISSING
    if stop_after_runs is not None:
        end = {"condition": "iterations", "iterations": stop_after_runs}
    elif stop_after_date is not None:
        end = {"condition": "time", "datetime": _with_zone(stop_after_date)}
    return RecurringTimerSchedule(_seconds(interval), first, end)


def _with_zone(time: datetime.datetime) -> datetime.datetime:
    try:
        return time if time.tzinfo is not None else time.astimezone()
    except (ValueError, OverflowError):
        raise click.UsageError(f"{time} in local time is in no year of UTC") from None


def _seconds(interval: str) -> int:
    """An interval such as ``1h30m`` in seconds."""
    found = _INTERVAL.fullmatch(interval.strip().lower())
    numbers = found.groups("0") if found else ()
    total = sum(int(number) * unit for number, unit in zip(numbers, _SECONDS, strict=False))
    if total == 0:
        raise click.UsageError(f"--interval must be such as 1d or 1h30m, not {interval!r}")
    return total
