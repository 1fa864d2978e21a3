"""
``globus-core transfer``.
"""

from __future__ import annotations

import click

from globus_core.cli import PlaceType

from .parameters import TIME, with_client
from .waits import fail_on_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.cli import Output

    from ..client import TransferClient
    from ..transfer_data import TransferData

    Place: t.TypeAlias = tuple[str, str | None]
    F = t.TypeVar("F", bound=t.Callable[..., t.Any])
    Method: t.TypeAlias = t.Literal["include", "exclude"]

_EVENTS = ("succeeded", "failed", "inactive")


def _notifications(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> dict[str, bool]:
    """The fields of the document for ``--notify``."""
    if value is None:
        return {}
    words = {word.strip().lower() for word in value.split(",")}
    if words == {"on"}:
        words = {*_EVENTS}
    elif words == {"off"}:
        words = set()
    if not words <= {*_EVENTS}:
        known = ", ".join(_EVENTS)
        raise click.BadParameter(f"{value!r} is not 'on', 'off', or some of {known}")
    return {f"notify_on_{event}": event in words for event in _EVENTS}


class _Rule(click.Option):
    """
    ``--include`` or ``--exclude``, which keep their order, as both have the same values.
    """

    def add_to_parser(self, parser: t.Any, ctx: click.Context) -> None:
        super().add_to_parser(parser, ctx)
        for name in self.opts:
            option, method = parser._long_opt[name], name.removeprefix("--")
            option.process = _with_method(option.process, method)


def _with_method(process: t.Any, method: str) -> t.Any:
    return lambda value, state: process((method, value), state)


def _rule(name: str, help: str) -> t.Callable[[F], F]:
    return click.option(
        name,
        "rules",
        cls=_Rule,
        metavar="PATTERN",
        multiple=True,
        type=click.UNPROCESSED,
        help=help,
    )


@click.command()
@click.argument("source", metavar="SOURCE_ID[:PATH]", type=PlaceType())
@click.argument("destination", metavar="DESTINATION_ID[:PATH]", type=PlaceType())
@click.option(
    "-r/ ",
    "--recursive/--no-recursive",
    default=None,
    help="The paths are directories, or files; by default Transfer finds out.",
)
@click.option(
    "--batch",
    metavar="FILE",
    type=click.File(encoding="utf-8"),
    help="Transfer what the lines of FILE say ('-' is standard input): "
    "[--recursive] [--external-checksum SUM] SOURCE_PATH DESTINATION_PATH, "
    "below the paths of the command line if it has some.",
)
@click.option(
    "-s",
    "--sync-level",
    type=click.Choice(["exists", "size", "mtime", "checksum"], case_sensitive=False),
    help="Only files that are missing; or also those of another size; or newer ones as well; or "
    "those with another checksum as well.",
)
@click.option("--label", metavar="TEXT", help="A name for the task.")
@click.option(
    "--deadline", metavar="TIME", type=TIME, help="When to give up, such as 2030-12-31T18:00:00."
)
@click.option(
    "--submission-id",
    metavar="UUID",
    type=click.UUID,
    callback=lambda context, parameter, value: value and str(value),
    help="Your own id; the same one does not start a second task.",
)
@_rule(
    "--include", "Include files with these names, whatever a later --exclude says; can be repeated."
)
@_rule("--exclude", "Leave out files with these names, unless an earlier --include names them.")
@click.option(
    "--delete-destination-extra",
    "--delete",
    is_flag=True,
    default=None,
    help="Delete what is in the destination directory but not in the source directory.",
)
@click.option(
    "--preserve-timestamp",
    "--preserve-mtime",
    is_flag=True,
    default=None,
    help="Keep the modification times of files.",
)
@click.option(
    "--verify-checksum/--no-verify-checksum",
    default=None,
    help="Compare checksums after the transfer, which is the default.",
)
@click.option("--external-checksum", metavar="SUM", help="The checksum that the file must have.")
@click.option("--checksum-algorithm", metavar="NAME", help="The algorithm of the checksums.")
@click.option(
    "--encrypt-data", "--encrypt", is_flag=True, default=None, help="Encrypt the data on the way."
)
@click.option(
    "--skip-source-errors",
    is_flag=True,
    default=None,
    help="Skip files that are missing or cannot be read.",
)
@click.option(
    "--fail-on-quota-errors",
    is_flag=True,
    default=None,
    help="Fail when a quota is exceeded, instead of trying again.",
)
@click.option(
    "--source-local-user", metavar="NAME", help="Your account on the system behind the source."
)
@click.option(
    "--destination-local-user",
    metavar="NAME",
    help="Your account on the system behind the destination.",
)
@click.option(
    "--notify",
    metavar="on|off|EVENTS",
    callback=_notifications,
    help="Send an email when the task has succeeded, failed, or is inactive; several with commas.",
)
@click.option("--dry-run", is_flag=True, help="Only print what would be submitted.")
@click.option("--wait", is_flag=True, help="Wait until the end, as 'globus-core task wait' does.")
@click.option("--watch", is_flag=True, help="Show the progress until the end.")
@fail_on_option
@with_client()
def transfer(
    client: TransferClient,
    output: Output,
    source: Place,
    destination: Place,
    *,
    dry_run: bool,
    wait: bool,
    watch: bool,
    fail_on: tuple[str, ...],
    **options: t.Any,
) -> None:
    """Transfer a file or a directory from one collection to another, as a task of Transfer.

    A source directory's contents are placed in the destination directory, and a file is given the
    destination's path; directories are made as needed.

    Exit code 0: submitted; with --wait or --watch: succeeded; 1: refused, or the task failed;
    2: wrong usage; 4: a login is needed.
    """
    if fail_on and not (wait or watch):
        raise click.UsageError("--fail-on needs --wait or --watch")
    data = _document(source, destination, **options)
    if dry_run:
        _show(output, data)
        return
    response = client.submit_transfer(data)
    task_id = response["task_id"]
    if not (wait or watch):
        output.show(response.data, lambda found: f"{found['message']}\ntask {task_id}")
        return
    from .waits import finish

    output.note(f"task {task_id}")
    finish(client, task_id, output, fail_on=fail_on, shows_progress=watch)


def _document(
    source: Place,
    destination: Place,
    *,
    batch: t.TextIO | None,
    recursive: bool | None,
    rules: tuple[tuple[Method, str], ...],
    external_checksum: str | None,
    checksum_algorithm: str | None,
    notify: dict[str, t.Any],
    **options: t.Any,
) -> TransferData:
    """The transfer that the options describe."""
    from ..transfer_data import TransferData

    if rules and not recursive and batch is None:
        raise click.UsageError("--include and --exclude are for directories: add --recursive")
    if options["delete_destination_extra"] and recursive is False:
        raise click.UsageError("--delete-destination-extra is for directories: add --recursive")
    data = TransferData(source[0], destination[0], **_given(options), **notify)
    for method, pattern in rules:
        data.add_filter_rule(pattern, method=method, type="file")
    about_one = {"recursive": recursive, "external_checksum": external_checksum}
    if batch is None:
        items = [_one(source, destination, about_one)]
    else:
        items = list(_several(source, destination, batch, about_one))
    for item in items:
        data.add_item(**_given({**item, "checksum_algorithm": checksum_algorithm}))
    return data


def _one(source: Place, destination: Place, about_one: dict[str, t.Any]) -> dict[str, t.Any]:
    """The file or directory of the command line."""
    if None in (source[1], destination[1]):
        raise click.UsageError("a transfer needs two paths, SOURCE_ID:PATH, or --batch")
    if about_one["recursive"] and about_one["external_checksum"]:
        raise click.UsageError("--external-checksum is for a file, not for --recursive")
    return {"source_path": source[1], "destination_path": destination[1], **about_one}


def _several(
    source: Place, destination: Place, lines: t.TextIO, about_one: dict[str, t.Any]
) -> t.Iterator[dict[str, t.Any]]:
    """The files and directories of the lines, below the paths of the command line."""
    import posixpath

    from .batch import items

    if any(value is not None for value in about_one.values()):
        raise click.UsageError("--recursive and --external-checksum go into the lines of --batch")
    item = None
    for item in items(lines):
        item["source_path"] = posixpath.join(source[1] or "", item["source_path"])
        item["destination_path"] = posixpath.join(destination[1] or "", item["destination_path"])
        yield item
    if item is None:
        raise click.UsageError("--batch has no line that says what to transfer")


def _given(options: dict[str, t.Any]) -> dict[str, t.Any]:
    return {name: value for name, value in options.items() if value is not None}


def _show(output: Output, data: TransferData) -> None:
    """Print a transfer that is not submitted."""
    from globus_core.documents import query

    items = [query(None, **item) for item in data["DATA"]]
    if output.as_json:
        output.show(query(None, **{**data, "DATA": items}), str)
        return
    columns = ("source_path", "destination_path", "recursive", "external_checksum")
    rows = [[item.get(column) for column in columns] for item in items]
    output.table([column.replace("_", " ") for column in columns], rows, empty="")
