"""The operations on files that are answered at once: list, stat, make a folder, rename."""

from __future__ import annotations

import contextlib
import os
import typing as t

from flask import request

from globus_core.testing.sandbox import ApiError, Collection, Route, routes

from . import answers, filters
from .access import Access
from .disk import Disk

#: the largest number of entries in one listing, and how many it has if none is asked for
MOST_ENTRIES = 100_000


class Operations:
    """
    Lists and changes the files of collections.

    :param access: who may do what
    """

    def __init__(self, access: Access) -> None:
        self._access = access

    def routes(self) -> list[Route]:
        """
        The routes of these operations.
        """
        return routes(
            ("GET", "/ls", self.list_folder),
            ("GET", "/stat", self.stat),
            ("POST", "/mkdir", self.make_folder),
            ("POST", "/rename", self.rename),
            prefix="/v0.10/operation/endpoint/<collection_id>",
        )

    def list_folder(self, collection_id: str) -> dict[str, t.Any]:
        """
        A folder's entries.

        :param collection_id: the collection
        """
        disk, path = self._open(collection_id, request.args.get("path", ""), "r", "DirListing")
        limit = answers.number("limit", MOST_ENTRIES, MOST_ENTRIES)
        offset = answers.number("offset", 0, 10**12)
        wanted = filters.parse(request.args.getlist("filter"), filters.FILES)
        hidden = answers.flag("show_hidden", True)
        with _refusals("DirListing", path):
            local = disk.local(path)
            found = [
                document
                for name in sorted(os.listdir(local))
                if (hidden or not name.startswith("."))
                and (document := _entry(disk, local, name)) is not None
                and wanted(document)
            ]
        orderby = request.args.get("orderby", "name")
        page = filters.in_order(found, orderby, filters.FILES)[offset : offset + limit]
        return {
            "DATA_TYPE": "file_list",
            "DATA": page,
            "endpoint": disk.collection.id,
            "path": _folder(path),
            "absolute_path": _folder(disk.normal(path)),
            "length": len(page),
            "total": len(found),
            "offset": offset,
            "limit": limit,
            "rename_supported": True,
            "symlink_supported": True,
        }

    def stat(self, collection_id: str) -> dict[str, t.Any]:
        """
        One file or folder.

        :param collection_id: the collection
        """
        disk, path = self._open(collection_id, request.args.get("path", ""), "r", "Stat")
        normal = disk.normal(path)
        with _refusals("Stat", path):
            return disk.document(disk.local(path), os.path.basename(normal) or "/")

    def make_folder(self, collection_id: str) -> tuple[dict[str, t.Any], int]:
        """
        Make a folder.

        :param collection_id: the collection
        """
        given = answers.text(answers.body("mkdir"), "path")
        disk, path = self._open(collection_id, given, "rw", "Mkdir")
        with _refusals("Mkdir", path):
            os.mkdir(disk.local(path))
        message = "The directory was created successfully"
        return answers.result("DirectoryCreated", message, DATA_TYPE="mkdir_result"), 202

    def rename(self, collection_id: str) -> dict[str, t.Any]:
        """
        Give a file or folder another path.

        :param collection_id: the collection
        """
        document = answers.body("rename")
        disk, old = self._open(collection_id, answers.text(document, "old_path"), "rw", "Rename")
        _, new = self._open(collection_id, answers.text(document, "new_path"), "rw", "Rename")
        source, target = disk.local(old, follow=False), disk.local(new, follow=False)
        with _refusals("Rename", new):
            if os.path.lexists(target):
                raise FileExistsError(new)
        with _refusals("Rename", old):
            os.rename(source, target)
        return answers.result("FileRenamed", "File or directory renamed successfully")

    def _open(self, collection_id: str, path: str, wanted: str, what: str) -> tuple[Disk, str]:
        caller = self._access.caller()
        collection = self._access.find(collection_id)
        path = path or f"{collection.default_directory.rstrip('/')}/"
        disk = self._access.open(caller, collection, path, wanted)
        self._check_connection(collection, what)
        return disk, path

    def _check_connection(self, collection: Collection, what: str) -> None:
        if not self._access.condition(collection).is_connected:
            code = f"ExternalError.{what}Failed.GCDisconnected"
            raise ApiError(502, f"{collection.name} is not connected to Globus", code=code)


def _entry(disk: Disk, folder: str, name: str) -> dict[str, t.Any] | None:
    try:
        return disk.document(os.path.join(folder, name), name)
    except FileNotFoundError:  # removed since the folder was read
        return None


def _folder(path: str) -> str:
    return path if path.endswith("/") else f"{path}/"


@contextlib.contextmanager
def _refusals(what: str, path: str) -> t.Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise answers.missing(f"{path!r} does not exist") from error
    except PermissionError as error:
        raise answers.denied(f"no permission for {path!r}") from error
    except FileExistsError as error:
        code = f"ExternalError.{what}Failed.Exists"
        raise ApiError(502, f"{path!r} exists already", code=code) from error
    except NotADirectoryError as error:
        code = f"ExternalError.{what}Failed.NotDirectory"
        raise ApiError(502, f"{path!r} is not a folder", code=code) from error
    except OSError as error:
        code = f"ExternalError.{what}Failed"
        raise ApiError(502, f"{path!r}: {error.strerror}", code=code) from error
