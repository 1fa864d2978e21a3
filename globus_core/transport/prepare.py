"""
From a request to one that may be sent: no header that cannot go, no credentials in the clear.
"""

from __future__ import annotations

import copy

import requests

from globus_core._origins import is_loopback, origin
from globus_core.exc.base import GlobusSDKUsageError

from .streams import StreamedBody, attach_body

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .caller_info import RequestCallerInfo

    Shortcut = t.Callable[[requests.Request], requests.PreparedRequest | None]


def prepare(request: requests.Request, shortcut: Shortcut | None) -> requests.PreparedRequest:
    """
    Prepare a request, just as requests does.

    :param request: the request
    :param shortcut: prepares most requests faster; None leaves all of them to requests
    :raises GlobusSDKUsageError: if a header cannot be sent
    :raises NetworkError: if the URL is not valid
    """
    body = request.data
    if isinstance(body, StreamedBody):
        request = copy.copy(request)
        request.data = None
        prepared = _prepare(request, shortcut)
        attach_body(prepared, body)
        return prepared
    return _prepare(request, shortcut)


def _prepare(request: requests.Request, shortcut: Shortcut | None) -> requests.PreparedRequest:
    try:
        prepared = None if shortcut is None else shortcut(request)
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


def authorize(prepared: requests.PreparedRequest, caller: RequestCallerInfo) -> str | None:
    """
    Put the Authorization header on, unless anybody on the way could read it.

    :param prepared: the request
    :param caller: whose authorizer is asked
    :return: the header that is sent, or None
    :raises GlobusSDKUsageError: if it would go over plain http to another machine, or cannot go
    """
    if caller.authorizer is not None:
        header = caller.authorizer.get_authorization_header()
        if header is None:
            prepared.headers.pop("Authorization", None)
        else:
            prepared.headers["Authorization"] = _checked(header)
    sent: t.Any = prepared.headers.get("Authorization")
    if sent is not None or caller.single_use:
        _refuse_plain_http(prepared.url or "")
    return None if sent is None else str(sent)


def _checked(header: str) -> str:
    """The header, unless http.client would refuse it, with its value in the message."""
    if header.isascii() and header.isprintable():
        return header
    raise GlobusSDKUsageError(
        "the token or secret has a character that no header can carry, such as a line break; "
        "was it read from a file without strip()?"
    )


def _refuse_plain_http(url: str) -> None:
    if not url.startswith("http://") or is_loopback(url):
        return
    raise GlobusSDKUsageError(
        f"credentials are not sent over plain http to {origin(url)!r}; use https"
    )
