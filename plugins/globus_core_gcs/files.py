"""
The files of a collection: open, fetch, send, delete.
"""

from __future__ import annotations

import os
import pathlib

from globus_core import BaseClient
from globus_core.arguments import check_functions, check_numbers, check_path
from globus_core.exc import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.response import GlobusHTTPResponse

    from .file_facts import FileFacts

    Params = t.Mapping[str, t.Any] | None
    Progress = t.Callable[[int, int | None], object]


class Files(BaseClient):
    """
    What :class:`GCSCollectionClient` does with files.
    """

    collection_id: str

    def open(
        self,
        path: str,
        mode: str = "r",
        *,
        encoding: str | None = None,
        newline: str | None = None,
    ) -> t.IO[t.Any]:
        """
        Open a file of the collection, as the built-in ``open`` does.

        Reading is streamed; after a cut it goes on where it was, if the file is still the same. A
        file open for writing is collected in a temporary file, and uploaded when it is closed, but
        not after an exception in its ``with`` block.

        :param path: the path on the collection
        :param mode: ``r``, ``w`` (an existing file is replaced) or ``x`` (it is an error), with
            ``b`` for bytes
        :param encoding: of text; None means UTF-8
        :param newline: of text, as for ``open``
        :raises GlobusSDKUsageError: if the mode is no such one
        :raises MissingFileError: if a file to read is not there
        :raises ExistingFileError: if a file that is to be new is there
        :raises ChangedFileError: later, if the file was changed while it was read
        """
        from .open_files import open_file

        return open_file(self, path, mode, encoding, newline)

    def read(self, path: str, start: int = 0, end: int | None = None) -> bytes:
        """
        A part of a file, in memory.

        :param path: the path on the collection
        :param start: the first byte
        :param end: the byte after the last one; None means the end of the file
        :raises GlobusSDKUsageError: if the range is none
        :raises MissingFileError: if there is no such file
        """
        from .file_requests import read_range

        return read_range(self, path, start, end)

    def download(
        self,
        path: str,
        to: str | os.PathLike[str],
        *,
        recursive: bool = False,
        at_once: int = 4,
        progress: Progress | None = None,
        transfer_client: t.Any = None,
    ) -> int:
        """
        Fetch a file, or a whole folder, and return how many bytes it has.

        A file is written beside its place, and renamed once its size, and the checksum if the
        server sends one, are right. After a cut it goes on with the next byte, also in another
        process, if the file on the collection is still the same (ETag, date and size).

        :param path: the path on the collection
        :param to: where it is stored: a file, which is replaced, or an existing folder, in which it
            keeps its name
        :param recursive: fetch a folder with all that is in it
        :param at_once: how many files of a folder are fetched at once, up to 32
        :param progress: called with the bytes received so far and the size, which is None if it is
            not known
        :param transfer_client: lists a folder; None makes one for the app of this client
        :raises MissingFileError: if there is no such file
        :raises ChangedFileError: if it was changed while it was read
        :raises IncompleteFileError: if the size or the checksum is wrong
        :raises LocalFileError: if it cannot be written here
        :raises SomeFilesFailedError: at the end, if some files of a folder failed
        """
        check_path(to, "to")
        check_functions(progress=progress)
        target = pathlib.Path(to)
        if target.is_dir() or os.fspath(to).endswith("/"):
            target = target / pathlib.PurePosixPath(path).name
        if not recursive:
            from .downloads import download

            return download(self, path, target, progress)
        from .folders import download_folder, listing_client

        return download_folder(
            self,
            listing_client(self, transfer_client),
            self.collection_id,
            path,
            target,
            at_once=_checked(at_once),
            progress=progress,
        )

    def upload(
        self,
        source: str | os.PathLike[str],
        path: str,
        *,
        recursive: bool = False,
        at_once: int = 4,
        progress: Progress | None = None,
        transfer_client: t.Any = None,
    ) -> int:
        """
        Send a file, or a whole folder, and return how many bytes it has.

        After a cut, a file is sent again from the start. Its size on the collection is compared
        afterwards.

        :param source: the file or folder of this machine
        :param path: where it is stored on the collection; an existing file is replaced. After a
            ``/`` at the end, the source's name is added
        :param recursive: send a folder with all that is in it
        :param at_once: how many files of a folder are sent at once, up to 32
        :param progress: called with the bytes sent so far and the size, which is None if it is not
            known
        :param transfer_client: makes the folders; None makes one for the app of this client
        :raises LocalFileError: if it cannot be read here
        :raises ChangedFileError: if it was changed while it was sent
        :raises IncompleteFileError: if it has another size on the collection
        :raises SomeFilesFailedError: at the end, if some files of a folder failed
        """
        check_path(source, "source")
        check_functions(progress=progress)
        if isinstance(path, str) and path.endswith("/"):
            path += pathlib.Path(source).resolve().name
        if not recursive:
            from .uploads import upload

            return upload(self, source, path, progress)
        from .folders import listing_client, upload_folder

        return upload_folder(
            self,
            listing_client(self, transfer_client),
            self.collection_id,
            pathlib.Path(source),
            path,
            at_once=_checked(at_once),
            progress=progress,
        )

    def delete(
        self,
        path: str,
        *,
        query_params: Params = None,
        headers: t.Mapping[str, str] | None = None,
        automatic_authorization: bool = True,
    ) -> GlobusHTTPResponse:
        """
        Delete a file of the collection.

        :param path: the path on the collection
        :param query_params: the query; MISSING and None are left out
        :param headers: further headers
        :param automatic_authorization: send the client's Authorization header
        :raises MissingFileError: if there is no such file
        """
        from .file_requests import send

        return send(
            self,
            "DELETE",
            path,
            headers=headers,
            query_params=query_params,
            automatic_authorization=automatic_authorization,
        )

    def exists(self, path: str) -> bool:
        """
        Whether a file is on the collection.

        :param path: the path on the collection
        """
        from .file_requests import exists

        return exists(self, path)

    def file_info(self, path: str) -> FileFacts:
        """
        What the server says about a file: its size in bytes, ETag and date.

        :param path: the path on the collection
        :raises MissingFileError: if there is no such file
        """
        from .file_requests import file_info

        return file_info(self, path)


def _checked(at_once: int) -> int:
    from .folders import MOST_AT_ONCE

    check_numbers(at_once=at_once)
    if type(at_once) is not int or not 1 <= at_once <= MOST_AT_ONCE:
        raise GlobusSDKUsageError(f"'at_once' must be from 1 to {MOST_AT_ONCE}, not {at_once!r}")
    return at_once
