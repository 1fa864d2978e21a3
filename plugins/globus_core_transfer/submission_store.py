"""
Submission ids kept in a file, so that programs which run again repeat their submissions.
"""

from __future__ import annotations

import os
import time
import typing as t

from globus_core.arguments import check_functions, check_numbers, check_path
from globus_core.config.env_vars import expand_home
from globus_core.exc import GlobusSDKUsageError
from globus_core.sqlite_files import PrivateDatabase

if t.TYPE_CHECKING:
    import sqlite3

#: where the file is by default
DEFAULT_PATH = "~/.globus/submissions.db"
_DAY = 86400.0

_CREATE = (
    "CREATE TABLE IF NOT EXISTS submissions_1 (service TEXT NOT NULL, key TEXT NOT NULL, "
    "part INTEGER NOT NULL, created REAL NOT NULL, fingerprint TEXT NOT NULL, "
    "submission_id TEXT NOT NULL, task_id TEXT, PRIMARY KEY (service, key, part)) WITHOUT ROWID"
)
_FIND = (
    "SELECT fingerprint, submission_id, task_id FROM submissions_1 "
    "WHERE service = ? AND key = ? AND part = ?"
)
_CLAIM = "INSERT OR IGNORE INTO submissions_1 VALUES (?, ?, ?, ?, ?, ?, NULL)"
_NOTE = (
    "UPDATE submissions_1 SET task_id = ? "
    "WHERE service = ? AND key = ? AND part = ? AND submission_id = ?"
)
_DROP = (
    "DELETE FROM submissions_1 "
    "WHERE service = ? AND key = ? AND part = ? AND submission_id = ? AND task_id IS NULL"
)
_FORGET = "DELETE FROM submissions_1 WHERE service = ? AND key = ?"
_PRUNE = "DELETE FROM submissions_1 WHERE created <= ?"


class Place(t.NamedTuple):
    """
    Where a submission is kept: the service's URL, the program's key, and which one of several.
    """

    service: str
    key: str
    part: int


class Kept(t.NamedTuple):
    """
    What is kept of a submission; ``task_id`` is None until the service has told it.
    """

    fingerprint: str
    submission_id: str
    task_id: str | None


class SubmissionStore:
    """
    Keeps submission ids by key, in a file that only its owner can read.

    Processes can share the file. It has no tokens and no paths of files, only keys, ids and hashes
    of documents. Do not share it between accounts of Globus: a submission belongs to one of them.

    :param path: the file; None means ``~/.globus/submissions.db``
    :param days: after how many days a key is forgotten, and means a new task
    :param clock: the time in UTC epoch seconds, for tests
    :raises GlobusSDKUsageError: if ``days`` is not greater than 0, or the home folder is unknown
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        days: float = 90.0,
        clock: t.Callable[[], float] = time.time,
    ) -> None:
        check_numbers(days=days)
        check_functions(clock=clock)
        if path is not None:
            check_path(path, "path")
        if not days > 0:
            raise GlobusSDKUsageError(f"'days' must be greater than 0, not {days!r}")
        self.path = os.path.abspath(expand_home(os.fspath(path or DEFAULT_PATH)))
        self._seconds = days * _DAY
        self._clock = clock
        self._database = PrivateDatabase(self.path, "submission store", _prepare)

    def find(self, place: Place) -> Kept | None:
        """
        What is kept at a place, or None.

        :param place: the place
        :raises GlobusError: if the file cannot be used
        """
        self._prune()
        return self._database.run(lambda connection: _found(connection, place))

    def claim(self, place: Place, fingerprint: str, submission_id: str) -> Kept:
        """
        Keep a submission, unless another process was faster; what is kept then.

        :param place: the place
        :param fingerprint: the hash of the document
        :param submission_id: the id under which it will be sent
        :raises GlobusError: if the file cannot be used
        """

        def work(connection: sqlite3.Connection) -> Kept:
            connection.execute(_CLAIM, (*place, self._clock(), fingerprint, submission_id))
            return _found(connection, place) or Kept(fingerprint, submission_id, None)

        return self._database.run(work)

    def note(self, place: Place, submission_id: str, task_id: str) -> None:
        """
        Keep the task of a submission.

        :param place: the place
        :param submission_id: the id under which it was sent
        :param task_id: the id of its task
        :raises GlobusError: if the file cannot be used
        """
        self._execute(_NOTE, task_id, *place, submission_id)

    def drop(self, place: Place, submission_id: str) -> None:
        """
        Forget a submission that has no task.

        :param place: the place
        :param submission_id: its id
        :raises GlobusError: if the file cannot be used
        """
        self._execute(_DROP, *place, submission_id)

    def forget(self, service: str, key: str) -> None:
        """
        Forget all submissions of a key, which then means new tasks.

        :param service: the service's URL
        :param key: the key
        :raises GlobusError: if the file cannot be used
        """
        self._execute(_FORGET, service, key)

    def close(self) -> None:
        """
        Close the file; it is opened again when it is needed.
        """
        self._database.close()

    def _prune(self) -> None:
        self._execute(_PRUNE, self._clock() - self._seconds)

    def _execute(self, statement: str, *values: str | float) -> None:
        self._database.run(lambda connection: connection.execute(statement, values))


def _found(connection: sqlite3.Connection, place: Place) -> Kept | None:
    row = connection.execute(_FIND, place).fetchone()
    return None if row is None else Kept(*row)


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute(_CREATE)
