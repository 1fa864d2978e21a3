"""Globus Flows as a service of the sandbox."""

from __future__ import annotations

import typing as t

from globus_core.testing.sandbox import ApiError, Route, ServiceSandbox, ServiceScope, World

from . import answers
from .flow_api import FLOWS, SEE_FLOWS, FlowApi
from .questions import Questions
from .run_api import SEE_RUNS, RunApi
from .worker import Worker


class FlowsSandbox(ServiceSandbox):
    """
    Flows whose runs are done by its clock, and whose actions are done by its Transfer.

    :param world: the data shared with the other services
    :param flows: flows that are there from the beginning: the documents of ``create_flow``, each
        perhaps with its ``id`` and the identity id of its ``owner``, else that of the first person
    """

    resource_server = FLOWS
    scopes = tuple(
        ServiceScope(
            scope, FLOWS, f"{scope.rpartition('/')[2].replace('_', ' ').capitalize()} (Flows)"
        )
        for scope in dict.fromkeys((*SEE_FLOWS, *SEE_RUNS))
    )

    def __init__(self, world: World, *, flows: t.Iterable[t.Mapping[str, t.Any]] = ()) -> None:
        super().__init__(world)
        self._seeds = tuple(flows)
        self._worker = Worker(world)
        self._flows = FlowApi(world)
        self._runs = RunApi(world, self._flows, self._worker)
        self._questions = Questions(world, self._runs)

    def start(self) -> None:
        self._worker.start()

    def stop(self) -> None:
        self._worker.stop()

    def reset(self) -> None:
        self._worker.reset()
        for part in (self._questions, self._runs, self._flows):
            part.reset()
        for seed in self._seeds:
            self.add_flow(**seed)

    def routes(self) -> t.Iterable[Route]:
        return [*self._flows.routes(), *self._runs.routes(), *self._questions.routes()]

    def dump(self) -> dict[str, t.Any]:
        return {"flows": self._flows.dump()}

    def load(self, document: dict[str, t.Any]) -> None:
        self._flows.load(document.get("flows", ()))

    def error_document(self, error: ApiError) -> dict[str, t.Any]:
        return answers.error_document(error)

    def describe(self) -> dict[str, t.Any]:
        return {
            "flows": {flow.id: flow.fields["title"] for flow in self._flows.flows.values()},
            "runs": {run.id: run.status for run in self._runs.runs.values()},
        }

    def verbs(self) -> dict[str, t.Callable[..., t.Any]]:
        return {
            "flows/add": self.add_flow,
            "web-inputs/add": self._questions.add_input,
            "registered-apis/add": self.add_api,
            "fail-run": self.fail_run,
            "settle": self._worker.settle,
        }

    def add_flow(
        self, owner: str | None = None, id: str | None = None, **document: t.Any
    ) -> dict[str, t.Any]:
        """
        Add a flow.

        :param owner: the identity id of its owner; None takes the first person
        :param id: its id; None makes one
        :param document: what ``create_flow`` takes
        :raises ApiError: 422 if it is not valid
        """
        return {"id": self._flows.add(document, owner or self._first_person(), id).id}

    def add_api(self, name: str, owner: str | None = None, **more: t.Any) -> dict[str, t.Any]:
        """
        Register an API.

        :param name: its name
        :param owner: the identity id of its owner; None takes the first person
        :param more: its ``description`` and ``target``
        """
        return self._questions.add_api(name, owner or self._first_person(), **more)

    def fail_run(self, run_id: str, error: str = "OrderedByTest", cause: str = "") -> None:
        """
        Let a run fail.

        :param run_id: the run
        :param error: a short name for why
        :param cause: the same in words
        :raises ApiError: 404 if there is no such run
        """
        run = self._runs.runs.get(run_id)
        if run is None:
            raise answers.missing("run", run_id)
        with self._worker.changed:
            details = {"error": error, "cause": cause}
            now = self.world.clock.now()
            run.finish(now, "FAILED", "FlowFailed", "The flow has failed", details=details)
            self._worker.wake()

    def _first_person(self) -> str:
        people = self.world.people()
        return people[0].id if people else ""
