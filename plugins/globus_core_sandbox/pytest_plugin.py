"""Fixtures: a sandbox for every test that asks for one."""

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

    # The first test that asks may have plugins of its own; the services are those installed.
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
    A running sandbox in its first state; the server itself serves the whole test session.
    """
    _globus_sandbox_server.reset()
    return _globus_sandbox_server
