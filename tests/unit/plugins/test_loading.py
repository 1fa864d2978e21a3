"""What becomes of plugins that fail, lack something, or are not wanted."""

from __future__ import annotations

import logging
import types
import typing as t
import warnings

import pytest

from globus_core import hookimpl
from globus_core.exc import PluginError
from globus_core.plugins import (
    PluginManager,
    PluginWarning,
    get_plugin_manager,
    loading,
    set_plugin_manager,
)
from tests.unit.plugins.fake_site import FakeSite

GOOD = """
from globus_core import hookimpl

@hookimpl
def globus_clients():
    return {__name__: "fake:Client"}
"""
HOOK = "globus_clients"


def answering(manager: PluginManager, hook: str = HOOK) -> list[str]:
    """The plugins that are asked, in order; what is wrong is not warned of here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PluginWarning)
        return [implementation.plugin for implementation in manager.implementations(hook)]


def standing(manager: PluginManager, name: str) -> tuple[str, str]:
    """The state and the reason of a plugin."""
    manager.records()
    record = manager.record(name)
    assert record is not None
    return record.state, record.reason or ""


FAULTY = {
    "raises": ("raise RuntimeError('no such campus')", "RuntimeError: no such campus"),
    "exits": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "syntax": ("def (", "SyntaxError"),
    "lacks": ("import fake_not_there", "No module named 'fake_not_there'"),
    "leaves": ("import sys; del sys.modules[__name__]", "KeyError"),
    "mute": (
        "class E(Exception):\n    def __str__(self): raise ValueError\nraise E",
        "failed: E",
    ),
    "misspelled": (
        "from globus_core import hookimpl\n@hookimpl\ndef globus_client(): return {}",
        "there is no hook 'globus_client' (did you mean 'globus_clients'?)",
    ),
    "newer": (
        "from globus_core import hookimpl\n@hookimpl\ndef globus_flow_events(event): return None",
        "there is no hook 'globus_flow_events' in this version of globus-core; if the plugin is "
        "for a newer one, install that, or mark the function optionalhook",
    ),
    "nonsense": (
        "from globus_core import hookimpl\n@hookimpl\ndef xyz(): return {}",
        "there is no hook 'xyz'",
    ),
    "argument": (
        "from globus_core import hookimpl\n@hookimpl\ndef globus_translate_error(err): return None",
        "globus_translate_error has no argument 'err'; its arguments: 'error'",
    ),
    "keyword": (
        "from globus_core import hookimpl\n@hookimpl\ndef globus_clients(*, extra): return None",
        "globus_clients has no argument 'extra'; its arguments: none",
    ),
    "positional": (
        "from globus_core import hookimpl\n"
        "@hookimpl\ndef globus_translate_error(error, /): return None",
        "has no argument 'error'",
    ),
    "wrapper": (
        "import pluggy\nhookimpl = pluggy.HookimplMarker('globus_core')\n"
        "@hookimpl(wrapper=True)\ndef globus_clients(): return (yield)",
        "'globus_clients' is a hook wrapper, and wrappers are not accepted",
    ),
    "requires": ("REQUIRES = (1,)", "REQUIRES must be names of plugins, not (1,)"),
    "unlisted": ("REQUIRES = 1", "TypeError"),
}


@pytest.mark.parametrize("kind", sorted(FAULTY))
def test_a_faulty_plugin_harms_nobody_else(site: FakeSite, kind: str) -> None:
    """The others answer; the record says what is wrong; there is one warning, once."""
    source, reason = FAULTY[kind]
    site.install("fake-bad", {"bad": f"fake_bad_{kind}"})
    (site.folder / f"fake_bad_{kind}.py").write_text(source, encoding="utf-8")
    site.install("fake-good", {"good": "fake_good"}, modules={"fake_good": GOOD})
    manager = site.manager()

    with pytest.warns(PluginWarning) as caught:
        first = [item.plugin for item in manager.implementations(HOOK)]
        manager.implementations("globus_translate_error")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        manager.load_all()
        again = [item.plugin for item in manager.implementations(HOOK)]

    state, told = standing(manager, "bad")
    assert first == again == ["good"]
    assert [str(item.message) for item in caught] == [
        f"plugin bad@fake-bad (1.0) is not used: {told}"
    ]
    assert state == "failed"
    assert reason in told


def test_a_record_tells_where_a_plugin_comes_from(site: FakeSite) -> None:
    """Distribution, version, module, hooks and load time of one; the traceback of another."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": GOOD}, version="2.1")
    site.install("fake-b", {"b": "fake_b"}, modules={"fake_b": "raise OSError('gone')"})
    manager = site.manager()

    good, bad = manager.records()

    assert (good.distribution, good.version, good.module) == ("fake-a", "2.1", "fake_a")
    assert (good.state, good.hooks) == ("loaded", (HOOK,))
    assert good.load_seconds is not None
    assert good.load_seconds > 0
    assert repr(good) == "<plugin a@fake-a loaded>"
    assert "fake_b.py" in (bad.traceback or "")
    assert bad.load_seconds is not None


