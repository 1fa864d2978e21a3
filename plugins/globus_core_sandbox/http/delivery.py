"""How faults disturb the sending of a response."""

from __future__ import annotations

import os
import socket
import ssl
import struct
import threading
import typing as t
from itertools import chain, repeat

import attrs

WIRE = "globus_core_sandbox.wire"

# Far more than any client reads; for a body with a Content-Length that never ends.
_ENDLESS_LENGTH = 10**15
_USUAL_PACE = 0.1
# SO_LINGER on, with no time to send the rest: closing then resets the connection.
_NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)

Headers = list[tuple[str, str]]


@attrs.frozen(kw_only=True)
class Delivery:
    """
    A disturbed way of sending a response; :py:meth:`FaultOrders.fail` describes the parts.
    """

    cut: int | str | None = None
    cut_by: str = "close"
    drip: str | None = None
    pace: float = _USUAL_PACE
    endless: bool = False
    chunked: bool = False

    def shorten(self, body: bytes) -> bytes:
        """
        The body that the headers describe.

        :param body: the whole body
        """
        return body[: self._cut_at(body)] if self.cut_by == "end" else body

    def frame(self, headers: Headers, body: bytes) -> Headers:
        """
        The headers, including those for the length of the body.

        :param headers: the headers of the response
        :param body: the body that they describe
        """
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        if self.chunked:
            return [*kept, ("Transfer-Encoding", "chunked")]
        endless = self.endless and self.drip == "body"
        return [*kept, ("Content-Length", str(_ENDLESS_LENGTH if endless else len(body)))]

    def send(self, wire: Wire, head: bytes, body: bytes | None) -> bool:
        """
        Send a response.

        :param wire: the connection
        :param head: status line and headers
        :param body: the body; None where HTTP allows none
        :returns: whether the connection can be reused
        :raises OSError: if the client goes away
        """
        broken = self.cut is not None and self.cut_by != "end"
        if self.cut != "start":
            self._send_head(wire, head)
            if self.cut != "headers" and body is not None:
                self._send_body(wire, body, broken=broken)
        if broken:
            wire.break_off(self.cut_by)
        return not broken

    def _cut_at(self, body: bytes) -> int:
        """
        The number of bytes of the body to send; never the last one.
        """
        wanted = len(body) // 2 if isinstance(self.cut, str) else self.cut
        return max(0, min(wanted or 0, len(body) - 1))

    def _send_head(self, wire: Wire, head: bytes) -> None:
        if self.cut == "headers":
            head = head[: len(head) // 2]
        if self.drip != "headers":
            wire.send(head)
        elif self.endless:
            start = head.removesuffix(b"\r\n") + b"X-Endless: "
            self._drip(wire, chain(_single(start), repeat(b"x")))
        else:
            self._drip(wire, _single(head))

    def _send_body(self, wire: Wire, body: bytes, *, broken: bool) -> None:
        piece = body[: self._cut_at(body)] if broken else body
        if self.drip == "body":
            padding = repeat(b" ") if self.endless else ()
            self._drip(wire, map(self._chunk, chain(_single(piece), padding)))
        elif piece:
            wire.send(self._chunk(piece))
        if self.chunked and not broken:
            wire.send(b"0\r\n\r\n")

    def _drip(self, wire: Wire, pieces: t.Iterable[bytes]) -> None:
        for piece in pieces:
            wire.send(piece)
            wire.wait(self.pace)

    def _chunk(self, data: bytes) -> bytes:
        return b"%x\r\n%b\r\n" % (len(data), data) if self.chunked else data


def _single(data: bytes) -> t.Iterator[bytes]:
    return (bytes((byte,)) for byte in data)


class Wire:
    """
    The connection of one request, for faults.

    :param connection: the socket
    :param stopping: set when the server stops
    """

    def __init__(self, connection: socket.socket, stopping: threading.Event) -> None:
        self._connection = connection
        self._stopping = stopping
        self.delivery: Delivery | None = None
        self.reset = False

    def send(self, data: bytes) -> None:
        """
        Send bytes at once.

        :param data: the bytes
        """
        self._connection.sendall(data)

    def wait(self, seconds: float) -> None:
        """
        Wait, but only as long as the client is connected.

        :param seconds: how long
        :raises ConnectionAbortedError: if the client disconnects or the server stops
        """
        if seconds <= 0:
            return
        if isinstance(self._connection, ssl.SSLSocket):  # which cannot be looked into
            if self._stopping.wait(seconds):
                raise ConnectionAbortedError("the server stops")
            return
        self._connection.settimeout(seconds)
        try:
            gone = not self._connection.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return
        finally:
            self._connection.settimeout(None)
        # The next request can be read already, so a disconnect cannot be detected.
        if gone or self._stopping.wait(seconds):
            raise ConnectionAbortedError("the client has disconnected")

    def break_off(self, how: str) -> None:
        """
        Prepare the end of the connection.

        :param how: ``close``, ``reset``, or ``silence``, which lasts until the client disconnects
        """
        if how == "silence":
            while self._connection.recv(65536):
                pass
        elif how == "reset":
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            self.reset = True
