"""
The connections of a process, which its storages share.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
import typing as t
import weakref

from globus_core import waiting

from .connection import Connection, DeadlineError, connect

if t.TYPE_CHECKING:
    import psycopg


class Pool:
    """
    Connections that are made when they are needed, up to a number, and kept.

    :param hosts: a connection string of libpq for each host
    :param size: how many connections there are at the most
    """

    def __init__(self, hosts: t.Sequence[str], size: int) -> None:
        self._hosts = hosts
        self._size = size
        self._begin()
        _pools.add(self)

    def _begin(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        self._idle: list[Connection] = []
        self._made: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._count = 0

    @contextlib.contextmanager
    def connection(self, end: float) -> t.Iterator[psycopg.Connection[t.Any]]:
        """
        Use a connection for a ``with`` block.

        :param end: the deadline of all its waits, by the monotonic clock
        :raises psycopg.OperationalError: if none can be made, or none is free in time
        """
        connection = self._take(end)
        connection.end = end
        try:
            yield connection
        finally:
            self._give_back(connection)

    def drop_idle(self) -> None:
        """
        Close what is not in use, after one connection was found broken.
        """
        with self._changed:
            idle, self._idle = self._idle, []
            self._count -= len(idle)
            self._changed.notify_all()
        for connection in idle:
            connection.close()

    def __del__(self) -> None:
        # some versions of psycopg have circles, so that a connection would be closed much later
        for connection in getattr(self, "_idle", ()):
            connection.close()

    def _take(self, end: float) -> Connection:
        with self._changed:
            while not self._idle and self._count >= self._size:
                if not waiting.wait(self._changed, max(0.0, end - time.monotonic())):
                    raise DeadlineError(f"all {self._size} connections of this process are in use")
            if self._idle:
                return self._idle.pop()
            self._count += 1
        try:
            connection = connect(self._hosts, end)
        except BaseException:
            self._one_less()
            raise
        self._made.add(connection)
        return connection

    def _give_back(self, connection: Connection) -> None:
        if connection not in self._made:
            return  # the process has forked
        if not connection.usable:
            connection.close()
            self._one_less()
            return
        with self._changed:
            self._idle.append(connection)
            self._changed.notify()

    def _one_less(self) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify()

    def forget(self) -> None:
        """
        Let go of all connections at the start of a child process, without ending their sessions.
        """
        inherited = list(self._made)
        self._begin()
        for connection in inherited:
            with contextlib.suppress(Exception):
                os.close(connection.pgconn.socket)
        _inherited.extend(inherited)


class Given:
    """
    Connections that belong to the program: one, or a pool with a method ``connection()``, such as
    ``psycopg_pool.ConnectionPool``.

    :param source: the connection, or the pool
    """

    def __init__(self, source: t.Any) -> None:
        self._source = source
        # a connection has an attribute of this name as well
        self._is_pool = callable(getattr(source, "connection", None))
        # statements of two threads must not become one transaction
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def connection(self, end: float) -> t.Iterator[psycopg.Connection[t.Any]]:
        """
        Use a connection for a ``with`` block, which is a transaction of its own.

        :param end: how long to wait for it, by the monotonic clock
        :raises psycopg.OperationalError: if another thread uses it for too long
        :raises InTransactionError: if it is inside a transaction of the program
        """
        if self._is_pool:
            with self._source.connection() as connection, _transaction(connection):
                yield connection
            return
        if not waiting.acquire(self._lock, max(0.0, end - time.monotonic())):
            raise DeadlineError("another thread uses the connection")
        try:
            with _transaction(self._source):
                yield self._source
        finally:
            self._lock.release()

    def drop_idle(self) -> None:
        """
        Nothing: the connections are the program's.
        """


class InTransactionError(Exception):
    """
    A connection of the program is inside a transaction.
    """


def _transaction(connection: t.Any) -> contextlib.AbstractContextManager[t.Any]:
    from psycopg.pq import TransactionStatus

    status = connection.info.transaction_status
    if status in (TransactionStatus.INTRANS, TransactionStatus.INERROR, TransactionStatus.ACTIVE):
        raise InTransactionError
    if connection.autocommit:
        return contextlib.nullcontext()
    transaction: contextlib.AbstractContextManager[t.Any] = connection.transaction()
    return transaction


_pools: weakref.WeakSet[Pool] = weakref.WeakSet()
#: the connections of parent processes; to destroy one could end its session
_inherited: list[Connection] = []


def _after_fork() -> None:
    for pool in list(_pools):
        pool.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
