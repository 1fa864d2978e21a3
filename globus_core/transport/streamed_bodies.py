"""
Bodies that are sent or read piece by piece, without being held in memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from globus_core.exc.base import GlobusSDKUsageError

from .limits import current_limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import requests

#: bytes that are sent at a time, each within the read timeout
_PIECE = 64 * 1024


class BodySourceError(Exception):
    """
    The source of a body failed; its exception is the cause, and not a network error.
    """


def is_stream(data: t.Any) -> bool:
    """
    Whether a body is to be streamed: it is a file or an iterator.

    :param data: the body in Python's terms
    """
    return hasattr(data, "read") or isinstance(data, Iterator)


class StreamedBody:
    """
    A request body that is read while it is sent.

    :param source: a file opened in binary mode, sent from its current position; or an iterator of
        bytes
    :param headers: the request's headers; their Content-Length is used if the source has no length
    :ivar length: its length in bytes, or None if unknown
    :ivar being_sent: whether sending it has started and not finished
    :raises TypeError: if the file is in text mode; while it is sent, if a piece is not bytes
    :raises GlobusSDKUsageError: if the Content-Length is no number
    """

    def __init__(self, source: t.Any, headers: t.Mapping[str, t.Any]) -> None:
        if isinstance(source, io.TextIOBase):
            raise TypeError("a file must be opened in binary mode to be sent")
        self._source = source
        self._start, self.length = _extent(source)
        given = {name.lower(): value for name, value in headers.items()}.get("content-length")
        if self.length is None and given is not None:
            self.length = _number(given)
        self._begun = False
        self.being_sent = False

    @property
    def can_be_sent(self) -> bool:
        """Whether nothing of it was sent yet, or it can be rewound."""
        return not self._begun or self._start is not None

    def __iter__(self) -> t.Iterator[bytes]:
        limits = current_limits.get()
        if limits is not None:
            limits.disable_deadline()
        self.being_sent = True
        sent = 0
        for piece in self._pieces():
            if self.length is not None and sent + len(piece) > self.length:
                piece = self._cut(piece, self.length - sent)
            sent += len(piece)
            yield piece
        if self.length is not None and sent < self.length:
            raise BodySourceError from GlobusSDKUsageError(
                f"the body ended after {sent} bytes of {self.length}"
            )
        self.being_sent = False

    def _cut(self, piece: bytes, most: int) -> bytes:
        if hasattr(self._source, "read"):  # a file that is still growing
            return piece[:most]
        raise BodySourceError from GlobusSDKUsageError(
            f"the body has more than the {self.length} bytes of its Content-Length"
        )

    def _pieces(self) -> t.Iterator[bytes]:
        try:
            if self._begun:
                self._source.seek(self._start)
            self._begun = True
            for whole in self._wholes():
                view = _view(whole)
                for start in range(0, len(view), _PIECE):
                    yield bytes(view[start : start + _PIECE])
        except Exception as error:
            raise BodySourceError from error

    def _wholes(self) -> t.Iterator[t.Any]:
        if not hasattr(self._source, "read"):
            yield from self._source
            return
        while piece := self._source.read(_PIECE):
            yield piece


def _view(piece: t.Any) -> memoryview:
    try:
        return memoryview(piece)
    except TypeError:
        kind = type(piece).__name__
        raise TypeError(f"the pieces of a body must be bytes, not {kind}") from None


def _number(length: t.Any) -> int:
    text = str(length).strip()
    if text.isascii() and text.isdigit():
        return int(text)
    raise GlobusSDKUsageError(f"Content-Length must be a number of bytes, not {length!r}")


def _extent(source: t.Any) -> tuple[int | None, int | None]:
    """Current position and remaining length; None for both if it cannot be rewound."""
    try:
        start = source.tell()
        end = source.seek(0, io.SEEK_END)
        source.seek(start)
    except (AttributeError, OSError):
        return None, None
    return start, max(0, (source.tell() if end is None else end) - start)


def attach_body(prepared: requests.PreparedRequest, body: StreamedBody) -> None:
    """
    Add the body to a request that was prepared without one.

    :param prepared: the request
    :param body: the body
    """
    if body.length is None:
        prepared.headers.pop("Content-Length", None)
        prepared.headers["Transfer-Encoding"] = "chunked"
    else:
        prepared.headers["Content-Length"] = str(body.length)
    prepared.body = body  # type: ignore[assignment]


def body_pieces(response: requests.Response, chunk_size: int) -> t.Iterator[bytes]:
    """
    The body of a response in pieces; closes the response at the end.

    :param response: the response
    :param chunk_size: largest size of a piece in bytes, decompressed
    :raises requests.RequestException: if it breaks off or stalls
    """
    try:
        yield from response.iter_content(chunk_size)
    finally:
        response.close()
