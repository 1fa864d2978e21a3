"""
A PostgreSQL server as the storage uses it: each operation with one deadline for all of its
attempts, and errors that say what to do.
"""

from __future__ import annotations

import logging
import time
import typing as t
import weakref

import psycopg
from psycopg import errors

from globus_core import waiting
from globus_core.exc import GlobusSDKUsageError, StorageError

from . import schema
from .pool import Given, InTransactionError, Pool
from .settings import PostgresSettings
from .statements import Statements

R = t.TypeVar("R")

log = logging.getLogger("globus_core.token_storage")

_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.5

#: the same statement may succeed a moment later, perhaps at another server
_PASSING = (
    errors.ReadOnlySqlTransaction,  # a replica, soon to be the primary
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
)
#: somebody has removed the tables since they were looked for, or has upgraded them
_OTHER_TABLES = (errors.UndefinedTable, errors.UndefinedColumn, errors.InvalidSchemaName)
#: of what a server or pooler says when it refuses a connection for good; in its own language it
#: is tried again until the deadline
_REFUSALS = (
    "authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "does not exist",
    "no such database",
    "no such user",
    "permission denied",
    "certificate",
    "does not support SSL",
    "SSL error",
    "SSL is required",
    "requires a valid client",
)


class Database:
    """
    A server, and the connections to it.

    :param settings: where it is
    :param source: connections of the program; None makes our own
    """

    def __init__(self, settings: PostgresSettings, source: t.Any = None) -> None:
        self.settings = settings
        self.statements = Statements(settings.schema)
        self.connections: Pool | Given = (
            Pool(settings.hosts, settings.connections) if source is None else Given(source)
        )
        self._ready = False

    @property
    def is_of_the_program(self) -> bool:
        """Whether the connections are the program's."""
        return isinstance(self.connections, Given)

    def run(
        self, what: str, operation: t.Callable[[psycopg.Connection[t.Any], Statements, bool], R]
    ) -> R:
        """
        Do something on the server, again after a lost connection while the deadline allows it.

        :param what: what is done, for the error: ``read tokens``
        :param operation: called with a connection, the statements, and whether an earlier attempt
            may have been carried out although its answer was lost
        :raises StorageError: if the server cannot be reached in time, or refuses
        """
        end = time.monotonic() + self.settings.timeout
        pause = _FIRST_PAUSE
        sent = looked = False
        while True:
            try:
                with self.connections.connection(end) as connection:
                    self._prepare(connection)
                    again, sent = sent, True
                    return operation(connection, self.statements, again)
            except InTransactionError:
                raise _in_transaction() from None
            except psycopg.Error as error:
                other_tables = isinstance(error, _OTHER_TABLES) and not looked
                if not other_tables and (not _passing(error) or time.monotonic() + pause >= end):
                    raise self._error(what, error) from error
                looked, self._ready = looked or other_tables, self._ready and not other_tables
                log.debug("%s: trying again: %s", self.settings.location, _reason(error))
            self.connections.drop_idle()
            waiting.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def fetch(self, what: str, statement: bytes, parameters: t.Sequence[t.Any]) -> list[t.Any]:
        """
        The rows of a query.

        :param what: what is done, for the error
        :param statement: the query
        :param parameters: its parameters
        :raises StorageError: if the server cannot be reached in time, or refuses
        """
        return self.run(what, lambda connection, _, again: rows(connection, statement, parameters))

    def _prepare(self, connection: psycopg.Connection[t.Any]) -> None:
        if self._ready:
            return
        schema.prepare(connection, self.settings.schema, self.settings.location)
        self._ready = True

    def _error(self, what: str, error: psycopg.Error) -> StorageError:
        raised = StorageError(f"cannot {what} at {self.settings.location}: {_reason(error)}")
        raised.advice = _advice(error)
        return raised


def rows(
    connection: psycopg.Connection[t.Any], statement: bytes, parameters: t.Sequence[t.Any]
) -> list[t.Any]:
    """
    The rows of a query.

    :param connection: the connection
    :param statement: the query
    :param parameters: its parameters
    """
    return connection.execute(statement, parameters, prepare=False).fetchall()


def changed(
    connection: psycopg.Connection[t.Any], statement: bytes, parameters: t.Sequence[t.Any]
) -> int:
    """
    Run a statement, and return how many rows it has changed.

    :param connection: the connection
    :param statement: the statement
    :param parameters: its parameters
    """
    return connection.execute(statement, parameters, prepare=False).rowcount


def database_of(settings: PostgresSettings) -> Database:
    """
    The database of a URL, which all of a process share.

    :param settings: where it is
    """
    known = _databases.get(settings.server)
    if known is None:
        known = _databases.setdefault(settings.server, Database(settings))
    return known


_databases: weakref.WeakValueDictionary[tuple[t.Hashable, ...], Database] = (
    weakref.WeakValueDictionary()
)


def _in_transaction() -> GlobusSDKUsageError:
    error = GlobusSDKUsageError(
        "the connection is inside a transaction of the program; a renewed token must be stored "
        "whatever becomes of that"
    )
    error.advice = "give the storage a pool, or a connection of its own"
    return error


def _passing(error: psycopg.Error) -> bool:
    """Whether another attempt may have another result."""
    if isinstance(error, _PASSING):
        return True
    if not isinstance(error, psycopg.OperationalError):
        return False
    said = str(error)
    # a server that ends leaves a TLS connection without a farewell
    return "unexpected eof" in said or not any(words in said for words in _REFUSALS)


def _reason(error: psycopg.Error) -> str:
    """The first line of the message; the lines after it may quote values."""
    primary = error.diag.message_primary or str(error)
    return primary.strip().partition("\n")[0] or type(error).__name__


def _advice(error: psycopg.Error) -> str | None:
    if isinstance(error, errors.InsufficientPrivilege):
        return (
            "let an administrator run what `python -m globus_core_storage_postgres` prints, which "
            "creates the tables and gives a role its rights"
        )
    if isinstance(error, errors.DiskFull):
        return "give the server more disk space"
    if not isinstance(error, psycopg.OperationalError):
        return None
    if _passing(error):
        return "see that the server runs, and that this host can reach it"
    return "check the user, the password or its file, the database and the certificates in the URL"
