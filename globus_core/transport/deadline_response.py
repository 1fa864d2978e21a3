"""
A response that must be read by a deadline, and whose head must be complete.
"""

from __future__ import annotations

import io
from http.client import HTTPResponse, RemoteDisconnected

from .limits import current_limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    import typing as t

    from .limits import AttemptLimits


class _DeadlineReader(io.RawIOBase):
    """Reads a socket until the deadline, however slowly the bytes arrive."""

    def __init__(self, connection: socket.socket, limits: AttemptLimits) -> None:
        self._socket = connection
        self._raw = connection.makefile("rb", buffering=0)
        self._limits = limits
        self._timeout = self._set = connection.gettimeout()
        self.ended = False

    def readinto(self, buffer: t.Any) -> int | None:
        timeout = self._limits.read_timeout(self._timeout)
        if timeout != self._set:
            self._set = timeout
            self._socket.settimeout(timeout)
        count = self._raw.readinto(buffer)
        self.ended = count == 0
        return count

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
            super().close()


class _DeadlineSocket:
    """Stands in for the socket that ``http.client`` makes a file of."""

    __slots__ = ("_connection", "_limits")

    def __init__(self, connection: socket.socket, limits: AttemptLimits) -> None:
        self._connection = connection
        self._limits = limits

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_DeadlineReader(self._connection, self._limits))


class DeadlineResponse(HTTPResponse):
    """
    A response that can be read until the deadline of the attempt.
    """

    def __init__(self, sock: t.Any, *args: t.Any, **options: t.Any) -> None:
        limits = current_limits.get()
        if limits is not None:
            limits.restart_deadline()
        source: t.Any = sock if limits is None else _DeadlineSocket(sock, limits)
        super().__init__(source, *args, **options)

    def begin(self) -> None:
        reader = getattr(self.fp, "raw", None)
        super().begin()
        if getattr(reader, "ended", False):
            # http.client treats the end of the connection as the end of the headers.
            raise RemoteDisconnected("the connection ended inside the headers")
