"""A process that forks while other threads are busy with plugins: the child goes on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.unit.plugins.fake_site import FakeSite

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")

# In the child every wait without end would be ended by the alarm.
START = """
import os, signal, sys, threading
from globus_core import compose, hookimpl, plugins
from globus_core.plugins.discovery import scan

sys.path.insert(0, sys.argv[1])
told = []

class Observer:
    @hookimpl
    def globus_token_event(self, event):
        told.append(event)

manager = plugins.PluginManager(lambda: scan([sys.argv[1]]))
plugins.set_plugin_manager(manager)
hook = compose.observer_hook("globus_token_event")
ready, over = threading.Event(), threading.Event()

def hold():
    with manager._lock:
        ready.set()
        over.wait(30)

def in_child(work):
    child = os.fork()
    if not child:
        signal.alarm(20)
        try:
            os.write(1, f"{work()}\\n".encode())
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""


def run(program: str, site: FakeSite) -> list[str]:
    """The lines that a program prints in a fresh process."""
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", START + program]
    result = subprocess.run(
        [*command, str(site.folder)], capture_output=True, text=True, check=False, timeout=60
    )
    assert result.stderr == ""
    return result.stdout.splitlines()


def test_a_lock_that_another_thread_holds_does_not_hold_up_the_child(site: FakeSite) -> None:
    """The child works out anew what that thread may have left half done."""
    program = """
plugins.current_manager._FORK_WAIT_SECONDS = 0.05
manager.register(Observer(), "a")
hook.tell("before")
thread = threading.Thread(target=hold)
thread.start()
ready.wait(30)

def work():
    manager.register(Observer(), "b")
    hook.tell("after")
    return told

in_child(work)
over.set()
thread.join()
hook.tell("in the parent")
print(told)
"""

    assert run(program, site) == ["['before', 'after', 'after']", "['before', 'in the parent']"]


def test_a_fork_waits_for_a_change_that_is_under_way(site: FakeSite) -> None:
    """So the child need not work anything out anew."""
    program = """
manager.register(Observer(), "a")
hook.tell("before")
thread = threading.Thread(target=hold)
thread.start()
ready.wait(30)
os.register_at_fork(before=over.set)
known = hook.calls
in_child(lambda: (hook.calls is known, manager.is_resolved("globus_token_event")))
thread.join()
print(hook.calls is known)
"""

    assert run(program, site) == ["(True, True)", "True"]


def test_a_plugin_that_another_thread_was_importing_is_out_in_the_child(site: FakeSite) -> None:
    """Python itself would wait for ever for that import; in the parent it goes on."""
    source = """
from globus_core import hookimpl
import __main__
__main__.ready.set()
assert __main__.over.wait(30)

@hookimpl
def globus_clients():
    return {"fake": "fake:Client"}
"""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": source})
    program = """
import warnings
thread = threading.Thread(target=manager.load_all)
thread.start()
ready.wait(30)

def work():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = compose.merged("globus_clients")
    return found, [str(warning.message).partition(": ")[2] for warning in caught]

in_child(work)
over.set()
thread.join()
print(compose.merged("globus_clients"))
"""

    assert run(program, site) == [
        "({}, ['it was being imported by another thread when this process was forked'])",
        "{'fake': 'fake:Client'}",
    ]
