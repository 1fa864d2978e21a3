"""What a plugin had a part in leaves the cache with it: removed, changed or configured anew."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import typing as t

import pytest

from globus_core import compose, hookspecs
from globus_core.identities import Identity, IdentityCache
from globus_core.plugins import PluginManager, set_plugin_manager
from globus_core.plugins.discovery import EntryPoint
from globus_core_identity import IdentityMap, MemoryIdentityCache, SQLiteIdentityCache

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    OpenCache = Callable[[], IdentityCache]
    Installed = Callable[..., None]

_CAMPUS = """
import os
from globus_core import hookimpl

@hookimpl
def globus_enrich_identity(identity):
    return {"campus": os.environ.get("FAKE_CAMPUS", "North")}
"""
_STATING = """
@hookimpl
def globus_identity_fingerprint():
    return os.environ.get("FAKE_CAMPUS")
"""
_DIRECTORY = """
from globus_core import hookimpl

@hookimpl
def globus_resolve_identities(keys):
    person = {"id": "5a9db0c1-0000-4000-8000-000000000001", "username": "user00001@example.org"}
    return {key: dict(person, name="Campus Ada") for key in keys if key == person["username"]}
"""


class StrangersCache(IdentityCache):
    """A cache as a third party might write it: it knows nothing of plugins."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Identity | None] = {}

    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> dict[str, Identity | None]:
        """What is kept."""
        return {k: self.kept[namespace, k] for k in keys if (namespace, k) in self.kept}

    def put_many(self, entries: t.Mapping[str, Identity | None], *, namespace: str = "") -> None:
        """Keep it."""
        self.kept.update({(namespace, key): record for key, record in entries.items()})

    def discard_many(self, keys: t.Iterable[str], *, namespace: str = "") -> int:
        """Forget some."""
        return sum([self.kept.pop((namespace, k), self) is not self for k in keys])

    def clear(self) -> None:
        """Forget all."""
        self.kept.clear()

    def describe(self) -> t.Any:
        """Nothing to tell."""


