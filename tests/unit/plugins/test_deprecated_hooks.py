"""A hook that will go: its plugins are asked as before, and their authors are warned."""

from __future__ import annotations

import typing as t
import warnings

import pytest

from globus_core import compose, hookspecs
from globus_core._hook_markers import hookspec
from globus_core.plugins import PluginManager, PluginWarning
from tests.unit.plugins.fake_site import FakeSite

if t.TYPE_CHECKING:
    from collections.abc import Callable

    Use = Callable[[PluginManager], PluginManager]

HOOK = "globus_old_way"
NOTE = "use globus_new_way; it goes in version 0.9"
SOURCE = """
from globus_core import hookimpl

@hookimpl
def globus_old_way(key):
    return f"old {key}"
"""


@pytest.fixture(autouse=True)
def _a_deprecated_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    """A further hook, which is there in these tests only."""

    @hookspec(deprecated=NOTE)
    def globus_old_way(key: str) -> str | None:
        """Answer in the old way."""
        raise NotImplementedError

    monkeypatch.setattr(hookspecs, HOOK, globus_old_way, raising=False)


@pytest.fixture
def manager(site: FakeSite, use: Use) -> PluginManager:
    """Two plugins; the first implements the deprecated hook."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": SOURCE})
    site.install("fake-b", {"b": "fake_b"}, modules={"fake_b": "from globus_core import Scope"})
    return use(site.manager())


def test_a_deprecated_hook_is_still_called(manager: PluginManager) -> None:
    """And its author is warned, at the plugin's own line, with what to do."""
    with pytest.warns(DeprecationWarning) as caught:
        assert compose.first(HOOK, key="x") == ("a", "old x")

    (warning,) = caught
    assert str(warning.message) == (
        f"the hook 'globus_old_way', which the plugin a@fake-a implements, is deprecated: {NOTE}"
    )
    assert warning.filename.endswith("fake_a.py")
    assert SOURCE.splitlines()[warning.lineno - 1] == "@hookimpl"


def test_the_author_is_warned_once(manager: PluginManager) -> None:
    """Not at each call, and not when the plugins change."""
    with pytest.warns(DeprecationWarning) as caught:
        for name in ("one", "two"):
            compose.first(HOOK, key="x")
            manager.register(object(), name)

    assert len(caught) == 1


def test_a_deprecated_hook_is_no_failure(site: FakeSite, use: Use) -> None:
    """Strict mode does not raise, and the plugin stays in use, also where warnings are errors."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": SOURCE})
    manager = use(site.manager(strict=True))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DeprecationWarning, match="globus_old_way"):
            manager.implementations(HOOK)
        assert compose.first(HOOK, key="x") == ("a", "old x")
    (record,) = manager.records()
    assert (record.state, record.reason) == ("loaded", None)


def test_the_list_of_plugins_tells_of_it(manager: PluginManager) -> None:
    """`globus-core plugins` says who still implements it."""
    from click.testing import CliRunner

    from globus_core_cli.group import cli

    shown = CliRunner().invoke(cli, ["plugins"]).output

    assert f"a@fake-a implements globus_old_way, which is deprecated: {NOTE}" in shown
    assert "b@fake-b implements" not in shown


def test_a_plugin_for_two_versions_serves_both(site: FakeSite, use: Use) -> None:
    """The new hook marked optional, the old one beside it: nothing fails where either is absent."""
    newer = "\n@hookimpl(optionalhook=True)\ndef globus_new_way(key): return key\n"
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": SOURCE + newer})
    manager = use(site.manager())

    with warnings.catch_warnings():
        warnings.simplefilter("error", PluginWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        assert compose.first(HOOK, key="x") == ("a", "old x")
    record = manager.record("a")
    assert record is not None
    assert record.hooks == (HOOK,)


def test_an_argument_may_be_added_to_a_hook(
    site: FakeSite, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plugins that were written before go on; those that want the argument take it."""

    @hookspec
    def globus_old_way(key: str, realm: str) -> str | None:
        """Answer in the old way, with an argument more."""
        raise NotImplementedError

    monkeypatch.setattr(hookspecs, HOOK, globus_old_way)
    later = SOURCE.replace("(key)", "(key, realm)").replace("{key}", "{key} of {realm}")
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": SOURCE})
    site.install("fake-b", {"b": "fake_b"}, modules={"fake_b": later})
    use(site.manager())

    assert compose.each(HOOK, key="x", realm="y") == [("a", "old x"), ("b", "old x of y")]
