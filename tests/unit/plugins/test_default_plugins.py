"""The plugins that come with globus-core: each blocked in turn, and all of them together."""

from __future__ import annotations

import importlib
import sys
import typing as t
import warnings

import pytest

from globus_core.exc import PluginUnavailableError
from globus_core.plugins import PluginManager, set_plugin_manager
from globus_core.plugins.discovery import NAMES_GROUP, PLUGIN_GROUP, EntryPoint, scan

if t.TYPE_CHECKING:
    from collections.abc import Iterator

POINTS = [point for point in scan() if point.distribution == "globus-core"]
PLUGINS = [point.name for point in POINTS if point.group == PLUGIN_GROUP]


@pytest.fixture(autouse=True)
def _warnings_are_errors() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def manager_without(*blocked: str) -> PluginManager:
    """The default plugins, without some of them."""
    manager = PluginManager(lambda: POINTS, blocked=blocked)
    set_plugin_manager(manager)
    return manager


def had(point: EntryPoint) -> bool:
    """Whether a public name can be had; an error must say why not."""
    namespace, _, name = point.name.rpartition(".")
    module = importlib.import_module(f"globus_core.{namespace}".rstrip("."))
    try:
        getattr(module, name)
    except PluginUnavailableError as error:
        assert "it is blocked" in str(error) or "pip install" in str(error)
        assert name not in dir(module)
        return False
    assert name in dir(module)
    return True


def owner(manager: PluginManager, point: EntryPoint) -> str:
    """The plugin that a public name belongs to."""
    package = point.value.partition(":")[0].partition(".")[0]
    (name,) = [r.name for r in manager.records() if r.module.startswith(f"{package}.")]
    return name


def test_all_of_them_can_be_used() -> None:
    """Strict mode finds nothing to complain of."""
    manager = PluginManager(lambda: POINTS, strict=True)

    manager.load_all()

    assert {record.name: record.reason for record in manager.records()} == dict.fromkeys(PLUGINS)
    # these are only names, and nothing that plugins compose
    plain = [record.name for record in manager.records() if not record.hooks]
    assert plain == ["async", "local", "resource_server", "telemetry"]


@pytest.mark.parametrize("blocked", PLUGINS)
def test_one_blocked_leaves_all_others_working(blocked: str) -> None:
    """But for those that need it; names that are gone say why, and no others are gone."""
    manager = manager_without(blocked)
    records = {record.name: record for record in manager.records()}

    assert records[blocked].reason == f"it is blocked (PluginManager(blocked={blocked!r}))"
    for record in records.values():
        chain = f"it needs the plugin {blocked!r}"
        assert record.usable or record.name == blocked or chain in str(record.reason)
    for point in POINTS:
        if point.group == NAMES_GROUP:
            assert had(point) == records[owner(manager, point)].usable, point


def test_all_blocked_leaves_the_kernel_working() -> None:
    """Its own names are there, and no contributed one is."""
    import globus_core

    manager_without(*PLUGINS)

    assert not any(had(point) for point in POINTS if point.group == NAMES_GROUP)
    assert str(globus_core.Scope("openid")) == "openid"
    assert globus_core.AccessTokenAuthorizer("t").get_authorization_header() == "Bearer t"


def test_what_they_refer_to_is_there() -> None:
    """Every reference that a registration hook returns can be imported."""
    from globus_core import compose
    from globus_core.hookspecs import hook_names

    manager = manager_without()
    for hook in hook_names():
        implementations = manager.implementations(hook)
        for item in implementations if hook.endswith("s") else ():
            answer = item()
            for name in answer if isinstance(answer, dict) else ():
                assert compose.select(hook, f"{name}@{item.plugin}", what="thing") is not None


def test_none_of_them_is_heavy_to_register() -> None:
    """Loading all hooks modules takes their own modules and nothing of what they work with."""
    import subprocess

    program = (
        "import sys; from globus_core.plugins import get_plugin_manager;"
        "get_plugin_manager().load_all(); print(*sys.modules)"
    )
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    heavy = {"requests", "urllib3", "cryptography", "jwt", "pluggy", "attr", "click", "flask"}
    heavy |= {"authlib", "sqlite3", "typing", "logging", "inspect", "importlib.metadata"}
    assert output.stderr == ""
    assert heavy.isdisjoint(output.stdout.split())
