"""The files of one collection over HTTPS."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import typing as t
from email.utils import formatdate

from flask import Response, request

from globus_core.scopes import GCSCollectionScopes
from globus_core.testing.sandbox import ApiError, Caller, Collection, Route, routes

from . import answers
from .server import Server

_BLOCK = 256 * 1024
_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")
_DIGITS = 18
_LOGIN = "https://auth.globus.org/v2/oauth2/authorize"


class FileApi:
    """
    Serves the files of a collection.

    :param server: the endpoint
    :param collection_id: the collection
    """

    def __init__(self, server: Server, collection_id: str) -> None:
        self._server = server
        self._id = collection_id

    def routes(self) -> list[Route]:
        """The routes."""
        return routes(
            ("GET", "/<path:name>", self.get),
            ("HEAD", "/<path:name>", self.get),
            ("PUT", "/<path:name>", self.put),
            ("DELETE", "/<path:name>", self.delete),
        )

    def get(self, name: str) -> Response:
        """
        A file, or a part of it.

        :param name: its path
        """
        if "Authorization" not in request.headers and not _is_program():
            return self._to_login()
        local = self._local(name, "r")
        try:
            # closed when the response was sent; opening a pipe would wait for a writer
            file = open(local, "rb", opener=_without_waiting)  # noqa: SIM115
        except OSError as error:
            raise _translated(error, name) from error
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            file.close()
            raise answers.missing(f"file {name!r}")
        headers = {
            "Accept-Ranges": "bytes",
            "ETag": f'"{found.st_mtime_ns:x}-{found.st_size:x}"',
            "Last-Modified": formatdate(found.st_mtime, usegmt=True),
        }
        try:
            start, end = self._range(found.st_size, headers["ETag"])
        except ApiError:
            file.close()
            raise
        status = 200
        if (start, end) != (0, found.st_size):
            status = 206
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.st_size}"
        response = Response(
            _pieces(file, start, end), status, headers, mimetype="application/octet-stream"
        )
        response.headers["Content-Length"] = str(end - start)
        response.call_on_close(file.close)
        return response

    def put(self, name: str) -> Response:
        """
        Store a file; it appears when it is whole.

        :param name: its path
        """
        local = self._local(name, "rw")
        if os.path.isdir(local):
            raise answers.denied(f"{name!r} is a folder")
        beside = os.path.join(os.path.dirname(local), f".{secrets.token_hex(8)}.uploading")
        is_new = not os.path.exists(local)
        try:
            with open(beside, "xb") as file:
                while piece := request.stream.read(_BLOCK):
                    file.write(piece)
            os.replace(beside, local)
        except OSError as error:
            raise _translated(error, name) from error
        finally:
            with contextlib.suppress(OSError):
                os.unlink(beside)
        return Response(status=201 if is_new else 200)

    def delete(self, name: str) -> Response:
        """
        Delete a file.

        :param name: its path
        """
        try:
            os.unlink(self._local(name, "rw", follow=False))
        except OSError as error:
            raise _translated(error, name) from error
        return Response(status=200)

    def _local(self, name: str, wanted: str, *, follow: bool = True) -> str:
        """The local path of a file that the caller may use."""
        collection = self._server.collection(self._id)
        self._check(collection, name, wanted)
        root = os.path.realpath(collection.root)
        parts = name.split("/")
        if "\0" in name or ".." in parts:
            raise answers.denied(f"the path {name!r} leads out of the collection")
        local = os.path.join(root, *filter(None, parts))
        checked = os.path.realpath(local if follow else os.path.dirname(local))
        if not (checked + os.sep).startswith(os.path.join(root, "")):
            raise answers.denied(f"the path {name!r} leads out of the collection")
        return local

    def _check(self, collection: Collection, name: str, wanted: str) -> None:
        scopes = GCSCollectionScopes(collection.id)
        caller = self._server.world.caller(collection.id, [str(scopes.https)])
        if collection.kind == "mapped":
            self._check_consent(caller, collection)
            return
        permissions = self._server.world.permissions
        if permissions is None or not permissions.permits(caller, collection, f"/{name}", wanted):
            raise answers.denied(f"no permission for {name!r}")

    def _check_consent(self, caller: Caller, collection: Collection) -> None:
        scopes = GCSCollectionScopes(collection.id)
        needed = str(scopes.data_access)
        if collection.high_assurance or needed in caller.scopes | caller.dependent_scopes:
            return
        raise ApiError(
            403,
            f"a consent for data access on {collection.id} is required",
            code="ConsentRequired",
            extra={"required_scopes": [str(scopes.https), needed]},
        )

    def _range(self, size: int, etag: str) -> tuple[int, int]:
        """The first byte, and the one after the last, that the request asks for."""
        found = _RANGE.fullmatch(request.headers.get("Range", ""))
        if found is None or request.headers.get("If-Range", etag) != etag:
            return 0, size
        first, last = found.groups()
        if not first and not last:
            return 0, size
        if not first:
            start, end = max(0, size - _number(last)), size
        else:
            start, end = _number(first), min(_number(last) + 1 if last else size, size)
        if start >= size or start >= end:
            raise ApiError(416, f"the file has {size} bytes", code="range_not_satisfiable")
        return start, end

    def _to_login(self) -> Response:
        """Where a browser without a token is sent."""
        location = f"{_LOGIN}?client_id={self._id}&response_type=code"
        return Response(status=302, headers={"Location": location})


def _is_program() -> bool:
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"


def _number(digits: str) -> int:
    """A number in a range; one with too many digits to convert is beyond every file as well."""
    return int(digits.lstrip("0")[:_DIGITS] or 0)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _pieces(file: t.BinaryIO, start: int, end: int) -> t.Iterator[bytes]:
    file.seek(start)
    left = end - start
    while left and (piece := file.read(min(_BLOCK, left))):
        left -= len(piece)
        yield piece


def _translated(error: OSError, name: str) -> ApiError:
    if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
        return answers.bad(f"{name[:100]!r}: {error.strerror}")
    if isinstance(error, (FileNotFoundError, NotADirectoryError, IsADirectoryError)):
        return answers.missing(f"file {name!r}")
    if isinstance(error, PermissionError):
        return answers.denied(f"no permission for {name!r}")
    return ApiError(500, f"{name!r}: {error.strerror}", code="internal_error")
