"""
Fixtures of all tests that send requests.
"""

from __future__ import annotations

import socket
import typing as t

import pytest

from globus_core import BaseClient, waiting
from globus_core.plugins import PluginManager, set_plugin_manager
from tests.integration.transport.scripted import ScriptedServer, running

_VARIABLES = (
    "GLOBUS_CORE_PLAIN_TRANSPORT",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "GLOBUS_SDK_VERIFY_SSL",
    "GLOBUS_SDK_HTTP_TIMEOUT",
    "GLOBUS_SDK_ENVIRONMENT",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
)


class MakeClient(t.Protocol):
    """Makes a client that is closed after the test."""

    def __call__(
        self, base_url: str, *, cls: type[BaseClient] = ..., **options: t.Any
    ) -> BaseClient: ...


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    No setting of this machine reaches a test.
    """
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(autouse=True, params=["fast", "plain"])
def transport_mode(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, quiet_environment: None
) -> str:
    """
    Each test runs twice: with the shortcuts of the transport, and without them.
    """
    mode: str = request.param
    if mode == "plain":
        monkeypatch.setenv("GLOBUS_CORE_PLAIN_TRANSPORT", "1")
    return mode


@pytest.fixture(autouse=True)
def plugins() -> t.Iterator[PluginManager]:
    """
    A plugin manager that has no plugin but those that a test registers.
    """
    manager = PluginManager()
    before = set_plugin_manager(manager)
    yield manager
    set_plugin_manager(before)


@pytest.fixture
def server() -> t.Iterator[ScriptedServer]:
    """
    A server that a test tells what to answer.
    """
    with running() as scripted:
        yield scripted


@pytest.fixture
def other_server() -> t.Iterator[ScriptedServer]:
    """
    A second server, which is another origin.
    """
    with running() as scripted:
        yield scripted


@pytest.fixture
def make_client() -> t.Iterator[MakeClient]:
    """
    Makes clients, and closes them.
    """
    made: list[BaseClient] = []

    def make(base_url: str, *, cls: type[BaseClient] = BaseClient, **options: t.Any) -> BaseClient:
        client = cls(base_url=base_url, **options)
        made.append(client)
        return client

    yield make
    for client in made:
        client.transport.close()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """
    The pauses between attempts, which are noted and not made.
    """
    noted: list[float] = []
    monkeypatch.setattr(waiting, "sleep", noted.append)
    return noted


@pytest.fixture
def closed_port() -> int:
    """
    A port at which nobody listens.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