@pytest.fixture(params=["sqlite", "memory", "stranger"])
def open_cache(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Iterator[OpenCache]:
    """Opens one cache, as often as wanted: the same file, or the same object."""
    cache: IdentityCache
    if request.param == "sqlite":
        path = tmp_path / "identities.db"
        opened: list[SQLiteIdentityCache] = []

        def reopen() -> IdentityCache:
            opened.append(SQLiteIdentityCache(path))
            return opened[-1]

        yield reopen
        for one in opened:
            one.close()
        return
    cache = MemoryIdentityCache() if request.param == "memory" else StrangersCache()
    yield lambda: cache


@pytest.fixture
def installed(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installed]:
    """Use one plugin, installed as a distribution of a version; None uses no plugin."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    before = set(sys.modules)

    def use(
        source: str | None,
        *,
        version: str = "1.0",
        distribution: str = "fake-campus",
        name: str = "campus",
        select: str = "all",
    ) -> None:
        points = []
        if source is not None:
            module = f"fake_campus_{len(list(folder.iterdir()))}"
            (folder / f"{module}.py").write_text(source, encoding="utf-8")
            points = [EntryPoint("globus_core.plugins", name, module, distribution, version)]
        set_plugin_manager(PluginManager(lambda: points, select=select))

    yield use
    for name in set(sys.modules) - before:
        if name.startswith("fake_campus_"):
            del sys.modules[name]


def campus_of(record: Identity) -> str | None:
    """What the plugin said of a person."""
    campus: str | None = record.extensions.get("campus", {}).get("campus")
    return campus


def test_rows_of_a_removed_plugin_go_with_it(
    auth: t.Any, people: t.Any, open_cache: OpenCache, installed: Installed
) -> None:
    """Without the plugin Globus Auth is asked anew; with it again its rows are there again."""
    installed(_CAMPUS)
    assert campus_of(IdentityMap(auth, cache=open_cache())[people.id(1)]) == "North"

    installed(None)
    assert campus_of(IdentityMap(auth, cache=open_cache())[people.id(1)]) is None
    assert auth.count == 2

    installed(_CAMPUS)
    assert campus_of(IdentityMap(auth, cache=open_cache())[people.id(1)]) == "North"
    assert auth.count == 2


def test_rows_of_a_blocked_plugin_are_not_used(
    auth: t.Any, people: t.Any, open_cache: OpenCache, installed: Installed
) -> None:
    """Blocked is as removed, also in the same map and while it lives."""
    installed(_CAMPUS)
    identities = IdentityMap(auth, cache=open_cache())
    assert campus_of(identities[people.id(1)]) == "North"

    installed(_CAMPUS, select="none")

    assert campus_of(identities[people.id(1)]) is None
    assert campus_of(identities[people.username(1)]) is None


@pytest.mark.parametrize(
    "change",
    [
        {"version": "1.1"},
        {"distribution": "other-campus"},
        {"name": "campus2"},
    ],
    ids=["version", "distribution", "name"],
)
def test_rows_of_a_changed_plugin_are_not_used(
    auth: t.Any,
    people: t.Any,
    open_cache: OpenCache,
    installed: Installed,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, str],
) -> None:
    """Another version, and another plugin in its place."""
    installed(_CAMPUS)
    assert campus_of(IdentityMap(auth, cache=open_cache())[people.id(1)]) == "North"
    monkeypatch.setenv("FAKE_CAMPUS", "South")

    installed(_CAMPUS, **change)
    record = IdentityMap(auth, cache=open_cache())[people.id(1)]

    name = change.get("name", "campus")
    assert {key: dict(value) for key, value in record.extensions.items()} == {
        name: {"campus": "South"}
    }


def test_the_same_plugin_in_another_program_shares_the_rows(
    auth: t.Any, people: t.Any, open_cache: OpenCache, installed: Installed
) -> None:
    """What did not change is not looked up anew."""
    for _ in range(2):
        installed(_CAMPUS + _STATING)
        assert campus_of(IdentityMap(auth, cache=open_cache())[people.id(1)]) == "North"

    assert auth.count == 1


def test_globus_identity_fingerprint_ends_the_use_of_rows_made_with_other_settings(
    auth: t.Any,
    people: t.Any,
    open_cache: OpenCache,
    installed: Installed,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A plugin that states its setting is asked anew when the setting is another."""
    for campus, count in (("North", 1), ("South", 2), ("North", 2)):
        monkeypatch.setenv("FAKE_CAMPUS", campus)
        installed(_CAMPUS + _STATING)
        assert campus_of(IdentityMap(auth, cache=open_cache())[people.id(1)]) == campus
        assert auth.count == count


def test_what_a_directory_asserted_goes_with_it(
    auth: t.Any, people: t.Any, open_cache: OpenCache, installed: Installed
) -> None:
    """Globus Auth answers where the institution's plugin did."""
    installed(_DIRECTORY)
    assert IdentityMap(auth, cache=open_cache())[people.username(1)]["name"] == "Campus Ada"

    installed(None)
    record = IdentityMap(auth, cache=open_cache())[people.username(1)]

    assert (record["name"], record.source) == ("User 1", "globus")


def test_an_unknown_key_is_asked_for_again_with_a_new_plugin(
    auth: t.Any, open_cache: OpenCache, installed: Installed
) -> None:
    """That nobody knew it was said without the institution."""
    installed(None)
    assert IdentityMap(auth, cache=open_cache()).get("nobody@example.edu") is None

    installed(_DIRECTORY.replace("user00001@example.org", "nobody@example.edu"))

    assert IdentityMap(auth, cache=open_cache())["nobody@example.edu"]["name"] == "Campus Ada"


def test_forgetting_a_key_forgets_what_is_in_use(
    auth: t.Any, people: t.Any, open_cache: OpenCache, installed: Installed
) -> None:
    """The key is asked for again, with the plugin as without."""
    for source in (_CAMPUS, None):
        installed(source)
        identities = IdentityMap(auth, cache=open_cache())
        asked = auth.count
        assert identities[people.id(1)]
        del identities[people.id(1)]
        assert identities[people.id(1)]
        assert auth.count == asked + 2


class Campus:
    """A plugin that is registered by code; its answers depend on how it was made."""

    def __init__(self, campus: str, stated: t.Any = None) -> None:
        self.campus = campus
        self.stated = stated

    def enrich(self) -> dict[str, str]:
        """The campus."""
        return {"campus": self.campus}


@pytest.fixture
def register(plugins: PluginManager, add_plugin: t.Any) -> Callable[[Campus], None]:
    """Register a campus in place of the one before."""

    def put(campus: Campus) -> None:
        if plugins.record("campus") is not None:
            plugins.unregister("campus")
        hooks: dict[str, t.Any] = {"globus_enrich_identity": lambda identity: campus.enrich()}
        if campus.stated is not None:
            hooks["globus_identity_fingerprint"] = lambda: campus.stated
        add_plugin("campus", **hooks)

    return put


def test_a_plugin_by_code_is_asked_anew_once_registered_again(
    auth: t.Any, people: t.Any, open_cache: OpenCache, register: Callable[[Campus], None]
) -> None:
    """It has no version that could say whether it is the same."""
    for campus in ("North", "South"):
        register(Campus(campus))
        assert campus_of(IdentityMap(auth, cache=open_cache())[people.id(1)]) == campus
        assert campus_of(IdentityMap(auth, cache=open_cache())[people.id(1)]) == campus

    assert auth.count == 2


def test_a_plugin_by_code_that_states_something_keeps_its_rows(
    auth: t.Any, people: t.Any, open_cache: OpenCache, register: Callable[[Campus], None]
) -> None:
    """It is taken at its word, also when it is registered again."""
    for campus in ("North", "South", "North"):
        register(Campus(campus, stated=campus))
        assert campus_of(IdentityMap(auth, cache=open_cache())[people.id(1)]) == campus

    assert auth.count == 2


@pytest.mark.parametrize("stated", [42, b"North", ["North"]])
def test_a_statement_that_is_no_text_is_reported(
    auth: t.Any,
    people: t.Any,
    open_cache: OpenCache,
    plugins: PluginManager,
    register: Callable[[Campus], None],
    stated: t.Any,
) -> None:
    """And counts as none."""
    register(Campus("North", stated=stated))

    assert campus_of(IdentityMap(auth, cache=open_cache())[people.id(1)]) == "North"
    record = plugins.record("campus")
    assert record is not None
    assert record.reports == [
        f"globus_identity_fingerprint: a string was expected, not {type(stated).__name__}"
    ]


def test_rows_in_a_callers_mapping_go_with_the_plugin(
    auth: t.Any, people: t.Any, installed: Installed
) -> None:
    """A mapping has no namespaces: records that name a plugin that is not in use are not used."""
    kept: dict[str, t.Any] = {}
    installed(_CAMPUS)
    assert campus_of(IdentityMap(auth, cache=kept)[people.id(1)]) == "North"
    assert campus_of(IdentityMap(auth, cache=kept)[people.id(1)]) == "North"
    assert auth.count == 1

    installed(None)

    assert campus_of(IdentityMap(auth, cache=kept)[people.id(1)]) is None


def test_a_record_of_the_programs_own_may_name_any_plugin(auth: t.Any, people: t.Any) -> None:
    """What a caller puts into a mapping is the caller's word."""
    own = Identity(people.document(1), source="caller", extensions={"mine": {"x": 1}})

    assert IdentityMap(auth, cache={people.id(1): own})[people.id(1)] is own
    assert auth.count == 0


def test_answers_given_while_plugins_change_are_those_of_the_plugins_before(
    auth: t.Any,
    people: t.Any,
    open_cache: OpenCache,
    plugins: PluginManager,
    add_plugin: t.Any,
) -> None:
    """A plugin that leaves during a look-up leaves nothing for those after it."""

    def leave(identity: Identity) -> dict[str, str]:
        plugins.unregister("campus")
        return {"campus": "North"}

    add_plugin("campus", globus_enrich_identity=leave)
    assert campus_of(IdentityMap(auth, cache=open_cache())[people.id(1)]) == "North"

    assert campus_of(IdentityMap(auth, cache=open_cache())[people.id(1)]) is None


def fingerprint() -> str:
    """That of the plugins in use."""
    return compose.fingerprint(
        hookspecs.globus_enrich_identity, stated=hookspecs.globus_identity_fingerprint
    )


def test_a_fingerprint_is_the_same_in_every_process(
    installed: Installed, tmp_path: pathlib.Path
) -> None:
    """It does not depend on hashes that Python seeds anew."""
    installed(_CAMPUS + _STATING)
    program = f"""
import sys
sys.path.insert(0, {str(tmp_path / "site")!r})
from globus_core import compose
from globus_core.plugins import PluginManager, set_plugin_manager
from globus_core.plugins.discovery import EntryPoint
point = EntryPoint("globus_core.plugins", "campus", "fake_campus_0", "fake-campus", "1.0")
set_plugin_manager(PluginManager(lambda: [point]))
print(compose.fingerprint("globus_enrich_identity", stated="globus_identity_fingerprint"))
"""
    other = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )

    assert other.stdout.strip() == fingerprint() != ""


def test_without_plugins_there_is_no_fingerprint(installed: Installed) -> None:
    """So that what was cached before is used on, and a cache may be read by eye."""
    installed(None)
    assert fingerprint() == ""
    installed("")
    assert fingerprint() == ""
