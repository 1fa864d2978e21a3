"""
``globus-core get``, ``put`` and ``cat``: files of collections over HTTPS.
"""

from __future__ import annotations

import contextlib
import functools
import pathlib
import sys

import click

from globus_core.cli import PlaceType, with_app, with_output
from globus_core.printable import one_line

from .finding import told_by_transfer
from .progress import bar

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.cli import Output
    from globus_core.globus_app import GlobusApp

    from ..collection_client import GCSCollectionClient

    Place: t.TypeAlias = tuple[str, str]
    Document: t.TypeAlias = dict[str, t.Any]
    R = t.TypeVar("R")

_MOST_AT_ONCE = 32
_STDIN = "-"


def _options(command: t.Callable[..., R]) -> t.Callable[..., R]:
    """Add the options that ``get`` and ``put`` have in common."""

    @click.option("-r", "--recursive", is_flag=True, help="Copy a folder with everything in it.")
    @click.option(
        "--at-once",
        type=click.IntRange(1, _MOST_AT_ONCE),
        default=4,
        show_default=True,
        help="How many files of a folder are copied at once.",
    )
    @with_output("Print the path, the place and the number of bytes as JSON.")
    @with_app()
    @functools.wraps(command)
    def run(*args: t.Any, **kwargs: t.Any) -> R:
        return command(*args, **kwargs)

    return run


@click.command()
@click.argument("place", metavar="COLLECTION_ID:PATH", type=PlaceType(path_required=True))
@click.argument("target", default=".", type=click.Path(path_type=pathlib.Path))
@_options
def get(
    app: GlobusApp,
    output: Output,
    place: Place,
    target: pathlib.Path,
    recursive: bool,
    at_once: int,
) -> None:
    """Download a file from a collection over HTTPS.

    TARGET is a file, which is replaced, or an existing folder, in which the file keeps its name;
    by default the current folder. The file appears under its name only when it is complete. If the
    download is interrupted, the same command resumes it.
    """
    collection_id, path = place
    with _client(app, collection_id) as client, bar(output, path) as progress:
        count = client.download(
            path, target, recursive=recursive, at_once=at_once, progress=progress
        )
    document = {"collection_id": collection_id, "path": path, "target": str(target), "bytes": count}
    output.show(document, lambda _: f"fetched {count} bytes: {one_line(path)}")


@click.command()
@click.argument("source", type=click.Path(path_type=pathlib.Path))
@click.argument("place", metavar="COLLECTION_ID:PATH", type=PlaceType(path_required=True))
@_options
def put(
    app: GlobusApp,
    output: Output,
    source: pathlib.Path,
    place: Place,
    recursive: bool,
    at_once: int,
) -> None:
    """Upload a file to a collection over HTTPS.

    SOURCE is a file, or '-' for standard input. After a '/' at the end of the path, the file keeps
    its name. A file on the collection is replaced.
    """
    collection_id, path = place
    if str(source) == _STDIN and (recursive or path.endswith("/")):
        raise click.UsageError("standard input is one file, which needs a name on the collection")
    with _client(app, collection_id) as client:
        if str(source) == _STDIN:
            count = _send_input(client, path)
        else:
            with bar(output, str(source)) as progress:
                count = client.upload(
                    source, path, recursive=recursive, at_once=at_once, progress=progress
                )
    document = {"collection_id": collection_id, "path": path, "source": str(source), "bytes": count}
    output.show(document, lambda _: f"sent {count} bytes: {one_line(path)}")


@click.command()
@click.argument(
    "places",
    metavar="COLLECTION_ID:PATH...",
    type=PlaceType(path_required=True),
    nargs=-1,
    required=True,
)
@with_app()
def cat(app: GlobusApp, places: tuple[Place, ...]) -> None:
    """Print files of collections, one after the other, as they are.

    They are read over HTTPS in pieces. A download that breaks off is resumed.
    """
    from ..file_stream import FileStream

    printed = sys.stdout.buffer
    with contextlib.ExitStack() as stack:
        clients = {
            collection_id: stack.enter_context(_client(app, collection_id))
            for collection_id in dict.fromkeys(collection_id for collection_id, _ in places)
        }
        for collection_id, path in places:
            for piece in FileStream(clients[collection_id], path).pieces():
                printed.write(piece)
            printed.flush()


def _client(app: GlobusApp, collection_id: str) -> GCSCollectionClient:
    """The client for a collection, of which Transfer tells the address."""
    from ..collection_client import GCSCollectionClient

    return GCSCollectionClient.of_collection(told_by_transfer(app, collection_id), app=app)


def _send_input(client: GCSCollectionClient, path: str) -> int:
    """Send standard input; it is collected before, as servers take files only as a whole."""
    import shutil

    with client.open(path, "wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
        return file.tell()