def test_a_hook_of_a_later_version_may_be_marked_optional(site: FakeSite) -> None:
    """A plugin says with optionalhook that it can do without an unknown hook."""
    source = "from globus_core import hookimpl\n@hookimpl(optionalhook=True)\ndef newer(): ..."
    site.install("fake-a", {"a": "fake_a"})
    (site.folder / "fake_a.py").write_text(source + GOOD)

    assert answering(site.manager()) == ["a"]


def test_an_entry_point_may_name_an_object_of_a_module(site: FakeSite) -> None:
    """``module:object`` is a plugin as well."""
    source = """
        from globus_core import hookimpl

        class Plugin:
            @hookimpl
            def globus_clients(self):
                return {}

        plugin = Plugin()
    """
    site.install("fake-a", {"a": "fake_a:plugin"}, modules={"fake_a": source})

    assert answering(site.manager()) == ["a"]


def test_only_those_chosen_are_imported(site: FakeSite) -> None:
    """What is not to be used is not even imported."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": GOOD})
    site.install("fake-b", {"b": "fake_b"}, modules={"fake_b": "raise SystemExit"})

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        names = [item.plugin for item in site.manager(select="a").implementations(HOOK)]

    assert names == ["a"]


@pytest.mark.parametrize(
    ("select", "blocked", "used"),
    [
        ("all", "", ["a", "b", "own"]),
        ("", "", ["a", "b", "own"]),
        ("first-party", "", ["own"]),
        ("none", "", []),
        ("a, own", "", ["a", "own"]),
        ("b@fake-b", "", ["b"]),
        ("all", "a, own@globus-core", ["b"]),
        ("a", "a", []),
    ],
)
def test_plugins_are_chosen_by_the_environment(
    site: FakeSite, monkeypatch: pytest.MonkeyPatch, select: str, blocked: str, used: list[str]
) -> None:
    """Each form of the two variables, without a warning: it is done on purpose."""
    for name in ("a", "b"):
        site.install(f"fake-{name}", {name: f"fake_{name}"}, modules={f"fake_{name}": GOOD})
    site.install("globus-core", {"own": "fake_own"}, modules={"fake_own": GOOD})
    monkeypatch.setenv("GLOBUS_CORE_PLUGINS", select)
    monkeypatch.setenv("GLOBUS_CORE_PLUGINS_BLOCKED", blocked)
    monkeypatch.setattr("sys.path", [str(site.folder)])

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        manager = PluginManager.from_environment()
        names = [item.plugin for item in manager.implementations(HOOK)]

    assert names == used
    assert all(record.reason for record in manager.records() if record.name not in used)


def test_a_plugin_asked_for_that_is_not_there_is_warned_of(site: FakeSite) -> None:
    """A misspelled name in the list of plugins to use does not pass silently."""
    with pytest.warns(PluginWarning, match="plugin 'atuh' was requested"):
        site.manager(select="atuh").load_all()


@pytest.mark.parametrize(
    ("value", "strict"), [("1", True), ("yes", True), ("0", False), ("", False), ("false", False)]
)
def test_strict_mode_is_set_by_the_environment(value: str, strict: bool) -> None:
    """Any value but those that say no."""
    manager = PluginManager.from_environment({"GLOBUS_CORE_PLUGINS_STRICT": value})

    assert manager.strict is strict


def test_strict_mode_raises_each_time(site: FakeSite) -> None:
    """A failure does not become silent by asking twice; the records can be read all the same."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": "raise ValueError('odd')"})
    manager = site.manager(strict=True)

    for _ in range(2):
        with pytest.raises(PluginError, match=r"plugin a@fake-a \(1.0\) is not used: .*odd"):
            manager.implementations(HOOK)
    assert standing(manager, "a")[0] == "failed"


