"""
Who asks about a key of an SQLite cache, so that other processes wait for the answer.
"""

from __future__ import annotations

import typing as t

from globus_core.exc import GlobusError, StorageError
from globus_core.leases import StoredLease

from . import _schema

if t.TYPE_CHECKING:
    import sqlite3

    from globus_core.sqlite_files import PrivateDatabase

    R = t.TypeVar("R")

#: how long others wait for one whose process has ended, in seconds
LEASE_SECONDS = 30.0


class Question(StoredLease):
    """
    A question about one key, for a ``with`` block; see :class:`globus_core.leases.StoredLease`.

    :param database: the file of the cache
    :param key: the namespace and the key
    :param timeout: the longest time to wait for another question, in seconds
    :param clock: the time in UTC epoch seconds
    """

    def __init__(
        self,
        database: PrivateDatabase,
        key: tuple[str, str],
        timeout: float,
        clock: t.Callable[[], float],
    ) -> None:
        super().__init__(LEASE_SECONDS, timeout, f"a question about {key[1]!r}", database.path)
        self._database = database
        self._key = key
        self._clock = clock

    def take(self) -> float | None:
        def take(connection: sqlite3.Connection) -> float | None:
            now = self._clock()
            arguments = (*self._key, self.owner, now + LEASE_SECONDS, now)
            if connection.execute(_schema.TAKE, arguments).rowcount:
                return None
            _, until = connection.execute(_schema.HOLDER, self._key).fetchone()
            return max(0.0, float(until) - now)

        return self._run(take)

    def is_stored(self) -> bool:
        def look(connection: sqlite3.Connection) -> bool:
            found = connection.execute(_schema.HOLDER, self._key).fetchone()
            return bool(found and found[0] == self.owner and found[1] > self._clock())

        return self._run(look)

    def prolong(self) -> bool:
        now = self._clock()
        arguments = (now + LEASE_SECONDS, *self._key, self.owner, now)
        return self._run(lambda db: db.execute(_schema.PROLONG, arguments).rowcount == 1)

    def give_back(self) -> None:
        arguments = (self._clock(), *self._key, self.owner)
        self._run(lambda db: db.execute(_schema.GIVE_BACK, arguments))

    def _run(self, work: t.Callable[[sqlite3.Connection], R]) -> R:
        try:
            return self._database.run(work)
        except GlobusError as error:
            raise StorageError(str(error)) from error
