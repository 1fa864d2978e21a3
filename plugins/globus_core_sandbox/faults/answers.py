"""The responses of faults: bodies, redirects, and Retry-After in all its forms."""

from __future__ import annotations

import json
import struct
import typing as t
import zlib
from email.utils import formatdate
from urllib.parse import quote

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request, Response

from globus_core.testing.sandbox import error_document

from .queue import Fault

_BLOCK = 1_000_000
# RFC 1952, 2.3: deflate, no flags, no time, best compression, unknown system.
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


def faulty_answer(fault: Fault) -> Response:
    """
    The response that replaces the real one, without the fault's headers.

    :param fault: a fault with a status
    """
    content, mimetype = _content(fault)
    return Response(content, fault.status, mimetype=mimetype)


def faulty_headers(
    given: list[tuple[str, str]], fault: Fault, request: Request, now: float
) -> list[tuple[str, str]]:
    """
    The headers of a response, with those of a fault exactly as ordered.

    :param given: the headers of the response
    :param fault: the fault
    :param request: the request that it applies to
    :param now: the sandbox's time, in UTC epoch seconds
    """
    headers = Headers(given)
    if fault.inflates_to is not None:
        headers["Content-Encoding"] = "gzip"
    if fault.redirect_to is not None:
        headers["Location"] = _location(fault.redirect_to, request)
    if fault.retry_after is not None:
        headers["Retry-After"] = str(fault.retry_after)
    if fault.retry_after_date is not None:
        headers["Retry-After"] = formatdate(int(now) + fault.retry_after_date, usegmt=True)
    for name, value in fault.headers.items():
        headers[name] = str(value)
    return headers.to_wsgi_list()


def _content(fault: Fault) -> tuple[str | bytes, str]:
    if fault.inflates_to is not None:
        return gzip_bomb(fault.inflates_to), "application/json"
    if fault.redirect_to is not None:
        return b"", "text/plain"
    if isinstance(fault.body, bytes):
        return fault.body, "application/octet-stream"
    if isinstance(fault.body, str):
        return fault.body, "text/html" if fault.body.lstrip().startswith("<") else "text/plain"
    document = fault.body
    if document is None:
        document = error_document(t.cast("int", fault.status), "Fault on order")
    return json.dumps(document), "application/json"


def _location(target: str, request: Request) -> str:
    path = quote(request.path, safe="/:@!$&'()*+,;=~")
    if request.query_string:
        path += "?" + request.query_string.decode("latin-1")
    return target.replace("{path}", path).replace("{port}", request.environ["SERVER_PORT"])


def gzip_bomb(size: int) -> bytes:
    """
    A gzip file (RFC 1952) that inflates to spaces and an empty JSON object.

    :param size: length of the content, in bytes
    """
    blocks, rest = divmod(size - 2, _BLOCK)
    block, end = b" " * _BLOCK, b" " * rest + b"{}"
    # A block that ends with a full flush does not depend on what precedes it, so one compressed
    # block can be repeated.
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = compressor.compress(block) + compressor.flush(zlib.Z_FULL_FLUSH)
    packed_end = compressor.compress(end) + compressor.flush()
    checksum = 0
    for _ in range(blocks):
        checksum = zlib.crc32(block, checksum)
    checksum = zlib.crc32(end, checksum)
    trailer = struct.pack("<II", checksum, size & 0xFFFFFFFF)
    return _GZIP_HEADER + packed * blocks + packed_end + trailer
