"""
Files of a collection as Python's file objects.
"""

from __future__ import annotations

import io
import tempfile

from globus_core.exc import GlobusSDKUsageError

from .file_errors import ExistingFileError
from .file_requests import check_file_name, exists
from .file_stream import FileStream
from .uploads import upload_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import BaseClient

    from .file_facts import FileFacts

#: bytes that a file open for reading keeps in memory
BUFFER = 1024 * 1024
_MODES = ("r", "w", "x")


def open_file(
    client: BaseClient, path: str, mode: str, encoding: str | None, newline: str | None
) -> t.IO[t.Any]:
    """
    Open a file of a collection, as the built-in ``open`` does.

    :param client: the client of the collection
    :param path: the path
    :param mode: ``r``, ``w`` or ``x``, with ``b`` for bytes
    :param encoding: of text; None means UTF-8
    :param newline: of text, as for ``open``
    :raises GlobusSDKUsageError: if the mode is no such one
    :raises MissingFileError: if a file to read is not there
    :raises ExistingFileError: if a file that is to be new is there
    """
    kind = mode.replace("b", "", 1).replace("t", "", 1)
    binary = "b" in mode
    if kind not in _MODES or ("t" in mode and binary):
        raise GlobusSDKUsageError(
            f"the mode of a file on a collection is 'r', 'w' or 'x', with 'b' for bytes, not "
            f"{mode!r}"
        )
    if binary and (encoding is not None or newline is not None):
        raise GlobusSDKUsageError("bytes have no encoding and no newlines")
    if kind == "r":
        reader = io.BufferedReader(RemoteReader(client, path), BUFFER)
        if binary:
            return reader
        return io.TextIOWrapper(reader, encoding or "utf-8", newline=newline)
    writer = _Writer(RemoteWriter(client, path, new=kind == "x"), BUFFER)
    if binary:
        return writer
    return _TextWriter(writer, encoding or "utf-8", newline=newline)


class RemoteReader(io.RawIOBase):
    """
    Reads a file of a collection; a jump to another place begins a new request there.

    :param client: the client of the collection
    :param path: the path
    :raises MissingFileError: if there is no such file
    """

    def __init__(self, client: BaseClient, path: str) -> None:
        self.name = path
        self._client = client
        self._position = 0
        self._left = memoryview(b"")
        self._stream: FileStream | None = None
        self._pieces: t.Iterator[bytes] = iter(())
        self._facts: FileFacts = self._begin(None)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """
        Go to another place; nothing is sent until the next read.

        :param offset: bytes
        :param whence: from where: the start, here, or the end of the file
        :raises OSError: if the server does not say how long the file is, or the place is before it
        :raises ValueError: if ``whence`` is not one of the three
        """
        self._check_open()
        bases = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._facts.size}
        if whence not in bases:
            raise ValueError(f"invalid whence ({whence}, should be 0, 1 or 2)")
        base = bases[whence]
        if base is None:
            raise io.UnsupportedOperation("the server does not say how long the file is")
        if base + offset < 0:
            raise OSError(22, "a place before the start of the file")
        if base + offset != self._position:
            self._stop()
            self._position = base + offset
        return self._position

    def readinto(self, buffer: t.Any) -> int:
        self._check_open()
        if not self._left:
            self._left = memoryview(self._next_piece())
        view = memoryview(buffer).cast("B")
        count = min(len(view), len(self._left))
        view[:count] = self._left[:count]
        self._left = self._left[count:]
        self._position += count
        return count

    def close(self) -> None:
        if not self.closed:
            self._stop()
        super().close()

    def _next_piece(self) -> bytes:
        size = self._facts.size
        if size is not None and self._position >= size:
            return b""
        if self._stream is None:
            self._begin(self._facts)
        return next(self._pieces, b"")

    def _begin(self, facts: FileFacts | None) -> FileFacts:
        self._stream = FileStream(self._client, self.name, self._position, facts)
        self._pieces = self._stream.pieces()
        return self._stream.begin()

    def _stop(self) -> None:
        stream, self._stream = self._stream, None
        self._left = memoryview(b"")
        self._pieces = iter(())
        if stream is not None:
            stream.close()

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("the file is closed")


class RemoteWriter(io.RawIOBase):
    """
    Collects what is written in a temporary file, and uploads it when it is closed.

    :param client: the client of the collection
    :param path: the path
    :param new: refuse a file that exists
    :raises ExistingFileError: if it is to be new and exists
    """

    def __init__(self, client: BaseClient, path: str, *, new: bool) -> None:
        check_file_name(path)
        if new and exists(client, path):
            raise ExistingFileError(f"{path!r} exists on the collection", path)
        self.name = path
        self._client = client
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # closed when this is
        self._given_up = False

    def writable(self) -> bool:
        return True

    def write(self, data: t.Any) -> int:
        return self._file.write(data)

    def tell(self) -> int:
        return self._file.tell()

    def give_up(self) -> None:
        """Upload nothing when it is closed."""
        self._given_up = True

    def close(self) -> None:
        if self.closed:
            return
        super().close()
        if not hasattr(self, "_file"):  # the constructor has refused the path
            return
        with self._file as file:
            if not self._given_up:
                file.seek(0)
                upload_file(self._client, file, self.name)


class _GivesUp:
    """Uploads nothing after an exception, or if nobody closes it: half a file would be wrong."""

    if TYPE_CHECKING:

        @property
        def closed(self) -> bool: ...

    def _remote(self) -> RemoteWriter:
        raise NotImplementedError

    def close(self) -> None:
        super().close()  # type: ignore[misc]

    def __exit__(self, kind: type[BaseException] | None, *exc_info: object) -> None:
        if kind is not None:
            self._remote().give_up()
        self.close()

    def __del__(self) -> None:
        if self.closed:
            return
        import warnings

        remote = self._remote()
        remote.give_up()
        self.close()
        warnings.warn(
            f"{remote.name!r} was not closed, so that it is not uploaded",
            ResourceWarning,
            stacklevel=2,
        )


class _Writer(_GivesUp, io.BufferedWriter):
    raw: RemoteWriter  # pyright: ignore[reportIncompatibleVariableOverride]

    def _remote(self) -> RemoteWriter:
        return self.raw


class _TextWriter(_GivesUp, io.TextIOWrapper):
    def _remote(self) -> RemoteWriter:
        writer: t.Any = self.buffer
        remote: RemoteWriter = writer.raw
        return remote