def test_strict_mode_raises_for_a_hook_that_does_not_fit(site: FakeSite) -> None:
    """That is noticed at registration, later than the import."""
    site.install("fake-a", {"a": "fake_a"})
    (site.folder / "fake_a.py").write_text(FAULTY["argument"][0], encoding="utf-8")
    manager = site.manager(strict=True)

    for _ in range(2):
        with pytest.raises(PluginError, match="has no argument 'err'"):
            manager.implementations("globus_translate_error")


# what plugins require of each other


def chain(site: FakeSite, **requires: str) -> None:
    """Install plugins that need each other."""
    for name, needed in requires.items():
        source = f"REQUIRES = {tuple(needed.split())!r}\n" + GOOD
        site.install(f"fake-{name}", {name: f"fake_{name}"}, modules={f"fake_{name}": source})


def test_a_plugin_whose_requirement_is_there_is_used(site: FakeSite) -> None:
    """Through a chain of requirements."""
    chain(site, a="b", b="c", c="")

    assert answering(site.manager()) == ["a", "b", "c"]


def test_a_plugin_whose_requirement_is_missing_is_not_used(site: FakeSite) -> None:
    """Nor is one that needs that plugin; each says which plugin it lacks."""
    chain(site, a="b", b="absent", c="")
    manager = site.manager()

    assert answering(manager) == ["c"]
    assert standing(manager, "b") == (
        "failed",
        "it needs the plugin 'absent', which is not installed",
    )
    assert standing(manager, "a")[1].startswith("it needs the plugin 'b', which cannot be used: ")


def test_what_goes_with_a_blocked_plugin_is_not_warned_of(site: FakeSite) -> None:
    """Blocking one blocks those that need it, for a stated reason."""
    chain(site, a="b", b="c", c="")
    manager = site.manager(blocked="c")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert manager.implementations(HOOK) == ()
    assert standing(manager, "a") == (
        "blocked",
        "it needs the plugin 'b', which cannot be used: "
        "it needs the plugin 'c', which cannot be used: it is blocked (PluginManager(blocked='c'))",
    )


def test_a_plugin_asked_for_by_name_is_warned_of_when_it_lacks_another(site: FakeSite) -> None:
    """What was chosen by name does not stay away silently."""
    chain(site, a="b", b="")

    with pytest.warns(PluginWarning, match="a@fake-a .* needs the plugin 'b'"):
        site.manager(select="a").load_all()


def test_plugins_may_require_each_other(site: FakeSite) -> None:
    """Two that need each other, and one that needs itself, are used."""
    chain(site, a="b", b="a", c="c")

    assert answering(site.manager()) == ["a", "b", "c"]


def test_mutual_requirements_fall_together(site: FakeSite) -> None:
    """Where one of them lacks something else, none is used, and nothing recurses."""
    chain(site, a="b", b="a absent", c="")
    manager = site.manager()

    assert answering(manager) == ["c"]
    assert standing(manager, "a")[0] == standing(manager, "b")[0] == "failed"


