"""Names that plugins contribute to the namespaces of the kernel."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys

import pytest

import globus_core
from globus_core import login_flows
from globus_core.exc import PluginUnavailableError
from globus_core.plugins import PluginManager, get_plugin_manager, set_plugin_manager
from globus_core.plugins.names import _is_listed
from globus_core.plugins.stubs import NAMESPACES
from tests.unit.plugins.fake_site import FakeSite

THING = "class Thing:\n    pass\n"


@pytest.fixture
def named(site: FakeSite) -> FakeSite:
    """A distribution whose plugin contributes names to two namespaces."""
    site.install(
        "fake-a",
        {"a": "fake_a.hooks"},
        names={"Thing": "fake_a.things:Thing", "login_flows.Thing": "fake_a.things:Thing"},
        modules={"fake_a.hooks": "", "fake_a.things": THING, "fake_a.__init__": ""},
    )
    return site


def put(site: FakeSite, **options: str) -> PluginManager:
    """Use a manager that sees only what is in the folder."""
    manager = site.manager(**options)
    set_plugin_manager(manager)
    return manager


def test_a_contributed_name_is_imported_when_it_is_used(named: FakeSite) -> None:
    """At the top and in a namespace; looking at what there is does not import it."""
    put(named)

    assert "Thing" in dir(globus_core)
    assert "Thing" in dir(login_flows)
    assert "fake_a.things" not in sys.modules
    assert globus_core.Thing is login_flows.Thing  # type: ignore[attr-defined]
    assert globus_core.Thing.__module__ == "fake_a.things"  # type: ignore[attr-defined]


def test_the_list_of_public_names_has_those_of_plugins(named: FakeSite) -> None:
    """It is what a star import imports; without the plugin they are not in it."""
    put(named)

    imported: dict[str, object] = {}
    exec("from globus_core import *", imported)
    assert {"Thing", "BaseClient", "__version__"} <= imported.keys()
    assert "Thing" in login_flows.__getattr__("__all__")
    put(named, select="none")
    assert "Thing" not in login_flows.__getattr__("__all__")


def test_every_namespace_lists_its_public_names() -> None:
    """All can be imported; only ``services`` has none, because it has only packages."""
    for namespace in NAMESPACES:
        package = importlib.import_module(f"globus_core.{namespace}".rstrip("."))
        assert package.__all__ or namespace == "services", namespace
        assert {*package.__all__} <= {*dir(package)}
        for name in package.__all__:
            assert getattr(package, name) is not None, name


def test_an_unknown_name_is_an_attribute_error(named: FakeSite) -> None:
    """As of any module, so that hasattr and getattr with a default work."""
    put(named)

    assert not hasattr(globus_core, "NoSuchThing")
    with pytest.raises(AttributeError, match="module 'globus_core' has no attribute 'NoSuchThing'"):
        globus_core.NoSuchThing  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError, match=r"'globus_core\.login_flows' has no attribute 'X'"):
        login_flows.X  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'NoSuchThing'"):
        from globus_core import NoSuchThing  # type: ignore[attr-defined]  # noqa: F401


def test_private_names_never_start_discovery() -> None:
    """Tools look for all kinds of names with underscores."""

    def find() -> list[object]:
        raise AssertionError("discovery was started")

    set_plugin_manager(PluginManager(find))  # type: ignore[arg-type]

    assert not hasattr(globus_core, "_private")
    assert not hasattr(globus_core, "__wrapped__")
    assert globus_core.Scope is not None
    assert globus_core.exc.GlobusError is not None


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (
            {"select": "none"},
            r"plugin discovery is switched off \(PluginManager\(select='none'\)\)",
        ),
        ({"select": "first-party"}, "only first-party plugins are used"),
        ({"blocked": "a"}, r"it is blocked \(PluginManager\(blocked='a'\)\)"),
    ],
)
def test_a_name_of_a_plugin_not_in_use_says_why(
    named: FakeSite, options: dict[str, str], reason: str
) -> None:
    """An ImportError of ours, and the name is not listed."""
    put(named, **options)

    message = rf"globus_core\.Thing comes from the plugin a@fake-a, which cannot be used: {reason}"
    with pytest.raises(PluginUnavailableError, match=message) as caught:
        from globus_core import Thing  # type: ignore[attr-defined]  # noqa: F401
    assert isinstance(caught.value, ImportError)
    assert "Thing" not in dir(globus_core)
    assert "Thing" not in dir(login_flows)


def test_a_name_of_a_broken_plugin_says_why(named: FakeSite) -> None:
    """The error alone tells it; a warning beside it would say the same."""
    named.module("fake_a.hooks", "raise ValueError('odd')")
    put(named)

    with pytest.raises(PluginUnavailableError, match=r"importing fake_a\.hooks failed: .*odd"):
        from globus_core import Thing  # type: ignore[attr-defined]  # noqa: F401
    assert "Thing" not in dir(globus_core)


def test_a_name_whose_extra_is_missing_is_not_listed(named: FakeSite) -> None:
    """The error says what to install; tools that read every listed name meet no error."""
    named.module("fake_a.hooks", "EXTRA = 'things'")
    named.module("fake_a.things", "import fake_absent")
    put(named)

    assert "Thing" not in dir(globus_core)
    with pytest.raises(PluginUnavailableError, match=r'pip install "fake-a\[things\]"'):
        from globus_core import Thing  # type: ignore[attr-defined]  # noqa: F401
    assert [name for name, _ in inspect.getmembers(login_flows) if name == "Thing"] == []


def test_a_name_whose_requirement_is_blocked_says_why(named: FakeSite) -> None:
    """The plugin's own reason is given, to its root."""
    named.module("fake_a.hooks", "REQUIRES = ('b',)")
    named.install("fake-b", {"b": "fake_b"}, modules={"fake_b": ""})
    put(named, blocked="b")

    with pytest.raises(PluginUnavailableError, match=r"it needs the plugin 'b', .* it is blocked"):
        globus_core.Thing  # type: ignore[attr-defined]  # noqa: B018
    assert "Thing" not in dir(globus_core)


