"""The operations on tasks: show, list, change, cancel, events."""

from __future__ import annotations

import typing as t

from flask import request

from globus_core.testing.sandbox import ApiError, Route, World, routes

from . import answers, filters
from .access import Access
from .submissions import Submissions, read_deadline
from .tasks import Task, document
from .worker import Worker

MOST = 1000
_PAGE = 100


class TaskApi:
    """
    Shows and changes the caller's tasks.

    :param world: the data shared with the other services
    :param access: who may do what
    :param submissions: has the tasks
    :param worker: works on them
    """

    def __init__(
        self, world: World, access: Access, submissions: Submissions, worker: Worker
    ) -> None:
        self._now = world.clock.now
        self._access = access
        self._submissions = submissions
        self._worker = worker

    def routes(self) -> list[Route]:
        """
        The routes of tasks.
        """
        return routes(
            ("GET", "/task_list", self.list_tasks),
            ("GET", "/task/<task_id>", self.show),
            ("PUT", "/task/<task_id>", self.update),
            ("POST", "/task/<task_id>/cancel", self.cancel),
            ("GET", "/task/<task_id>/event_list", self.list_events),
            ("GET", "/task/<task_id>/pause_info", self.pause_info),
            ("GET", "/task/<task_id>/successful_transfers", self.list_successes),
            ("GET", "/task/<task_id>/skipped_errors", self.list_skipped),
            prefix="/v0.10",
        )

    def list_tasks(self) -> dict[str, t.Any]:
        """
        The caller's tasks, newest first.
        """
        caller = self._access.caller()
        wanted = filters.parse(request.args.getlist("filter"), filters.TASKS)
        now = self._now()
        own = (
            document(task, now)
            for task in reversed(list(self._submissions.tasks.values()))
            if task.caller.identity in caller.identities
        )
        found = [shown for shown in own if wanted(shown)]
        ordered = filters.in_order(found, request.args.get("orderby", ""), filters.TASKS)
        return _page("task_list", ordered)

    def show(self, task_id: str) -> dict[str, t.Any]:
        """
        A task.

        :param task_id: its id
        """
        return document(self._find(task_id), self._now())

    def update(self, task_id: str) -> dict[str, t.Any]:
        """
        Change the label or the deadline of a task.

        :param task_id: its id
        """
        task = self._find(task_id)
        given = answers.body("task")
        with self._worker.changed:
            if task.is_finished:
                raise ApiError(409, "the task is complete", code="Conflict")
            if "deadline" in given:
                task.deadline = read_deadline(given["deadline"], self._now())
            if "label" in given:
                task.label = given["label"]
            self._worker.wake()
        return answers.result("Updated", "Updated the task successfully")

    def cancel(self, task_id: str) -> dict[str, t.Any]:
        """
        Cancel a task.

        :param task_id: its id
        """
        task = self._find(task_id)
        with self._worker.changed:
            if task.is_finished:
                return answers.result("TaskComplete", "The task completed before it was canceled")
            task.finish(self._now(), "FAILED", "CANCELED", "canceled by the owner")
            self._worker.wake()
        return answers.result("Canceled", "The task has been cancelled successfully")

    def list_events(self, task_id: str) -> dict[str, t.Any]:
        """
        The events of a task, newest first.

        :param task_id: its id
        """
        wanted = filters.parse(request.args.getlist("filter"), filters.EVENTS)
        events = [event for event in reversed(self._find(task_id).events) if wanted(event)]
        return _page("event_list", events)

    def pause_info(self, task_id: str) -> dict[str, t.Any]:
        """
        Why a task is paused.

        :param task_id: its id
        """
        task = self._find(task_id)
        message = task.pause_message
        rule = {
            "DATA_TYPE": "pause_rule_limited",
            "id": task.id,
            "message": message,
            "endpoint_id": task.source.id,
            "endpoint_display_name": task.source.name,
            "identity_id": task.caller.identity,
            "created_by_host_manager": False,
            "editable": False,
            "pause_ls": False,
            "pause_mkdir": False,
            "pause_rename": False,
            "pause_task_delete": task.kind == "DELETE",
            "pause_task_transfer_write": task.kind == "TRANSFER",
            "pause_task_transfer_read": task.kind == "TRANSFER",
        }
        return {
            "DATA_TYPE": "pause_info_limited",
            "pause_rules": [] if message is None else [rule],
            "source_pause_message": message,
            "source_pause_message_share": None,
            "destination_pause_message": None,
            "destination_pause_message_share": None,
        }

    def list_successes(self, task_id: str) -> dict[str, t.Any]:
        """
        The files that a finished transfer has copied.

        :param task_id: its id
        """
        found, following = _after_marker(self._finished(task_id).successes)
        names = ("source_path", "destination_path", "size", "checksum", "checksum_algorithm")
        return {
            "DATA_TYPE": "successful_transfers",
            "DATA": [
                {"DATA_TYPE": "successful_transfer", **dict(zip(names, item, strict=True))}
                for item in found
            ],
            "marker": request.args.get("marker"),
            "next_marker": following,
        }

    def list_skipped(self, task_id: str) -> dict[str, t.Any]:
        """
        The errors that a finished transfer has skipped.

        :param task_id: its id
        """
        found, following = _after_marker(self._finished(task_id).skipped)
        return {
            "DATA_TYPE": "skipped_errors",
            "DATA": found,
            "marker": request.args.get("marker"),
            "next_marker": following,
        }

    def _find(self, task_id: str) -> Task:
        caller = self._access.caller()
        task = self._submissions.tasks.get(task_id.lower())
        if task is None or task.caller.identity not in caller.identities:
            raise answers.missing(f"there is no task {task_id!r}")
        return task

    def _finished(self, task_id: str) -> Task:
        task = self._find(task_id)
        if not task.is_finished:
            raise answers.bad("the task is not complete")
        return task


T = t.TypeVar("T")


def _after_marker(items: t.Sequence[T]) -> tuple[list[T], int | None]:
    start = answers.number("marker", 0, 10**12)
    end = start + _PAGE
    return list(items[start:end]), end if end < len(items) else None


def _page(data_type: str, found: t.Sequence[dict[str, t.Any]]) -> dict[str, t.Any]:
    limit, offset = answers.number("limit", MOST, MOST), answers.number("offset", 0, 10**12)
    page = found[offset : offset + limit]
    return {
        "DATA_TYPE": data_type,
        "DATA": page,
        "length": len(page),
        "limit": limit,
        "offset": offset,
        "total": len(found),
    }
