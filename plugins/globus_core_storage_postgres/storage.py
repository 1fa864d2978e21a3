"""
Tokens in PostgreSQL, which processes on many hosts share.
"""

from __future__ import annotations

import contextlib
import json
import time
import typing as t

from globus_core.arguments import check_has, check_numbers
from globus_core.exc import NotPicklableError
from globus_core.token_storage import StorageDescription, TokenStorage
from globus_core.token_storage.data import UNUSED_SECONDS, check_records
from globus_core.token_storage.records import chosen_envelope

from .database import Database, changed, database_of, rows
from .leases import PostgresLease
from .records import Records, check_storable
from .settings import DEFAULT_URL, PostgresSettings, url_of_this_machine

if t.TYPE_CHECKING:
    import psycopg
    from typing_extensions import Self

    from globus_core.token_storage import Envelope, TokenStorageData

    from .leases import Key
    from .statements import Statements

    Connection = psycopg.Connection[t.Any]

#: the longest time to wait for another renewal of the same token, in seconds
RENEWAL_LOCK_SECONDS = 120.0
_ROWS_AT_ONCE = 1000


class PostgresTokenStorage(TokenStorage):
    """
    Keeps tokens in PostgreSQL, for any number of people, processes and hosts.

    Each token is a row, and so is each lock on a renewal: a lease of 45 seconds, which its holder
    extends before each request, see :class:`globus_core.leases.RenewalLease`. The tables are
    created, and upgraded by later versions, when they are first used. Everything is done in single
    statements, so that it works through a pooler in transaction mode.

    An operation takes at most 5 seconds, with all attempts after a lost connection. A process has
    at most four connections for all storages with the same URL, or uses those of the program.

    :param url: see the guide on many hosts; besides parameters of libpq, the settings after the
        ``?`` are ``schema``, ``app``, ``timeout``, ``lease_seconds`` and ``connections``
    :param connections: a psycopg connection that nothing else uses, or a pool with a method
        ``connection()`` such as ``psycopg_pool.ConnectionPool``; of the URL, only our own settings
        are used then, and waiting for an answer is for the program to limit. None connects to the
        server of the URL
    :param envelope: encrypts the tokens before they are sent to the server; None takes the keys of
        ``key_file``, and without that the tokens are not encrypted
    :param namespace: which tokens this object sees
    :raises GlobusSDKUsageError: if the URL, the connections or the namespace are none
    """

    namespaces_have_slashes = True
    _not_pickled = TokenStorage._not_pickled | {"_known_database"}
    _known_database: Database | None = None

    def __init__(
        self,
        url: str = DEFAULT_URL,
        *,
        connections: t.Any = None,
        envelope: Envelope | None = None,
        namespace: str = "DEFAULT",
    ) -> None:
        super().__init__(namespace)
        self._settings = PostgresSettings(url)
        self.lease_seconds = self._settings.lease_seconds
        self.envelope = chosen_envelope(self._settings.key_file, envelope)
        if connections is None:
            return
        if not callable(getattr(connections, "connection", None)):
            wanted = "a connection of psycopg, or a pool with a method connection()"
            check_has(connections, "connections", ("execute", "transaction", "info"), wanted)
        self._known_database = Database(self._settings, connections)

    @classmethod
    def for_globus_app(
        cls, client_id: object, app_name: str, config: t.Any, namespace: str
    ) -> Self:
        """
        Create the storage of an app, at the server that ``GLOBUS_CORE_POSTGRES_URL`` names, else at
        that of libpq's variables. Its rows have the client id and the app's name.

        :param client_id: the app's client id
        :param app_name: the app's name
        :param config: the app's configuration, of which only the environment is used
        :param namespace: which tokens the storage sees
        :raises GlobusSDKUsageError: if the variable has no URL of a PostgreSQL server
        """
        names = (str(client_id), app_name, str(config.environment))
        settings = PostgresSettings(url_of_this_machine()).with_app(*names)
        return cls(settings.url, namespace=namespace)

    @classmethod
    def from_url(cls, url: str, *, namespace: str = "DEFAULT") -> Self:
        """
        Create a storage from a URL; ``postgresql:`` alone means what libpq's variables say.

        :param url: the URL
        :param namespace: which tokens the storage sees
        :raises GlobusSDKUsageError: if it is no URL of a PostgreSQL server
        """
        return cls(url, namespace=namespace)

    def _use_namespace(self, namespace: str) -> None:
        self.namespace = namespace

    def _share(self, origin: t.Any) -> None:
        super()._share(origin)
        self._known_database = origin.database  # else its connections would end with this object

    def __copy__(self) -> Self:
        other = object.__new__(type(self))
        other.__setstate__(vars(self))
        return other

    def __getstate__(self) -> dict[str, t.Any]:
        database = self._known_database
        if database is not None and database.is_of_the_program:
            raise NotPicklableError(
                "a storage with connections of the program cannot be pickled; create it in the "
                "other process"
            )
        return super().__getstate__()

    @property
    def database(self) -> Database:
        """The server, with the connections of this process."""
        if self._known_database is None:
            self._known_database = database_of(self._settings)
        return self._known_database

    def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None:
        check_records(token_data_by_resource_server)
        columns = self._records_here.columns
        stored = [
            (self._key(server)[2], *columns(data))
            for server, data in token_data_by_resource_server.items()
        ]
        if not stored:
            return
        parameters = (self._settings.app, self.namespace, *map(list, zip(*stored, strict=True)))
        self.database.run(
            "store tokens",
            lambda connection, statements, again: changed(connection, statements.store, parameters),
        )

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        database = self.database
        parameters = (self._settings.app, self.namespace)
        found = database.fetch("read tokens", database.statements.select_all, parameters)
        read = self._records_here.decoded
        records = {server: read(server, text, revision) for server, text, revision in found}
        if not found:
            self._records_here.check_key()
        return {server: record for server, record in records.items() if record is not None}

    def get_token_data(self, resource_server: str) -> TokenStorageData | None:
        database = self.database
        key = self._key(resource_server)
        found = database.fetch("read a token", database.statements.select_one, key)
        if not found:
            self._records_here.check_key()
            return None
        return self._records_here.decoded(resource_server, *found[0])

    def remove_token_data(self, resource_server: str) -> bool:
        key = self._key(resource_server)

        def remove(connection: Connection, statements: Statements, again: bool) -> bool:
            # after a lost answer, the token may be gone because of the first attempt
            return bool(changed(connection, statements.remove, key)) or again

        return self.database.run("remove a token", remove)

    def replace(self, resource_server: str, expected: str, new: TokenStorageData | None) -> bool:
        key = self._key(resource_server)
        if new is None:
            return self.database.run("remove a token", _Removal(key, expected))
        check_records({resource_server: new})
        columns = self._records_here.columns(new)
        return self.database.run("store a token", _Replacement(key, expected, columns))

    def namespaces(self) -> t.Iterator[str]:
        database, last = self.database, ""
        while True:
            parameters = (self._settings.app, last, _ROWS_AT_ONCE)
            found = database.fetch("list namespaces", database.statements.namespaces, parameters)
            yield from (name for (name,) in found)
            if len(found) < _ROWS_AT_ONCE:
                return
            last = found[-1][0]

    def sweep(self, *, unused_seconds: float = UNUSED_SECONDS) -> int:
        app = self._settings.app
        parameters = (app, int(time.time()), int(unused_seconds), _ROWS_AT_ONCE)
        removed = 0
        while count := self._changed("spent", parameters):
            removed += count
        self._changed("ended", (app,))
        return removed

    def _changed(self, name: str, parameters: tuple[t.Any, ...]) -> int:
        return self.database.run(
            "remove what is of no use",
            lambda connection, statements, again: changed(
                connection, getattr(statements, name), parameters
            ),
        )

    def describe(self) -> StorageDescription:
        way = "over TLS" if self._settings.secure else "perhaps not encrypted on the way"
        there = f"readable by whoever may read the tables, {way}, not encrypted there"
        if self.envelope is not None:
            there = f"encrypted with a key from {self.envelope.source}"
        return StorageDescription(
            location=self._where,
            protection=there,
            shared=True,
        )

    @contextlib.contextmanager
    def renewal_lock(
        self, resource_server: str, *, timeout: float = RENEWAL_LOCK_SECONDS
    ) -> t.Iterator[PostgresLease]:
        """
        Hold the lease for renewing one token, on any host, for a ``with`` block.

        :param resource_server: the resource server
        :param timeout: the longest time to wait, in seconds
        :raises RenewalError: if this thread already holds it, or the wait takes too long
        :raises StorageError: if the server cannot be reached
        """
        check_numbers(timeout=timeout)
        purpose = f"a renewal of the token for {resource_server!r}"
        key = self._key(resource_server)
        with (
            super().renewal_lock(resource_server, timeout=timeout),  # the threads of this object
            PostgresLease(self.database, key, self.lease_seconds, timeout, purpose) as lease,
        ):
            yield lease

    def close(self) -> None:
        """
        Let go of the connections, which are closed once nothing in this process uses them.
        Connections of the program stay as they are.
        """
        database = self._known_database
        if database is not None and not database.is_of_the_program:
            self._known_database = None

    @property
    def _records_here(self) -> Records:
        place = json.dumps((self._settings.app, self.namespace))
        return Records(place, self._where, self.envelope)

    @property
    def _where(self) -> str:
        return f"{self._settings.location} ({self._settings.app})"

    def _key(self, resource_server: str) -> Key:
        check_storable(resource_server)
        return self._settings.app, self.namespace, resource_server


class _Removal:
    """Remove a record if it is the expected one; whether it was, or another attempt has done so."""

    def __init__(self, key: Key, expected: str) -> None:
        self._key = key
        self._expected = expected

    def __call__(self, connection: Connection, statements: Statements, again: bool) -> bool:
        if changed(connection, statements.remove_if, (*self._key, self._expected)):
            return True
        return again and not rows(connection, statements.revision, self._key)


class _Replacement:
    """Replace a record if it is the expected one, or what another attempt has stored."""

    def __init__(self, key: Key, expected: str, columns: tuple[str, str, int, bool]) -> None:
        self._key = key
        self._expected = expected
        self._columns = columns

    def __call__(self, connection: Connection, statements: Statements, again: bool) -> bool:
        expected = [self._expected, self._columns[0]] if again else [self._expected]
        return bool(changed(connection, statements.replace, (*self._columns, *self._key, expected)))
