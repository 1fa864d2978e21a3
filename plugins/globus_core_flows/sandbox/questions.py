"""Web inputs and registered APIs, which control verbs make: nothing in the sandbox's runs does."""

from __future__ import annotations

import typing as t

from globus_core.scopes import FlowsScopes
from globus_core.testing.sandbox import ApiError, Caller, Route, World, routes

from . import answers
from .flow_api import FLOWS
from .records import identity_urn
from .run_api import CHANGE_RUNS, SEE_RUNS, RunApi

_ALL = (str(FlowsScopes.all),)
_LONG = ("context", "input_schema", "options", "roles", "creator_urn")
_API_ROLES = {"owner": "owners", "administrator": "administrators", "viewer": "viewers"}
Document = dict[str, t.Any]


class Questions:
    """
    Keeps web inputs and registered APIs.

    :param world: the data shared with the other services
    :param runs: the runs
    """

    def __init__(self, world: World, runs: RunApi) -> None:
        self._world = world
        self._runs = runs
        self.inputs: dict[str, Document] = {}
        self.apis: dict[str, Document] = {}

    def reset(self) -> None:
        """
        Forget all of them.
        """
        self.inputs.clear()
        self.apis.clear()

    def routes(self) -> list[Route]:
        """
        The routes of web inputs and registered APIs.
        """
        return routes(
            ("GET", "/web_inputs", self.list_inputs),
            ("GET", "/web_inputs/<input_id>", self.show_input),
            ("POST", "/web_inputs/<input_id>/respond", self.respond),
            ("GET", "/registered_apis", self.list_apis),
            ("GET", "/registered_apis/<api_id>", self.show_api),
        )

    def add_input(
        self,
        run_id: str,
        title: str,
        options: t.Sequence[str],
        text: str = "",
        respondents: t.Sequence[str] = (),
    ) -> Document:
        """
        Ask people something about a run.

        :param run_id: the run
        :param title: the question
        :param options: the labels of the possible answers
        :param text: more about it
        :param respondents: identity ids of those who may answer; empty for the run's owner
        :raises ApiError: 404 if there is no such run
        """
        run = self._runs.runs.get(run_id.lower())
        if run is None:
            raise answers.missing("run", run_id)
        now = answers.iso(self._world.clock.now())
        choices = [
            {"option_id": self._world.new_id(), "label": label, "description": ""}
            for label in options
        ]
        made: Document = {
            "id": self._world.new_id(),
            "status": "open",
            "input_type": "selection",
            "context": {"title": title, "presentation_style": "text", "text": text},
            "input_schema": {"type": "string", "enum": [each["option_id"] for each in choices]},
            "options": choices,
            "roles": {
                "viewer_urns": [run.owner],
                "respondent_urns": [identity_urn(each) for each in respondents] or [run.owner],
            },
            "creator_urn": run.owner,
            "flow": {"id": run.flow.id, "title": run.flow_title},
            "run": {"id": run.id, "label": run.fields["label"]},
            "created_timestamp": now,
            "edited_timestamp": now,
            "closed_timestamp": None,
        }
        self.inputs[made["id"]] = made
        return made

    def add_api(
        self, name: str, owner: str, description: str = "", target: Document | None = None
    ) -> Document:
        """
        Register an API.

        :param name: its name
        :param owner: the identity id of its owner
        :param description: what it is
        :param target: where it is, as its document says; None for nowhere
        """
        now = answers.iso(self._world.clock.now())
        made: Document = {
            "id": self._world.new_id(),
            "name": name,
            "description": description,
            "roles": {"owners": [identity_urn(owner)], "administrators": [], "viewers": []},
            "target": target or {},
            "status": "ACTIVE",
            "created_timestamp": now,
            "updated_timestamp": now,
            "edited_timestamp": None,
            "scheduled_deletion_timestamp": None,
        }
        self.apis[made["id"]] = made
        return made

    def list_inputs(self) -> Document:
        """
        The web inputs that the caller may see.
        """
        caller = self._world.caller(FLOWS, SEE_RUNS)
        wanted = answers.one_of("filter_roles", ("viewer", "respondent"))
        states = answers.one_of("filter_states", ("open", "closed"))
        flows, runs = answers.listed("filter_flow_ids"), answers.listed("filter_run_ids")
        found = [
            _summary(each, held)
            for each in list(self.inputs.values())
            if (held := _input_roles(each, caller))
            and (not wanted or not set(held).isdisjoint(wanted))
            and (not states or each["status"] in states)
            and (not flows or each["flow"]["id"] in flows)
            and (not runs or each["run"]["id"] in runs)
        ]
        ordered = answers.in_order(found, ("created_timestamp", "edited_timestamp", "title"))
        page = answers.page("web_input_summaries", ordered, size="per_page", default=20)
        return {name: page[name] for name in ("web_input_summaries", "marker")}

    def show_input(self, input_id: str) -> Document:
        """
        A web input.

        :param input_id: its id
        """
        found, held = self._input(input_id, self._world.caller(FLOWS, SEE_RUNS))
        return {**found, "user_roles": held}

    def respond(self, input_id: str) -> Document:
        """
        Answer a web input, which closes it.

        :param input_id: its id
        """
        found, held = self._input(input_id, self._world.caller(FLOWS, CHANGE_RUNS))
        if "respondent" not in held:
            raise ApiError(403, f"You are no respondent of the web input {input_id}")
        if found["status"] == "closed":
            raise answers.conflict(f"The web input {input_id} is closed")
        response = answers.body().get("response")
        value = response.get("value") if isinstance(response, dict) else None
        if value not in [option["option_id"] for option in found["options"]]:
            raise ApiError(422, f"{value!r} is no option of it", code="UNPROCESSABLE_ENTITY")
        now = answers.iso(self._world.clock.now())
        found.update(status="closed", closed_timestamp=now, edited_timestamp=now)
        return {"status": "ok"}

    def list_apis(self) -> Document:
        """
        The registered APIs that the caller may see.
        """
        caller = self._world.caller(FLOWS, _ALL)
        wanted = answers.one_of("filter_roles", _API_ROLES) or list(_API_ROLES)
        names = ("id", "name", "description", "created_timestamp", "updated_timestamp")
        found = [
            {name: each[name] for name in names}
            for each in list(self.apis.values())
            if not set(wanted).isdisjoint(_api_roles(each, caller))
        ]
        ordered = answers.in_order(found, ("name", "created_timestamp", "updated_timestamp"))
        return answers.page("registered_apis", ordered, size="per_page", default=20)

    def show_api(self, api_id: str) -> Document:
        """
        A registered API.

        :param api_id: its id
        """
        caller = self._world.caller(FLOWS, _ALL)
        found = self.apis.get(api_id.lower())
        if found is None or not _api_roles(found, caller):
            raise answers.missing("registered API", api_id)
        return found

    def _input(self, input_id: str, caller: Caller) -> tuple[Document, list[str]]:
        found = self.inputs.get(input_id.lower())
        held = [] if found is None else _input_roles(found, caller)
        if found is None or not held:
            raise answers.missing("web input", input_id)
        return found, held


def _own(caller: Caller) -> set[str]:
    return {identity_urn(identity) for identity in caller.identities}


def _input_roles(document: Document, caller: Caller) -> list[str]:
    own, named = _own(caller), document["roles"]
    return [role for role in ("viewer", "respondent") if own & set(named[f"{role}_urns"])]


def _api_roles(document: Document, caller: Caller) -> list[str]:
    own, named = _own(caller), document["roles"]
    return [role for role, name in _API_ROLES.items() if own & set(named[name])]


def _summary(document: Document, held: list[str]) -> Document:
    short = {name: value for name, value in document.items() if name not in _LONG}
    return {**short, "title": document["context"]["title"], "user_roles": held}
