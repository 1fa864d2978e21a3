"""
Errors of files over HTTPS. Each is an ``OSError`` as well, as those of files on this machine are.
"""

from __future__ import annotations

import errno

from globus_core.exc import GlobusError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class CollectionFileError(GlobusError, OSError):
    """
    A file of a collection could not be read or written.
    """

    number = errno.EIO

    def __init__(self, message: str, path: str) -> None:
        """
        Make the error of a file.

        :param message: what happened, in one sentence
        :param path: the path on the collection
        """
        super().__init__(message)
        self.path = path
        self.errno = self.number

    def __str__(self) -> str:
        return str(self.args[0])

    def __reduce__(self) -> tuple[t.Any, ...]:
        return type(self), (self.args[0], self.path)


class MissingFileError(CollectionFileError, FileNotFoundError):
    """
    There is no such file on the collection.
    """

    number = errno.ENOENT


class ExistingFileError(CollectionFileError, FileExistsError):
    """
    A file that was to be new exists.
    """

    number = errno.EEXIST


class ChangedFileError(CollectionFileError):
    """
    A file was changed while it was read, so that its parts do not belong together.
    """

    number = errno.ESTALE
    advice = "start again"


class IncompleteFileError(CollectionFileError):
    """
    Less or something else came than the server had announced: the size or the checksum differs.
    """


class LocalFileError(CollectionFileError):
    """
    The file on this machine could not be read or written, for example because the disk is full.
    """


class SomeFilesFailedError(CollectionFileError):
    """
    Some files of a folder could not be copied; the others were.

    :param message: what happened, in one sentence
    :param path: the folder on the collection
    :param failures: the errors, by path on the collection
    """

    def __init__(
        self, message: str, path: str, failures: t.Mapping[str, Exception] | None = None
    ) -> None:
        super().__init__(message, path)
        self.failures = dict(failures or {})

    def __reduce__(self) -> tuple[t.Any, ...]:
        return type(self), (self.args[0], self.path, self.failures)
