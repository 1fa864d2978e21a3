"""
Fixtures for tests of programs and plugins. Nothing is imported before a test uses one.
"""

from __future__ import annotations

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from responses import RequestsMock

    from globus_core.plugins import PluginManager
    from globus_core.testing import CanarySecrets, FakeClock, HeadlessBrowser


@pytest.fixture
def globus_plugins() -> Iterator[PluginManager]:
    """
    A plugin manager for one test: registering and blocking plugins affects only this test. It
    starts with the installed plugins that the environment variables select.
    """
    from globus_core.plugins import PluginManager, set_plugin_manager

    manager = PluginManager.from_environment()
    before = set_plugin_manager(manager)
    yield manager
    set_plugin_manager(before)


@pytest.fixture
def globus_browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeadlessBrowser]:
    """
    A headless browser in place of the system's, for logins that need no user, such as those of the
    sandbox.
    """
    import webbrowser

    from globus_core.testing import HeadlessBrowser

    browser = HeadlessBrowser()
    monkeypatch.setattr(webbrowser, "get", lambda using=None: browser)
    monkeypatch.setattr(webbrowser, "open", browser.open)
    yield browser
    browser.wait()


@pytest.fixture
def globus_clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """
    A clock that the test moves: ``globus_clock.advance(3600)``.
    """
    import time

    from globus_core.testing import FakeClock

    clock = FakeClock()
    monkeypatch.setattr(time, "time", clock.time)
    return clock


@pytest.fixture
def globus_canary() -> Iterator[CanarySecrets]:
    """
    Made-up secrets: ``token = globus_canary.make("a token")``. The test fails if one of them is
    logged, at any level; ``assert_hidden`` checks other things.
    """
    from globus_core.testing import CanarySecrets
    from globus_core.testing.canary import everything_logged

    secrets = CanarySecrets()
    with everything_logged() as lines:
        yield secrets
    secrets.assert_hidden(*lines)


@pytest.fixture
def globus_responses() -> Iterator[RequestsMock]:
    """
    A test without a network: only canned responses, activated by ``load_response``, answer. It is
    the default mock of ``responses``.
    """
    from globus_core.testing.canned.models import mock

    with mock(None) as ready:
        yield ready
