"""Loading from several threads, and from inside the import of a plugin."""

from __future__ import annotations

import importlib
import itertools
import os
import subprocess
import sys
import threading
import typing as t

import pytest

from globus_core import compose, hookimpl
from globus_core.exc import PluginError
from globus_core.plugins import PluginManager
from tests.unit.plugins.fake_site import FakeSite

if t.TYPE_CHECKING:
    from collections.abc import Callable

    Use = Callable[[PluginManager], PluginManager]

GOOD = """
from globus_core import hookimpl

@hookimpl
def globus_clients():
    return {__name__: "fake:Client"}
"""
HOOK = "globus_clients"


def names(manager: PluginManager) -> list[str]:
    """The plugins that are asked."""
    return [item.plugin for item in manager.implementations(HOOK)]


def in_threads(number: int, work: Callable[[], t.Any]) -> list[t.Any]:
    """Run something in several threads at once, and return what each got."""
    results: list[t.Any] = []
    ready = threading.Barrier(number)

    def run() -> None:
        ready.wait()
        results.append(work())

    threads = [threading.Thread(target=run, daemon=True) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(results) == number
    return results


def test_threads_that_load_at_once_all_get_everything(site: FakeSite) -> None:
    """Each plugin is imported once, while all others ask, and nobody goes on without it."""
    site.module("fake_count", "import threading\nimports = []\nasking = threading.Semaphore(0)\n")
    slow = """
import fake_count
fake_count.imports.append(__name__)
if len(fake_count.imports) == 1:
    for _ in range(8):
        assert fake_count.asking.acquire(timeout=30)
"""
    for name in ("a", "b", "c"):
        site.install(f"fake-{name}", {name: f"fake_{name}"}, modules={f"fake_{name}": slow + GOOD})
    manager = site.manager()

    def ask() -> list[str]:
        importlib.import_module("fake_count").asking.release()
        return names(manager)

    results = in_threads(8, ask)

    assert results == [["a", "b", "c"]] * 8
    assert sorted(importlib.import_module("fake_count").imports) == ["fake_a", "fake_b", "fake_c"]


def test_one_failure_is_warned_of_once_by_many_threads(site: FakeSite) -> None:
    """The warning is not repeated for each thread."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": "raise ValueError('odd')"})
    manager = site.manager()

    with pytest.warns(UserWarning, match="odd") as caught:
        in_threads(6, lambda: names(manager))

    assert len(caught) == 1


def test_a_plugin_may_use_a_hook_while_it_is_imported(site: FakeSite, use: Use) -> None:
    """It gets the answers of the others, and its own count from then on."""
    source = """
from globus_core import compose
seen = sorted(compose.merged("globus_clients"))
"""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": source + GOOD})
    site.install("fake-b", {"b": "fake_b"}, modules={"fake_b": GOOD})
    manager = use(site.manager())

    assert names(manager) == ["a", "b"]
    assert importlib.import_module("fake_a").seen == ["fake_b"]


def test_two_plugins_may_use_hooks_while_they_are_imported(site: FakeSite, use: Use) -> None:
    """Neither sees itself; both are there in the end."""
    source = """
from globus_core import compose
seen = sorted(compose.merged("globus_clients"))
"""
    for name in ("a", "b"):
        modules = {f"fake_{name}": source + GOOD}
        site.install(f"fake-{name}", {name: f"fake_{name}"}, modules=modules)

    assert names(use(site.manager())) == ["a", "b"]


def test_a_program_may_import_a_plugin_that_uses_hooks(site: FakeSite, use: Use) -> None:
    """Its module is half there when the manager meets it, and its later functions count too."""
    source = """
from globus_core import compose
seen = sorted(compose.merged("globus_clients"))
"""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": source + GOOD})
    manager = use(site.manager())

    importlib.import_module("fake_a")

    assert names(manager) == ["a"]


def test_a_plugin_may_wait_in_its_import_for_a_thread_that_uses_hooks(
    site: FakeSite, use: Use, caplog: pytest.LogCaptureFixture
) -> None:
    """The thread goes on without that plugin after a while, and says so."""
    source = """
import threading
from globus_core import compose
seen = []
thread = threading.Thread(target=lambda: seen.extend(compose.merged("globus_clients")))
thread.start()
thread.join()
"""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": source + GOOD})
    site.install("fake-b", {"b": "fake_b"}, modules={"fake_b": GOOD})
    manager = use(site.manager(wait_seconds=0.2))

    assert in_threads(1, lambda: names(manager)) == [["a", "b"]]
    assert importlib.import_module("fake_a").seen == ["fake_b"]
    assert "importing the plugin a@fake-a 1.0 for more than 0.2 seconds" in caplog.text


def test_a_plugin_may_start_a_thread_that_uses_hooks(site: FakeSite, use: Use) -> None:
    """Where the import does not wait for the thread, the thread gets everything."""
    source = """
import threading
from globus_core import compose
seen = []
thread = threading.Thread(target=lambda: seen.extend(compose.merged("globus_clients")))
thread.start()
"""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": source + GOOD})
    manager = use(site.manager())

    assert names(manager) == ["a"]
    module = importlib.import_module("fake_a")
    module.thread.join(20)
    assert module.seen == ["fake_a"]


def test_threads_inside_two_imports_do_not_wait_for_each_other(site: FakeSite, use: Use) -> None:
    """Each imports one plugin which uses a hook, and so meets the plugin of the other."""
    source = """
import fake_meeting
from globus_core import compose
fake_meeting.both.wait(20)
compose.merged("globus_clients")
"""
    site.module("fake_meeting", "import threading\nboth = threading.Barrier(2)\n")
    for name in ("a", "b"):
        modules = {f"fake_{name}": source + GOOD}
        site.install(f"fake-{name}", {name: f"fake_{name}"}, modules=modules)
    manager = use(site.manager(wait_seconds=300))
    turns = iter("ab")

    def require_one() -> bool:
        record = manager.record(next(turns))
        assert record is not None
        return manager.require(record)

    assert in_threads(2, require_one) == [True, True]
    assert names(manager) == ["a", "b"]


def test_plugins_may_come_and_go_while_hooks_are_called(site: FakeSite) -> None:
    """The installed one is asked each time; the other one is there or not."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": GOOD})
    manager = site.manager()

    turns = itertools.count()

    def come_and_go() -> None:
        name = f"p{next(turns)}"
        manager.register(type("Plugin", (), {})(), name)
        manager.unregister(name)

    def work() -> bool:
        for _ in range(20):
            come_and_go()
            if names(manager) != ["a"]:
                return False
        return True

    assert in_threads(4, work) == [True] * 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_fork_can_go_on(site: FakeSite) -> None:
    """A child process that uses hooks after a fork gets the same answers."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": GOOD})
    program = """
