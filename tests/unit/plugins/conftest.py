"""
A place for fake distributions, and managers that see only them.
"""

from __future__ import annotations

import importlib
import sys
import typing as t

import pytest

from globus_core.plugins import PluginManager, set_plugin_manager
from tests.unit.plugins.fake_site import FakeSite

if t.TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterator


@pytest.fixture
def site(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSite]:
    """An empty folder on ``sys.path``; what was imported from it is forgotten."""
    folder = tmp_path / "site"
    site = FakeSite(folder)
    monkeypatch.syspath_prepend(str(folder))
    before = set(sys.modules)
    yield site
    for name in set(sys.modules) - before:
        origin = getattr(getattr(sys.modules[name], "__spec__", None), "origin", None) or ""
        if str(origin).startswith(str(tmp_path)) or name.startswith("fake_"):
            del sys.modules[name]
    importlib.invalidate_caches()


@pytest.fixture
def plugins() -> PluginManager:
    """A manager without plugins, in place of the default one."""
    manager = PluginManager(None)
    set_plugin_manager(manager)
    return manager


@pytest.fixture
def use() -> Callable[[PluginManager], PluginManager]:
    """Put a manager in place of the default one; it is taken out after the test."""

    def put(manager: PluginManager) -> PluginManager:
        set_plugin_manager(manager)
        return manager

    return put
