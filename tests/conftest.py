"""
What every test starts from: no settings of the person who runs it, a home of its own, and the
default plugins as installed.
"""

from __future__ import annotations

import itertools
import os
import typing as t

import hypothesis
import pytest

from globus_core.plugins import PluginManager, set_plugin_manager
from tests.thread_tests import has_threads

if t.TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

# a test does not fail because the machine is busy
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")

_homes = itertools.count()
#: what the person who runs the tests may set: `make test-plain` does
_KEPT = {"GLOBUS_CORE_PLAIN_TRANSPORT"}


@pytest.fixture(scope="session")
def _homes_folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def _clean_surroundings(_homes_folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the settings of the person who runs the tests."""
    for name in list(os.environ):
        if name.startswith("GLOBUS_") and name not in _KEPT:
            monkeypatch.delenv(name)
    home = _homes_folder / str(next(_homes))
    home.mkdir()
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(home))


class _Shared:
    """The manager that tests share as long as none of them changes it."""

    manager = PluginManager()


@pytest.fixture(autouse=True)
def _default_plugins() -> Iterator[None]:
    """Give the test the default plugins, and the next one too."""
    set_plugin_manager(_Shared.manager)
    yield
    set_plugin_manager(None)
    changed = _Shared.manager._by_hand or _Shared.manager._selection.blocked
    if changed or any(record.reports for record in _Shared.manager._installed or ()):
        _Shared.manager = PluginManager()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that start threads, so that none is forgotten."""
    for item in items:
        if isinstance(item, pytest.Function) and has_threads(item.function):
            item.add_marker(pytest.mark.threads)
