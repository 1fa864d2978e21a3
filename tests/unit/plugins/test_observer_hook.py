"""Observer hooks: quick where nobody observes, current when plugins change, each one isolated."""

from __future__ import annotations

import typing as t

import pytest

from globus_core import compose, hookimpl
from globus_core.exc import PluginError
from globus_core.plugins import PluginManager, set_plugin_manager
from tests.unit.plugins.fake_site import FakeSite

if t.TYPE_CHECKING:
    from collections.abc import Callable

NAME = "globus_before_request"
HOOK = compose.observer_hook(NAME)
OBSERVER = """
from globus_core import hookimpl
seen = []
@hookimpl
def globus_before_request(event):
    seen.append(event)
"""


class Observer:
    """
    A plugin that remembers what it was told, or raises.

    :param failure: what it raises, or None
    """

    def __init__(self, failure: BaseException | None = None) -> None:
        self.failure = failure
        self.told: list[object] = []

    @hookimpl
    def globus_before_request(self, event: object) -> None:
        if self.failure is not None:
            raise self.failure
        self.told.append(event)


def test_there_is_one_object_for_a_hook() -> None:
    """Whoever asks for it shares it, and it knows its hook."""
    assert compose.observer_hook(NAME) is HOOK
    assert HOOK.name == NAME


def test_without_observers_there_is_nothing_to_call(plugins: PluginManager) -> None:
    """That is known after the first event; a plain look at a tuple is all that is left."""
    HOOK.tell("first")

    assert HOOK.calls == ()


def test_whether_there_are_observers_is_known_before_the_first_event(
    plugins: PluginManager,
) -> None:
    """Whoever asks first causes the plugins to be looked at."""
    assert not HOOK.is_observed()
    plugins.register(Observer(), "a")
    assert HOOK.is_observed()


def test_the_plugins_own_functions_are_called(plugins: PluginManager) -> None:
    """Nothing stands between the hook and a function that takes the event."""
    observer = Observer()
    plugins.register(observer, "a")

    HOOK.tell("first")
    HOOK.tell("second")

    assert HOOK.calls == (observer.globus_before_request,)
    assert observer.told == ["first", "second"]


def test_a_function_may_leave_out_the_event(plugins: PluginManager) -> None:
    """As with every hook's arguments."""
    told: list[int] = []

    class Counting:
        @hookimpl
        def globus_before_request(self) -> None:
            told.append(len(told))

    plugins.register(Counting(), "a")

    HOOK.tell("first")
    HOOK.tell("second")

    assert told == [0, 1]


def test_a_plugin_that_comes_later_is_told(plugins: PluginManager) -> None:
    """Also where it was known that nobody observes."""
    HOOK.tell("early")
    observer = Observer()
    plugins.register(observer, "a")

    assert HOOK.calls  # so that the caller makes the event
    HOOK.tell("late")

    assert observer.told == ["late"]


def test_a_plugin_that_is_taken_out_is_told_no_more(plugins: PluginManager) -> None:
    """The others are."""
    gone, staying = Observer(), Observer()
    plugins.register(gone, "a")
    plugins.register(staying, "b")
    HOOK.tell("early")
    plugins.unregister("a")
    HOOK.tell("late")

    assert (gone.told, staying.told) == (["early"], ["early", "late"])


