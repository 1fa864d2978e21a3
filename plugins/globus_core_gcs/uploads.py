"""
Sending one file to a collection.
"""

from __future__ import annotations

import os
import stat

from .file_errors import (
    ChangedFileError,
    CollectionFileError,
    IncompleteFileError,
    LocalFileError,
)
from .file_requests import file_info, send

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import BaseClient

    Progress = t.Callable[[int, int | None], object]


def upload(
    client: BaseClient, source: str | os.PathLike[str], path: str, progress: Progress | None
) -> int:
    """
    Send a file of this machine to a collection, and return its size in bytes.

    :param client: the client of the collection
    :param source: the file
    :param path: its path on the collection; an existing file is replaced
    :param progress: called with the bytes sent so far and the size, both in bytes
    :raises LocalFileError: if the file cannot be read, or is no regular file
    :raises ChangedFileError: if it was changed while it was sent
    :raises IncompleteFileError: if the collection has another size afterwards
    """
    try:
        with open(source, "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise LocalFileError(f"{os.fspath(source)!r} is no regular file", path)
            try:
                size = upload_file(client, file, path, progress)
            finally:
                _check_unchanged(before, os.fstat(file.fileno()), source, path)
    except CollectionFileError:
        raise
    except OSError as error:
        if error.filename is None:  # of the network, or ours
            raise
        raise LocalFileError(
            f"{os.fspath(source)!r} cannot be read: {error.strerror}", path
        ) from error
    return size


def upload_file(
    client: BaseClient, file: t.IO[bytes], path: str, progress: Progress | None = None
) -> int:
    """
    Send an open file to a collection, and return how many bytes that were.

    After a cut it is sent again from the start, since the servers of collections take a file only
    as a whole.

    :param client: the client of the collection
    :param file: a file in binary mode that can be rewound, sent from its position
    :param path: its path on the collection
    :param progress: called with the bytes sent so far and the size
    :raises IncompleteFileError: if the collection has another size afterwards
    """
    start = file.tell()
    size = file.seek(0, os.SEEK_END) - start
    file.seek(start)
    source = file if progress is None else _Counted(file, start, size, progress)
    headers = {"Content-Type": "application/octet-stream"}
    with send(client, "PUT", path, headers=headers, data=source) as response:
        response.binary_content  # noqa: B018  # so that the connection can be used again
    stored = file_info(client, path).size
    if stored is not None and stored != size:
        raise IncompleteFileError(
            f"{path!r} has {stored} bytes on the collection, but {size} were sent", path
        )
    return size


def _check_unchanged(
    before: os.stat_result, after: os.stat_result, source: str | os.PathLike[str], path: str
) -> None:
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise ChangedFileError(f"{os.fspath(source)!r} was changed while it was sent", path)


class _Counted:
    """A file that says how much of it was read."""

    def __init__(self, file: t.IO[bytes], start: int, size: int, progress: Progress) -> None:
        self._file = file
        self._start = start
        self._size = size
        self._progress = progress
        self.tell = file.tell
        self.seek = file.seek

    def read(self, count: int = -1) -> bytes:
        piece = self._file.read(count)
        self._progress(self._file.tell() - self._start, self._size)
        return piece
