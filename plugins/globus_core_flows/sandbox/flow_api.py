"""The operations on flows."""

from __future__ import annotations

import dataclasses
import typing as t

from flask import request

from globus_core.scopes import FlowsScopes
from globus_core.testing.sandbox import Caller, Route, ServiceScope, World, routes

from . import answers, roles
from .actions import ALL as TRANSFER_ALL
from .answers import Problem
from .definitions import check_supported, definition_problems, has_actions
from .records import FLOW_FIELDS, Flow, identity_urn
from .schemas import schema_problems

FLOWS = FlowsScopes.resource_server
SEE_FLOWS = tuple(map(str, (FlowsScopes.all, FlowsScopes.manage_flows, FlowsScopes.view_flows)))
CHANGE_FLOWS = SEE_FLOWS[:2]

_ORDERS = ("id", "scope_string", "title", "created_at", "updated_at")
_TEXTS = ("title", "subtitle", "description")
Document = dict[str, t.Any]


class FlowApi:
    """
    Keeps the flows, and the scope of each.

    :param world: the data shared with the other services
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.flows: dict[str, Flow] = {}

    def reset(self) -> None:
        """
        Forget all flows.
        """
        self.flows.clear()

    def dump(self) -> list[Document]:
        """
        All flows, as JSON data.
        """
        return [dataclasses.asdict(flow) for flow in list(self.flows.values())]

    def load(self, saved: t.Iterable[Document]) -> None:
        """
        Return to what was kept.

        :param saved: what :py:meth:`dump` returned
        :raises ValueError: if it does not fit
        """
        try:
            flows = [Flow(**each) for each in saved]
        except TypeError as error:
            raise ValueError(str(error)) from error
        for gone in self.flows.values():
            self._world.scopes.remove(gone.scope)
        self.flows = {flow.id: flow for flow in flows}
        for flow in flows:
            self._add_scope(flow)

    def routes(self) -> list[Route]:
        """
        The routes of flows.
        """
        return routes(
            ("GET", "/flows", self.list_all),
            ("POST", "/flows", self.create),
            ("POST", "/flows/validate", self.validate),
            ("GET", "/flows/<flow_id>", self.show),
            ("PUT", "/flows/<flow_id>", self.update),
            ("DELETE", "/flows/<flow_id>", self.delete),
        )

    def add(self, document: Document, owner: str, flow_id: str | None = None) -> Flow:
        """
        Add a flow.

        :param document: what its owner sets
        :param owner: the identity id of its owner
        :param flow_id: its id; None makes one
        :raises ApiError: 422 if it is not valid, 501 if the sandbox cannot run it
        """
        fields = {**FLOW_FIELDS, **_known(document)}
        _check(fields, [*_missing_problems(document)])
        now = self._world.clock.now()
        flow = Flow(flow_id or self._world.new_id(), identity_urn(owner), now, now, fields)
        self.flows[flow.id] = flow
        self._add_scope(flow)
        return flow

    def find(self, flow_id: str, caller: Caller) -> Flow:
        """
        A flow that the caller may see.

        :param flow_id: its id
        :param caller: the caller
        :raises ApiError: 404 otherwise
        """
        flow = self.flows.get(flow_id.lower())
        if flow is None or not roles.flow_roles(flow, caller):
            raise answers.missing("flow", flow_id)
        return flow

    def list_all(self) -> Document:
        """
        The flows that the caller may see.
        """
        caller = self._caller(SEE_FLOWS)
        wanted = answers.one_of("filter_roles", roles.FLOW_ROLES)
        words = request.args.get("filter_fulltext", "").lower().split()
        found = [
            self._document(flow, caller)
            for flow in list(self.flows.values())
            if _has_role(roles.flow_roles(flow, caller), wanted) and _has_words(flow, words)
        ]
        ordered = answers.in_order(
            [{**d, "scope_string": d["globus_auth_scope"]} for d in found], _ORDERS
        )
        shown = [{k: v for k, v in d.items() if k != "scope_string"} for d in ordered]
        return answers.page("flows", shown, size="per_page", default=20)

    def create(self) -> Document:
        """
        Make a flow.
        """
        caller = self._caller(CHANGE_FLOWS)
        return self._document(self.add(answers.body(), caller.identity), caller)

    def validate(self) -> Document:
        """
        Check a definition, and perhaps a schema.
        """
        self._caller(CHANGE_FLOWS)
        document = answers.body()
        definition, schema = document.get("definition"), document.get("input_schema", {})
        _refuse([*definition_problems(definition), *schema_problems(schema)])
        check_supported(t.cast("Document", definition))
        needed = _scopes(t.cast("Document", definition))
        return {"scopes": {"User": needed} if needed else {}}

    def show(self, flow_id: str) -> Document:
        """
        A flow.

        :param flow_id: its id
        """
        caller = self._caller(SEE_FLOWS)
        return self._document(self.find(flow_id, caller), caller)

    def update(self, flow_id: str) -> Document:
        """
        Change a flow.

        :param flow_id: its id
        """
        caller = self._caller(CHANGE_FLOWS)
        flow = self.find(flow_id, caller)
        self._check_role(flow, caller, "UPDATE")
        document = answers.body()
        fields = {**flow.fields, **_known(document)}
        _check(fields, _owner_problems(document))
        flow.fields, flow.updated = fields, self._world.clock.now()
        flow.owner = document.get("flow_owner", flow.owner)
        self._add_scope(flow)
        return self._document(flow, caller)

    def delete(self, flow_id: str) -> Document:
        """
        Delete a flow, with its scope.

        :param flow_id: its id
        """
        caller = self._caller(CHANGE_FLOWS)
        flow = self.find(flow_id, caller)
        self._check_role(flow, caller, "DELETE")
        gone = self._document(flow, caller)
        del self.flows[flow.id]
        self._world.scopes.remove(flow.scope)
        return {**gone, "DELETED": True, "deleted_at": answers.iso(self._world.clock.now())}

    def _caller(self, scopes: tuple[str, ...]) -> Caller:
        return self._world.caller(FLOWS, scopes)

    def _check_role(self, flow: Flow, caller: Caller, permission: str) -> None:
        if roles.CHANGE.isdisjoint(roles.flow_roles(flow, caller)):
            raise answers.denied("flow", flow.id, permission)

    def _document(self, flow: Flow, caller: Caller) -> Document:
        url = f"{self._world.url('flows')}flows/{flow.id}"
        return flow.document(url, next(iter(roles.flow_roles(flow, caller)), None))

    def _add_scope(self, flow: Flow) -> None:
        needed = tuple(_scopes(flow.fields["definition"]))
        name = f"Run the flow {flow.fields['title']}"
        self._world.scopes.add(ServiceScope(flow.scope, flow.id, name, dependent_scopes=needed))


def _known(document: Document) -> Document:
    return {name: value for name, value in document.items() if name in FLOW_FIELDS}


def _scopes(definition: Document) -> list[str]:
    """The scopes that the actions of a valid definition need."""
    return [TRANSFER_ALL] if has_actions(definition) else []


def _missing_problems(document: Document) -> list[Problem]:
    names = ("title", "definition", "input_schema")
    return [([name], "field required") for name in names if name not in document]


def _owner_problems(document: Document) -> list[Problem]:
    owner = document.get("flow_owner")
    if "flow_owner" not in document or roles.is_principal(owner):
        return []
    return [(["flow_owner"], f"{owner!r} is not the URN of an identity")]


def _check(fields: Document, found: list[Problem]) -> None:
    missing = {place[0] for place, _ in found}
    if "definition" not in missing:
        found += definition_problems(fields["definition"])
    found += schema_problems(fields["input_schema"])
    found += roles.principal_problems(fields)
    found += [([name], "must be text") for name in _TEXTS if not isinstance(fields[name], str)]
    if not isinstance(fields["keywords"], list):
        found.append((["keywords"], "must be a list"))
    _refuse(found)
    check_supported(fields["definition"])


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise answers.invalid(problems)


def _has_role(held: list[str], wanted: list[str]) -> bool:
    return bool(held) and (not wanted or not set(held).isdisjoint(wanted))


def _has_words(flow: Flow, words: list[str]) -> bool:
    texts = [flow.id, *(flow.fields[name] for name in _TEXTS), *map(str, flow.fields["keywords"])]
    text = " ".join(texts).lower()
    return all(word in text for word in words)