def test_a_plugin_that_is_blocked_is_told_no_more(site: FakeSite) -> None:
    """Whether it was installed or given by code."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": OBSERVER})
    manager = site.manager()
    set_plugin_manager(manager)
    HOOK.tell("early")
    manager.set_blocked("a")
    HOOK.tell("late")

    record = manager.record("a")
    assert record is not None
    assert t.cast("t.Any", record.plugin).seen == ["early"]
    assert HOOK.calls == ()


def test_another_manager_brings_its_own_observers(plugins: PluginManager) -> None:
    """Those of the previous one are not told any more."""
    old, new = Observer(), Observer()
    plugins.register(old, "a")
    HOOK.tell("early")
    manager = PluginManager(None)
    manager.register(new, "b")
    set_plugin_manager(manager)
    HOOK.tell("late")

    assert (old.told, new.told) == (["early"], ["late"])


@pytest.mark.parametrize("failure", [ValueError("odd"), SystemExit(2)], ids=repr)
def test_an_observer_that_fails_harms_nobody(
    plugins: PluginManager, caplog: pytest.LogCaptureFixture, failure: BaseException
) -> None:
    """It is reported under its name each time, and the others are told."""
    other = Observer()
    plugins.register(other, "b")
    plugins.register(Observer(failure), "a")

    HOOK.tell("first")
    HOOK.tell("second")

    assert other.told == ["first", "second"]
    record = plugins.record("a")
    assert record is not None
    assert len(record.reports) == 1
    assert f"plugin 'a@code' failed in {NAME}" in caplog.text


def test_of_two_plugins_with_one_function_both_are_told(
    plugins: PluginManager, caplog: pytest.LogCaptureFixture
) -> None:
    """And each answers for itself when it fails."""

    @hookimpl
    def globus_before_request(event: object) -> None:
        raise ValueError("odd")

    for name in ("a", "b"):
        plugin = Observer()
        vars(plugin)[NAME] = globus_before_request
        plugins.register(plugin, name)

    HOOK.tell("first")

    assert "'a@code'" in caplog.text
    assert "'b@code'" in caplog.text


def test_an_observer_that_takes_itself_out_and_fails_is_still_named(
    plugins: PluginManager, caplog: pytest.LogCaptureFixture
) -> None:
    """The event that is under way goes on with the observers that there were."""
    other = Observer()
    plugins.register(other, "b")

    class Leaving:
        @hookimpl
        def globus_before_request(self, event: object) -> None:
            plugins.unregister("a")
            HOOK.tell("from within")
            raise ValueError("odd")

    plugins.register(Leaving(), "a")
    HOOK.calls[0](event="first")

    assert other.told == ["from within", "first"]
    assert f"failed in {NAME}" in caplog.text
    assert HOOK.calls == (other.globus_before_request,)


def test_an_interrupt_passes_through(plugins: PluginManager) -> None:
    """Control-C is for the program, not for the plugin."""
    plugins.register(Observer(KeyboardInterrupt()), "a")

    with pytest.raises(KeyboardInterrupt):
        HOOK.tell("first")


def test_strict_mode_raises_at_the_first_event(site: FakeSite) -> None:
    """As for every other hook, where a plugin cannot be used."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": "raise ValueError('odd')"})
    set_plugin_manager(site.manager(strict=True))

    for event in ("first", "second"):
        with pytest.raises(PluginError, match="importing fake_a failed"):
            HOOK.tell(event)


def test_what_is_found_while_plugins_are_imported_is_not_kept(site: FakeSite) -> None:
    """A plugin that tells something while it is imported is itself told of what follows."""
    source = f"{OBSERVER}\nfrom globus_core import compose\ncompose.notify({NAME!r}, 'within')\n"
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": source})
    manager = site.manager()
    set_plugin_manager(manager)

    HOOK.tell("after")

    record = manager.record("a")
    assert record is not None
    assert t.cast("t.Any", record.plugin).seen == ["after"]


@pytest.mark.parametrize("change", ["register", "replace"])
def test_a_change_while_observers_are_looked_for_is_not_missed(
    change: str, monkeypatch: pytest.MonkeyPatch, plugins: PluginManager
) -> None:
    """What was found before it is not kept."""
    late = Observer()
    found = plugins.implementations

    def register() -> None:
        plugins.register(late, "late")

    def replace() -> None:
        manager = PluginManager(None)
        manager.register(late, "late")
        set_plugin_manager(manager)

    changes: dict[str, Callable[[], None]] = {"register": register, "replace": replace}

    def implementations(hook: str) -> t.Any:
        monkeypatch.undo()
        result = found(hook)
        changes[change]()
        return result

    monkeypatch.setattr(plugins, "implementations", implementations)
    HOOK.tell("early")
    HOOK.tell("late")

    assert late.told == ["late"]
