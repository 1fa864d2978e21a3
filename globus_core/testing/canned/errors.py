"""
Errors for tests, as a client raises them for a response.
"""

from __future__ import annotations

import json

from globus_core.exc import GlobusAPIError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    ErrorT = t.TypeVar("ErrorT", bound=GlobusAPIError)

    Body = bytes | str | dict[str, t.Any]


def construct_error(
    *,
    http_status: int,
    body: Body,
    error_class: type[ErrorT] | type[GlobusAPIError] = GlobusAPIError,
    method: str = "GET",
    response_headers: dict[str, str] | None = None,
    request_headers: dict[str, str] | None = None,
    response_encoding: str = "utf-8",
    url: str = "https://bogus-url/",
) -> ErrorT | GlobusAPIError:
    """
    Make an error as a client raises it, without a request.

    :param http_status: the response's HTTP status
    :param body: the response's body; a dict is sent as JSON
    :param error_class: the client's error class
    :param method: the request's HTTP method
    :param response_headers: the response's headers; None names the type of a JSON body only
    :param request_headers: the request's headers
    :param response_encoding: the encoding of a body that is no bytes
    :param url: the request's URL
    """
    import http.client

    import requests

    headers = response_headers or {}
    if isinstance(body, dict):
        headers = {"Content-Type": "application/json"} | headers
    made = requests.Response()
    made.status_code = http_status
    made.headers.update(headers)
    made.encoding = response_encoding
    made._content = _as_bytes(body, response_encoding)
    made.url = url
    made.reason = http.client.responses.get(http_status, "")
    made.request = requests.Request(method, url, headers=request_headers or {}).prepare()
    return error_class(made)


def _as_bytes(body: Body, encoding: str) -> bytes:
    if isinstance(body, bytes):
        return body
    text = json.dumps(body) if isinstance(body, dict) else body
    return text.encode(encoding)
