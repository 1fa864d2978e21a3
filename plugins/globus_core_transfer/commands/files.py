"""
``globus-core ls`` and ``globus-core stat``.
"""

from __future__ import annotations

import collections

import click

from globus_core.cli import PlaceType
from globus_core.printable import one_line

from .parameters import with_client

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.cli import Output

    from ..client import TransferClient

    Place: t.TypeAlias = tuple[str, str | None]
    File: t.TypeAlias = dict[str, t.Any]

_ORDERS = ("group", "last_modified", "name", "permissions", "size", "type", "user")
_COLUMNS = ("permissions", "user", "group", "size", "last_modified", "type", "name")
_STAT = {
    "name": "name",
    "type": "type",
    "last_modified": "last modified",
    "size": "size",
    "permissions": "permissions",
    "user": "user",
    "group": "group",
}
local_user = click.option(
    "--local-user",
    metavar="NAME",
    help="The account on the system behind the collection, if you are mapped to several.",
)


def _order(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> list[str]:
    """``size:DESC`` as Transfer reads it, after a check."""
    for value in values:
        field, _, direction = value.partition(":")
        if field not in _ORDERS or direction not in ("", "ASC", "DESC"):
            raise click.BadParameter(
                f"{value!r} is not FIELD, FIELD:ASC or FIELD:DESC; fields: {', '.join(_ORDERS)}"
            )
    return [value.replace(":", " ") for value in values]


@click.command()
@click.argument("place", metavar="COLLECTION_ID[:PATH]", type=PlaceType())
@click.option(
    "-a", "--all", "show_hidden", is_flag=True, help="Include names that begin with a dot."
)
@click.option("-l", "--long", is_flag=True, help="Show a table with sizes, times and permissions.")
@click.option(
    "--orderby",
    metavar="FIELD[:ASC|:DESC]",
    multiple=True,
    callback=_order,
    help="Sort by name, size, last_modified, type, user, group or permissions; can be repeated.",
)
@click.option(
    "--filter",
    "pattern",
    metavar="PATTERN",
    help="Only names like this: '~*.txt', '!~*.txt' (not), 'a.txt' or '=a.txt', '!a.txt' (not).",
)
@click.option("-r", "--recursive", is_flag=True, help="List the directories below too.")
@click.option(
    "--recursive-depth-limit",
    "depth",
    metavar="N",
    type=click.IntRange(0),
    default=3,
    show_default=True,
    help="How many levels of directories -r goes down.",
)
@local_user
@with_client(only_reads=True)
def ls(
    client: TransferClient,
    output: Output,
    place: Place,
    *,
    long: bool,
    recursive: bool,
    depth: int,
    **options: t.Any,
) -> None:
    """List a directory on a collection; without PATH, the collection's default directory.

    Directories end in a slash. With -r, --filter applies to the first directory only.
    """
    asked = _asked(**options)
    if recursive:
        found: t.Any = {"DATA": list(_below(client, place, depth, asked))}
    else:
        found = client.operation_ls(place[0], _path(place), **asked).data
    if not found["DATA"] and not output.as_json:
        return  # not even an empty line
    if long and not output.as_json:
        rows = [[_shown(file, column) for column in _COLUMNS] for file in found["DATA"]]
        output.table([column.replace("_", " ") for column in _COLUMNS], rows, empty="")
    else:
        output.show(found, _names)


@click.command()
@click.argument("place", metavar="COLLECTION_ID:PATH", type=PlaceType(path_required=True))
@local_user
@with_client(only_reads=True)
def stat(client: TransferClient, output: Output, place: Place, local_user: str | None) -> None:
    """Show type, size, time and permissions of a file or directory on a collection."""
    from globus_core import MISSING

    from .texts import fields

    found = client.operation_stat(place[0], _path(place), local_user=local_user or MISSING)
    output.show(found.data, lambda document: fields(document, _STAT))


def _asked(
    *, show_hidden: bool, orderby: list[str], pattern: str | None, local_user: str | None
) -> dict[str, t.Any]:
    """The arguments of ``operation_ls`` for the options of the command."""
    from globus_core import MISSING

    if pattern is not None and not pattern.startswith(("=", "~", "!")):
        pattern = f"={pattern}"
    return {
        "show_hidden": show_hidden,
        "orderby": orderby or MISSING,
        "filter": MISSING if pattern is None else {"name": pattern},
        "local_user": local_user or MISSING,
    }


def _path(place: Place) -> t.Any:
    from globus_core import MISSING

    return MISSING if place[1] is None else place[1]


def _below(
    client: TransferClient, place: Place, depth: int, asked: dict[str, t.Any]
) -> t.Iterator[File]:
    """What is in a directory and those below it, level by level, named from the first one."""
    from globus_core import MISSING

    files = client.operation_ls(place[0], _path(place), **asked)
    root = files["path"].rstrip("/")
    found = collections.deque([("", 0)])
    while found:
        folder, level = found.popleft()
        if folder:
            files = client.operation_ls(
                place[0], f"{root}/{folder}", **{**asked, "filter": MISSING}
            )
        for file in files:
            name = folder + file["name"]
            yield {**file, "name": name}
            if file["type"] == "dir" and level < depth:
                found.append((f"{name}/", level + 1))


def _shown(file: File, column: str) -> t.Any:
    return _name(file) if column == "name" else file.get(column)


def _name(file: File) -> str:
    return f"{file['name']}/" if file["type"] == "dir" else str(file["name"])


def _names(document: File) -> str:
    return "\n".join(one_line(_name(file)) for file in document["DATA"])
