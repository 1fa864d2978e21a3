"""Whatever a plugin does wrong, the others work, and it is told who did what and why."""

from __future__ import annotations

import logging
import re
import threading
import typing as t
import warnings

import pytest

from globus_core import compose, hookspecs
from globus_core.exc import GlobusError, PluginError
from globus_core.plugins import PluginManager, PluginWarning
from tests.unit.plugins.fake_site import FakeSite
from tests.unit.plugins.misbehaviours import CASES, GOOD, Misbehaviour

if t.TYPE_CHECKING:
    from collections.abc import Callable

HOOK = hookspecs.globus_clients

_BY_PLUGIN = {key: case for key, case in CASES.items() if case.shown != "call"}
_FAILING = {
    key: case
    for key, case in _BY_PLUGIN.items()
    if case.shown != "choice" and key != "is-slow-to-import"
}


class Odd:
    """A plugin that is registered by code."""


@pytest.fixture
def managed(
    request: pytest.FixtureRequest,
    site: FakeSite,
    use: Callable[[PluginManager], PluginManager],
) -> Callable[..., PluginManager]:
    """Install a case beside a plugin that behaves, and make the manager."""

    def manager(case: Misbehaviour, **options: t.Any) -> PluginManager:
        modules = {"fake_odd": case.source, **case.modules}
        site.install("fake-odd", case.points, modules=modules)
        site.install("fake-good", {"good": "fake_good"}, modules={"fake_good": GOOD})
        return use(site.manager(**options))

    return manager


def as_pattern(text: str) -> str:
    """A pattern for a text with ``...`` in it."""
    return re.escape(text).replace(r"\.\.\.", ".*")


@pytest.mark.parametrize("key", _BY_PLUGIN)
def test_the_host_goes_on_and_tells(
    managed: Callable[..., PluginManager], caplog: pytest.LogCaptureFixture, key: str
) -> None:
    """The good plugin answers, each time; the failure is told once, in the words of the table."""
    case = CASES[key]
    manager = managed(case)
    # a machine under load may be slow with any of them; that is told on the level below
    level = logging.INFO if key == "is-slow-to-import" else logging.WARNING

    with warnings.catch_warnings(record=True) as caught, caplog.at_level(level):
        warnings.simplefilter("always", PluginWarning)
        for _ in range(3):
            assert compose.select(HOOK, "good", what="service").__module__ == "fake_good"

    told = [str(warning.message) for warning in caught]
    logged = [record.getMessage().splitlines()[0] for record in caplog.records]
    logged = [line for line in logged if not line.startswith("importing fake_good")]
    assert (len(told), len(logged)) == (case.shown == "warning", case.shown == "log")
    assert all(re.fullmatch(as_pattern(case.sees), line) for line in told + logged)
    out = [record.name for record in manager.records() if not record.usable]
    assert out == ([list(case.points)[-1]] if case.shown == "warning" else [])


@pytest.mark.parametrize("key", _FAILING)
def test_the_record_says_which_distribution_where_and_why(
    managed: Callable[..., PluginManager], key: str
) -> None:
    """The reason of one that is out, the report of one whose hook failed; and the traceback."""
    case = CASES[key]
    manager = managed(case)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PluginWarning)
        compose.merged(HOOK)

    record = manager.record(f"{list(case.points)[-1]}@fake-odd")

    assert record is not None
    assert (record.distribution, record.version) == ("fake-odd", "1.0")
    if case.shown == "warning":
        assert record.reason == case.reason
    else:
        assert record.reports == [f"globus_clients: {case.reason}"]
    if "at-import" in key or "at-registration" in key:
        assert "fake_odd.py" in (record.traceback or "")


@pytest.mark.parametrize("key", _FAILING)
def test_what_is_asked_for_by_name_fails_loudly(
    managed: Callable[..., PluginManager], key: str
) -> None:
    """Nothing takes the place of what was chosen, and the error says why it is not there."""
    case = CASES[key]
    managed(case)
    wanted = "odd" if list(case.points) != ["odd", "two"] else "two"

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PluginWarning)
        with pytest.raises(GlobusError) as caught:
            compose.select(HOOK, wanted, what="service")

    assert str(caught.value).startswith(f"unknown service {wanted!r}; known here: good")
    assert case.reason in str(caught.value)


@pytest.mark.parametrize("key", _FAILING)
def test_strict_mode_raises(managed: Callable[..., PluginManager], key: str) -> None:
    """Each time, and with the same reason."""
    case = CASES[key]
    managed(case, strict=True)

    for _ in range(2):
        with pytest.raises(PluginError, match="fake-odd") as caught:
            compose.merged(HOOK)
        assert case.reason in str(caught.value)


def test_a_missing_extra_is_told_when_its_object_is_chosen(
    managed: Callable[..., PluginManager],
) -> None:
    """With the command that installs it."""
    case = CASES["lacks-an-extra"]
    managed(case)

    with pytest.raises(GlobusError) as caught:
        compose.select(HOOK, "odd", what="service")

    assert str(caught.value) == case.sees


def test_a_plugin_that_is_slow_to_import_works(managed: Callable[..., PluginManager]) -> None:
    """What it offers can be chosen, and its record says how long it took; strict mode agrees."""
    manager = managed(CASES["is-slow-to-import"], strict=True)

    assert compose.select(HOOK, "odd", what="service").__module__ == "fake_odd"
    record = manager.record("odd")
    assert record is not None
    assert record.load_seconds is not None
    assert record.load_seconds > 1


def test_a_name_of_two_means_both(managed: Callable[..., PluginManager]) -> None:
    """The newcomer is asked for with its plugin's name."""
    managed(CASES["takes-a-backends-name"])

    assert compose.select(HOOK, "good@odd", what="service").__module__ == "fake_odd"


def twice_by_name(manager: PluginManager) -> None:
    """Register under a name that an installed plugin has."""
    manager.register(Odd(), "good")


def twice_as_object(manager: PluginManager) -> None:
    """Register one object under two names."""
    plugin = Odd()
    manager.register(plugin, "first")
    manager.register(plugin, "second")


def twice_from_threads(manager: PluginManager) -> None:
    """Register under one name from two threads at once; what the loser gets is raised here."""
    ready = threading.Barrier(2)
    errors: list[Exception] = []

    def register() -> None:
        ready.wait(30)
        try:
            manager.register(Odd(), "twice")
        except PluginError as error:
            errors.append(error)

    threads = [threading.Thread(target=register, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    (error,) = errors
    raise error


_CALLS = {
    "registers-a-name-twice": twice_by_name,
    "registers-an-object-twice": twice_as_object,
    "registers-from-two-threads": twice_from_threads,
}


def test_every_call_of_the_table_is_tested() -> None:
    """No case is left out."""
    assert _CALLS.keys() | _BY_PLUGIN.keys() == CASES.keys()


@pytest.mark.parametrize("key", _CALLS)
@pytest.mark.parametrize("strict", [False, True])
def test_a_call_that_registers_twice_fails_and_changes_nothing(
    managed: Callable[..., PluginManager], key: str, strict: bool
) -> None:
    """The error is raised where the call stands; what was there is asked as before."""
    case = CASES[key]
    manager = managed(case, strict=strict)
    before = compose.merged(HOOK)

    with pytest.raises(PluginError) as caught:
        _CALLS[key](manager)

    assert str(caught.value) == case.sees
    assert compose.merged(HOOK) == before
    assert len({record.label for record in manager.records()}) == len(manager.records())
