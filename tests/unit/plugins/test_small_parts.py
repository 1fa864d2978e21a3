"""The light parts that the kernel and plugins stand on."""

from __future__ import annotations

import logging
import sys
import types
import typing as t

import pluggy
import pytest

from globus_core import compose, hookimpl, hookspecs
from globus_core._lazy import lazy_exports
from globus_core._log import LazyLogger


@pytest.mark.parametrize(
    "options", [{}, {"tryfirst": True}, {"trylast": True, "optionalhook": True, "specname": "x"}]
)
def test_our_marker_marks_as_pluggys_does(options: dict[str, t.Any]) -> None:
    """Without importing pluggy."""

    def ours() -> None: ...

    def theirs() -> None: ...

    hookimpl(**options)(ours)
    pluggy.HookimplMarker("globus_core")(**options)(theirs)

    assert ours.globus_core_impl == theirs.globus_core_impl  # type: ignore[attr-defined]


def test_a_marker_may_name_the_hook_by_its_specification() -> None:
    """Which a type checker compares with the function; the function's own name is free."""

    @hookimpl(spec=hookspecs.globus_clients, tryfirst=True)
    def ours() -> dict[str, str]:
        return {}

    options = ours.globus_core_impl  # type: ignore[attr-defined]
    assert (options["specname"], options["tryfirst"]) == ("globus_clients", True)


@pytest.mark.parametrize(
    "options",
    [
        {"spec": "globus_clients"},
        {"spec": lazy_exports},
        {"spec": hookspecs.globus_clients, "specname": "globus_clients"},
    ],
)
def test_what_is_no_specification_is_refused(options: dict[str, t.Any]) -> None:
    """A name, some other function, or both at once."""
    with pytest.raises(TypeError, match="spec"):
        hookimpl(**options)


@pytest.mark.parametrize("hook", [hookspecs.globus_clients, "globus_clients"])
def test_a_hook_is_asked_by_its_specification_or_its_name(hook: t.Any) -> None:
    """Both give the same answer."""
    assert "auth" in compose.merged(hook)
    assert dict(compose.each(hook)) and compose.first(hook) and compose.implementations(hook)


def test_the_marker_works_without_brackets() -> None:
    """And gives back the function."""

    def function() -> None: ...

    assert hookimpl(function) is function
    assert not function.globus_core_impl["tryfirst"]  # type: ignore[attr-defined]


def test_names_of_a_plugin_are_imported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """After that they are plain attributes of its package."""
    package = types.ModuleType("fake_lazy")
    inner = types.ModuleType("fake_lazy.inner")
    inner.Thing = object  # type: ignore[attr-defined]
    package.__path__ = []
    monkeypatch.setitem(sys.modules, "fake_lazy", package)
    monkeypatch.setitem(sys.modules, "fake_lazy.inner", inner)

    get, exported = lazy_exports("fake_lazy", {"inner": ("Thing",)})

    assert exported == ["Thing"]
    assert get("Thing") is object
    assert vars(package)["Thing"] is object
    with pytest.raises(AttributeError, match="module 'fake_lazy' has no attribute 'Other'"):
        get("Other")


def test_debug_lines_are_made_only_when_they_are_read(caplog: pytest.LogCaptureFixture) -> None:
    """A logger that nobody has turned up costs nothing."""
    log = LazyLogger("globus_core.fake")

    log.debug("nobody reads %s", "this")
    with caplog.at_level(logging.DEBUG, "globus_core.fake"):
        log.debug("read %s", "this")
        log.info("and %s", "that")

    assert [record.getMessage() for record in caplog.records] == ["read this", "and that"]
    assert {record.funcName for record in caplog.records} == {
        "test_debug_lines_are_made_only_when_they_are_read"
    }


def test_debug_and_info_do_not_import_logging(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that has not imported it does not read them."""
    monkeypatch.delitem(sys.modules, "logging")
    log = LazyLogger("globus_core.fake2")

    log.debug("nobody reads this")
    log.info("nor this")

    assert "logging" not in sys.modules
    assert not log.debugging


def test_warnings_are_logged_under_their_name(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever sets logging up finds them where they belong."""
    LazyLogger("globus_core.fake").warning("failed: %s", "x")

    assert caplog.record_tuples == [("globus_core.fake", 30, "failed: x")]
