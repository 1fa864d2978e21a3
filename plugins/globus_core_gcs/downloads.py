"""
Fetching one file of a collection.
"""

from __future__ import annotations

import pathlib

from globus_core.exc import NetworkError

from .file_stream import MOST_CUTS, FileStream
from .partial_files import PartialFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import BaseClient

    from .file_facts import FileFacts

    Progress = t.Callable[[int, int | None], object]


def download(client: BaseClient, path: str, target: pathlib.Path, progress: Progress | None) -> int:
    """
    Fetch a file, and return its size in bytes.

    It is written beside its place under another name, and takes the place once its size, and the
    checksum if the server sends one, are right. What was received before a cut stays there; the
    next download of the same version goes on with it.

    :param client: the client of the collection
    :param path: the path on the collection
    :param target: where it is stored; an existing file is replaced
    :param progress: called with the bytes received so far and the size, which may be None
    :raises MissingFileError: if there is no such file on the collection
    :raises ChangedFileError: if it was changed while it was read
    :raises IncompleteFileError: if the size or the checksum is wrong
    :raises LocalFileError: if it cannot be written
    :raises NetworkError: if it broke off and could not be read on
    """
    for left in reversed(range(MOST_CUTS)):
        stream = FileStream(client, path)
        facts = stream.begin()  # not tried again here: the transport has done that
        try:
            return _fetch(stream, facts, client, path, target, progress)
        except NetworkError:
            # without a version, it can only be read from the start again
            if left == 0 or facts.version is not None:
                raise
        finally:
            stream.close()
    raise AssertionError("unreachable")


def _fetch(
    stream: FileStream,
    facts: FileFacts,
    client: BaseClient,
    path: str,
    target: pathlib.Path,
    progress: Progress | None,
) -> int:
    with PartialFile(target, client.base_url + path, facts, path) as part:
        if part.size:
            stream.close()
            stream = FileStream(client, path, part.size, facts)
        _receive(stream, part, facts, progress)
        part.check()
        part.take_place()
        return part.size


def _receive(
    stream: FileStream, part: PartialFile, facts: FileFacts, progress: Progress | None
) -> None:
    if facts.size is not None and part.size == facts.size:
        if progress is not None:
            progress(part.size, facts.size)
        return
    for piece in stream.pieces():
        part.write(piece)
        if progress is not None:
            progress(part.size, facts.size)
