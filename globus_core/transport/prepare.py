"""
Preparing and authorizing a request: no invalid header, no credentials in clear text.
"""

from __future__ import annotations

import copy
import functools

import requests

from globus_core.exc.base import GlobusSDKUsageError
from globus_core.origins import is_loopback, origin

from .streamed_bodies import StreamedBody, attach_body
from .unsendable import check_method, is_header, refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .caller_info import RequestCallerInfo

    Shortcut = t.Callable[[requests.Request], requests.PreparedRequest | None]


def prepare(request: requests.Request, shortcut: Shortcut | None) -> requests.PreparedRequest:
    """
    Prepare a request as requests does.

    :param request: the request
    :param shortcut: prepares most requests faster; None leaves all of them to requests
    :raises GlobusSDKUsageError: if a text or a header cannot be sent
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
    check_method(request.method)
    try:
        prepared = None if shortcut is None else shortcut(request)
        if prepared is not None:
            return prepared
        prepared = _by_requests(request)
        if all(map(is_header, prepared.headers, prepared.headers.values())):
            return prepared
    except (requests.exceptions.InvalidHeader, UnicodeEncodeError):
        pass  # must not become the context: its message contains the value, maybe a secret
    except requests.RequestException as error:
        from globus_core.exc import convert_request_exception

        raise convert_request_exception(error) from error
    raise refusal(request)


def _by_requests(request: requests.Request) -> requests.PreparedRequest:
    url = str(request.url)
    url.encode()  # requests lets lone surrogates pass
    if " " in origin(url.strip()):  # some versions of urllib3 do not notice
        raise requests.exceptions.InvalidURL("a host must not contain spaces", request=request)
    return request.prepare()


def authorize(prepared: requests.PreparedRequest, caller: RequestCallerInfo) -> str | None:
    """
    Add the Authorization header, unless it could be read on the way.

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


def _checked(header: t.Any) -> str:
    """The header, unless http.client would refuse it with the value in its message."""
    if not isinstance(header, str):
        kind = type(header).__name__
        raise GlobusSDKUsageError(f"an authorizer must give its header as str or None, not {kind}")
    if header.isascii() and header.isprintable():
        return str(header)
    raise GlobusSDKUsageError(
        "the token or secret has a character that is not allowed in a header, such as a line "
        "break; was it read from a file without strip()?"
    )


def _refuse_plain_http(url: str) -> None:
    if not url.startswith("http://") or _is_loopback(url[: url.find("/", len("http://")) + 1]):
        return
    raise GlobusSDKUsageError(
        f"credentials are not sent over plain http to {origin(url)!r}; use https"
    )


@functools.lru_cache(maxsize=64)
def _is_loopback(address: str) -> bool:
    """Whether a URL up to the slash after its host names this machine; asked for each request."""
    return is_loopback(address)
