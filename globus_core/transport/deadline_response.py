"""
A response that is read until a deadline, and leaves no other response on its connection.

The deadline itself is kept by :class:`.limits.AttemptLimits`.

``http.client`` takes any 1xx but 100 for the final response, and reuses a connection whose framing
is doubtful. Late or excess bytes would be read as the response to the next request.
"""

from __future__ import annotations

import contextlib
import io
import socket
from http.client import HTTPResponse, RemoteDisconnected

from urllib3.exceptions import InvalidHeader
from urllib3.util.wait import wait_for_read

from .deadline import Deadline
from .limits import AttemptLimits, current_limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_SWITCHING_PROTOCOLS = 101
_WITHOUT_BODY = (204, 304)


class _DeadlineReader(io.RawIOBase):
    """Reads a socket until the deadline, however slowly the bytes arrive."""

    def __init__(self, connection: socket.socket, limits: AttemptLimits) -> None:
        self._socket = connection
        self._raw = connection.makefile("rb", buffering=0)
        self._limits = limits
        self._set = connection.gettimeout()
        self._stopped = False
        self.ended = False

    def readinto(self, buffer: t.Any) -> int | None:
        if self._stopped:
            return None
        timeout = self._limits.read_timeout(self._limits.read)
        if timeout != self._set:
            self._set = timeout
            self._socket.settimeout(timeout)
        count = self._raw.readinto(buffer)
        self.ended = count == 0
        return count

    def readable(self) -> bool:
        return True

    def stop(self) -> int:
        """Read nothing more, and say how many bytes TLS has decrypted that nobody has read."""
        self._stopped = True
        pending = getattr(self._socket, "pending", None)
        return 0 if pending is None else int(pending())

    def shut_down(self) -> None:
        """Shut the connection down, so that urllib3 does not use it again."""
        with contextlib.suppress(OSError):  # it is closed already
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
            super().close()


class _ResponseFile(io.BufferedReader):
    """The file of one response; shuts the connection down if more was sent than the response."""

    raw: _DeadlineReader  # pyright: ignore[reportIncompatibleVariableOverride]

    def close(self) -> None:
        if not self.closed:
            with contextlib.suppress(OSError):
                if self.raw.stop() or self.peek():
                    self.raw.shut_down()
        super().close()


class _DeadlineSocket:
    """Stands in for the socket that ``http.client`` makes a file of."""

    __slots__ = ("_connection", "_limits")

    def __init__(self, connection: socket.socket, limits: AttemptLimits) -> None:
        self._connection = connection
        self._limits = limits

    def makefile(self, mode: str) -> io.BufferedReader:
        return _ResponseFile(_DeadlineReader(self._connection, self._limits))


class DeadlineResponse(HTTPResponse):
    """
    A response that can be read until the deadline of the attempt.
    """

    def __init__(
        self, sock: t.Any, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        limits = current_limits.get()
        if limits is None:
            limits = AttemptLimits(sock.gettimeout(), Deadline(None), None, stream=False)
        limits.restart_deadline()
        self._asked_for_head = method == "HEAD"
        #: whether it may have been sent before the server had read the request
        self._too_early = limits.slow_to_send and wait_for_read(sock, timeout=0)
        super().__init__(_DeadlineSocket(sock, limits), debuglevel, method, url)  # type: ignore[arg-type]

    def begin(self) -> None:
        reader = getattr(self.fp, "raw", None)
        super().begin()
        while 100 <= self.status < 200 and self.status != _SWITCHING_PROTOCOLS:
            self.headers = self.msg = None  # type: ignore[assignment]  # as before the first head
            super().begin()
        if getattr(reader, "ended", False):
            # http.client treats the end of the connection as the end of the headers.
            raise RemoteDisconnected("the connection ended inside the headers")
        if self._too_early or not self._framed_clearly():
            self.will_close = True
        if self.chunked and self.status in _WITHOUT_BODY:
            self.chunked = False
            self.close()  # else urllib3 would wait for the chunks

    def _framed_clearly(self) -> bool:
        """Whether all readers of the head agree on where the response ends (RFC 9112 6.3)."""
        if self._asked_for_head:  # the head tells of the body that a GET would get
            return True
        lengths = self.headers.get_all("Content-Length", [])
        codings = self.headers.get_all("Transfer-Encoding", [])
        if len(set(lengths)) > 1:
            raise InvalidHeader("the response has more than one Content-Length")
        if self.status == _SWITCHING_PROTOCOLS:
            return False
        if self.status in _WITHOUT_BODY:  # some servers send the body that they announce
            return not codings and lengths in ([], ["0"])
        if codings:
            return not lengths and len(codings) == 1
        return len(lengths) == 1 and lengths[0].isascii() and lengths[0].strip().isdigit()
