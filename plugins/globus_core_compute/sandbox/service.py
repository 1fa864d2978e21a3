"""Globus Compute as a service of the sandbox."""

from __future__ import annotations

import typing as t

from globus_core.scopes import ComputeScopes
from globus_core.testing.sandbox import Caller, Route, ServiceSandbox, ServiceScope, World

from .endpoints import Endpoints
from .tasks import Tasks

_ALL = str(ComputeScopes.all)


class ComputeSandbox(ServiceSandbox):
    """
    Compute without computers: endpoints and functions are registered, nothing runs.

    :param world: the data shared with the other services
    """

    resource_server = ComputeScopes.resource_server
    scopes = (ServiceScope(_ALL, resource_server, "Use Globus Compute"),)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._endpoints = Endpoints(self)
        self._tasks = Tasks(self, self._endpoints)

    def caller(self, *scopes: str) -> Caller:
        return super().caller(*(scopes or (_ALL,)))

    def reset(self) -> None:
        self._endpoints.reset()
        self._tasks.reset()

    def dump(self) -> dict[str, t.Any]:
        return {"endpoints": self._endpoints.dump(), "tasks": self._tasks.dump()}

    def load(self, document: dict[str, t.Any]) -> None:
        self._endpoints.load(document["endpoints"])
        self._tasks.load(document["tasks"])

    def routes(self) -> t.Iterable[Route]:
        return [*self._endpoints.routes(), *self._tasks.routes()]

    def describe(self) -> dict[str, t.Any]:
        endpoints, tasks = self._endpoints.known.copy(), self._tasks.known.copy()
        return {
            "endpoints": {key: found["name"] for key, found in endpoints.items()},
            "tasks": {key: task.document()["status"] for key, task in tasks.items()},
        }

    def verbs(self) -> dict[str, t.Callable[..., t.Any]]:
        return {
            "endpoints/status": self._endpoints.set_status,
            "results/set": self._tasks.set_result,
            "results/clear": self._tasks.clear_result,
        }
