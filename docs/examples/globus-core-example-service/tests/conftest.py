"""A client, and the sandbox that it talks to."""

from __future__ import annotations

import typing as t

import pytest
from globus_core import ClientApp
from globus_core.globus_app import GlobusAppConfig
from globus_core.testing import Sandbox

from globus_core_example_service import ExampleClient


@pytest.fixture
def sandbox(globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """Globus Auth and the service on this machine, where all clients find them."""
    for variable, address in globus_sandbox.environment().items():
        monkeypatch.setenv(variable, address)
    return globus_sandbox


@pytest.fixture
def app(sandbox: Sandbox) -> t.Iterator[ClientApp]:
    """An app that gets its tokens from the sandbox."""
    with ClientApp(
        "tests",
        client_id=sandbox.confidential_client_id,
        client_secret=sandbox.confidential_client_secret,
        config=GlobusAppConfig(token_storage="memory"),
    ) as app:
        yield app


@pytest.fixture
def client(app: ClientApp) -> t.Iterator[ExampleClient]:
    """A client of that app."""
    with ExampleClient(app=app) as client:
        yield client
