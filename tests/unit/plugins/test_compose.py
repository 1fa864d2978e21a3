"""How the answers of plugins are put together, and what a plugin that fails does to that."""

from __future__ import annotations

import logging
import sys
import typing as t

import pytest

from globus_core import compose, hookimpl
from globus_core.exc import GlobusSDKUsageError, PluginError, PluginUnavailableError
from globus_core.plugins import PluginManager, set_plugin_manager
from globus_core.plugins.records import PluginRecord
from tests.unit.plugins.fake_site import FakeSite

ANSWER_HOOKS = ("globus_normalize_identity", "globus_clients", "globus_before_request")


class Answering:
    """
    A plugin whose hooks give one answer, or raise it.

    :param answer: what to return, or the exception to raise
    """

    def __init__(self, answer: t.Any = None) -> None:
        self.answer = answer
        self.asked: list[t.Any] = []

    def _give(self, *arguments: object) -> t.Any:
        self.asked.append(arguments)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    @hookimpl
    def globus_normalize_identity(self, key: str) -> t.Any:
        return self._give(key)

    @hookimpl
    def globus_clients(self) -> t.Any:
        return self._give()

    @hookimpl
    def globus_before_request(self, event: t.Any) -> t.Any:
        return self._give(event)


def register(manager: PluginManager, **answers: t.Any) -> dict[str, Answering]:
    """Register one plugin for each answer, to be asked in the order in which they are given."""
    found = {name: Answering(answer) for name, answer in answers.items()}
    for name in reversed(found):
        manager.register(found[name], name)
    return found


def reports(manager: PluginManager, name: str) -> list[str]:
    """What is on record against a plugin."""
    record = manager.record(name)
    assert record is not None
    return record.reports


FAILURES = [ValueError("odd"), SystemExit(2), RecursionError()]


def test_the_first_answer_wins(plugins: PluginManager) -> None:
    """With its plugin's name; those after it are not asked."""
    found = register(plugins, a=None, b="x", c="y")

    assert compose.first("globus_normalize_identity", key="k") == ("b", "x")
    assert found["a"].asked == [("k",)]
    assert found["c"].asked == []


def test_answers_that_are_false_are_answers() -> None:
    """Only None means that a plugin has nothing to say."""
    manager = PluginManager(None)
    set_plugin_manager(manager)
    register(manager, a=None, b="", c="y")

    assert compose.first("globus_normalize_identity", key="k") == ("b", "")


def test_no_answer_is_none(plugins: PluginManager) -> None:
    """With plugins that do not answer, and without plugins."""
    assert compose.first("globus_normalize_identity", key="k") is None
    register(plugins, a=None)
    assert compose.first("globus_normalize_identity", key="k") is None


@pytest.mark.parametrize("failure", FAILURES, ids=repr)
def test_the_next_is_asked_after_a_failure(
    plugins: PluginManager, caplog: pytest.LogCaptureFixture, failure: BaseException
) -> None:
    """A plugin that raises, or wants to end the program, is reported and passed over."""
    register(plugins, a=failure, b="x")

    assert compose.first("globus_normalize_identity", key="k") == ("b", "x")
    assert compose.each("globus_normalize_identity", key="k") == [("b", "x")]
    (report,) = reports(plugins, "a")
    assert report.startswith(f"globus_normalize_identity: {type(failure).__name__}")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "plugin 'a@code' failed in globus_normalize_identity" in caplog.text


def test_an_interrupt_by_the_person_is_not_held_up(plugins: PluginManager) -> None:
    """Control-C ends the program also from inside a plugin."""
    register(plugins, a=KeyboardInterrupt())

    with pytest.raises(KeyboardInterrupt):
        compose.notify("globus_before_request", event=None)


def test_a_repeated_failure_is_logged_once_as_a_warning(
    plugins: PluginManager, caplog: pytest.LogCaptureFixture
) -> None:
    """An observer that fails at every request does not fill the log."""
    register(plugins, a=ValueError("odd"))

    with caplog.at_level(logging.DEBUG, "globus_core"):
        for _ in range(3):
            compose.notify("globus_before_request", event=None)

    assert [record.levelname for record in caplog.records] == ["WARNING", "DEBUG", "DEBUG"]
    assert len(reports(plugins, "a")) == 1


