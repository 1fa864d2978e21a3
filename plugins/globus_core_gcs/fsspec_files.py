"""
Collections as a file system of fsspec: ``globus://<collection id>/path`` (extra ``fsspec``).
"""

# options of fsspec that are not used here come as further keywords
# pyright: reportIncompatibleMethodOverride=false
from __future__ import annotations

import datetime
import os
import typing as t

from fsspec.spec import AbstractFileSystem

from globus_core.exc import GlobusAPIError, GlobusSDKUsageError
from globus_core.service_clients import client_class

from .collection_client import GCSCollectionClient
from .file_errors import MissingFileError

if t.TYPE_CHECKING:
    Details = dict[str, t.Any]

_MISSING = ("ClientError.NotFound", "EndpointNotFound", "NotFound")


class GlobusFileSystem(AbstractFileSystem):  # type: ignore[misc]  # it has no types
    """
    The files of collections. Content goes over HTTPS; what HTTPS cannot do, such as listing, goes
    through the client of Transfer.

    :param app: the app whose tokens are used; None takes ``default_app``, which finds a job's
        credentials, or else makes a ``UserApp``
    :param client_id: the client id of a ``UserApp`` that is made; None takes the one that is found
    :param app_name: the name of the app that is made
    :param auto_mkdir: make the missing folders above a file that is written
    :param storage_options: further options of fsspec
    :raises CredentialsError: if there is neither an app, nor credentials, nor a client id
    :raises PluginUnavailableError: if the plugin for Transfer is not available; says why
    """

    protocol = "globus"
    root_marker = ""
    # fsspec knows instances again by the text of their options, which is the same for two apps of
    # one client, although they may have the tokens of two people
    cachable = False
    async_impl = False

    def __init__(
        self,
        app: t.Any = None,
        client_id: str | None = None,
        app_name: str = "fsspec",
        auto_mkdir: bool = True,
        **storage_options: t.Any,
    ) -> None:
        super().__init__(
            app=app,
            client_id=client_id,
            app_name=app_name,
            auto_mkdir=auto_mkdir,
            **storage_options,
        )
        self.auto_mkdir = auto_mkdir
        if app is None:
            from globus_core.globus_app import default_app

            app = default_app(app_name, client_id=client_id)
        self.app = app
        self._transfer: t.Any = client_class("transfer")(app=app)
        self._collections: dict[str, GCSCollectionClient] = {}

    @classmethod
    def _strip_protocol(cls, path: t.Any) -> t.Any:
        if isinstance(path, list):
            return [cls._strip_protocol(each) for each in path]
        text = os.fspath(path)
        return text.removeprefix("globus://").rstrip("/").lstrip("/")

    def unstrip_protocol(self, name: str) -> str:
        """The URL of a path."""
        return f"globus://{self._strip_protocol(name)}"

    # listing, through Transfer

    def ls(self, path: str, detail: bool = True, **options: t.Any) -> list[t.Any]:
        """
        What is in a folder, or the file itself.

        :param path: the path or URL
        :param detail: give dicts with ``name``, ``size`` in bytes, ``type`` ...; else only names
        """
        found = self.info(path)
        entries = [found] if found["type"] == "file" else self._entries(path)
        return entries if detail else [each["name"] for each in entries]

    def info(self, path: str, **options: t.Any) -> Details:
        """
        What is known of a file or folder.

        :param path: the path or URL
        :raises FileNotFoundError: if there is none
        """
        collection, inside = self._split(path)
        if inside == "/":
            self._asked(path, self._transfer.get_endpoint, collection)
            return {"name": self._strip_protocol(path), "size": 0, "type": "directory"}
        document = self._asked(path, self._transfer.operation_stat, collection, inside).data
        return self._details(self._strip_protocol(path), document)

    def created(self, path: str) -> datetime.datetime:
        """
        Not known of collections.

        :raises NotImplementedError: always
        """
        raise NotImplementedError("collections do not say when a file was created")

    def modified(self, path: str) -> datetime.datetime:
        """
        When a file was changed, in UTC.

        :param path: the path or URL
        """
        return datetime.datetime.fromisoformat(self.info(path)["last_modified"])

    def mkdir(self, path: str, create_parents: bool = True, **options: t.Any) -> None:
        """
        Make a folder.

        :param path: the path or URL
        :param create_parents: make the folders above it as well
        :raises FileExistsError: if it exists
        """
        collection, inside = self._split(path)
        if create_parents and self._parent(path) not in ("", collection):
            self.makedirs(self._parent(path), exist_ok=True)
        self._asked(path, self._transfer.operation_mkdir, collection, inside)

    def makedirs(self, path: str, exist_ok: bool = False) -> None:
        """
        Make a folder and those above it.

        :param path: the path or URL
        :param exist_ok: whether it may exist
        :raises FileExistsError: if it exists and may not
        """
        collection, inside = self._split(path)
        parts = inside.strip("/").split("/")
        for count in range(1, len(parts) + 1):
            try:
                self.mkdir(f"{collection}/{'/'.join(parts[:count])}", create_parents=False)
            except FileExistsError:
                if count == len(parts) and not exist_ok:
                    raise

    def rmdir(self, path: str) -> None:
        """
        Neither HTTPS nor Transfer deletes a folder without a task.

        :raises NotImplementedError: always
        """
        raise NotImplementedError("delete folders with a task: TransferClient.submit_delete")

    def mv(self, path1: str, path2: str, **options: t.Any) -> None:
        """
        Rename a file or folder within its collection.

        :param path1: the path or URL
        :param path2: the new one, in the same collection
        :raises GlobusSDKUsageError: if that is in another collection
        """
        collection, inside = self._split(path1)
        other, target = self._split(path2)
        if other != collection:
            raise GlobusSDKUsageError("a file is renamed within its collection; use a transfer")
        self._asked(path1, self._transfer.operation_rename, collection, inside, target)

    # content, over HTTPS

    def _open(self, path: str, mode: str = "rb", **options: t.Any) -> t.Any:
        files, inside = self._files(path)
        # what is written is sent when the file is closed, which is too late to make folders
        if self.auto_mkdir and mode[:1] in ("w", "x") and not self.isdir(self._parent(path)):
            self.makedirs(self._parent(path), exist_ok=True)
        return files.open(inside, mode)

    def cat_file(
        self, path: str, start: int | None = None, end: int | None = None, **options: t.Any
    ) -> bytes:
        """
        A file, or a part of it, in memory.

        :param path: the path or URL
        :param start: the first byte; negative counts from the end, None is the start
        :param end: the byte after the last one; negative counts from the end, None is the end
        """
        files, inside = self._files(path)
        if (start or 0) < 0 or (end or 0) < 0:
            size = files.file_info(inside).size or 0
            start = max(0, size + start) if start is not None and start < 0 else start
            end = max(0, size + end) if end is not None and end < 0 else end
        if end is not None and end <= (start or 0):
            return b""
        return files.read(inside, start or 0, end)

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **options: t.Any) -> None:
        """
        Store bytes as a file.

        :param path: the path or URL
        :param value: the bytes
        :param mode: ``overwrite``, or ``create`` for a file that must not exist
        """
        files, inside = self._files(path)

        def send() -> None:
            with files.open(inside, "xb" if mode == "create" else "wb") as file:
                file.write(value)

        self._with_folders(path, send)

    def get_file(self, rpath: str, lpath: t.Any, **options: t.Any) -> None:
        """
        Fetch a file; a folder is made.

        :param rpath: the path or URL
        :param lpath: the place on this machine
        """
        if self.isdir(rpath):
            os.makedirs(lpath, exist_ok=True)
            return
        files, inside = self._files(rpath)
        parent = os.path.dirname(os.fspath(lpath))
        if parent:
            os.makedirs(parent, exist_ok=True)
        files.download(inside, lpath)

    def put_file(self, lpath: t.Any, rpath: str, **options: t.Any) -> None:
        """
        Send a file; for a folder, one is made.

        :param lpath: the file on this machine
        :param rpath: the path or URL
        """
        if os.path.isdir(lpath):
            self.makedirs(rpath, exist_ok=True)
            return
        files, inside = self._files(rpath)
        self._with_folders(rpath, lambda: files.upload(lpath, inside))

    def rm_file(self, path: str) -> None:
        """
        Delete a file.

        :param path: the path or URL
        """
        files, inside = self._files(path)
        files.delete(inside)

    _rm = rm_file

    # what both need

    def _split(self, path: str) -> tuple[str, str]:
        collection, _, inside = self._strip_protocol(path).partition("/")
        if not collection:
            raise GlobusSDKUsageError(f"no collection in {path!r}: globus://<collection id>/path")
        return collection, f"/{inside}"

    def _with_folders(self, path: str, send: t.Callable[[], object]) -> None:
        """Send a file; again after making the folders above it if there were none."""
        try:
            send()
            return
        except MissingFileError:
            if not self.auto_mkdir:
                raise
        self.makedirs(self._parent(path), exist_ok=True)
        send()

    def _files(self, path: str) -> tuple[GCSCollectionClient, str]:
        """The client of a path's collection, and the path there."""
        collection, inside = self._split(path)
        known = self._collections.get(collection)
        if known is None:  # of two threads that ask at once, the first one's client stays
            known = self._collections.setdefault(collection, self._made(collection, path))
        return known, inside

    def _made(self, collection: str, path: str) -> GCSCollectionClient:
        document = self._asked(path, self._transfer.get_endpoint, collection).data
        return GCSCollectionClient.of_collection(document, app=self.app)

    def _entries(self, path: str) -> list[Details]:
        collection, inside = self._split(path)
        listed = self._asked(path, self._transfer.operation_ls, collection, inside)
        above = self._strip_protocol(path)
        return [self._details(f"{above}/{each['name']}", each) for each in listed]

    def _details(self, name: str, document: t.Mapping[str, t.Any]) -> Details:
        kind = {"file": "file", "dir": "directory"}.get(document["type"], "other")
        return {
            "name": name,
            "size": document.get("size") or 0,
            "type": kind,
            "last_modified": document.get("last_modified"),
            "permissions": document.get("permissions"),
        }

    def _asked(self, path: str, method: t.Callable[..., t.Any], *arguments: str) -> t.Any:
        """Ask Transfer, and raise what Python's own functions for files would."""
        try:
            return method(*arguments)
        except GlobusAPIError as error:
            if error.code in _MISSING or error.http_status == 404:
                raise MissingFileError(f"there is no {path!r}", path) from error
            if error.code == "ExternalError.MkdirFailed.Exists":
                raise FileExistsError(17, "it exists", path) from error
            raise
