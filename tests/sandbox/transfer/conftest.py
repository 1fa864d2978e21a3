"""Two folders as collections, and globus-sdk's own client for them."""

from __future__ import annotations

import dataclasses
import threading
import typing as t
from collections.abc import Iterator
from pathlib import Path

import globus_sdk
import pytest

from globus_core import AccessTokenAuthorizer, RetryConfig, TransferClient, waiting

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox

    Act = t.Callable[[], object]

SCOPE = "urn:globus:auth:scope:transfer.api.globus.org:all"


@dataclasses.dataclass
class Site:
    """
    Two collections of a sandbox and a client.
    """

    sandbox: Sandbox
    client: globus_sdk.TransferClient
    source: str
    target: str
    source_root: Path
    target_root: Path

    def control(self, verb: str, **arguments: t.Any) -> dict[str, t.Any]:
        """
        Run a control verb of Transfer.
        """
        return self.sandbox.control("transfer", verb, **arguments)

    def collection(self, name: str, root: Path, **more: t.Any) -> str:
        """
        Add a collection.
        """
        root.mkdir(exist_ok=True)
        return str(self.control("collections/add", name=name, root=str(root), **more)["id"])

    def token(self, scope: str = SCOPE) -> str:
        """
        An access token of the confidential client for Transfer.
        """
        auth = globus_sdk.ConfidentialAppAuthClient(
            self.sandbox.confidential_client_id, self.sandbox.confidential_client_secret
        )
        auth.base_url = self.sandbox.url
        answer = auth.oauth2_client_credentials_tokens(requested_scopes=scope)
        auth.close()
        return str(answer["access_token"])

    def client_with(self, token: str) -> globus_sdk.TransferClient:
        """
        A client of globus-sdk with a token.
        """
        return globus_sdk.TransferClient(
            authorizer=globus_sdk.AccessTokenAuthorizer(token),
            base_url=self.sandbox.service_url("transfer"),
        )


@pytest.fixture
def site(globus_sandbox: Sandbox, tmp_path: Path) -> Iterator[Site]:
    """
    Two collections of kind gcp over temporary folders.
    """
    roots = tmp_path / "source", tmp_path / "target"
    made = Site(globus_sandbox, t.cast("t.Any", None), "", "", *roots)
    made.source, made.target = (made.collection(r.name, r) for r in roots)
    made.client = made.client_with(made.token())
    yield made
    made.client.close()


@pytest.fixture
def surroundings(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The site's sandbox is the one that every client and app uses by default.
    """
    for name, address in site.sandbox.environment().items():
        monkeypatch.setenv(name, address)


class Moving(waiting.Waiter):
    """
    Moves the sandbox's clock for each pause of this thread, and lets its tasks work.

    :param site: the collections
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.slept: list[float] = []
        #: what to do before so many pauses
        self.acts: dict[int, Act] = {}
        self._thread = threading.get_ident()

    def sleep(self, seconds: float) -> None:
        """Move the clock."""
        if threading.get_ident() != self._thread:
            self.previous.sleep(seconds)
            return
        self.acts.get(len(self.slept), lambda: None)()
        self.slept.append(seconds)
        self.site.sandbox.advance_clock(seconds)
        self.site.control("settle")

    def passed(self) -> float:
        """How long it has slept."""
        return sum(self.slept)


@pytest.fixture
def moving(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Moving]:
    """The pauses, which also count as real time."""
    with waiting.use(Moving(site)) as moving:
        monkeypatch.setattr("globus_core.polling.monotonic", moving.passed)
        yield moving


@pytest.fixture
def client(site: Site) -> Iterator[TransferClient]:
    """Our client, which does not send a request again by itself."""
    with client_with(site, site.token()) as client:
        yield client


def client_with(site: Site, token: str) -> TransferClient:
    """
    A client with a token.
    """
    return TransferClient(
        authorizer=AccessTokenAuthorizer(token),
        base_url=site.sandbox.service_url("transfer"),
        retry_config=RetryConfig(max_retries=0),
    )
