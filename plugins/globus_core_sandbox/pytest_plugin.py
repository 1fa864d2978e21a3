"""Fixtures: a sandbox for each test that uses one."""

from __future__ import annotations

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from globus_core_sandbox import Sandbox


@pytest.fixture(scope="session")
def _globus_sandbox_server() -> Iterator[Sandbox]:
    from globus_core.plugins import PluginManager, set_plugin_manager
    from globus_core_sandbox import Sandbox

    # The first test may use another plugin manager; the services are those of installed plugins.
    before = set_plugin_manager(PluginManager.from_environment())
    try:
        made = Sandbox()
    finally:
        set_plugin_manager(before)
    with made as sandbox:
        yield sandbox


@pytest.fixture
def globus_sandbox(_globus_sandbox_server: Sandbox) -> Sandbox:
    """
    A running sandbox in its initial state; the server runs for the whole test session.
    """
    _globus_sandbox_server.reset()
    return _globus_sandbox_server