import os, sys
sys.path.insert(0, sys.argv[1])
from globus_core import compose
before = sorted(compose.merged("globus_clients"))
child = os.fork()
if not child:
    os._exit(0 if sorted(compose.merged("globus_clients")) == before else 1)
print("fake_a" in before, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""

    command = [sys.executable, "-c", program, str(site.folder)]
    output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)

    assert output.stdout.split() == ["True", "0"]


def test_two_threads_cannot_take_one_name() -> None:
    """One of them registers its plugin; the others get the error."""
    manager = PluginManager(None)

    def register() -> str:
        try:
            return manager.register(type("Plugin", (), {})(), "mine").state
        except PluginError as error:
            return str(error)

    results = in_threads(6, register)

    assert results.count("loaded") == 1
    assert results.count("the plugin name 'mine' is taken by mine@code") == 5
    assert len(manager.records()) == 1


def test_a_hook_may_change_the_plugins_while_it_runs(use: Use) -> None:
    """The call that is running goes on as it was; the next one sees the change."""
    manager = use(PluginManager(None))
    told: list[str] = []

    class Late:
        @hookimpl
        def globus_before_request(self) -> None:
            told.append("late")

    class Early:
        @hookimpl
        def globus_before_request(self) -> None:
            told.append("early")
            manager.unregister("early")
            manager.register(Late(), "late")

    manager.register(Early(), "early")

    compose.notify("globus_before_request", event=None)
    assert told == ["early"]
    compose.notify("globus_before_request", event=None)
    assert told == ["early", "late"]
