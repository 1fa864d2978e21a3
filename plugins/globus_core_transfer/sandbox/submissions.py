"""Submissions: each id makes one task, however often the document is sent."""

from __future__ import annotations

import json
import threading
import typing as t
import uuid

from globus_core.testing.sandbox import ApiError, Caller, Collection, Route, World, routes

from . import answers, filter_rules, filters
from .access import Access
from .copying import ALGORITHMS
from .deletes import DeleteRun
from .runs import Orders
from .tasks import Task
from .transfers import TransferRun
from .worker import Worker

MOST_UNFINISHED = 100
_DAY = 24 * 3600


class Submissions:
    """
    Takes documents and makes tasks of them.

    :param world: the data shared with the other services
    :param access: who may do what
    :param worker: works on the tasks
    :param orders: what tests have ordered
    """

    def __init__(self, world: World, access: Access, worker: Worker, orders: Orders) -> None:
        self._world = world
        self._access = access
        self._worker = worker
        self._orders = orders
        self._lock = threading.Lock()
        self._submitted: dict[str, tuple[str, Task]] = {}
        #: all tasks by id, oldest first
        self.tasks: dict[str, Task] = {}
        access.listeners.append(self._go_on)

    def reset(self) -> None:
        """
        Forget all tasks.
        """
        self._submitted.clear()
        self.tasks.clear()

    def routes(self) -> list[Route]:
        """
        The routes of submissions.
        """
        return routes(
            ("GET", "/submission_id", self.submission_id),
            ("POST", "/transfer", self.transfer),
            ("POST", "/delete", self.delete),
            prefix="/v0.10",
        )

    def submission_id(self) -> dict[str, t.Any]:
        """
        A fresh submission id.
        """
        self._access.caller()
        return {"DATA_TYPE": "submission_id", "value": str(uuid.uuid1())}

    def transfer(self) -> tuple[dict[str, t.Any], int]:
        """
        Submit a transfer.
        """
        caller = self._access.caller()
        document = answers.body("transfer")
        _check_items(document, ("source_path", "destination_path"))
        _check_transfer(document)
        source = self._access.find(answers.text(document, "source_endpoint"))
        target = self._access.find(answers.text(document, "destination_endpoint"))
        for item in document["DATA"]:
            self._access.open(caller, source, item["source_path"], "r").normal(item["source_path"])
            path = item["destination_path"]
            self._access.open(caller, target, path, "rw").normal(path)
        return self._submit(caller, document, source, target)

    def delete(self) -> tuple[dict[str, t.Any], int]:
        """
        Submit a delete.
        """
        caller = self._access.caller()
        document = answers.body("delete")
        _check_items(document, ("path",))
        source = self._access.find(answers.text(document, "endpoint"))
        for item in document["DATA"]:
            self._access.open(caller, source, item["path"], "rw").normal(item["path"])
        return self._submit(caller, document, source, None)

    def _submit(
        self,
        caller: Caller,
        document: dict[str, t.Any],
        source: Collection,
        target: Collection | None,
    ) -> tuple[dict[str, t.Any], int]:
        submission = _submission_id(document)
        text = json.dumps([caller.identity, document], sort_keys=True)
        with self._lock:
            if (known := self._submitted.get(submission)) is not None:
                if known[0] != text:
                    raise answers.bad("the submission id was used for another document")
                return self._answer("Duplicate", submission, known[1]), 200
            task = self._make(caller, document, source, target)
            self._check_others(task)
            self._submitted[submission] = text, task
            self.tasks[task.id] = task
        run = DeleteRun if target is None else TransferRun
        self._worker.add(task, run(self._world, self._access, self._orders, task).steps())
        return self._answer("Accepted", submission, task), 202

    def _make(
        self,
        caller: Caller,
        document: dict[str, t.Any],
        source: Collection,
        target: Collection | None,
    ) -> Task:
        now = self._world.clock.now()
        deadline = read_deadline(document.get("deadline"), now)
        task = Task(self._world.new_id(), document, caller, source, target, now, deadline)
        task.label = document.get("label")
        return task

    def _check_others(self, task: Task) -> None:
        own = [
            other
            for other in self.tasks.values()
            if other.caller.identity == task.caller.identity and not other.is_finished
        ]
        if len(own) >= MOST_UNFINISHED:
            detail = f"at most {MOST_UNFINISHED} tasks may be unfinished"
            raise ApiError(409, detail, code="Conflict")
        paths = task.paths()
        if any(other.paths() == paths for other in own):
            detail = f"A {task.kind.lower()} with identical paths has not yet completed"
            raise ApiError(409, detail, code="Conflict")

    def _answer(self, code: str, submission: str, task: Task) -> dict[str, t.Any]:
        kind = task.kind.lower()
        message = f"The {kind} has been accepted and a task has been created and queued"
        if code == "Duplicate":
            message = f"A {kind} with this submission id was accepted before"
        link = {
            "DATA_TYPE": "link",
            "href": f"task/{task.id}?format=json",
            "rel": "related",
            "resource": "task",
            "title": "related task",
        }
        return answers.result(
            code,
            message,
            DATA_TYPE=f"{kind}_result",
            submission_id=submission,
            task_id=task.id,
            task_link=link,
        )

    def _go_on(self, caller: Caller) -> None:
        """
        Continue tasks that waited for a login of the caller with all consents.
        """
        for task in list(self.tasks.values()):
            if task.status != "INACTIVE" or task.caller.identity not in caller.identities:
                continue
            try:
                for collection in filter(None, (task.source, task.target)):
                    self._access.check_consent(caller, collection)
            except ApiError:
                continue
            task.caller = caller
            task.status = "ACTIVE"
            self._worker.wake()


