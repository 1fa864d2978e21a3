"""Flows and runs, and their documents."""

from __future__ import annotations

import dataclasses
import threading
import typing as t

from globus_core.scopes import SpecificFlowScopes
from globus_core.testing.sandbox import Caller

from .answers import iso

#: what callers set of a flow, and what it is otherwise
FLOW_FIELDS: dict[str, t.Any] = {
    "title": "",
    "definition": {},
    "input_schema": {},
    "subtitle": "",
    "description": "",
    "keywords": [],
    "flow_viewers": [],
    "flow_starters": [],
    "flow_administrators": [],
    "run_managers": [],
    "run_monitors": [],
    "subscription_id": None,
    "authentication_policy_id": None,
}
#: what callers set of a run
RUN_FIELDS: dict[str, t.Any] = {"label": None, "tags": [], "run_managers": [], "run_monitors": []}

_OLD_NAMES = {
    "visible_to": "flow_viewers",
    "runnable_by": "flow_starters",
    "administered_by": "flow_administrators",
}
_DESCRIPTION = ("title", "subtitle", "description", "keywords")
_IDENTITY = "urn:globus:auth:identity:"


def identity_urn(identity: str) -> str:
    """
    The URN of an identity.

    :param identity: its id
    """
    return _IDENTITY + identity


@dataclasses.dataclass(eq=False)
class Flow:
    """
    A flow.

    :param id: its id
    :param owner: the URN of its owner
    :param created: when it was made, in UTC epoch seconds
    :param updated: when it was changed
    :param fields: what its owner has set
    """

    id: str
    owner: str
    created: float
    updated: float
    fields: dict[str, t.Any]

    @property
    def scope(self) -> str:
        """
        The scope with which it is started.
        """
        return SpecificFlowScopes(self.id).user.scope_string

    def document(self, url: str, role: str | None) -> dict[str, t.Any]:
        """
        Its document.

        :param url: its address
        :param role: the role of the caller
        """
        return {
            "id": self.id,
            **self.fields,
            **{old: self.fields[new] for old, new in _OLD_NAMES.items()},
            "flow_owner": self.owner,
            "created_by": self.owner,
            "created_at": iso(self.created),
            "updated_at": iso(self.updated),
            "globus_auth_scope": self.scope,
            "globus_auth_username": f"{self.id}@clients.auth.globus.org",
            "principal_urn": identity_urn(self.id),
            "flow_url": url,
            "action_url": url,
            "api_version": "1.0",
            "types": ["Action"],
            "synchronous": False,
            "log_supported": True,
            "user_role": role,
        }

    def description(self) -> dict[str, t.Any]:
        """
        Its texts, as the document of a run has them on request.
        """
        texts = {name: self.fields[name] for name in _DESCRIPTION}
        return {**texts, "created_at": iso(self.created), "updated_at": iso(self.updated)}


@dataclasses.dataclass(eq=False)
class Run:
    """
    A run of a flow.

    :param id: its id
    :param flow: its flow, of which it keeps the definition, also if that is changed
    :param caller: who has started or resumed it; the flow uses their consents
    :param input: what it was started with
    :param started: when, in UTC epoch seconds
    :param fields: what callers have set
    """

    id: str
    flow: Flow
    caller: Caller
    input: dict[str, t.Any]
    started: float
    fields: dict[str, t.Any]
    status: str = "ACTIVE"
    completed: float | None = None
    details: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    log: list[dict[str, t.Any]] = dataclasses.field(default_factory=list)
    #: held while status and details change: by the worker, and by requests
    lock: threading.RLock = dataclasses.field(default_factory=threading.RLock)
    definition: dict[str, t.Any] = dataclasses.field(init=False)
    input_schema: dict[str, t.Any] = dataclasses.field(init=False)
    owner: str = dataclasses.field(init=False)
    flow_title: str = dataclasses.field(init=False)
    flow_updated: float = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.definition = self.flow.fields["definition"]
        self.input_schema = self.flow.fields["input_schema"]
        self.owner = identity_urn(self.caller.identity)
        self.flow_title, self.flow_updated = self.flow.fields["title"], self.flow.updated
        self.details = {
            "code": "FlowStarting",
            "description": "The flow is about to run",
            "details": {"input": self.input},
        }

    @property
    def is_finished(self) -> bool:
        """
        Whether it has succeeded or failed.
        """
        return self.status in {"SUCCEEDED", "FAILED"}

    def add_entry(self, now: float, code: str, description: str, **details: t.Any) -> None:
        """
        Add an entry to its log.

        :param now: the time
        :param code: what has happened
        :param description: the same in words
        :param details: data about it
        """
        entry = {"time": iso(now), "code": code, "description": description, "details": details}
        self.log.append(entry)

    def finish(
        self, now: float, status: str, code: str, description: str, **details: t.Any
    ) -> None:
        """
        End it, unless it has ended.

        :param now: the time
        :param status: SUCCEEDED or FAILED
        :param code: how it ended
        :param description: the same in words
        :param details: further members of its details
        """
        with self.lock:
            if self.is_finished:
                return
            self.add_entry(now, code, description, **details)
            self.status, self.completed = status, now
            self.details = {"code": code, "description": description, **details}

    def go_on(self, status: str, details: dict[str, t.Any]) -> None:
        """
        Be ACTIVE or INACTIVE, unless it has ended.

        :param status: its status
        :param details: its details
        """
        with self.lock:
            if not self.is_finished:
                self.status, self.details = status, details

    def document(self, role: str | None) -> dict[str, t.Any]:
        """
        Its document.

        :param role: the role of the caller
        """
        return {
            "run_id": self.id,
            "action_id": self.id,
            "flow_id": self.flow.id,
            "flow_title": self.flow_title,
            "flow_last_updated": iso(self.flow_updated),
            **self.fields,
            "manage_by": self.fields["run_managers"],
            "monitor_by": self.fields["run_monitors"],
            "run_owner": self.owner,
            "created_by": self.owner,
            "start_time": iso(self.started),
            "completion_time": None if self.completed is None else iso(self.completed),
            "status": self.status,
            "display_status": self.status,
            "details": self.details,
            "user_role": role,
        }
