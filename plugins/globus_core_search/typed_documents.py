"""
The shapes of documents that Search sends, for type checkers; each may have more fields.
"""

from __future__ import annotations

import typing as t


class _Task(t.TypedDict):
    task_id: str
    state: str


class TaskDocument(_Task, total=False):
    """
    A task: ``state`` is ``PENDING``, ``PROGRESS``, ``SUCCESS`` or ``FAILED``.

    ``message`` and ``additional_details`` say why it has failed. Times are ISO 8601 in UTC.
    """

    index_id: str
    state_description: str
    message: str | None
    additional_details: t.Any
    creation_date: str
    completion_date: str | None


class ResultEntry(t.TypedDict, total=False):
    """
    An entry that a query has found; ``entry_id`` is None if it has none.
    """

    entry_id: str | None
    content: dict[str, t.Any]
    matched_principal_sets: list[str]


class ResultDocument(t.TypedDict):
    """
    A subject that a query has found, with the entries that are visible to the caller.
    """

    subject: str
    entries: list[ResultEntry]
