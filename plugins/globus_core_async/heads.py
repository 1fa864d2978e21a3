"""
Heads of requests as aiohttp takes them, and heads of its responses as requests has them.
"""

from __future__ import annotations

import requests

from globus_core.transport.light_objects import LightHeaders, LightResponse, text_encoding
from globus_core.transport.streamed_bodies import StreamedBody

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import aiohttp

#: headers that aiohttp adds where they are missing, and where there may be a body
_ADDED = ("Accept", "User-Agent")
_ADDED_TO_BODIES = (*_ADDED, "Content-Type")
#: the bodies that aiohttp sends
_BODIES = (bytes, str, StreamedBody, type(None))


def to_send(request: requests.PreparedRequest) -> dict[str, str] | None:
    """
    The headers; None if only requests can send it: a header in another character set than UTF-8,
    or a body that an encoder has given it for requests.

    :param request: the request
    """
    body: t.Any = request.body
    if not isinstance(body, _BODIES):
        return None
    headers: dict[t.Any, t.Any] = dict(request.headers.items())
    if {*map(type, headers), *map(type, headers.values())} != {str}:
        headers = {_text(name): _text(value) for name, value in headers.items()}
    text = "".join((*headers, *headers.values()))
    if not text.isascii():
        return None
    if "Accept-Encoding" not in request.headers:
        headers["Accept-Encoding"] = "identity"
    if isinstance(body, StreamedBody):
        headers.pop("Transfer-Encoding", None)  # aiohttp adds it
    return headers


def missing(request: requests.PreparedRequest) -> list[str] | None:
    """
    The headers that aiohttp must not add; None, which takes it less time, if there are none.

    :param request: the request
    """
    added = _ADDED if request.method in ("GET", "HEAD") else _ADDED_TO_BODIES
    return [name for name in added if name not in request.headers] or None


def _text(value: str | bytes) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return "".join((value,))  # of a subclass of str, aiohttp would send what its __str__ gives


def received(
    request: requests.PreparedRequest, answer: aiohttp.ClientResponse
) -> requests.Response:
    """
    A response without its body.

    :param request: the request
    :param answer: what aiohttp has received
    """
    response = LightResponse()
    vars(response).update(
        status_code=answer.status,
        reason=_as_received(answer.reason or ""),
        headers=_Headers(answer.raw_headers),
        encoding=text_encoding(_as_received(", ".join(answer.headers.getall("Content-Type", ())))),
        url=request.url or "",
        request=request,
    )
    return response


def _as_received(text: str) -> str:
    """Text from a head in Latin-1, as requests has it; aiohttp takes it for UTF-8."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


class _Headers(LightHeaders):
    """
    Header lines, looked at when somebody asks for one; those that have the same name become one.
    """

    def __init__(self, lines: t.Iterable[tuple[bytes, bytes]]) -> None:
        self._lines = lines

    def __getattr__(self, name: str) -> t.Any:
        if name != "_store" or "_lines" not in vars(self):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        store: dict[str, tuple[str, str]] = {}
        for raw_name, raw_value in self._lines:
            name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
            key = name.lower()
            if key in store:
                name, value = store[key][0], f"{store[key][1]}, {value}"
            store[key] = (name, value)
        self._store = store
        return store
