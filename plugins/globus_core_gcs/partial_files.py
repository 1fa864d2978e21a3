"""
A file of this machine that is being received, beside the place that it takes when it is whole.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import pathlib
import secrets

from .file_errors import IncompleteFileError, LocalFileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from typing_extensions import Self

    from .file_facts import FileFacts

_BLOCK = 1024 * 1024
#: bytes of the name that are kept in the name of the part; file systems allow 255
_LONGEST_NAME = 180


class PartialFile:
    """
    What was received so far, for a ``with`` block.

    Its name has a hash of the file's address and version, so that a later download of the same
    version finds it and goes on. If the version is unknown, or another process is writing it, it
    gets a name of its own and is removed at the end.

    :param target: the place that it takes
    :param address: where the file comes from
    :param facts: what the server says about the file
    :param path: the path on the collection, for errors
    :ivar size: the bytes that are there
    """

    def __init__(self, target: pathlib.Path, address: str, facts: FileFacts, path: str) -> None:
        self.size = 0
        self._target = target
        self._stem = _stem(target, address)
        self._facts = facts
        self._path = path
        self._place: pathlib.Path | None = None
        self._keep = facts.version is not None
        self._hash: t.Any = None

    def __enter__(self) -> Self:
        with self._local_errors():
            self._open()
        return self

    def __exit__(self, kind: type[BaseException] | None, *exc_info: object) -> None:
        with contextlib.suppress(OSError):
            self._file.close()
        if not (self._keep and self.size):
            self._remove()

    def write(self, piece: bytes) -> None:
        """
        Add bytes.

        :param piece: the bytes
        :raises LocalFileError: if they cannot be written; of a full disk, nothing is kept
        """
        try:
            self._file.write(piece)
        except OSError as error:
            self._keep = self._keep and error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            raise self._local_error(error) from error
        if self._hash is not None:
            self._hash.update(piece)
        self.size += len(piece)

    def check(self) -> None:
        """
        See that the size and the checksum are those that the server says.

        :raises IncompleteFileError: if they are not; nothing is kept then
        """
        try:
            self._facts.check_size(self.size, self._path)
            if self._facts.digest is not None and self._hash.digest() != self._facts.digest[1]:
                raise IncompleteFileError(
                    f"{self._path!r} has another {self._facts.digest[0]} checksum than the server "
                    "says",
                    self._path,
                )
        except IncompleteFileError:
            self._keep = False
            raise

    def take_place(self) -> None:
        """
        Rename it, and remove what was kept of other versions.

        :raises LocalFileError: if it cannot be renamed
        """
        assert self._place is not None
        with self._local_errors():
            self._file.close()
            self._place.replace(self._target)
        self._place = None
        for other in self._target.parent.glob(f"{_quoted(self._stem)}*.part"):
            with contextlib.suppress(OSError), open(other, "rb") as file:
                if _lock_at_once(file.fileno()):  # nobody is writing it
                    other.unlink()

    def _open(self) -> None:
        version = hashlib.sha256(str(self._facts.version).encode()).hexdigest()[:8]
        self._place = self._target.with_name(f"{self._stem}{version}.part")
        if not (self._keep and self._lock(self._place)):
            self._keep = False
            self._place = self._target.with_name(f"{self._stem}{secrets.token_hex(8)}.part")
            self._lock(self._place)
        if self._facts.digest is not None:
            self._hash = hashlib.new(self._facts.digest[0], usedforsecurity=False)
        self._go_on()

    def _lock(self, place: pathlib.Path) -> bool:
        """Open a part for this process alone; False if another one is writing it."""
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        while True:
            self._file = os.fdopen(os.open(place, flags, 0o666), "r+b")
            if not _lock_at_once(self._file.fileno()):
                self._file.close()
                return False
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(self._file.fileno()), place.lstat()):
                    return True
            self._file.close()  # the one who had it has just renamed it

    def _go_on(self) -> None:
        """Go to the end of what is there, which the checksum must include."""
        while self._keep and (block := self._file.read(_BLOCK)):
            if self._hash is not None:
                self._hash.update(block)
            self.size += len(block)
        if self._facts.size is not None and self.size > self._facts.size:
            self._file.truncate(0)
            self._file.seek(0)
            self.size = 0
            if self._hash is not None:
                self._hash = hashlib.new(self._hash.name, usedforsecurity=False)

    def _remove(self) -> None:
        if self._place is not None:
            with contextlib.suppress(OSError):
                self._place.unlink()

    @contextlib.contextmanager
    def _local_errors(self) -> t.Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._local_error(error) from error

    def _local_error(self, error: OSError) -> LocalFileError:
        reason = error.strerror or type(error).__name__
        return LocalFileError(f"{str(self._target)!r} cannot be written: {reason}", self._path)


def _stem(target: pathlib.Path, address: str) -> str:
    """The beginning of the names of all parts of a file."""
    origin = hashlib.sha256(address.encode(errors="surrogatepass")).hexdigest()[:8]
    name = os.fsdecode(os.fsencode(target.name)[:_LONGEST_NAME])
    return f".{name}.{origin}-"


def _quoted(stem: str) -> str:
    import glob

    return glob.escape(stem)


try:
    import fcntl
except ImportError:  # pragma: no cover  # Windows: two downloads of one file would share a part

    def _lock_at_once(descriptor: int) -> bool:
        return True

else:

    def _lock_at_once(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
