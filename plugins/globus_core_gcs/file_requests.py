"""
Requests for one file of a collection.
"""

from __future__ import annotations

from globus_core import BaseClient
from globus_core.arguments import check_numbers
from globus_core.documents import file_path
from globus_core.exc import GlobusSDKUsageError
from globus_core.origins import origin

from .errors import GCSAPIError
from .file_errors import CollectionFileError, MissingFileError
from .file_facts import FileFacts

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.response import GlobusHTTPResponse

#: A range is one of the bytes as they are stored. The last header makes the server answer 401
#: where it would send a browser to a login page.
_HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "X-Requested-With": "XMLHttpRequest",
}


def send(
    client: BaseClient,
    method: str,
    path: str,
    *,
    headers: t.Mapping[str, str] | None = None,
    **options: t.Any,
) -> GlobusHTTPResponse:
    """
    Send a request for a file.

    :param client: the client of the collection
    :param method: the HTTP method
    :param path: the path on the collection
    :param headers: further headers
    :param options: further arguments of :meth:`BaseClient.request`
    :raises MissingFileError: if there is no such file
    :raises CollectionFileError: if the server sends the client elsewhere, which is not followed
    :raises GlobusAPIError: for any other error response
    :raises NetworkError: if no answer came
    """
    check_file_name(path)
    try:
        response = client.request(
            method,
            file_path(f"/{path.lstrip('/')}"),
            headers={**_HEADERS, **(headers or {})},
            allow_redirects=False,
            **options,
        )
    except GCSAPIError as error:
        if error.http_status != 404:
            raise
        raise MissingFileError(f"there is no file {path!r} on the collection", path) from error
    if 300 <= response.http_status < 400:
        response.close()
        raise _sent_elsewhere(client, response, path)
    return response


def facts_of(response: GlobusHTTPResponse) -> FileFacts:
    """
    What a response says about the file.

    :param response: the response
    """
    return FileFacts(response.headers, response.http_status)


def file_info(client: BaseClient, path: str) -> FileFacts:
    """
    Ask for what a server says about a file.

    :param client: the client of the collection
    :param path: the path
    :raises MissingFileError: if there is no such file
    """
    try:
        with send(client, "HEAD", path) as response:
            return facts_of(response)
    except GCSAPIError as error:
        if error.http_status not in (401, 403):
            raise
    # A response to HEAD has no body, which would say what login or consent is missing.
    try:
        with send(client, "GET", path, headers={"Range": "bytes=0-0"}, stream=True) as response:
            return facts_of(response)
    except GCSAPIError as error:
        if error.http_status != 416:  # an empty file has no first byte
            raise
    return FileFacts({"Content-Length": "0"}, 200)


def exists(client: BaseClient, path: str) -> bool:
    """
    Whether a file is on a collection.

    :param client: the client of the collection
    :param path: the path
    """
    try:
        file_info(client, path)
    except MissingFileError:
        return False
    return True


def read_range(client: BaseClient, path: str, start: int, end: int | None) -> bytes:
    """
    A part of a file, in memory.

    :param client: the client of the collection
    :param path: the path
    :param start: the first byte
    :param end: the byte after the last one; None means the end of the file
    :raises GlobusSDKUsageError: if the range is none
    :raises MissingFileError: if there is no such file
    """
    check_numbers(start=start, end=end)
    if start < 0 or (end is not None and end < start):
        raise GlobusSDKUsageError(f"no range of a file: from {start!r} to {end!r}")
    if start == end:
        check_file_name(path)
        return b""
    headers = {}
    if start or end is not None:
        headers["Range"] = f"bytes={start}-{'' if end is None else end - 1}"
    try:
        response = send(client, "GET", path, headers=headers)
    except GCSAPIError as error:
        if error.http_status == 416:  # it begins behind the end of the file
            return b""
        raise
    body = response.binary_content
    # a server without ranges sends all of it
    skipped = start if facts_of(response).start == 0 and response.http_status == 200 else 0
    return body[skipped:] if end is None else body[skipped : skipped + end - start]


def check_file_name(path: object) -> None:
    """
    Refuse what is no path of a file.

    :param path: the path
    :raises GlobusSDKUsageError: if it is not text, or names a folder
    """
    if not isinstance(path, str):
        raise GlobusSDKUsageError(f"'path' must be text, not {type(path).__name__}")
    if not path.strip("/") or path.endswith("/"):
        raise GlobusSDKUsageError(f"'path' must be that of a file, not {path!r}")


def _sent_elsewhere(
    client: BaseClient, response: GlobusHTTPResponse, path: str
) -> CollectionFileError:
    target = response.headers.get("Location", "")
    there = origin(target) if "://" in target else "another path"
    error = CollectionFileError(
        f"the server of the collection answered {response.http_status} for {path!r} and sends the "
        f"client to {there}, which is not followed",
        path,
    )
    error.advice = f"check that {origin(client.base_url)} is the HTTPS server of the collection"
    return error
