"""
An answer as it comes from the socket: until the deadline, and its head in one go.
"""

from __future__ import annotations

import io
import math
import re
from http.client import HTTPMessage, HTTPResponse, RemoteDisconnected

from .limits import current_limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    import typing as t

    from .limits import AttemptLimits

# A head that can be taken apart by splitting: no folded line, nothing but ASCII.
_PLAIN_HEAD = re.compile(
    rb"HTTP/1\.1 ([2-5][0-9]{2}) ([ -~]*)\r\n((?:[!-9;-~]+:[ -~]*\r\n){1,90})\r\n"
)


class _Reader(io.RawIOBase):
    """A socket's bytes until the deadline, however slowly they drip."""

    def __init__(self, connection: socket.socket, limits: AttemptLimits) -> None:
        self._socket = connection
        self._raw = connection.makefile("rb", buffering=0)
        self._limits = limits
        self._timeout = self._set = connection.gettimeout()
        self.ended = False

    def readinto(self, buffer: t.Any) -> int | None:
        self._set_timeout()
        count = self._raw.readinto(buffer)
        self.ended = count == 0
        return count

    def _set_timeout(self) -> None:
        left = self._limits.remaining()
        timeout = self._timeout
        if left < (math.inf if timeout is None else timeout):
            timeout = left
        if timeout != self._set:
            self._set = timeout
            self._socket.settimeout(timeout)

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
            super().close()


class _Watched:
    """What ``http.client`` takes for the socket of an answer."""

    __slots__ = ("_connection", "_limits")

    def __init__(self, connection: socket.socket, limits: AttemptLimits) -> None:
        self._connection = connection
        self._limits = limits

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._connection, self._limits))


class _Head(HTTPMessage):
    """Headers without anything after them."""

    def get_payload(self, *args: t.Any, **options: t.Any) -> None:
        return None


class Answer(HTTPResponse):
    """
    An answer that is read until the deadline of the request.

    Parsing a head with the parser for mail takes as long as all else here together, so a plain
    head is split; every other one is left to ``http.client``.
    """

    def __init__(self, sock: t.Any, *args: t.Any, **options: t.Any) -> None:
        limits = current_limits.get()
        self._asked_for_head = "HEAD" in (*args, *options.values())
        source: t.Any = sock if limits is None else _Watched(sock, limits)
        super().__init__(source, *args, **options)

    def begin(self) -> None:
        if getattr(self, "headers", None) is not None:
            return
        reader = getattr(self.fp, "raw", None)
        self._begin_at_once()
        super().begin()  # which does nothing if there are headers already
        if getattr(reader, "ended", False):
            # http.client takes the end of the connection for the end of the headers.
            raise RemoteDisconnected("the connection ended inside the headers")

    def _begin_at_once(self) -> None:
        """Take in the head, if it is plain and here as a whole, and the body's size is known."""
        found = _PLAIN_HEAD.match(self.fp.peek())
        if found is None or self._asked_for_head or self.debuglevel:
            return
        status, reason, lines = found.groups()
        head = _Head()
        first: dict[str, str] = {}
        for line in lines.decode("ascii").split("\r\n")[:-1]:
            name, _, value = line.partition(":")
            value = value.lstrip(" ")
            head.set_raw(name, value)
            first.setdefault(name.lower(), value)
        length = first.get("content-length")
        if status in (b"204", b"304") or "transfer-encoding" in first:
            return
        if length is None or not length.isdigit():
            return
        self.fp.read(found.end())
        self.code = self.status = int(status)
        self.reason = reason.decode("ascii").strip()
        self.version = 11
        self.headers = self.msg = head
        self.chunked = False
        self.will_close = "close" in first.get("connection", "").lower()
        self.length = int(length)