def read_deadline(value: t.Any, now: float) -> float:
    """
    A deadline in UTC epoch seconds; in a day if there is none.

    :param value: the deadline in ISO format, or None
    :param now: the time
    :raises ApiError: 400 if it is no time, or in the past
    """
    if value is None:
        return now + _DAY
    try:
        deadline = filters.moment(str(value)).timestamp()
    except (ValueError, OverflowError) as error:
        raise answers.bad(f"deadline is not a time: {value!r}") from error
    if deadline <= now:
        raise answers.bad(f"the deadline {value} is in the past")
    return deadline


def _submission_id(document: dict[str, t.Any]) -> str:
    given = document.get("submission_id")
    try:
        return str(uuid.UUID(given))
    except (AttributeError, TypeError, ValueError) as error:
        raise answers.bad(f"submission_id is not valid: {given!r}") from error


def _check_items(document: dict[str, t.Any], names: tuple[str, ...]) -> None:
    items = document.get("DATA")
    if not isinstance(items, list) or not items:
        raise answers.bad("DATA must be a list with at least one item")
    for item in items:
        if not isinstance(item, dict):
            raise answers.bad("each item of DATA must be an object")
        for name in names:
            answers.text(item, name)


def _check_transfer(document: dict[str, t.Any]) -> None:
    level = document.get("sync_level")
    if level is not None and (isinstance(level, bool) or level not in range(4)):
        raise answers.bad(f"sync_level must be 0 to 3, not {level!r}")
    filter_rules.check(document.get("filter_rules"))
    if document.get("recursive_symlinks", "ignore") not in {"ignore", "keep", "copy"}:
        raise answers.bad("recursive_symlinks must be ignore, keep or copy")
    for item in document["DATA"]:
        algorithm = str(item.get("checksum_algorithm") or "MD5").upper()
        if algorithm not in ALGORITHMS:
            raise answers.bad(f"unknown checksum_algorithm {algorithm!r}")
        if not isinstance(item.get("external_checksum"), (str, type(None))):
            raise answers.bad("external_checksum must be a text")
