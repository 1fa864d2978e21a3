"""The operations on runs."""

from __future__ import annotations

import typing as t

from globus_core.scopes import FlowsScopes
from globus_core.testing.sandbox import ApiError, Caller, Route, World, routes

from . import answers, roles
from .definitions import has_actions
from .flow_api import FLOWS, FlowApi
from .records import RUN_FIELDS, Flow, Run
from .schemas import check_input
from .states import Progress
from .worker import Worker

SEE_RUNS = tuple(map(str, (FlowsScopes.all, FlowsScopes.run_manage, FlowsScopes.run_status)))
CHANGE_RUNS = SEE_RUNS[:2]
Document = dict[str, t.Any]


class RunApi:
    """
    Starts runs and keeps them.

    :param world: the data shared with the other services
    :param flows: the flows
    :param worker: works on the runs
    """

    def __init__(self, world: World, flows: FlowApi, worker: Worker) -> None:
        self._world = world
        self._flows = flows
        self._worker = worker
        self.runs: dict[str, Run] = {}

    def reset(self) -> None:
        """
        Forget all runs.
        """
        self.runs.clear()

    def routes(self) -> list[Route]:
        """
        The routes of runs.
        """
        return routes(
            ("POST", "/flows/<flow_id>/run", self.start),
            ("POST", "/flows/<flow_id>/validate_run", self.validate),
            ("GET", "/runs", self.list_all),
            ("GET", "/runs/<run_id>", self.show),
            ("PUT", "/runs/<run_id>", self.update),
            ("GET", "/runs/<run_id>/definition", self.definition),
            ("GET", "/runs/<run_id>/log", self.log),
            ("POST", "/runs/<run_id>/cancel", self.cancel),
            ("POST", "/runs/<run_id>/release", self.release),
            ("POST", "/runs/<run_id>/resume", self.resume),
        )

    def start(self, flow_id: str) -> tuple[Document, int]:
        """
        Start a flow.

        :param flow_id: its id
        """
        flow, caller, document = self._order(flow_id)
        fields = {**RUN_FIELDS, **{k: v for k, v in document.items() if k in RUN_FIELDS}}
        now = self._world.clock.now()
        run = Run(self._world.new_id(), flow, caller, document["body"], now, fields)
        self.runs[run.id] = run
        answer = self._document(run, caller)
        self._worker.add(run, Progress(self._world, run))
        return answer, 201

    def validate(self, flow_id: str) -> Document:
        """
        Check whether a flow could be started.

        :param flow_id: its id
        """
        self._order(flow_id)
        return {"message": "the input is valid"}

    def list_all(self) -> Document:
        """
        The runs that the caller may see, the newest first.
        """
        caller = self._world.caller(FLOWS, SEE_RUNS)
        wanted = answers.one_of("filter_roles", roles.RUN_ROLES)
        flows = answers.listed("filter_flow_id")
        found = [
            self._document(run, caller)
            for run in reversed(list(self.runs.values()))
            if (held := roles.run_roles(run, caller))
            and (not wanted or not set(held).isdisjoint(wanted))
            and (not flows or run.flow.id in flows)
        ]
        return answers.page("runs", found, size="per_page", default=20)

    def show(self, run_id: str) -> Document:
        """
        A run.

        :param run_id: its id
        """
        run, caller = self._seen(run_id)
        more = {}
        if answers.flag("include_flow_description"):
            more["flow_description"] = run.flow.description()
        return {**self._document(run, caller), **more}

    def definition(self, run_id: str) -> Document:
        """
        What a run does.

        :param run_id: its id
        """
        run, _ = self._seen(run_id)
        return {
            "flow_id": run.flow.id,
            "definition": run.definition,
            "input_schema": run.input_schema,
        }

    def log(self, run_id: str) -> Document:
        """
        What has happened in a run.

        :param run_id: its id
        """
        run, _ = self._seen(run_id)
        entries = list(run.log)
        if answers.flag("reverse_order"):
            entries.reverse()
        return answers.page("entries", entries, size="limit", default=10)

    def update(self, run_id: str) -> Document:
        """
        Change what is written about a run.

        :param run_id: its id
        """
        run, caller = self._managed(run_id, "UPDATE")
        document = {k: v for k, v in answers.body().items() if k in RUN_FIELDS}
        _check_fields(document)
        run.fields = {**run.fields, **document}
        return self._document(run, caller)

    def cancel(self, run_id: str) -> Document:
        """
        End a run.

        :param run_id: its id
        """
        run, caller = self._managed(run_id, "CANCEL")
        with self._worker.changed:
            if run.is_finished:
                raise answers.conflict(f"The run {run.id} has ended with {run.status}")
            now = self._world.clock.now()
            text = "The run was canceled by a user"
            run.finish(now, "FAILED", "FlowCanceled", text, details={})
            self._worker.wake()
        return self._document(run, caller)

    def release(self, run_id: str) -> Document:
        """
        Forget a run that has ended.

        :param run_id: its id
        """
        run, caller = self._managed(run_id, "DELETE")
        if not run.is_finished:
            raise answers.conflict(
                f"The run {run.id} is {run.status}, and must have ended for this"
            )
        del self.runs[run.id]
        return self._document(run, caller)

    def resume(self, run_id: str) -> Document:
        """
        Let a run go on.

        :param run_id: its id
        """
        run = self.runs.get(run_id.lower())
        if run is None:
            self._world.caller(FLOWS)  # so that nobody without a token learns this
            raise answers.missing("run", run_id)
        caller = self._starter(run.flow)
        if roles.MANAGE.isdisjoint(roles.run_roles(run, caller)):
            raise answers.denied("run", run.id, "RESUME")
        if run.status != "INACTIVE":
            raise answers.conflict(
                f"The run {run.id} is {run.status}, and must be INACTIVE for this"
            )
        run.caller = caller
        self._worker.resume(run)
        return self._document(run, caller)

    def _order(self, flow_id: str) -> tuple[Flow, Caller, Document]:
        """The flow, the caller and the body of a request to start a flow."""
        flow = self._flows.flows.get(flow_id.lower())
        if flow is None:
            self._world.caller(FLOWS)
            raise answers.missing("flow", flow_id)
        caller = self._starter(flow)
        held = roles.flow_roles(flow, caller)
        if not held:
            raise answers.missing("flow", flow_id)
        if roles.START.isdisjoint(held):
            raise answers.denied("flow", flow.id, "RUN")
        document = answers.body()
        if not isinstance(document.get("body"), dict):
            raise answers.invalid([(["body"], "must be an object")])
        _check_fields(document)
        check_input(flow.fields["input_schema"], document["body"])
        return flow, caller, document

    def _starter(self, flow: Flow) -> Caller:
        """The caller with the flow's scope, or, for a flow without actions, with that of all."""
        try:
            return self._world.caller(flow.id, [flow.scope])
        except ApiError as error:
            if error.status != 401:
                raise
        scopes = [flow.scope]
        if not has_actions(flow.fields["definition"]):
            scopes.append(str(FlowsScopes.run))
        return self._world.caller(FLOWS, scopes)

    def _seen(self, run_id: str) -> tuple[Run, Caller]:
        return self._found(run_id, self._world.caller(FLOWS, SEE_RUNS))

    def _managed(self, run_id: str, permission: str) -> tuple[Run, Caller]:
        run, caller = self._found(run_id, self._world.caller(FLOWS, CHANGE_RUNS))
        if roles.MANAGE.isdisjoint(roles.run_roles(run, caller)):
            raise answers.denied("run", run.id, permission)
        return run, caller

    def _found(self, run_id: str, caller: Caller) -> tuple[Run, Caller]:
        run = self.runs.get(run_id.lower())
        if run is None or not roles.run_roles(run, caller):
            raise answers.missing("run", run_id)
        return run, caller

    def _document(self, run: Run, caller: Caller) -> Document:
        return run.document(next(iter(roles.run_roles(run, caller)), None))


def _check_fields(document: Document) -> None:
    found = roles.principal_problems(
        {name: document[name] for name in ("run_managers", "run_monitors") if name in document}
    )
    if not isinstance(document.get("label", ""), (str, type(None))):
        found.append((["label"], "must be text"))
    if not isinstance(document.get("tags", []), list):
        found.append((["tags"], "must be a list"))
    if found:
        raise answers.invalid(found)
