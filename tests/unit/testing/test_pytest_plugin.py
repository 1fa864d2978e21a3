"""The fixtures that the package brings for other people's tests."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
import typing as t
import webbrowser

import pytest

from globus_core import compose, hookimpl
from globus_core.plugins import PluginManager, get_plugin_manager
from globus_core.testing import CanarySecrets, FakeClock, HeadlessBrowser, Sandbox

pytest_plugins = ["pytester"]


class Clients:
    """A plugin."""

    @hookimpl
    def globus_clients(self) -> dict[str, str]:
        """One client."""
        return {"weather": "weather:Client"}


def test_plugins_of_a_test_are_its_own(globus_plugins: PluginManager) -> None:
    """The installed ones are there, and what is registered is seen by the kernel."""
    globus_plugins.register(Clients(), "weather")
    assert get_plugin_manager() is globus_plugins
    assert {"auth", "weather"} <= set(compose.merged("globus_clients"))


def test_the_browser_visits_what_programs_open(
    globus_browser: HeadlessBrowser, globus_sandbox: Sandbox
) -> None:
    """In the place of the system's."""
    assert webbrowser.open(globus_sandbox.url)
    assert webbrowser.get().open(globus_sandbox.url, 1)
    globus_browser.wait()
    assert globus_browser.visited is not None


def test_the_clock_is_put_forward(globus_clock: FakeClock) -> None:
    """An hour passes at once."""
    before = time.time()
    globus_clock.advance(3600)
    assert 3600 <= time.time() - before < 3700


def test_a_hidden_secret_is_no_leak(globus_canary: CanarySecrets) -> None:
    """The log of the test is looked through at its end, and what is shown here now."""
    secret = globus_canary.make("a token")
    logging.getLogger("somebody").debug("nothing to see")
    globus_canary.assert_hidden("nothing", {"a": 1}, ValueError("b"))
    for shown in (f"it is {secret}", [secret], ValueError(secret), _caused_by(secret)):
        with pytest.raises(AssertionError, match="a token in"):
            globus_canary.assert_hidden(shown)


def _caused_by(secret: str) -> Exception:
    error = ValueError("nothing")
    error.__cause__ = KeyError(secret)
    return error


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("logging.getLogger('x').debug('it is %s', secret)", {"passed": 1, "errors": 1}),
        ("pass", {"passed": 1}),
    ],
)
def test_a_secret_in_the_log_fails_the_test(
    pytester: pytest.Pytester, line: str, outcome: dict[str, int]
) -> None:
    """Also at DEBUG, and of a logger that nobody configured."""
    pytester.makepyfile(
        f"""
        import logging

        def test_it(globus_canary):
            secret = globus_canary.make("a token")
            {line}
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:xdist")
    result.assert_outcomes(**outcome)


def test_nothing_is_imported_before_a_test_asks() -> None:
    """Installing the package does not slow down everybody's pytest."""
    code = (
        "import sys; import pytest; before = set(sys.modules);"
        "import globus_core.testing.pytest_plugin, globus_core_sandbox.pytest_plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done: t.Any = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert set(done.stdout.split()) == {
        "globus_core",
        "globus_core._lazy",
        "globus_core.testing",
        "globus_core.testing.pytest_plugin",
        "globus_core_sandbox",
        "globus_core_sandbox.pytest_plugin",
    }
