"""
The lock on a renewal, as a lease: a row that ends by the clock of the server.
"""

from __future__ import annotations

import typing as t

from globus_core.leases import StoredLease

from .database import Database, changed

if t.TYPE_CHECKING:
    Key = tuple[str, str, str]


class PostgresLease(StoredLease):
    """
    The lease of one holder, for a ``with`` block; see :class:`globus_core.leases.StoredLease`.

    It is no lock of PostgreSQL's, neither of a session nor of a transaction, so that a pooler may
    give each statement to another session.

    :param database: the server
    :param key: app, namespace and resource server
    :param seconds: how long the lock lasts after it was taken or extended
    :param timeout: the longest time to wait for it, in seconds
    :param purpose: what is done under it, for the error
    :ivar owner: the holder: host, process, and a random part
    """

    def __init__(
        self, database: Database, key: Key, seconds: float, timeout: float, purpose: str
    ) -> None:
        super().__init__(seconds, timeout, purpose, database.settings.location)
        self._database = database
        self._key = key

    def take(self) -> float | None:
        key, seconds = self._key, self.seconds
        parameters = (*key, self.owner, seconds, *key, self.owner, seconds, *key)
        statement = self._database.statements.take
        ((left,),) = self._database.fetch("lock a renewal", statement, parameters)
        return None if left < 0 else float(left)

    def is_stored(self) -> bool:
        statement = self._database.statements.mine
        return bool(self._database.fetch("ask for a lock", statement, (*self._key, self.owner)))

    def prolong(self) -> bool:
        return self._changed("extend", (self.seconds, *self._key, self.owner))

    def give_back(self) -> None:
        self._changed("release", (*self._key, self.owner))

    def _changed(self, name: str, parameters: tuple[t.Any, ...]) -> bool:
        return self._database.run(
            "lock a renewal",
            lambda connection, statements, again: bool(
                changed(connection, getattr(statements, name), parameters)
            ),
        )
