"""The one notion of changed plugins: the generation of the program's plugins."""

from __future__ import annotations

import sys
import typing as t

from globus_core import compose, hookimpl
from globus_core.plugins import PluginManager, current_manager, set_plugin_manager
from globus_core.transport import RetryCheckResult
from globus_core.transport.plugin_checks import PluginChecks
from tests.unit.plugins.fake_site import FakeSite

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from globus_core.transport import RetryContext


class Checking:
    """A plugin with a retry check."""

    @hookimpl
    def globus_retry_checks(self) -> list[t.Any]:
        def check(context: RetryContext) -> RetryCheckResult:
            return RetryCheckResult.no_decision

        return [check]


def calls_of_the_kernel(work: Callable[[], object]) -> list[str]:
    """
    The functions of the plugin machinery that are called by something.

    :param work: what is run
    """
    called = []

    def note(frame: t.Any, event: str, argument: object) -> None:
        if event == "call" and frame.f_globals.get("__name__", "").startswith("globus_core"):
            called.append(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return called


def test_each_change_of_plugins_is_a_new_generation(plugins: PluginManager) -> None:
    """Added, taken out, blocked, replaced; looking at what there is is none."""
    seen = [current_manager.generation]
    plugins.register(Checking(), "a")
    seen.append(current_manager.generation)
    plugins.unregister("a")
    seen.append(current_manager.generation)
    plugins.set_blocked("a")
    seen.append(current_manager.generation)
    set_plugin_manager(PluginManager(None))
    seen.append(current_manager.generation)

    assert len({id(generation) for generation in seen}) == 5
    compose.merged("globus_clients")
    assert current_manager.generation is seen[-1]


def test_a_manager_that_is_not_in_use_changes_nothing(plugins: PluginManager) -> None:
    """Neither one that never was, nor one that was replaced."""
    other = PluginManager(None)
    set_plugin_manager(other)
    generation = current_manager.generation

    plugins.register(Checking(), "a")
    PluginManager(None).register(Checking(), "b")

    assert current_manager.generation is generation
    other.register(Checking(), "c")
    assert current_manager.generation is not generation


def test_retry_checks_are_collected_once_a_generation(plugins: PluginManager) -> None:
    """After that no plugin is asked, and nothing is called, until plugins change."""
    plugins.register(Checking(), "a")
    checks = PluginChecks()
    known = checks.get()

    assert len(known) == 1
    assert calls_of_the_kernel(checks.get) == ["get"]
    assert checks.get() is known

    plugins.register(Checking(), "b")
    assert len(checks.get()) == 2
    plugins.set_blocked("a")
    assert len(checks.get()) == 1


def test_observers_are_told_without_a_call_to_the_manager(plugins: PluginManager) -> None:
    """Once they are known."""
    hook = compose.observer_hook("globus_token_event")
    hook.tell("first")

    assert calls_of_the_kernel(lambda: hook.tell("second")) == ["tell"]


def test_a_hook_is_asked_without_working_anything_out_anew(site: FakeSite) -> None:
    """Nothing is selected, loaded or checked for the second call."""
    source = "from globus_core import hookimpl\n@hookimpl\ndef globus_clients():\n    return {}\n"
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": source})
    set_plugin_manager(site.manager())
    compose.merged("globus_clients")

    called = calls_of_the_kernel(lambda: compose.merged("globus_clients"))

    assert called.count("implementations") == 1
    assert not {"load_all", "select_plugins", "_warn_once", "fitted"} & set(called)
