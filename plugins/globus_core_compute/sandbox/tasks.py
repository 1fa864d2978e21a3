"""Functions and tasks: nothing runs, the results are in a table that control verbs fill."""

from __future__ import annotations

import dataclasses
import typing as t

from globus_core.documents import utc_text
from globus_core.testing.sandbox import ApiError, Caller, Route, ServiceSandbox, fields, routes

from . import bodies
from .endpoints import Endpoints


@dataclasses.dataclass
class Task:
    """
    A task.

    :param id: its id
    :param function_id: the function
    :param owner: the identity id of its owner
    :param group_id: the tasks that it belongs to
    :param created_at: when it was submitted, in epoch seconds
    :param outcome: the part of its document that says how it ended; None while it is pending
    """

    id: str
    function_id: str
    owner: str
    group_id: str
    created_at: float
    outcome: dict[str, t.Any] | None = None

    def document(self) -> dict[str, t.Any]:
        """
        The task's document.
        """
        return {"task_id": self.id, "status": "pending", "details": {}, **(self.outcome or {})}


class Tasks:
    """
    Functions, the tasks that were submitted for them, and the table of results.

    :param service: the service, which knows the caller, the time and makes ids
    :param endpoints: the endpoints
    """

    def __init__(self, service: ServiceSandbox, endpoints: Endpoints) -> None:
        self._service = service
        self._endpoints = endpoints
        self.functions: dict[str, dict[str, t.Any]] = {}
        self.known: dict[str, Task] = {}
        self._results: dict[str, dict[str, t.Any]] = {}

    def reset(self) -> None:
        """
        Forget all functions, tasks and results.
        """
        self.functions.clear()
        self.known.clear()
        self._results.clear()

    def dump(self) -> dict[str, t.Any]:
        """
        Functions, tasks and results as JSON data.
        """
        return {
            "functions": self.functions.copy(),
            "tasks": [dataclasses.asdict(task) for task in [*self.known.values()]],
            "results": self._results.copy(),
        }

    def load(self, document: dict[str, t.Any]) -> None:
        """
        Return to what was kept.

        :param document: what :py:meth:`dump` returned
        """
        tasks = [Task(**entry) for entry in document["tasks"]]
        self.functions.update(document["functions"])
        self.known.update({task.id: task for task in tasks})
        self._results.update(document["results"])

    def routes(self) -> list[Route]:
        """
        The operations on functions and tasks.
        """
        return routes(
            ("POST", "/v2/functions", self.register),
            ("POST", "/v3/functions", self.register),
            ("GET", "/v2/functions/<function_id>", self.show_function),
            ("DELETE", "/v2/functions/<function_id>", self.delete_function),
            ("POST", "/v3/endpoints/<endpoint_id>/submit", self.submit),
            ("GET", "/v2/tasks/<task_id>", self.show),
            ("POST", "/v2/batch_status", self.show_batch),
            ("GET", "/v2/taskgroup/<group_id>", self.show_group),
        )

    # functions

    def register(self) -> dict[str, t.Any]:
        """
        Register a function.
        """
        caller, body = self._service.caller(), bodies.document()
        function_id = self._service.world.new_id()
        self.functions[function_id] = {
            "function_uuid": function_id,
            "function_name": bodies.text(body, "function_name"),
            "function_code": bodies.text(body, "function_code"),
            "description": body.get("description"),
            "metadata": body.get("metadata") or {},
            "owner": caller.identity,
        }
        return {"function_uuid": function_id}

    def show_function(self, function_id: str) -> dict[str, t.Any]:
        """
        Show a function.

        :param function_id: the function
        """
        self._service.caller()
        found = self._function(function_id)
        return {name: value for name, value in found.items() if name != "owner"}

    def delete_function(self, function_id: str) -> dict[str, t.Any]:
        """
        Delete a function.

        :param function_id: the function
        """
        caller = self._service.caller()
        if self._function(function_id)["owner"] not in caller.identities:
            raise ApiError(403, f"only its owner may delete the function {function_id}")
        del self.functions[function_id]
        return {"result": 302}

    def _function(self, function_id: str) -> dict[str, t.Any]:
        if function_id not in self.functions:
            raise ApiError(404, f"there is no function {function_id!r}")
        return self.functions[function_id]

    # tasks

    def submit(self, endpoint_id: str) -> dict[str, t.Any]:
        """
        Submit tasks; each has the result that is in the table, or is pending without one.

        :param endpoint_id: the endpoint
        """
        caller, body = self._service.caller(), bodies.document()
        self._endpoints.find(endpoint_id)
        wanted = _calls(body)
        for function_id in wanted:
            self._function(function_id)
        world = self._service.world
        group_id = bodies.identifier(body, "task_group_id") or world.new_id()
        self._check_group(caller, group_id)
        made = {
            function_id: [self._make(caller, function_id, group_id) for _ in calls]
            for function_id, calls in wanted.items()
        }
        return {
            "request_id": world.new_id(),
            "task_group_id": group_id,
            "endpoint_id": endpoint_id,
            "tasks": made,
        }

    def _make(self, caller: Caller, function_id: str, group_id: str) -> str:
        world = self._service.world
        task = Task(world.new_id(), function_id, caller.identity, group_id, world.clock.now())
        self.known[task.id] = task
        if (result := self._results.get(function_id)) is not None:
            self._finish(task, result)
        return task.id

    def _check_group(self, caller: Caller, group_id: str) -> None:
        for task in [*self.known.values()]:
            if task.group_id == group_id and task.owner not in caller.identities:
                raise ApiError(403, f"the task group {group_id} belongs to somebody else")

    def show(self, task_id: str) -> dict[str, t.Any]:
        """
        Show a task.

        :param task_id: the task
        """
        return self._own(task_id).document()

    def show_batch(self) -> dict[str, t.Any]:
        """
        Show several tasks; those that the caller does not have are left out.
        """
        caller, ids = self._service.caller(), bodies.document().get("task_ids")
        if not isinstance(ids, list):
            raise fields.bad("task_ids must be a list")
        found = [self.known[each] for each in map(str, ids) if each in self.known]
        own = {task.id: task.document() for task in found if task.owner in caller.identities}
        return {"response": "batch", "results": own}

    def show_group(self, group_id: str) -> dict[str, t.Any]:
        """
        List the tasks of a group.

        :param group_id: the group
        """
        caller = self._service.caller()
        tasks = [
            {"id": task.id, "created_at": utc_text(task.created_at)}
            for task in [*self.known.values()]
            if task.group_id == group_id and task.owner in caller.identities
        ]
        if not tasks:
            raise ApiError(404, f"there is no task group {group_id!r}")
        return {"taskgroup_id": group_id, "create_websockets_queue": False, "tasks": tasks}

    def _own(self, task_id: str) -> Task:
        caller, task = self._service.caller(), self.known.get(task_id)
        if task is None or task.owner not in caller.identities:
            raise ApiError(404, f"there is no task {task_id!r}")
        return task

    # the table of results

    def set_result(
        self, function_id: str, result: str | None = None, exception: str | None = None
    ) -> None:
        """
        Say what the tasks of a function come to, those that are pending and those to come.

        :param function_id: the function
        :param result: the serialized result, as programs get it
        :param exception: the serialized exception, if they are to fail
        :raises ApiError: 404 if there is no such function, 400 without exactly one of the two
        """
        self._function(function_id)
        if (result is None) == (exception is None):
            raise fields.bad("there must be either a result or an exception")
        failed = {"status": "failed", "exception": exception}
        row = failed if result is None else {"status": "success", "result": result}
        self._results[function_id] = row
        for task in [*self.known.values()]:
            if task.function_id == function_id and task.outcome is None:
                self._finish(task, row)

    def clear_result(self, function_id: str) -> None:
        """
        Let the next tasks of a function be pending.

        :param function_id: the function
        """
        self._results.pop(function_id, None)

    def _finish(self, task: Task, row: dict[str, t.Any]) -> None:
        task.outcome = {**row, "completion_t": str(self._service.world.clock.now())}


def _calls(body: dict[str, t.Any]) -> dict[str, list[t.Any]]:
    """The serialized arguments of each call, by the ids of functions."""
    tasks = body.get("tasks")
    if not isinstance(tasks, dict) or not tasks:
        raise fields.bad("tasks must be an object with lists of arguments by function")
    if not all(isinstance(calls, list) and calls for calls in tasks.values()):
        raise fields.bad("each function in tasks must have a list of arguments")
    return tasks