def test_using_a_name_loads_only_its_plugin(named: FakeSite) -> None:
    """And those that it requires; nobody else's module is imported for it."""
    named.module("fake_a.hooks", "REQUIRES = ('b',)")
    for name in ("b", "c"):
        named.install(f"fake-{name}", {name: f"fake_{name}"}, modules={f"fake_{name}": ""})
    put(named)

    assert globus_core.Thing is not None  # type: ignore[attr-defined]
    assert "fake_b" in sys.modules
    assert "fake_c" not in sys.modules


def test_a_first_party_name_is_not_taken_over(
    named: FakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither when the newcomer comes first by name, nor when the holder fails."""
    names = {"Thing": "fake_own.things:Thing"}
    modules = {"fake_own.hooks": "", "fake_own.things": THING}
    named.install("globus-core", {"own": "fake_own.hooks"}, names=names, modules=modules)
    manager = put(named)

    assert globus_core.Thing.__module__ == "fake_own.things"  # type: ignore[attr-defined]
    assert login_flows.Thing.__module__ == "fake_a.things"  # type: ignore[attr-defined]
    assert "'Thing' is held by own@globus-core" in caplog.text
    record = manager.record("a")
    assert record is not None
    assert "set GLOBUS_CORE_PLUGINS_BLOCKED=own@globus-core" in record.reports[0]

    named.module("fake_own.hooks", "raise OSError")
    sys.modules.pop("fake_own.hooks")
    put(named)
    with pytest.raises(PluginUnavailableError, match="own@globus-core"):
        globus_core.Thing  # type: ignore[attr-defined]  # noqa: B018


def test_a_name_goes_to_the_next_when_its_holder_is_blocked(named: FakeSite) -> None:
    """That is how one chooses another provider."""
    names = {"Thing": "fake_own.things:Thing"}
    modules = {"fake_own.hooks": "", "fake_own.things": THING}
    named.install("globus-core", {"own": "fake_own.hooks"}, names=names, modules=modules)
    manager = put(named)
    assert globus_core.Thing.__module__ == "fake_own.things"  # type: ignore[attr-defined]

    manager.set_blocked("own@globus-core")

    assert globus_core.Thing.__module__ == "fake_a.things"  # type: ignore[attr-defined]


def test_kernel_names_are_never_taken_over(site: FakeSite) -> None:
    """They are answered before any plugin is asked."""
    site.install("fake-a", {"a": "fake_a"}, names={"Scope": "fake_a:Scope"}, modules={"fake_a": ""})
    put(site)

    assert globus_core.Scope.__module__.startswith("globus_core.")


def test_names_of_another_package_belong_to_the_distributions_plugin(site: FakeSite) -> None:
    """Where the hooks stand in one package and the work in another."""
    site.install(
        "fake-a",
        {"a": "fake_hooks"},
        names={"Thing": "fake_work:Thing"},
        modules={"fake_hooks": "", "fake_work": THING},
    )
    manager = put(site)

    assert globus_core.Thing.__module__ == "fake_work"  # type: ignore[attr-defined]
    manager.set_blocked("a")
    with pytest.raises(PluginUnavailableError):
        globus_core.Thing  # type: ignore[attr-defined]  # noqa: B018


def test_names_without_a_plugin_are_not_there(site: FakeSite) -> None:
    """Nobody could block them."""
    site.install("fake-a", {}, names={"Thing": "fake_a:Thing"}, modules={"fake_a": THING})
    put(site)

    assert not hasattr(globus_core, "Thing")


# names of packages


PACKAGE = "from globus_core import lazy_exports\n__getattr__, __all__ = lazy_exports({!r}, {!r})\n"


def install_package(
    site: FakeSite, name: str = "fake_a", namespaces: str = "", distribution: str | None = None
) -> None:
    """A plugin whose package has a Thing, and an Other, for the top level and login flows."""
    stem = name.removeprefix("fake_")
    table = {"things": ("Thing", "Other")}
    site.install(
        distribution or f"fake-{stem}",
        {stem: f"{name}.hooks"},
        packages={"globus_core": name, "globus_core.login_flows": name},
        modules={
            f"{name}.__init__": PACKAGE.format(name, table) + namespaces,
            f"{name}.hooks": "",
            f"{name}.things": f"{THING}\nclass Other:\n    pass\n",
        },
    )


def test_a_package_is_announced_with_all_its_names(site: FakeSite) -> None:
    """One line for each namespace; the names are in the package alone, and load when used."""
    install_package(site)
    put(site)

    assert {"Thing", "Other"} <= {*dir(globus_core)} & {*dir(login_flows)}
    assert "fake_a.things" not in sys.modules
    assert globus_core.Thing is login_flows.Thing  # type: ignore[attr-defined]
    assert globus_core.Thing.__module__ == "fake_a.things"  # type: ignore[attr-defined]
    assert not hasattr(globus_core, "NoSuchThing")


def test_a_package_may_have_other_names_for_each_namespace(site: FakeSite) -> None:
    """A namespace that it does not mention gets all of them."""
    install_package(site, namespaces="NAMESPACES = {'login_flows': ('Other',)}\n")
    put(site)

    assert {"Thing", "Other"} <= {*dir(globus_core)}
    assert "Thing" not in dir(login_flows)
    assert not hasattr(login_flows, "Thing")
    assert login_flows.Other is globus_core.Other  # type: ignore[attr-defined]


def test_a_package_with_nothing_but_a_list_will_do(site: FakeSite) -> None:
    """As a stranger writes it who has never heard of names that load when used."""
    site.install(
        "fake-a",
        {"a": "fake_hooks"},
        packages={"globus_core.services.auth": "fake_plain"},
        modules={"fake_hooks": "", "fake_plain": f"{THING}\n__all__ = ['Thing']\n"},
    )
    put(site)

    assert "Thing" in dir(globus_core.services.auth)
    assert globus_core.services.auth.Thing.__module__ == "fake_plain"  # type: ignore[attr-defined]


@pytest.mark.parametrize("options", [{"select": "none"}, {"blocked": "a"}], ids=str)
def test_a_package_of_a_plugin_not_in_use_is_not_imported(
    site: FakeSite, options: dict[str, str]
) -> None:
    """Not even for the error, which says for its names why they are not there."""
    install_package(site)
    put(site, **options)

    assert "Thing" not in dir(globus_core)
    assert not hasattr(globus_core, "NoSuchThing")
    with pytest.raises(PluginUnavailableError, match=r"^globus_core\.Thing comes from .* a@fake-a"):
        from globus_core import Thing  # type: ignore[attr-defined]  # noqa: F401
    assert "fake_a" not in sys.modules


def test_a_package_that_cannot_be_imported_says_so_for_its_names(site: FakeSite) -> None:
    """Other names, and other packages, are not affected."""
    install_package(site)
    install_package(site, "fake_b")
    site.module("fake_a.__init__", "__all__ = ['Thing', 'Gone']\nimport fake_absent\n")
    put(site)

    assert globus_core.Other.__module__ == "fake_b.things"  # type: ignore[attr-defined]
    with pytest.raises(PluginUnavailableError, match="No module named 'fake_absent'"):
        globus_core.Gone  # type: ignore[attr-defined]  # noqa: B018
    assert not hasattr(globus_core, "NoSuchThing")
    assert "Gone" not in dir(globus_core)


def test_packages_of_those_that_go_before_suffice(site: FakeSite) -> None:
    """A stranger's package is not imported for a name of ours."""
    install_package(site, "fake_own", distribution="globus-core")
    install_package(site)
    put(site)

    assert globus_core.Thing.__module__ == "fake_own.things"  # type: ignore[attr-defined]
    assert "fake_a" not in sys.modules


def test_two_packages_with_one_name_are_reported(
    site: FakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    """When both are known; the first keeps the name, and the next has it when that is blocked."""
    install_package(site)
    install_package(site, "fake_b")
    manager = put(site)

    assert "Thing" in dir(globus_core)
    assert globus_core.Thing.__module__ == "fake_a.things"  # type: ignore[attr-defined]
    assert caplog.text.count("'Thing' is held by a@fake-a") == 1
    manager.set_blocked("a")
    assert globus_core.Thing.__module__ == "fake_b.things"  # type: ignore[attr-defined]


def test_a_package_without_a_plugin_is_not_asked(site: FakeSite) -> None:
    """Nobody could block it."""
    modules = {"fake_a": f"{THING}\n__all__ = ['Thing']\n"}
    site.install("fake-a", {}, packages={"globus_core": "fake_a"}, modules=modules)
    put(site)

    assert not hasattr(globus_core, "Thing")
    assert "fake_a" not in sys.modules


# names that are kept


def test_a_name_that_was_found_is_found_without_any_call(named: FakeSite) -> None:
    """It is a plain attribute of the namespace, until plugins change."""
    put(named)
    known = globus_core.Thing  # type: ignore[attr-defined]
    calls = []
    sys.setprofile(lambda frame, event, argument: calls.append(event))
    again = globus_core.Thing  # type: ignore[attr-defined]
    sys.setprofile(None)

    assert again is known
    assert calls == ["c_call"]  # setprofile itself


@pytest.mark.parametrize("installed", ["lines", "package"])
@pytest.mark.parametrize("change", ["block", "replace"])
def test_names_are_forgotten_when_plugins_change(
    site: FakeSite, change: str, installed: str
) -> None:
    """In every namespace that was asked for them."""
    if installed == "package":
        install_package(site)
    else:
        names = {"Thing": "fake_a:Thing", "login_flows.Thing": "fake_a:Thing"}
        site.install("fake-a", {"a": "fake_a"}, names=names, modules={"fake_a": THING})
    manager = put(site)
    assert globus_core.Thing is login_flows.Thing  # type: ignore[attr-defined]

    if change == "block":
        manager.set_blocked("a")
    else:
        put(site, blocked="a")

    for namespace in (globus_core, login_flows):
        with pytest.raises(PluginUnavailableError, match="it is blocked"):
            namespace.Thing  # noqa: B018


def test_a_block_takes_a_default_name_from_both_its_places() -> None:
    """The top level and the namespace, whichever was used before."""
    before = set_plugin_manager(PluginManager())
    try:
        manager = get_plugin_manager()
        assert globus_core.JSONTokenStorage is globus_core.token_storage.JSONTokenStorage
        manager.set_blocked("storage")
        for namespace in (globus_core, globus_core.token_storage):
            with pytest.raises(PluginUnavailableError, match="it is blocked"):
                namespace.JSONTokenStorage  # noqa: B018
        assert globus_core.TokenStorage is globus_core.token_storage.TokenStorage
    finally:
        set_plugin_manager(before)


def test_what_a_mock_puts_in_a_names_place_stays(
    named: FakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the name that it brings back at its end is forgotten with the next change."""
    manager = put(named)
    assert globus_core.Thing is not None  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        patch.setattr(globus_core, "Thing", "mock")
        manager.set_blocked("other")
        assert globus_core.Thing == "mock"  # type: ignore[attr-defined]
    manager.set_blocked("a")

    with pytest.raises(PluginUnavailableError, match="it is blocked"):
        globus_core.Thing  # type: ignore[attr-defined]  # noqa: B018


def test_a_name_found_while_plugins_change_is_not_kept(named: FakeSite) -> None:
    """What was found before the change does not hold after it."""
    source = "from globus_core.plugins import get_plugin_manager\n"
    named.module("fake_a.things", f"{source}get_plugin_manager().set_blocked('a')\n{THING}")
    put(named)

    assert globus_core.Thing.__module__ == "fake_a.things"  # type: ignore[attr-defined]
    with pytest.raises(PluginUnavailableError, match="it is blocked"):
        globus_core.Thing  # type: ignore[attr-defined]  # noqa: B018


def test_default_names_are_an_import_error_without_discovery() -> None:
    """In a program of its own: the variable says it, and the error says the variable."""
    program = """
import globus_core
try:
    from globus_core import AuthClient
except ImportError as error:
    print(type(error).__name__, error)
print("AuthClient" in dir(globus_core), "BaseClient" in dir(globus_core))
"""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={"GLOBUS_CORE_PLUGINS": "none", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert result.stdout.splitlines() == [
        "PluginUnavailableError globus_core.AuthClient comes from the plugin auth@globus-core, "
        "which cannot be used: plugin discovery is switched off (GLOBUS_CORE_PLUGINS=none)",
        "False True",
    ]


def test_a_name_of_a_blocked_plugin_is_in_nobodys_way(
    site: FakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    """Blocking one of the two is what the report of a conflict advises."""
    install_package(site)
    install_package(site, "fake_b")
    manager = put(site)
    manager.set_blocked("b")

    assert "Thing" in dir(globus_core)
    assert globus_core.Thing.__module__ == "fake_a.things"  # type: ignore[attr-defined]
    assert "is held by" not in caplog.text


def test_a_package_whose_source_cannot_be_had_offers_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A finder of others that fails does not make a missing name another error."""

    def fail(package: str) -> str:
        raise RuntimeError(package)

    monkeypatch.setattr("globus_core.plugins.names._source_of", fail)
    assert not _is_listed("fake_a", "Thing")