def test_only_so_many_reports_are_kept(plugins: PluginManager) -> None:
    """A long-running program does not grow with them; the newest are kept."""
    register(plugins, a=None)

    for number in range(50):
        compose.report("a", "globus_clients", f"trouble {number}")

    kept = reports(plugins, "a")
    assert len(kept) == 20
    assert kept[-1] == "globus_clients: trouble 49"


def test_a_report_about_an_unknown_plugin_is_logged(
    plugins: PluginManager, caplog: pytest.LogCaptureFixture
) -> None:
    """It may have been taken out since."""
    compose.report("gone", "globus_clients", "trouble")

    assert "plugin 'gone' failed in globus_clients" in caplog.text
    assert plugins.records() == ()


def test_each_gives_all_answers_in_order(plugins: PluginManager) -> None:
    """With the names of their plugins; None is left out."""
    register(plugins, b=1, a=None, c=2)

    assert compose.each("globus_normalize_identity", key="k") == [("b", 1), ("c", 2)]


def test_all_observers_are_told(plugins: PluginManager) -> None:
    """One that fails does not keep the news from the others, and no answer is looked at."""
    found = register(plugins, a="ignored", b=SystemExit(1), c=None)

    compose.notify("globus_before_request", event="e")

    assert [len(plugin.asked) for plugin in found.values()] == [1, 1, 1]
    assert len(compose.implementations("globus_before_request")) == 3
    assert compose.implementations("globus_token_event") == ()
    assert compose.observers is compose.implementations


def test_mappings_are_merged(plugins: PluginManager) -> None:
    """Each name with what it refers to."""
    register(plugins, a={"x": "m:X"}, b={"y": "m:Y"}, c=None)

    assert compose.merged("globus_clients") == {"x": "m:X", "y": "m:Y"}
    assert compose.merged("globus_environments") == {}


class BadMapping(dict[str, str]):
    """A mapping that cannot be read."""

    def items(self) -> t.Any:
        raise OSError("unreadable")


@pytest.mark.parametrize(
    ("answer", "report"),
    [
        (["x"], "a mapping was expected, not list"),
        (dict, "TypeError"),
        (BadMapping(), "OSError: unreadable"),
        ({1: "m:X"}, "1: 'm:X' offers nothing"),
        ({"x": None}, "'x': None offers nothing"),
    ],
    ids=str,
)
def test_nonsense_is_reported_and_left_out(
    plugins: PluginManager, answer: t.Any, report: str
) -> None:
    """What the others offer is there."""
    register(plugins, a=answer, b={"y": "m:Y"})

    assert compose.merged("globus_clients") == {"y": "m:Y"}
    assert report in reports(plugins, "a")[0]


OFFER = """
from globus_core import hookimpl

class Own:
    pass

@hookimpl
def globus_clients():
    return {"x": __name__ + ":Own"}
"""


def test_a_first_party_offer_keeps_its_name(site: FakeSite) -> None:
    """Although it is asked last; the other one stands under its plugin's name."""
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": OFFER})
    site.install("fake-b", {"b": "fake_b"}, modules={"fake_b": OFFER})
    site.install("globus-core", {"own": "fake_own"}, modules={"fake_own": OFFER})
    manager = site.manager()
    set_plugin_manager(manager)

    assert compose.merged("globus_clients") == {
        "x": "fake_own:Own",
        "x@a": "fake_a:Own",
        "x@b": "fake_b:Own",
    }
    assert reports(manager, "a") == ["globus_clients: 'x' is held by 'own'; ask for 'x@a'"]
    chosen = [compose.select("globus_clients", name, what="client") for name in ("x", "x@b")]
    assert [cls.__module__ for cls in chosen] == ["fake_own", "fake_b"]
    holder = compose.select("globus_clients", "x@own", what="client")
    assert holder.__module__ == "fake_own"


def test_of_two_strangers_the_one_asked_first_keeps_the_name(plugins: PluginManager) -> None:
    """The order of plugins decides, not the order of folders."""
    register(plugins, a={"x": "m:A"}, b={"x": "m:B"})

    assert compose.merged("globus_clients") == {"x": "m:A", "x@b": "m:B"}


