"""
A connection whose waits all end at the deadline of the operation.

By itself psycopg waits for an answer without end, and libpq's time limit for a new connection is
at least two seconds, for each host.
"""

from __future__ import annotations

import os
import select
import time
import typing as t

import psycopg
from psycopg import pq
from psycopg.waiting import Ready, Wait

from globus_core import waiting

_READING = int(Wait.R)
_WRITING = int(Wait.W)


class DeadlineError(psycopg.OperationalError):
    """
    The server did not answer in time.
    """


class Connection(psycopg.Connection[t.Any]):
    """
    A connection for single statements, each its own transaction.

    :ivar end: when the operation ends that uses it, by the monotonic clock
    """

    end = 0.0
    _process = 0

    def wait(self, gen: t.Any, *args: t.Any, **options: t.Any) -> t.Any:
        """
        Run one of psycopg's generators, which say for what to wait.

        :param gen: the generator
        """
        socket = self.pgconn.socket
        try:
            wanted = next(gen)
            while True:
                wanted = gen.send(_wait_for(socket, int(wanted), self.end))
        except StopIteration as done:
            return done.value

    @property
    def usable(self) -> bool:
        """Whether another statement can be sent."""
        return not self.closed and self.pgconn.transaction_status == pq.TransactionStatus.IDLE

    def __del__(self, *args: t.Any) -> None:
        # A child process must not end the session of its parent.
        if self._process == os.getpid():
            self.close()


def connect(hosts: t.Sequence[str], end: float) -> Connection:
    """
    Connect to the first of some hosts that can be reached.

    :param hosts: a connection string of libpq for each
    :param end: the deadline, by the monotonic clock
    :raises psycopg.OperationalError: if there is none; it is that of the last one
    """
    for number, conninfo in enumerate(hosts):
        now = time.monotonic()
        try:
            return _connect(conninfo, now + (end - now) / (len(hosts) - number))
        except psycopg.OperationalError:
            if number == len(hosts) - 1:
                raise
    raise DeadlineError("there is no host")


def _connect(conninfo: str, end: float) -> Connection:
    pgconn = waiting.blocking(pq.PGconn.connect_start, conninfo.encode())
    try:
        while (status := _poll(pgconn)) != pq.PollingStatus.OK:
            reading = status == pq.PollingStatus.READING
            _wait_for(pgconn.socket, _READING if reading else _WRITING, end)
    except BaseException:
        pgconn.finish()
        raise
    pgconn.nonblocking = 1
    connection = Connection(pgconn)
    connection._process = os.getpid()
    connection.autocommit = True
    connection.prepare_threshold = None  # a pooler may give the next statement to another session
    return connection


def _poll(pgconn: t.Any) -> pq.PollingStatus:
    failed = pgconn.status == pq.ConnStatus.BAD
    status = pq.PollingStatus.FAILED if failed else pgconn.connect_poll()
    if status == pq.PollingStatus.FAILED:
        message = pgconn.error_message or b"the connection failed"
        raise psycopg.OperationalError(message.decode(errors="replace").strip())
    return pq.PollingStatus(status)


def _wait_for(socket: int, wanted: int, end: float) -> Ready:
    """Wait until a socket can be read or written, and return which."""
    found = waiting.blocking(_ready, socket, wanted, max(0.0, end - time.monotonic()))
    if not found:
        raise DeadlineError("the server does not answer")
    return Ready(found)


def _ready(socket: int, wanted: int, seconds: float) -> int:
    poll = select.poll()
    flags = (select.POLLIN if wanted & _READING else 0) | (
        select.POLLOUT if wanted & _WRITING else 0
    )
    poll.register(socket, flags)
    found = 0
    for _, events in poll.poll(seconds * 1000):
        if events & ~select.POLLOUT:  # an error is found by reading
            found |= wanted & _READING or wanted
        if events & select.POLLOUT:
            found |= _WRITING
    return found


def _ready_by_select(socket: int, wanted: int, seconds: float) -> int:
    reading = [socket] if wanted & _READING else []
    writing = [socket] if wanted & _WRITING else []
    readable, writable, _ = select.select(reading, writing, (), seconds)
    return (_READING if readable else 0) | (_WRITING if writable else 0)


if not hasattr(select, "poll"):  # Windows
    _ready = _ready_by_select
