"""Tasks: what they have done so far, and their documents."""

from __future__ import annotations

import dataclasses
import datetime
import json
import typing as t

from globus_core.testing.sandbox import Caller, Collection

#: the states of a task that is not finished
UNFINISHED = ("ACTIVE", "INACTIVE")

_COPIED = (
    "verify_checksum",
    "preserve_timestamp",
    "encrypt_data",
    "skip_source_errors",
    "fail_on_quota_errors",
    "delete_destination_extra",
)


@dataclasses.dataclass
class Counters:
    """
    What a task has done so far; each has the name that it has in the task's document.
    """

    files: int = 0
    directories: int = 0
    symlinks: int = 0
    files_skipped: int = 0
    files_transferred: int = 0
    bytes_transferred: int = 0
    bytes_checksummed: int = 0
    faults: int = 0
    subtasks_succeeded: int = 0
    subtasks_retrying: int = 0
    subtasks_skipped_errors: int = 0


@dataclasses.dataclass(eq=False)
class Task:
    """
    A task.

    :param id: its id
    :param document: what was submitted
    :param caller: who has submitted it, and whose consents it uses
    :param source: the collection that it reads, or deletes from
    :param target: the collection that it writes to; None for one that deletes
    :param request_time: when it was submitted, in UTC epoch seconds
    :param deadline: when it fails if it is not finished
    """

    id: str
    document: dict[str, t.Any]
    caller: Caller
    source: Collection
    target: Collection | None
    request_time: float
    deadline: float
    status: str = "ACTIVE"
    completion_time: float | None = None
    label: str | None = None
    last_fault: str | None = None
    fatal_error: dict[str, str] | None = None
    pause_message: str | None = None
    admin_message: str | None = None
    is_queued: bool = False
    done: Counters = dataclasses.field(default_factory=Counters)
    events: list[dict[str, t.Any]] = dataclasses.field(default_factory=list)
    #: source, target, size, checksum and algorithm of each file that was transferred
    successes: list[tuple[str, str, int, str | None, str | None]] = dataclasses.field(
        default_factory=list
    )
    skipped: list[dict[str, t.Any]] = dataclasses.field(default_factory=list)

    @property
    def is_finished(self) -> bool:
        """
        Whether it has succeeded or failed.
        """
        return self.status not in UNFINISHED

    @property
    def kind(self) -> str:
        """
        ``TRANSFER`` or ``DELETE``.
        """
        return "DELETE" if self.target is None else "TRANSFER"

    def paths(self) -> tuple[t.Any, ...]:
        """
        What tells it from tasks with other files.
        """
        items = (
            (item.get("path"), item.get("source_path"), item.get("destination_path"))
            for item in self.document["DATA"]
        )
        return (self.source.id, self.target and self.target.id, *items)

    def add_event(
        self, now: float, code: str, details: t.Any, *, text: str = "", is_error: bool = False
    ) -> None:
        """
        Add an event.

        :param now: the time
        :param code: what has happened
        :param details: text, or data for JSON
        :param text: the same as the code in words; empty derives it from the code
        :param is_error: whether it is a fault
        """
        self.events.append(
            {
                "DATA_TYPE": "event",
                "code": code,
                "description": text or code.replace("_", " ").lower(),
                "details": details if isinstance(details, str) else json.dumps(details),
                "is_error": is_error,
                "parent_task_id": None,
                "time": iso(now),
            }
        )

    def finish(self, now: float, status: str, code: str, fatal: str | None = None) -> None:
        """
        End it.

        :param now: the time
        :param status: ``SUCCEEDED`` or ``FAILED``
        :param code: the code of the last event
        :param fatal: why it has failed, or None
        """
        self.status = status
        self.completion_time = now
        if fatal is not None:
            self.fatal_error = {"code": code, "description": fatal}
        figures = {
            "files_succeeded": self.done.files_transferred,
            "files_skipped": self.done.files_skipped,
            "bytes_transferred": self.done.bytes_transferred,
        }
        self.add_event(now, code, fatal or figures, is_error=fatal is not None)


def document(task: Task, now: float) -> dict[str, t.Any]:
    """
    The document of a task.

    :param task: the task
    :param now: the time
    """
    seconds = max((task.completion_time or now) - task.request_time, 1.0)
    nice = _nice_status(task)
    given = task.document
    return {
        "DATA_TYPE": "task",
        "task_id": task.id,
        "type": task.kind,
        "status": task.status,
        "label": task.label,
        "owner_id": task.caller.identity,
        "username": task.caller.username,
        "command": f"API 0.10 {task.kind.lower()}",
        "request_time": iso(task.request_time),
        "completion_time": None if task.completion_time is None else iso(task.completion_time),
        "deadline": iso(task.deadline),
        **_side("source", task.source),
        **_side("destination", task.target),
        **dataclasses.asdict(task.done),
        **_subtasks(task),
        "effective_bytes_per_second": int(task.done.bytes_transferred / seconds),
        "fatal_error": task.fatal_error,
        "is_ok": None if task.is_finished else nice in {"OK", "Queued"},
        "is_paused": task.pause_message is not None and not task.is_finished,
        "nice_status": None if task.is_finished else nice,
        "nice_status_details": None,
        "nice_status_short_description": None if task.is_finished else nice,
        "nice_status_expires_in": None,
        "sync_level": given.get("sync_level"),
        **{name: bool(given.get(name, name == "verify_checksum")) for name in _COPIED},
        "recursive_symlinks": given.get("recursive_symlinks", "ignore"),
        "filter_rules": given.get("filter_rules"),
        "canceled_by_admin": None if task.admin_message is None else "BOTH",
        "canceled_by_admin_message": task.admin_message,
        "history_deleted": False,
    }


def _side(name: str, collection: Collection | None) -> dict[str, t.Any]:
    return {
        f"{name}_endpoint": collection and collection.name,
        f"{name}_endpoint_id": collection and collection.id,
        f"{name}_endpoint_display_name": collection and collection.name,
    }


def _subtasks(task: Task) -> dict[str, int]:
    done = task.done
    ended = done.subtasks_succeeded + done.subtasks_skipped_errors
    total = max(done.files + done.directories + done.symlinks, ended)
    left = total - ended
    is_expired = task.fatal_error is not None and task.fatal_error["code"] == "EXPIRED"
    return {
        "subtasks_total": total,
        "subtasks_pending": 0 if task.is_finished else max(left - done.subtasks_retrying, 0),
        "subtasks_failed": 0,
        "subtasks_canceled": left if task.status == "FAILED" and not is_expired else 0,
        "subtasks_expired": left if is_expired else 0,
    }


def _nice_status(task: Task) -> str:
    if task.pause_message is not None:
        return "PAUSED"
    return "Queued" if task.is_queued else task.last_fault or "OK"


def iso(seconds: float) -> str:
    """
    A time as Transfer writes it.

    :param seconds: UTC epoch seconds
    """
    return datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc).isoformat()
