"""
Preparing requests: by requests itself, or at once where there is nothing to work out.

Most requests have a plain URL, plain headers and a body that is bytes already; what requests
does for all others would cost as much again as sending them.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

import requests
from requests.cookies import RequestsCookieJar

from globus_core._origins import origin

from ._headers import case_insensitive, is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

# What requests would leave as it is: lower case, no user, no percent, no dot segment.
_PLAIN_URL = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
    r"(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}))?"
    r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~!$&'()*+,;=:@-]*)*/?",
)
_NO_COOKIES = RequestsCookieJar()


def prepare(request: requests.Request) -> requests.PreparedRequest:
    """
    Prepare a request, just as requests does.

    :param request: the request
    :raises GlobusSDKUsageError: if a header cannot be sent
    :raises NetworkError: if the URL is not valid
    """
    try:
        prepared = _at_once(request)
        if prepared is not None:
            return prepared
        prepared = _by_requests(request)
        if not any(map(_breaks_line, prepared.headers.values())):
            return prepared
    except requests.exceptions.InvalidHeader:
        pass  # its message shows the value, which may be a secret, so it must not be the context
    except requests.RequestException as error:
        from globus_core.exc import convert_request_exception

        raise convert_request_exception(error) from error
    from globus_core.exc import GlobusSDKUsageError

    raise GlobusSDKUsageError(
        "a header of the request is not valid; names and values must be strings without line "
        "breaks or leading spaces"
    )


def _by_requests(request: requests.Request) -> requests.PreparedRequest:
    if " " in origin(str(request.url).strip()):  # which urllib3 did not always notice
        raise requests.exceptions.InvalidURL("a host has no blanks", request=request)
    return request.prepare()


def _breaks_line(value: t.Any) -> bool:
    """Whether a header has a line break, of which some versions of requests let one pass."""
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return "\n" in text or "\r" in text


def _at_once(request: requests.Request) -> requests.PreparedRequest | None:
    """The request prepared, or None where requests is needed for it."""
    method, body = request.method, request.data or None
    if not isinstance(method, str) or not (body is None or isinstance(body, bytes)):
        return None
    if request.auth or request.cookies or request.files or request.json is not None:
        return None
    url = _plain_url(request.url, request.params)
    if url is None or not all(map(is_plain, request.headers, request.headers.values())):
        return None
    prepared = requests.PreparedRequest()
    prepared.method = method.upper()
    prepared.url = url
    prepared.headers = case_insensitive(request.headers.items())
    prepared.body = body
    prepared.hooks = request.hooks
    vars(prepared)["_cookies"] = _NO_COOKIES
    if body is not None:
        prepared.headers["Content-Length"] = str(len(body))
    elif prepared.method not in ("GET", "HEAD") and "Content-Length" not in prepared.headers:
        prepared.headers["Content-Length"] = "0"
    return prepared


def _plain_url(given: t.Any, params: t.Any) -> str | None:
    if not isinstance(given, str) or not isinstance(params, dict):
        return None
    url = str(given)
    if not _PLAIN_URL.fullmatch(url):
        return None
    if url.count("/") == 2:
        url += "/"
    if not params:
        return url
    if not all(isinstance(value, (str, int, float)) for value in params.values()):
        return None
    query: str = urlencode(params)
    return f"{url}?{query}"
