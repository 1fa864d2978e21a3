"""
What a hook costs where it stands in every request, with no plugin and with one.

Run as a module it is a process that measures; it prints the figures as JSON.
"""

from __future__ import annotations

import statistics
import timeit
import typing as t

from ._processes import print_measure, run_module
from ._turns import median_ratio, turns

Figures = dict[str, dict[str, float]]

#: after this no further round begins
SECONDS = 10
HOOK = "globus_before_request"
#: how often a statement stands in the loop's body, so that the loop itself weighs nothing
_UNROLLED = 50
_LOOPS = 200

#: variant -> statement; ``functions`` is a tuple, ``hook`` is globus_core's, as clients hold it
WITHOUT = {
    "if": "if functions: raise AssertionError",
    "globus-core": "if hook.calls: raise AssertionError",
    "pluggy": f"manager.hook.{HOOK}(event=event)",
}
WITH = {
    "loop": "for function in functions: function(event=event)",
    "globus-core": "if hook.calls: hook.tell(event)",
    "pluggy": f"manager.hook.{HOOK}(event=event)",
}


class Plugin:
    """
    A plugin that observes and does nothing.
    """


def measure(name: str, rounds: int) -> Figures:
    """
    Measure the hook in a fresh process.

    :param name: ``without`` a plugin or ``with`` one
    :param rounds: how often each variant has its turn
    """
    figures: Figures = run_module("hook_calls", name, "--rounds", str(rounds))
    return figures


def _observer() -> Plugin:
    from globus_core import hookimpl

    def globus_before_request(event: object) -> None:
        pass

    plugin = Plugin()
    vars(plugin)[HOOK] = hookimpl(globus_before_request)
    return plugin


def _names(plugins: list[Plugin]) -> dict[str, t.Any]:
    """What the statements refer to, with the same plugins on every side."""
    import pluggy

    from globus_core import compose, hookspecs
    from globus_core.plugins import PluginManager, set_plugin_manager

    own = PluginManager(find=None)
    set_plugin_manager(own)
    manager = pluggy.PluginManager("globus_core")
    manager.add_hookspecs(hookspecs)
    for number, plugin in enumerate(plugins):
        own.register(plugin, f"observer-{number}")
        manager.register(plugin)
    hook = compose.observer_hook(HOOK)
    hook.tell(None)  # the first event finds out who observes
    return {
        "hook": hook,
        "manager": manager,
        "functions": tuple(getattr(plugin, HOOK) for plugin in plugins),
        "event": object(),
    }


def _timed(statements: dict[str, str], plugins: list[Plugin], rounds: int) -> Figures:
    basis, *_ = statements
    setup = _names(plugins)
    # As arguments they are local names, as they are in code that is meant to be quick.
    local = ", ".join(f"{name}={name}" for name in setup)
    timers = {}
    for variant, statement in statements.items():
        scope = dict(setup)
        body = "\n".join([f"  {statement}"] * _UNROLLED)
        exec(f"def run({local}):\n{body}", scope)
        timers[variant] = timeit.Timer(t.cast("t.Callable[[], object]", scope["run"]))
    seconds: dict[str, list[float]] = {variant: [] for variant in timers}
    for _ in turns(rounds, SECONDS):
        for variant, timer in timers.items():
            seconds[variant].append(min(timer.repeat(3, _LOOPS)) / _LOOPS / _UNROLLED)
    return {
        variant: {
            "ratio": median_ratio(runs, seconds[basis]),
            "nanoseconds": statistics.median(runs) * 1e9,
            "rounds": len(runs),
        }
        for variant, runs in seconds.items()
    }


MEASURES: dict[str, t.Callable[[int], Figures]] = {
    "without": lambda rounds: _timed(WITHOUT, [], rounds),
    "with": lambda rounds: _timed(WITH, [_observer()], rounds),
}


if __name__ == "__main__":
    print_measure(MEASURES)