def test_one_name_may_stand_without_a_tuple(site: FakeSite) -> None:
    """``REQUIRES = ("b")`` is what people write; it means the plugin ``b``."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": "REQUIRES = ('bcd')"})

    assert "the plugin 'bcd'" in standing(site.manager(), "a")[1]


def test_a_requirement_that_does_not_fit_takes_others_along(site: FakeSite) -> None:
    """Also where that shows only at registration."""
    chain(site, a="bad")
    site.install("fake-bad", {"bad": "fake_bad"})
    (site.folder / "fake_bad.py").write_text(FAULTY["argument"][0], encoding="utf-8")
    manager = site.manager()

    assert answering(manager) == []
    assert standing(manager, "a")[0] == "failed"


def test_requirements_are_checked_again_when_a_plugin_comes_by_hand(site: FakeSite) -> None:
    """A plugin registered by the program can be what an installed one was lacking."""
    chain(site, a="b")
    manager = site.manager()
    assert answering(manager) == []

    manager.register(Plugin(), "b")

    assert answering(manager) == ["b", "a"]
    manager.unregister("b")
    assert answering(manager) == []


# two of one name


def test_first_party_keeps_its_name(site: FakeSite) -> None:
    """The record of the other tells both distributions, and how to choose it."""
    site.install("aaa-fake", {"one": "fake_other"}, modules={"fake_other": GOOD})
    site.install("globus-core", {"one": "fake_own"}, modules={"fake_own": GOOD})
    manager = site.manager()

    with pytest.warns(PluginWarning, match="one@aaa-fake") as caught:
        found = manager.implementations(HOOK)

    assert [item.record.label for item in found] == ["one@globus-core"]
    assert len(caught) == 1
    assert standing(manager, "one@aaa-fake") == (
        "shadowed",
        "its name is held by one@globus-core; to use this one instead, "
        "set GLOBUS_CORE_PLUGINS_BLOCKED=one@globus-core",
    )


def test_the_advice_for_a_conflict_works(site: FakeSite) -> None:
    """Blocking the holder by its label puts the other in its place, before and after loading."""
    chain(site, needy="one")
    site.install("aaa-fake", {"one": "fake_other"}, modules={"fake_other": GOOD})
    site.install("globus-core", {"one": "fake_own"}, modules={"fake_own": GOOD})

    early = site.manager(blocked=["one@globus-core"])
    late = site.manager()
    answering(late)
    late.set_blocked("one@globus-core")

    for manager in (early, late):
        assert answering(manager) == ["needy", "one"]
        record = manager.record("one")
        assert record is not None
        assert record.distribution == "aaa-fake"


def test_a_holder_that_fails_does_not_hand_over_its_name(site: FakeSite) -> None:
    """A newcomer never takes the place of a first-party plugin by accident."""
    site.install("aaa-fake", {"one": "fake_other"}, modules={"fake_other": GOOD})
    site.install("globus-core", {"one": "fake_own"}, modules={"fake_own": "raise OSError"})
    manager = site.manager()

    assert answering(manager) == []
    assert standing(manager, "one@aaa-fake")[0] == "shadowed"
    assert standing(manager, "one")[0] == "failed"


def test_of_two_strangers_the_first_by_name_keeps_it(site: FakeSite) -> None:
    """It does not depend on the order of folders."""
    site.install("zzz-fake", {"one": "fake_z"}, modules={"fake_z": GOOD})
    site.install("bbb-fake", {"one": "fake_b"}, modules={"fake_b": GOOD})

    manager = site.manager()

    assert answering(manager) == ["one"]
    assert standing(manager, "one@zzz-fake")[0] == "shadowed"


def test_two_entry_points_for_one_module_are_a_failure_of_the_second(site: FakeSite) -> None:
    """The same functions would be asked twice."""
    site.install("fake-a", {"a": "fake_a", "b": "fake_a"}, modules={"fake_a": GOOD})
    manager = site.manager()

    assert answering(manager) == ["a"]
    assert "already registered" in standing(manager, "b")[1].lower()


# by hand


class Plugin:
    """A plugin that offers a client."""

    @hookimpl
    def globus_clients(self) -> dict[str, str]:
        return {"mine": "fake:Client"}


def test_a_plugin_can_be_added_and_taken_out_by_hand() -> None:
    """The next call sees it, and sees that it has gone."""
    manager = PluginManager(None)
    assert answering(manager) == []

    record = manager.register(Plugin(), "mine")

    assert answering(manager) == ["mine"]
    assert record.label == "mine@code"
    assert manager.records() == (record,)
    manager.unregister("mine")
    assert answering(manager) == []
    assert manager.record("mine") is None


def test_taking_out_what_was_not_added_by_hand_is_an_error(site: FakeSite) -> None:
    """An installed plugin is blocked instead, which the message says."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": GOOD})
    manager = site.manager()

    for name in ("a", "never"):
        with pytest.raises(PluginError, match=f"no plugin named '{name}' was registered by code"):
            manager.unregister(name)


