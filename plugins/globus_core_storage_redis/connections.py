"""
Connections of redis-py on which no wait exceeds the deadline of the operation.

By themselves, its timeouts are for each address of the host, for TLS, and for each piece of an
answer, of which an operation has many.
"""

from __future__ import annotations

import contextlib
import contextvars
import time
import typing as t

import redis

from .settings import TIMEOUT_SECONDS

_ends: contextvars.ContextVar[float] = contextvars.ContextVar("globus_core_redis_deadline")


@contextlib.contextmanager
def ending_at(end: float) -> t.Iterator[None]:
    """
    Set the deadline of what is done in a ``with`` block.

    :param end: the time, by the monotonic clock
    """
    outer = _ends.set(end)
    try:
        yield
    finally:
        _ends.reset(outer)


def _remaining() -> float:
    """The seconds that are left for the operation; a very short time once there are none."""
    end = _ends.get(None)
    return TIMEOUT_SECONDS if end is None else max(0.001, end - time.monotonic())


class _Socket:
    """
    A connected socket that waits until the deadline, whatever timeout it is given; 0 does not wait.
    """

    def __init__(self, sock: t.Any) -> None:
        self._sock = sock
        self._waits = True

    def settimeout(self, seconds: float | None) -> None:
        self._waits = seconds != 0

    def recv(self, *args: t.Any) -> t.Any:
        return self._limited().recv(*args)

    def recv_into(self, *args: t.Any) -> t.Any:
        return self._limited().recv_into(*args)

    def sendall(self, *args: t.Any) -> None:
        self._limited().sendall(*args)

    def _limited(self) -> t.Any:
        self._sock.settimeout(_remaining() if self._waits else 0)
        return self._sock

    def __getattr__(self, name: str) -> t.Any:
        return getattr(self._sock, name)


class _WithinDeadline:
    """
    Part of a connection: how long it waits while it connects, and its socket.
    """

    @property
    def socket_connect_timeout(self) -> float:
        """Half of what is left, so that a host with several addresses gets to the next one."""
        return _remaining() / 2

    @socket_connect_timeout.setter
    def socket_connect_timeout(self, seconds: float | None) -> None:
        """Not used."""

    @property
    def socket_timeout(self) -> float:
        """What is left, for TLS."""
        return _remaining()

    @socket_timeout.setter
    def socket_timeout(self, seconds: float | None) -> None:
        """Not used."""

    def _connect(self) -> _Socket:
        return _Socket(super()._connect())  # type: ignore[misc]


class Connection(_WithinDeadline, redis.Connection):  # type: ignore[misc]
    """
    A connection.
    """


class TLSConnection(_WithinDeadline, redis.SSLConnection):  # type: ignore[misc]
    """
    A connection over TLS.
    """
