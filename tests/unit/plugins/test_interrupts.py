"""Whatever a plugin raises is contained, except what ends the caller's own work."""

from __future__ import annotations

import asyncio
import sys
import types
import typing as t

import pytest

from globus_core import compose, hookimpl, hookspecs
from globus_core.exc import PluginError
from globus_core.plugins import PluginManager
from globus_core.plugins.records import describe, readable_traceback
from tests.unit.plugins.fake_site import FakeSite

if t.TYPE_CHECKING:
    from collections.abc import Callable

HOOK = hookspecs.globus_clients
_RAISES_AT_IMPORT = "raise {}('stopped')"
_RAISES_AT_CALL = """
from globus_core import hookimpl

class Panic(BaseException):
    pass

@hookimpl
def globus_clients():
    raise {}("stopped")
"""


class Panic(BaseException):
    """What an extension module in Rust raises when it panics."""


class Observing:
    """A plugin with an observer, a retry check and a translator, all of which raise."""

    def __init__(self, error: type[BaseException]) -> None:
        self.error = error

    @hookimpl
    def globus_before_request(self, event: object) -> None:
        raise self.error

    @hookimpl
    def globus_retry_checks(self) -> list[t.Any]:
        return [self.check]

    def check(self, context: object) -> t.NoReturn:
        """A retry check."""
        raise self.error


@pytest.fixture
def odd(
    site: FakeSite, use: Callable[[PluginManager], PluginManager]
) -> Callable[[str], PluginManager]:
    """Install a plugin of one module, and use it."""

    def manager(source: str) -> PluginManager:
        site.install("fake-odd", {"odd": "fake_odd"}, modules={"fake_odd": source})
        return use(site.manager())

    return manager


@pytest.mark.parametrize("source", [_RAISES_AT_IMPORT, _RAISES_AT_CALL])
def test_an_interrupt_passes(odd: Callable[[str], PluginManager], source: str) -> None:
    """Ctrl-C while a plugin is imported or called ends the program's call, each time."""
    odd(source.format("KeyboardInterrupt"))

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            compose.merged(HOOK)


def test_an_interrupted_import_is_no_failure(odd: Callable[[str], PluginManager]) -> None:
    """The plugin is imported at the next call."""
    source = "import sys\nif not hasattr(sys, 'fake_again'): sys.fake_again = 1; {}\n{}"
    manager = odd(
        source.format(
            _RAISES_AT_IMPORT.format("KeyboardInterrupt"),
            _RAISES_AT_CALL.replace("raise {}", "return dict").replace('"stopped"', "odd=1"),
        )
    )
    try:
        with pytest.raises(KeyboardInterrupt):
            compose.merged(HOOK)
        assert list(compose.merged(HOOK)) == ["odd"]
    finally:
        del sys.fake_again  # type: ignore[attr-defined]
    assert [record.state for record in manager.records()] == ["loaded"]


def test_the_cancellation_of_a_task_passes(odd: Callable[[str], PluginManager]) -> None:
    """Where an event loop runs; elsewhere it is an exception like any other."""
    odd("from asyncio import CancelledError\n" + _RAISES_AT_CALL.format("CancelledError"))

    async def ask() -> None:
        compose.merged(HOOK)

    assert compose.merged(HOOK) == {}
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(ask())


def test_the_end_of_a_greenlet_passes(
    odd: Callable[[str], PluginManager], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hub that ends a greenlet ends it inside a plugin, too."""
    greenlet = types.ModuleType("greenlet")
    monkeypatch.setitem(sys.modules, "greenlet", greenlet)
    vars(greenlet)["GreenletExit"] = type("GreenletExit", (BaseException,), {})
    odd("from greenlet import GreenletExit\n" + _RAISES_AT_CALL.format("GreenletExit"))

    with pytest.raises(BaseException, match="stopped") as caught:
        compose.merged(HOOK)

    assert caught.type.__name__ == "GreenletExit"


@pytest.mark.parametrize("error", [Panic, SystemExit, GeneratorExit])
def test_observers_and_retry_checks_that_panic_are_passed_over(
    plugins: PluginManager, error: type[BaseException]
) -> None:
    """A request is sent, and retried as the other checks say."""
    from globus_core.transport import (
        RequestCallerInfo,
        RetryCheckResult,
        RetryConfig,
        RetryContext,
    )
    from globus_core.transport.plugin_checks import PluginChecks

    plugins.register(Observing(error), "odd")

    compose.notify("globus_before_request", event=None)
    (check,) = PluginChecks().get()
    context = RetryContext(0, caller_info=RequestCallerInfo(retry_config=RetryConfig()))

    assert check(context) is RetryCheckResult.no_decision
    record = plugins.record("odd")
    assert record is not None
    assert record.reports == [
        f"globus_before_request: {error.__name__}",
        f"globus_retry_checks: {error.__name__}",
    ]


def test_observers_and_retry_checks_let_an_interrupt_pass(plugins: PluginManager) -> None:
    """Ctrl-C during a request ends it."""
    from globus_core.transport.plugin_checks import PluginChecks

    plugins.register(Observing(KeyboardInterrupt), "odd")

    with pytest.raises(KeyboardInterrupt):
        compose.notify("globus_before_request", event=None)
    with pytest.raises(KeyboardInterrupt):
        PluginChecks().get()[0](t.cast("t.Any", None))


def test_a_reference_to_a_module_that_panics_is_one_error(
    odd: Callable[[str], PluginManager], site: FakeSite
) -> None:
    """What was chosen by name cannot be used, and the error says whose it is."""
    odd(
        _RAISES_AT_CALL.replace(
            'raise {}("stopped")', 'return {{"odd": "fake_part:Part"}}'
        ).format()
    )
    site.module("fake_part", "class Panic(BaseException): ...\nraise Panic('no campus')")

    with pytest.raises(PluginError) as caught:
        compose.select(HOOK, "odd", what="service")

    assert str(caught.value) == (
        "'fake_part:Part' of the plugin odd@fake-odd cannot be used: Panic: no campus"
    )


class MuteError(Exception):
    """An exception whose text cannot be made."""

    def __str__(self) -> str:
        raise Panic


class InterruptingError(Exception):
    """An exception during whose description somebody presses Ctrl-C."""

    def __str__(self) -> str:
        raise KeyboardInterrupt


def test_an_exception_that_lies_about_itself_can_be_described() -> None:
    """Neither its text nor its traceback needs its cooperation; an interrupt passes."""
    assert describe(MuteError()) == "MuteError"
    assert "MuteError" in readable_traceback(MuteError())
    with pytest.raises(KeyboardInterrupt):
        describe(InterruptingError())


def test_an_exception_with_a_huge_text_is_shortened() -> None:
    """What a plugin says does not fill the log."""
    error = RuntimeError("no such campus " * 100_000)

    assert describe(error).startswith("RuntimeError: no such campus")
    text = str(error)
    assert describe(error) == (
        f"RuntimeError: {text[:1000]} ... ({len(text) - 2000} more characters) ... {text[-1000:]}"
    )
    assert len(readable_traceback(error)) < 30_000
