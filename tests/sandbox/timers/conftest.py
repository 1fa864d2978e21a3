"""Timers and Transfer in a sandbox, with clients of ours and of globus-sdk."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t
from collections.abc import Iterator
from pathlib import Path

import globus_sdk
import pytest

import globus_core
from globus_core.scopes import TimersScopes, TransferScopes

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox

TIMER = str(TimersScopes.timer)
ALL = str(TransferScopes.all)


@dataclasses.dataclass
class Site:
    """
    A sandbox with two folders as collections, and a client for its Timers.
    """

    sandbox: Sandbox
    sdk: t.Any
    source_root: Path
    target_root: Path
    source: str = ""
    target: str = ""
    client: t.Any = None
    clients: list[t.Any] = dataclasses.field(default_factory=list)

    def collection(self, root: Path, **more: t.Any) -> str:
        """
        Add a collection.
        """
        root.mkdir(exist_ok=True)
        name = root.name
        made = self.sandbox.control(
            "transfer", "collections/add", name=name, root=str(root), **more
        )
        return str(made["id"])

    def start_anew(self, scope: str) -> None:
        """
        Add the collections, and log in for a scope; all earlier consents are forgotten.
        """
        self.sandbox.reset()
        self.source, self.target = map(self.collection, (self.source_root, self.target_root))
        self.client = self.client_for(scope)

    def client_for(self, scope: str) -> t.Any:
        """
        A client with a token of the confidential client for this scope.
        """
        return self.client_with(self.token(scope))

    def token(self, scope: str) -> str:
        """
        An access token of the confidential client for this scope.
        """
        auth = globus_sdk.ConfidentialAppAuthClient(
            self.sandbox.confidential_client_id, self.sandbox.confidential_client_secret
        )
        auth.base_url = self.sandbox.url
        answer = auth.oauth2_client_credentials_tokens(requested_scopes=scope)
        auth.close()
        return str(answer["access_token"])

    def client_with(self, token: str) -> t.Any:
        """
        A client with a token.
        """
        client = self.sdk.TimersClient(
            authorizer=self.sdk.AccessTokenAuthorizer(token),
            base_url=self.sandbox.service_url("timers"),
        )
        self.clients.append(client)
        return client

    def transfer(self, name: str = "a.txt") -> t.Any:
        """
        The document that transfers a file, which is there.
        """
        (self.source_root / name).write_text("text")
        data = self.sdk.TransferData(source_endpoint=self.source, destination_endpoint=self.target)
        data.add_item(f"/{name}", f"/{name}")
        return data

    def create(self, schedule: t.Any, **more: t.Any) -> str:
        """
        Create a timer for a transfer.
        """
        more.setdefault("body", self.transfer())
        timer = self.sdk.TransferTimer(schedule=schedule, **more)
        return str(self.client.create_timer(timer)["timer"]["job_id"])

    def soon(self, seconds: float) -> datetime.datetime:
        """
        A time from now on, by the sandbox's clock.
        """
        now = datetime.datetime.fromtimestamp(self.sandbox.now(), datetime.timezone.utc)
        return (now + datetime.timedelta(seconds=seconds)).replace(microsecond=0)

    def pass_time(self, seconds: float) -> None:
        """
        Move the clock, and wait for what is due then.
        """
        self.sandbox.advance_clock(seconds)
        self.settle()

    def settle(self) -> None:
        """
        Wait until no timer, run or task has anything to do before the clock moves.
        """
        for service in ("timers", "flows", "transfer"):
            self.sandbox.control(service, "settle")

    def arrived(self) -> list[str]:
        """
        The names of the files that are there.
        """
        return sorted(path.name for path in self.target_root.iterdir())


@pytest.fixture(params=[globus_core, globus_sdk], ids=["ours", "globus-sdk's"])
def site(globus_sandbox: Sandbox, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """
    Once with our client, once with globus-sdk's.
    """
    made = Site(globus_sandbox, request.param, tmp_path / "source", tmp_path / "target")
    made.start_anew(f"{TIMER}[{ALL}]")
    yield made
    for client in made.clients:
        client.close()