def test_a_name_or_an_object_cannot_be_registered_twice(site: FakeSite) -> None:
    """Neither against an installed plugin nor against one added by hand."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": GOOD})
    manager = site.manager()
    plugin = Plugin()
    manager.register(plugin, "mine")

    with pytest.raises(PluginError, match="the plugin name 'a' is taken by a@fake-a"):
        manager.register(Plugin(), "a")
    with pytest.raises(PluginError, match="the plugin name 'mine' is taken by mine@code"):
        manager.register(Plugin(), "mine")
    with pytest.raises(PluginError, match="registered already, as mine@code"):
        manager.register(plugin, "again")
    assert answering(manager) == ["mine", "a"]


def test_a_faulty_object_is_refused_and_leaves_nothing_behind() -> None:
    """What is given by code fails where it is given."""

    class Misspelled:
        @hookimpl
        def globus_clint(self) -> None: ...

    class WrongArgument:
        @hookimpl
        def globus_clients(self, where: str) -> None: ...

    class Raising:
        @property
        def anything(self) -> t.Any:
            raise RuntimeError("do not look")

    class Needy(Plugin):
        REQUIRES = ("absent",)

    manager = PluginManager(None)
    reasons = {
        "there is no hook 'globus_clint'": Misspelled(),
        "has no argument 'where'": WrongArgument(),
        "do not look": Raising(),
        "needs the plugin 'absent'": Needy(),
    }
    for reason, plugin in reasons.items():
        with pytest.raises(PluginError, match=reason):
            manager.register(plugin, "mine")
    assert manager.records() == ()
    manager.register(Plugin(), "mine")
    assert answering(manager) == ["mine"]


@pytest.mark.parametrize("name", ["mine", "mine@code"])
def test_blocking_is_seen_before_and_after_registration(name: str) -> None:
    """A blocked plugin is on record, and not asked."""
    manager = PluginManager(None)
    manager.register(Plugin(), "mine")
    assert answering(manager) == ["mine"]

    manager.set_blocked(name)

    assert answering(manager) == []
    other = PluginManager(None)
    other.set_blocked(name)
    record = other.register(Plugin(), "mine")
    assert answering(other) == []
    assert (record.state, record.reason) == ("blocked", f"it is blocked (set_blocked({name!r}))")


def test_a_blocked_plugin_can_be_replaced_by_hand(site: FakeSite) -> None:
    """Its name is free then."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": GOOD})
    manager = site.manager(blocked="a@fake-a")

    manager.register(Plugin(), "a")

    record = manager.record("a")
    assert answering(manager) == ["a"]
    assert record is not None
    assert record.label == "a@code"


def test_objects_given_by_code_are_used_whatever_is_selected() -> None:
    """Switching discovery off is about what is installed."""
    for select in ("none", "first-party", "other"):
        manager = PluginManager(None, select=select)
        manager.register(Plugin(), "mine")
        assert answering(manager) == ["mine"]


# order


def test_plugins_are_asked_in_one_order(site: FakeSite) -> None:
    """By hand newest first, strangers by name, ours by name; tryfirst and trylast around it."""

    def source(mark: str) -> str:
        return f"from globus_core import hookimpl\n@hookimpl{mark}\ndef globus_clients(): ...\n"

    marks = {"first": "(tryfirst=True)", "last": "(trylast=True)", "plain": ""}
    for distribution in ("fake-b", "fake-a", "globus-core"):
        stem = distribution.replace("-", "_")
        names = {f"{mark}-{distribution}": f"fake_{mark}_{stem}" for mark in marks}
        modules = {f"fake_{mark}_{stem}": source(text) for mark, text in marks.items()}
        site.install(distribution, names, modules=modules)
    manager = site.manager()
    manager.register(Plugin(), "older")
    manager.register(Plugin(), "newer")

    assert answering(manager) == [
        "first-fake-a",
        "first-fake-b",
        "first-globus-core",
        "newer",
        "older",
        "plain-fake-a",
        "plain-fake-b",
        "plain-globus-core",
        "last-fake-a",
        "last-fake-b",
        "last-globus-core",
    ]


