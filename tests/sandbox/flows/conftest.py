"""Clients of Flows of both SDKs for the sandbox, and two collections."""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from globus_core.scopes import FlowsScopes, SpecificFlowScopes

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox

Document = dict[str, t.Any]
TRANSFER_URL = "https://transfer.actions.globus.org/"


def copying(**more: t.Any) -> Document:
    """
    The definition of a flow that transfers a file.

    :param more: further members of its state
    """
    parameters = {
        "source_endpoint.$": "$.source",
        "destination_endpoint.$": "$.target",
        "DATA": [{"source_path.$": "$.path", "destination_path": "/copy.txt"}],
    }
    state = {
        "Type": "Action",
        "ActionUrl": f"{TRANSFER_URL}transfer",
        "Parameters": parameters,
        "ResultPath": "$.copied",
        "End": True,
    }
    return {"StartAt": "Copy", "States": {"Copy": {**state, **more}}}


def flow_of(*states: Document) -> Document:
    """
    The definition of a flow with states that follow each other: ``S0``, ``S1`` and so on.

    :param states: the states without ``Next`` and ``End``
    """
    found: Document = {}
    for at, state in enumerate(states):
        if state["Type"] in {"Choice", "Fail"}:
            found[f"S{at}"] = state
        elif at + 1 < len(states):
            found[f"S{at}"] = {"Next": f"S{at + 1}", **state}
        else:
            found[f"S{at}"] = {"End": True, **state}
    return {"StartAt": "S0", "States": found}


@dataclasses.dataclass
class Shop:
    """
    A sandbox with the confidential client's tokens, a client of Flows, and two collections.
    """

    sandbox: Sandbox
    sdk: t.Any
    client: t.Any
    source: str
    target: str
    source_root: Path
    target_root: Path
    #: what is closed at the end
    opened: list[t.Any] = dataclasses.field(default_factory=list)

    def control(self, verb: str, service: str = "flows", **arguments: t.Any) -> t.Any:
        """
        Run a control verb.
        """
        return self.sandbox.control(service, verb, **arguments)

    def token(self, scope: str) -> str:
        """
        An access token of the confidential client.
        """
        auth = self.sdk.ConfidentialAppAuthClient(
            self.sandbox.confidential_client_id, self.sandbox.confidential_client_secret
        )
        auth.base_url = self.sandbox.url
        answer = auth.oauth2_client_credentials_tokens(requested_scopes=scope)
        auth.close()
        return str(answer["access_token"])

    def authorizer(self, scope: str) -> t.Any:
        """
        An authorizer with such a token.
        """
        return self.sdk.AccessTokenAuthorizer(self.token(scope))

    def make(self, definition: Document, schema: Document | None = None, **more: t.Any) -> str:
        """
        Create a flow.
        """
        made = self.client.create_flow("A flow", definition, schema or {}, **more)
        return str(made["id"])

    def starter(self, flow_id: str) -> t.Any:
        """
        The client that starts a flow.
        """
        scope = str(SpecificFlowScopes(flow_id).user)
        client = self.sdk.SpecificFlowClient(flow_id, authorizer=self.authorizer(scope))
        self.opened.append(client)
        return client

    def run(self, definition: Document, body: Document | None = None, **more: t.Any) -> str:
        """
        Create and start a flow, and let it do what it can before the clock moves.
        """
        starter = self.starter(self.make(definition))
        run_id = str(starter.run_flow(body or {}, **more)["run_id"])
        self.settle()
        return run_id

    def settle(self) -> None:
        """
        Let runs and tasks do what they can before the clock moves.
        """
        for service in ("flows", "transfer", "flows"):
            self.control("settle", service)

    def codes(self, run_id: str) -> list[str]:
        """
        The codes of a run's log, the earliest first.
        """
        return [entry["code"] for entry in self.client.paginated.get_run_logs(run_id).items()]

    def input(self, path: str = "/one.txt") -> Document:
        """
        The input of :func:`copying`.
        """
        return {"source": self.source, "target": self.target, "path": path}

    def collection(self, name: str, root: Path, **more: t.Any) -> str:
        """
        Add a collection.
        """
        root.mkdir(exist_ok=True)
        made = self.control("collections/add", "transfer", name=name, root=str(root), **more)
        return str(made["id"])


@contextlib.contextmanager
def opened(sdk: str, sandbox: Sandbox, folder: Path) -> Iterator[Shop]:
    """
    A shop with the clients of one SDK, which finds the sandbox by the environment.
    """
    roots = folder / "source", folder / "target"
    made = Shop(sandbox, import_module(sdk), None, "", "", *roots)
    made.source, made.target = (made.collection(root.name, root) for root in roots)
    (roots[0] / "one.txt").write_text("one")
    made.client = made.sdk.FlowsClient(authorizer=made.authorizer(str(FlowsScopes.all)))
    yield made
    for client in (made.client, *made.opened):
        client.close()


@pytest.fixture
def surroundings(globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """
    The sandbox is the one that every client and app uses by default.
    """
    for name, address in globus_sandbox.environment().items():
        monkeypatch.setenv(name, address)
    return globus_sandbox


@pytest.fixture(params=["globus_core", "globus_sdk"])
def shop(request: pytest.FixtureRequest, surroundings: Sandbox, tmp_path: Path) -> Iterator[Shop]:
    """
    With the clients of each SDK.
    """
    with opened(request.param, surroundings, tmp_path) as made:
        yield made


@pytest.fixture
def ours(surroundings: Sandbox, tmp_path: Path) -> Iterator[Shop]:
    """
    With our own clients.
    """
    with opened("globus_core", surroundings, tmp_path) as made:
        yield made
