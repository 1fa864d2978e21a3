"""
Connections that write the head of a request at once, and wrap a response without more copies.

Replaces ``request`` and ``putheader`` of urllib3's connections, which check each header four times
(saves 2 % of what requests spends on a GET); ``getresponse``, which copies the headers of a
response one by one (3 %); and a look at each character of a query that is encoded already, a
quarter of what a look-up of a hundred ids takes.
"""

from __future__ import annotations

import http.client
import re
from http.client import HTTPMessage, ResponseNotReady

import urllib3.connection
from urllib3 import HTTPHeaderDict
from urllib3.connection import _ResponseOptions
from urllib3.exceptions import HeaderParsingError
from urllib3.response import HTTPResponse
from urllib3.util.request import SKIP_HEADER
from urllib3.util.response import assert_header_parsing

from globus_core.transport.adapter import Connection, Pool, SecureConnection, SecurePool
from globus_core.transport.light_objects import LightHeaders

from .head import FastResponse, Head

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_PLAIN_LINE = re.compile(rf"[A-Za-z][!-9;-~]*: (?!{SKIP_HEADER})[ -~]*").fullmatch
_ENCODED = re.compile(r"[\w.~&=+-]*(?:%[0-9A-F]{2}[\w.~&=+-]*)*", re.ASCII)

#: the fields of a head, without its folded lines where urllib3 knows of them
_items = getattr(urllib3.connection, "_normalize_header_values", HTTPMessage.items)


class _AtOnce:
    """
    Sends and receives plain heads at once, and leaves others to urllib3.
    """

    response_class: t.Any = FastResponse

    sock: t.Any
    timeout: t.Any
    _response_options: t.Any

    def request(
        self,
        method: str,
        url: str,
        body: t.Any = None,
        headers: t.Any = None,
        *,
        chunked: bool = False,
        preload_content: bool = True,
        decode_content: bool = True,
        enforce_content_length: bool = True,
    ) -> None:
        options = (preload_content, decode_content, enforce_content_length)
        lines = None if chunked else _plain_lines(method, body, headers)
        if lines is None:
            named = dict(zip(_ResponseOptions._fields[2:], options, strict=True))
            super().request(method, url, body, headers, chunked=chunked, **named)  # type: ignore[misc]
            return
        if self.sock is not None:
            self.sock.settimeout(self.timeout)
        self._response_options = _ResponseOptions(method, url, *options)
        connection: t.Any = self
        connection.putrequest(method, url, skip_host="host" in headers, skip_accept_encoding=True)
        connection._output(lines)
        connection.endheaders(body)

    def putheader(self, header: t.Any, *values: t.Any) -> None:
        value = values[0] if len(values) == 1 else None
        if isinstance(value, bytes):
            value = value.decode("latin-1")
        if isinstance(header, str) and isinstance(value, str) and ":" not in header:
            line = f"{header}: {value}"
            if _PLAIN_LINE(line):
                self._output(line.encode())  # type: ignore[attr-defined]
                return
        super().putheader(header, *values)  # type: ignore[misc]

    def getresponse(self) -> t.Any:
        options, self._response_options = self._response_options, None
        if options is None:
            raise ResponseNotReady
        self.sock.settimeout(self.timeout)
        sock = self.sock  # the connection may be closed after the head
        received = http.client.HTTPConnection.getresponse(self)  # type: ignore[arg-type]
        return HTTPResponse(
            body=received,
            headers=_fields(received.msg),
            status=received.status,
            version=received.version,
            version_string=getattr(self, "_http_vsn_str", "HTTP/?"),
            reason=received.reason,
            preload_content=options.preload_content,
            decode_content=options.decode_content,
            original_response=received,
            enforce_content_length=options.enforce_content_length,
            request_method=options.request_method,
            request_url=options.request_url,
            sock_shutdown=sock.shutdown,
        )


def _plain_lines(method: str, body: t.Any, given: t.Any) -> bytes | None:
    """The lines of all headers but ``Host``, without the last line break, if they are plain."""
    if type(given) is not LightHeaders:
        return None
    headers: dict[str, tuple[str, str]] = vars(given)["_store"]
    framed = "content-length" in headers or (body is None and method in ("GET", "HEAD"))
    if not framed or "user-agent" not in headers or not isinstance(body, (bytes, type(None))):
        return None
    try:
        lines = [name + ": " + value for name, value in headers.values()]
        names = "".join(headers)
    except TypeError:  # a tracer may have added one as bytes
        return None
    if ":" in names or not all(map(_PLAIN_LINE, lines)):
        return None
    if "accept-encoding" not in headers:
        lines.append("Accept-Encoding: identity")
    return "\r\n".join(lines).encode()


def _fields(head: HTTPMessage) -> HTTPHeaderDict:
    """The fields of a head as urllib3 has them."""
    if type(head) is Head:
        return head.fields
    try:
        assert_header_parsing(head)
    except (HeaderParsingError, TypeError) as error:
        urllib3.connection.log.warning("Failed to parse headers: %s", error, exc_info=True)
    return HTTPHeaderDict(_items(head))


class _EncodedQueries:
    """
    Sends a query that is encoded already as it is.
    """

    def urlopen(self, method: str, url: str, *args: t.Any, **options: t.Any) -> t.Any:
        path, _, query = url.partition("?")
        if query and _ENCODED.fullmatch(query):
            url, options["query"] = path, query
        return super().urlopen(method, url, *args, **options)  # type: ignore[misc]

    def _make_request(
        self, conn: t.Any, method: str, url: str, *args: t.Any, query: str = "", **options: t.Any
    ) -> t.Any:
        target = f"{url}?{query}" if query else url
        return super()._make_request(conn, method, target, *args, **options)  # type: ignore[misc]


class FastConnection(_AtOnce, Connection):  # type: ignore[misc]  # its request is urllib3's
    """
    A connection with these shortcuts.
    """


class FastSecureConnection(_AtOnce, SecureConnection):  # type: ignore[misc]
    """
    The same over TLS.
    """


class FastPool(_EncodedQueries, Pool):
    """
    The connections to one origin.
    """

    ConnectionCls = FastConnection


class FastSecurePool(_EncodedQueries, SecurePool):
    """
    The same over TLS.
    """

    ConnectionCls = FastSecureConnection