def test_plugins_given_by_hand_later_are_asked_in_the_same_order(site: FakeSite) -> None:
    """Neither hooks asked before, nor a plugin blocked or taken out meanwhile, change it."""

    class First:
        @hookimpl(tryfirst=True)
        def globus_clients(self) -> None: ...

    class Last:
        @hookimpl(trylast=True)
        def globus_clients(self) -> None: ...

    for distribution in ("fake-b", "fake-a", "globus-core"):
        stem = distribution.replace("-", "_")
        site.install(distribution, {stem: f"{stem}_hooks"}, modules={f"{stem}_hooks": GOOD})
    site.install("fake-c", {"fake_c": "fake_c_hooks"}, modules={"fake_c_hooks": GOOD})
    manager = site.manager()
    assert answering(manager) == ["fake_a", "fake_b", "fake_c", "globus_core"]

    manager.register(First(), "first-older")
    manager.register(Last(), "last-older")
    manager.register(Plugin(), "gone")
    assert answering(manager)[:2] == ["first-older", "gone"]
    manager.register(Plugin(), "newer")
    manager.register(First(), "first-newer")
    manager.register(Last(), "last-newer")
    manager.unregister("gone")
    manager.set_blocked("fake_b")

    assert answering(manager) == [
        "first-newer",
        "first-older",
        "newer",
        "fake_a",
        "fake_c",
        "globus_core",
        "last-newer",
        "last-older",
    ]
    manager.register(Plugin(), "gone")
    assert answering(manager)[2:4] == ["gone", "newer"]


def test_the_marker_of_pluggy_works_as_well(site: FakeSite) -> None:
    """Plugins that know pluggy may use what they know."""
    source = """
        import pluggy

        hookimpl = pluggy.HookimplMarker("globus_core")

        @hookimpl(specname="globus_clients", tryfirst=True)
        def offer():
            return {}
    """
    site.install("fake-z", {"z": "fake_z"}, modules={"fake_z": source})
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": GOOD})

    assert answering(site.manager()) == ["z", "a"]


def test_implementations_take_the_arguments_that_they_want() -> None:
    """Fewer than the hook has, by keyword, all of them, or with a default of their own."""

    class Without:
        @hookimpl
        def globus_translate_error(self) -> str:
            return "none"

    class Keyword:
        @hookimpl
        def globus_translate_error(self, *, error: str) -> str:
            return f"keyword {error}"

    class All:
        @hookimpl
        def globus_translate_error(self, **arguments: str) -> str:
            return f"all {arguments}"

    class Default:
        @hookimpl
        def globus_translate_error(self, error: str = "mine", cache: str = "kept") -> str:
            return f"default {error} {cache}"

    manager = PluginManager(None)
    for name, plugin in {"a": Default(), "b": All(), "c": Keyword(), "d": Without()}.items():
        manager.register(plugin, name)

    answers = [item(error="x") for item in manager.implementations("globus_translate_error")]

    assert answers == ["none", "keyword x", "all {'error': 'x'}", "default x kept"]
    assert "globus_translate_error of the plugin d@code" in repr(
        manager.implementations("globus_translate_error")[0]
    )


# the program's manager


def test_the_default_manager_is_made_once_and_can_be_replaced() -> None:
    """Putting None in place has it made from the environment again."""
    mine = PluginManager(None)
    before = set_plugin_manager(mine)

    assert get_plugin_manager() is mine
    assert set_plugin_manager(None) is mine
    assert get_plugin_manager() is get_plugin_manager()
    assert get_plugin_manager() not in (mine, before)
    set_plugin_manager(before)


def test_a_failed_plugin_can_be_replaced_by_hand(site: FakeSite) -> None:
    """Its record still says what was wrong with it."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": "raise OSError('gone')"})
    manager = site.manager()
    assert answering(manager) == []

    manager.register(Plugin(), "a")

    assert answering(manager) == ["a"]
    assert "gone" in standing(manager, "a@fake-a")[1]


@pytest.mark.parametrize(
    ("seconds", "level"), [(0.5, None), (1.5, logging.INFO), (30.0, logging.WARNING)]
)
def test_a_slow_import_is_told_of(
    site: FakeSite,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    seconds: float,
    level: int | None,
) -> None:
    """By plugin and distribution; one that takes very long is a warning."""
    caplog.set_level(logging.DEBUG, logger="globus_core")
    clock = iter((100.0, 100.0 + seconds))
    monkeypatch.setattr(loading, "time", types.SimpleNamespace(perf_counter=lambda: next(clock)))
    site.install("fake-slow", {"slow": "fake_slow"}, modules={"fake_slow": GOOD})
    site.manager().load_all()
    told = [record for record in caplog.records if "slows down every start" in record.message]
    assert [record.levelno for record in told] == ([] if level is None else [level])
    for record in told:
        assert "the plugin slow@fake-slow 1.0" in record.message
