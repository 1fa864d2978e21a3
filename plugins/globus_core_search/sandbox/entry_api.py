"""The operations on subjects, entries and tasks."""

from __future__ import annotations

import typing as t

from flask import request

from globus_core.testing.sandbox import ApiError, Route, routes

from . import answers, ingesting
from .access import INGEST, WRITERS, Access
from .indices import Entry, Index
from .results import result
from .tasks import Queue

if t.TYPE_CHECKING:
    Answer = tuple[dict[str, t.Any], int]

MOST_TASKS = 1000


class EntryApi:
    """
    Shows and changes what is in indices.

    :param access: who may do what
    :param queue: does the changes
    """

    def __init__(self, access: Access, queue: Queue) -> None:
        self._access = access
        self._queue = queue

    def routes(self, around: t.Callable[..., t.Any]) -> list[Route]:
        """
        The routes of entries and tasks.

        :param around: decorates each view
        """
        return routes(
            ("POST", "/index/<index_id>/ingest", self.ingest),
            ("POST", "/index/<index_id>/batch_delete_by_subject", self.delete_subjects),
            ("GET", "/index/<index_id>/subject", self.show_subject),
            ("DELETE", "/index/<index_id>/subject", self.delete_subject),
            ("GET", "/index/<index_id>/entry", self.show_entry),
            ("DELETE", "/index/<index_id>/entry", self.delete_entry),
            ("GET", "/task/<task_id>", self.show_task),
            ("GET", "/task_list/<index_id>", self.list_tasks),
            prefix="/v1",
            around=around,
        )

    def ingest(self, index_id: str) -> Answer:
        """
        Add entries.

        :param index_id: the index
        """
        index = self._access.writable(index_id)
        entries = ingesting.read(answers.body())
        for _, entry in entries:
            self._access.note(entry.visible_to)
        task = self._queue.add(index.id, lambda: ingesting.put(index, entries))
        return {"acknowledged": True, "task_id": task.id}, 202

    def delete_subjects(self, index_id: str) -> Answer:
        """
        Delete several subjects.

        :param index_id: the index
        """
        index, subjects = self._access.writable(index_id), answers.body().get("subjects")
        if not isinstance(subjects, list) or not all(isinstance(s, str) for s in subjects):
            raise answers.invalid("subjects must be a list of texts", "subjects")

        def work() -> None:
            for subject in subjects:
                index.remove(subject)

        return self._delete(index, work)

    def show_subject(self, index_id: str) -> dict[str, t.Any]:
        """
        A subject with the entries that the caller may see.

        :param index_id: the index
        """
        subject, visible = self._visible(index_id)
        return result(subject, visible)

    def delete_subject(self, index_id: str) -> Answer:
        """
        Delete a subject.

        :param index_id: the index
        """
        index, subject = self._access.writable(index_id), _subject()
        return self._delete(index, lambda: index.remove(subject))

    def show_entry(self, index_id: str) -> dict[str, t.Any]:
        """
        An entry.

        :param index_id: the index
        """
        subject, visible = self._visible(index_id)
        entry_id = request.args.get("entry_id")
        for entry in visible:
            if entry.id == entry_id:
                return {
                    "@datatype": "GMetaEntry",
                    "@version": "2016-11-09",
                    "subject": subject,
                    "id": entry.id,
                    "visible_to": sorted(entry.visible_to),
                    "content": entry.content,
                }
        raise answers.missing(f"no entry {entry_id!r} of {subject!r} is visible to you")

    def delete_entry(self, index_id: str) -> Answer:
        """
        Delete an entry.

        :param index_id: the index
        """
        index, subject = self._access.writable(index_id), _subject()
        entry_id = request.args.get("entry_id")
        return self._delete(index, lambda: index.remove_entry(subject, entry_id))

    def show_task(self, task_id: str) -> dict[str, t.Any]:
        """
        A task.

        :param task_id: its id
        """
        caller = self._access.caller(INGEST)
        task = self._queue.tasks.get(task_id.lower())
        if task is None:
            raise answers.missing(f"there is no task {task_id!r}")
        self._access.allow(caller, self._access.find(task.index_id), WRITERS)
        return task.document()

    def list_tasks(self, index_id: str) -> dict[str, t.Any]:
        """
        The last tasks of an index, newest first.

        :param index_id: the index
        """
        caller = self._access.caller(INGEST)
        index = self._access.find(index_id)
        self._access.allow(caller, index, WRITERS)
        found = [task for task in self._queue.tasks.values() if task.index_id == index.id]
        return {"tasks": [task.document() for task in found[: -MOST_TASKS - 1 : -1]]}

    def _delete(self, index: Index, work: t.Callable[[], None]) -> Answer:
        return {"task_id": self._queue.add(index.id, work).id}, 202

    def _visible(self, index_id: str) -> tuple[str, list[Entry]]:
        caller, subject = self._access.reader(), _subject()
        entries = self._access.open(index_id).subjects.get(subject, {}).values()
        visible = [entry for entry in entries if not entry.visible_to.isdisjoint(caller.principals)]
        if not visible:
            raise answers.missing(f"no entry of {subject!r} is visible to you")
        return subject, visible


def _subject() -> str:
    subject = request.args.get("subject")
    if not subject:
        raise ApiError(400, "subject is missing", code="BadRequest.ValidationError")
    return subject