def test_an_object_may_be_offered_itself(plugins: PluginManager) -> None:
    """Instead of a reference to it."""
    register(plugins, a={"x": Answering})

    assert compose.select("globus_clients", "x", what="client") is Answering


def test_what_is_offered_is_imported_when_it_is_chosen(
    site: FakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not before."""
    offer = OFFER.replace("__name__", "'fake_heavy'")
    site.install("fake-a", {"a": "fake_a"}, modules={"fake_a": offer, "fake_heavy": OFFER})
    set_plugin_manager(site.manager())

    assert compose.merged("globus_clients") == {"x": "fake_heavy:Own"}
    assert "fake_heavy" not in sys.modules
    assert compose.select("globus_clients", "x", what="client").__name__ == "Own"


def test_an_unknown_name_is_an_error_that_lists_the_known(plugins: PluginManager) -> None:
    """What was asked for by name never falls back."""
    register(plugins, a={"x": "m:X", "y": "m:Y"})

    with pytest.raises(GlobusSDKUsageError) as caught:
        compose.select("globus_clients", "z", what="client")

    assert str(caught.value) == "unknown client 'z'; known here: x, y"
    for name in ("x@b", "@", "z@a"):
        with pytest.raises(GlobusSDKUsageError, match="unknown client"):
            compose.select("globus_clients", name, what="client")


def test_an_unknown_name_may_belong_to_a_plugin_not_in_use(plugins: PluginManager) -> None:
    """The error names the plugins which are out, and those whose hook failed, and why."""
    register(plugins, a=ValueError("odd"), b={"x": "m:X"})
    plugins.set_blocked("b")

    with pytest.raises(GlobusSDKUsageError) as caught:
        compose.select("globus_clients", "x", what="client")

    assert str(caught.value) == (
        "unknown client 'x'; known here: none (plugins not in use: "
        "a@code: globus_clients: ValueError: odd; b@code: it is blocked (set_blocked('b')))"
    )


class Vault:
    """
    What a plugin offers that can be chosen by its name and by a URL.

    :param made: how it was made
    """

    def __init__(self, *made: t.Any) -> None:
        self.made = made

    @classmethod
    def from_url(cls, url: str, **options: t.Any) -> Vault:
        return cls(url, options)


def test_a_name_makes_an_object_of_what_is_offered(plugins: PluginManager) -> None:
    """By calling it, or as the caller says."""
    register(plugins, a={"vault": Vault})

    plain = compose.select_by_url("globus_clients", "vault", what="vault", namespace="n")
    named = compose.select_by_url(
        "globus_clients", "vault", what="vault", by_name=lambda cls: cls("own way"), namespace="n"
    )

    assert (plain.made, named.made) == ((), ("own way",))


@pytest.mark.parametrize("url", ["vault:", "vault:/a/b:c", "vault://host/path?x=y"])
def test_a_url_makes_an_object_of_what_its_scheme_offers(plugins: PluginManager, url: str) -> None:
    """Its ``from_url`` is given the whole URL, and the options."""
    register(plugins, a={"vault": Vault})

    made = compose.select_by_url("globus_clients", url, what="vault", namespace="n").made

    assert made == (url, {"namespace": "n"})


def test_what_cannot_be_chosen_by_a_url_says_so(plugins: PluginManager) -> None:
    """Where it can be chosen by its name alone."""
    register(plugins, a={"plain": Answering})

    assert isinstance(compose.select_by_url("globus_clients", "plain", what="vault"), Answering)
    with pytest.raises(GlobusSDKUsageError, match="the vault 'plain' cannot be selected by a URL"):
        compose.select_by_url("globus_clients", "plain:/x", what="vault")


def test_the_scheme_of_a_url_must_be_offered(plugins: PluginManager) -> None:
    """The error lists what is; nothing else of the URL stands in it."""
    register(plugins, a={"vault": Vault})

    with pytest.raises(GlobusSDKUsageError) as caught:
        compose.select_by_url("globus_clients", "redis://:made-up@host", what="vault")

    assert str(caught.value) == "unknown vault 'redis'; known here: vault"


@pytest.mark.parametrize(
    ("source", "reference", "reason"),
    [
        ("import fake_absent", "fake_x:Thing", "it needs 'fake_absent', which is not installed"),
        ("", "fake_x:Thing", "AttributeError: module 'fake_x' has no attribute 'Thing'"),
        ("raise OSError('gone')", "fake_x:Thing", "OSError: gone"),
        ("raise SystemExit(2)", "fake_x:Thing", "SystemExit: 2"),
        ("", "fake_x.deeper:Thing", "ModuleNotFoundError: No module named 'fake_x.deeper'"),
        ("", ":Thing", "ValueError: Empty module name"),
    ],
)
def test_an_offer_that_cannot_be_imported_is_one_clear_error(
    site: FakeSite, plugins: PluginManager, source: str, reference: str, reason: str
) -> None:
    """Whatever the module raises, it is an ImportError of ours that names plugin and cause."""
    site.module("fake_x", source)
    register(plugins, a={"x": reference})

    with pytest.raises(PluginUnavailableError) as caught:
        compose.select("globus_clients", "x", what="client")

    assert isinstance(caught.value, ImportError)
    assert str(caught.value).startswith(f"{reference!r} of the plugin a@code cannot be used: ")
    assert reason in str(caught.value)
    assert caught.value.__cause__ is not None
    assert caught.value.__cause__ is not caught.value


def test_a_missing_extra_is_named_with_the_command_that_installs_it(site: FakeSite) -> None:
    """The plugin states its extra; its distribution is known."""
    offer = "EXTRA = 'vault'\n" + OFFER.replace("__name__", "'fake_x'")
    modules = {"fake_a": offer, "fake_x": "import fake_absent.client"}
    site.install("fake-vault", {"a": "fake_a"}, modules=modules)
    set_plugin_manager(site.manager())

    with pytest.raises(PluginUnavailableError) as caught:
        compose.select("globus_clients", "x", what="client")

    assert str(caught.value) == (
        "'fake_x:Own' of the plugin a@fake-vault cannot be used: it needs 'fake_absent', "
        'which is not installed; install it with: pip install "fake-vault[vault]"'
    )


def test_strict_mode_raises_what_a_hook_raises(plugins: PluginManager) -> None:
    """Except for observers, which never fail a request."""
    plugins.strict = True
    register(plugins, a=ValueError("odd"))

    with pytest.raises(PluginError, match=r"plugin a@code failed in globus_clients.*odd") as caught:
        compose.merged("globus_clients")
    assert isinstance(caught.value.__cause__, ValueError)
    with pytest.raises(PluginError):
        compose.first("globus_normalize_identity", key="k")
    compose.notify("globus_before_request", event=None)


def test_strict_mode_shows_no_credentials_of_a_plugin(plugins: PluginManager) -> None:
    """The plugin's own exception is the cause, and a traceback shows it as well."""
    plugins.strict = True
    register(plugins, a=ValueError("refused: Bearer a-token-1", {"password": ["access_token=x"]}))

    with pytest.raises(PluginError) as caught:
        compose.merged("globus_clients")
    assert "a-token-1" not in f"{caught.value} {caught.value.__cause__!r}"


def test_strict_mode_raises_for_a_conflict(plugins: PluginManager) -> None:
    """Two backends of one name are a failure as well."""
    plugins.strict = True
    register(plugins, a={"x": "m:A"}, b={"x": "m:B"})

    with pytest.raises(PluginError, match="'x' is held by 'a'; ask for 'x@b'"):
        compose.merged("globus_clients")


@pytest.mark.parametrize("kinds", [("a", "b", "c"), ("c", "b", "a")])
def test_a_report_takes_the_place_of_none_but_its_own_kind(kinds: tuple[str, ...]) -> None:
    """In whichever order they come; the latest of a kind is kept, and is the last."""
    record = PluginRecord("a", module="fake_a.hooks")
    assert all(record.note(kind, f"{kind} first") for kind in kinds)
    assert not record.note(kinds[0], "again")

    assert record.reports == [f"{kinds[1]} first", f"{kinds[2]} first", "again"]
