"""
What many well-behaved plugins cost: at each request, and when the first hook is called.

Run as a module it is a process that sends requests; it prints the figures as JSON.
"""

from __future__ import annotations

import argparse
import functools
import json
import pathlib
import tempfile
import typing as t

from . import discovery, requests_cost
from ._processes import environment, output, run_module
from ._turns import turns
from .server import running

if t.TYPE_CHECKING:
    from globus_core import BaseClient
    from globus_core.plugins import PluginManager

Figures = dict[str, dict[str, float]]

PLUGINS = 20
_REQUESTS = 25
_OFTEN = 6

_HOOKS = """
from globus_core import hookimpl

@hookimpl
def globus_before_request(event): pass

@hookimpl
def globus_after_response(event): pass

@hookimpl
def globus_token_event(event): pass
"""

# Both load the same 20 plugins and then ask who implements a hook.
_SCRIPTS = {
    "pluggy": """
import time
began = time.perf_counter()
import pluggy
from globus_core import hookspecs
manager = pluggy.PluginManager("globus_core")
manager.add_hookspecs(hookspecs)
manager.load_setuptools_entrypoints("globus_core.plugins")
found = manager.hook.globus_before_request.get_hookimpls()
print(time.perf_counter() - began, len(found))
""",
    "globus-core": """
import time
began = time.perf_counter()
from globus_core import compose
found = compose.implementations("globus_before_request")
print(time.perf_counter() - began, len(found))
""",
}


def measure(name: str, rounds: int, *, quick: bool = False) -> Figures:
    """
    Run one measure.

    :param name: ``requests`` or ``start``
    :param rounds: how often each variant has its turn
    :param quick: do less, to see only that everything runs
    """
    if name == "start":
        return _start(rounds, 25 if quick else discovery.DISTRIBUTIONS)
    often = rounds if quick else rounds * _OFTEN
    with running() as base:
        arguments = ("--base", base, "--rounds", str(often))
        figures: Figures = run_module("many_plugins", *arguments)
    return figures


def _start(rounds: int, distributions: int) -> Figures:
    seconds: dict[str, list[float]] = {variant: [] for variant in _SCRIPTS}
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        discovery.install_fakes(folder, distributions)
        for number in range(PLUGINS):
            _make_plugin(pathlib.Path(folder), number)
        variables = environment(home, PYTHONPATH=folder)
        for code in _SCRIPTS.values():
            output(code, variables, home)  # fills the bytecode cache and the disk's
        for _ in turns(rounds, discovery.SECONDS):
            for variant, code in _SCRIPTS.items():
                taken, found = (output(code, variables, home) or "nan 0").split()
                if int(found) != PLUGINS:
                    raise RuntimeError(f"{variant} found {found} plugins of {PLUGINS}")
                seconds[variant].append(float(taken))
    return discovery.milliseconds(seconds)


def _make_plugin(folder: pathlib.Path, number: int) -> None:
    """Make one of the distributions bring a plugin."""
    info = next(folder.glob(f"fake_distribution_{number}-*.dist-info"))
    points = f"[globus_core.plugins]\nfake-{number} = fake_plugin_{number}\n"
    (info / "entry_points.txt").write_text(points)
    (folder / f"fake_plugin_{number}.py").write_text(_HOOKS)


def _manager(plugins: int) -> PluginManager:
    from globus_core.plugins import PluginManager

    manager = PluginManager(find=None)
    for number in range(plugins):
        plugin: dict[str, t.Any] = {}
        exec(_HOOKS, plugin)
        functions = {name: staticmethod(f) for name, f in plugin.items() if name[:7] == "globus_"}
        manager.register(type("Plugin", (), functions)(), f"observer-{number}")
    return manager


def _send(client: BaseClient, manager: PluginManager) -> None:
    from globus_core.plugins import set_plugin_manager

    set_plugin_manager(manager)
    for _ in range(_REQUESTS):
        client.get("/small")


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", required=True)
    parser.add_argument("--rounds", type=int, required=True)
    options = parser.parse_args()
    from globus_core import BaseClient

    client = BaseClient(base_url=options.base)
    works: dict[str, requests_cost.Work] = {
        "no plugin": functools.partial(_send, client, _manager(0)),
        "globus-core": functools.partial(_send, client, _manager(PLUGINS)),
    }
    for work in works.values():
        work()
    print(json.dumps(requests_cost.in_turns(works, "no plugin", options.rounds, _REQUESTS)))


if __name__ == "__main__":
    _main()
