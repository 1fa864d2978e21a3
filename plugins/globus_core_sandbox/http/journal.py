"""The journal of requests to the sandbox, without secrets."""

from __future__ import annotations

import threading
from collections import deque
from fnmatch import fnmatchcase

import attrs

_LONGEST = 100_000


@attrs.frozen(kw_only=True)
class JournalRecord:
    """
    One request and its response.

    :param time: when it was answered by the sandbox's clock, in UTC epoch seconds
    :param method: HTTP method
    :param path: path without its query
    :param status: status of the response; 0 if the connection ended before it
    :param grant_type: grant type of a token request, else None
    :param client_id: the client that sent it; None if the request names none
    """

    time: float
    method: str
    path: str
    status: int
    grant_type: str | None = None
    client_id: str | None = None


class Journal:
    """
    The latest requests, in order.
    """

    def __init__(self) -> None:
        self._records: deque[JournalRecord] = deque(maxlen=_LONGEST)
        self._lock = threading.Lock()

    def add(self, record: JournalRecord) -> None:
        """
        Note a request.
        """
        with self._lock:
            self._records.append(record)

    def clear(self) -> None:
        """
        Start afresh.
        """
        with self._lock:
            self._records.clear()

    def records(self) -> list[JournalRecord]:
        """
        All requests, oldest first.
        """
        with self._lock:
            return list(self._records)

    def count(self, path: str | None = None, **wanted: object) -> int:
        """
        The number of requests.

        :param path: only with this path; ``*`` and ``?`` are wildcards; None for any
        :param wanted: only with these values of other fields of a record; None for any
        """
        return sum(
            (path is None or fnmatchcase(record.path, path))
            and all(value in (None, getattr(record, name)) for name, value in wanted.items())
            for record in self.records()
        )
