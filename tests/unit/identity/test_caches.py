from __future__ import annotations

import os
import typing as t

import pytest

from globus_core.exc import GlobusSDKUsageError
from globus_core.identities import Identity, IdentityCache
from globus_core_identity import (
    IdentityMap,
    MappingIdentityCache,
    MemoryIdentityCache,
    SQLiteIdentityCache,
)

if t.TYPE_CHECKING:
    from pathlib import Path

HERE, ELSEWHERE = "https://auth.example.org/", "https://auth.example.com/"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(params=["memory", "mapping", "sqlite"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> IdentityCache:
    if request.param == "sqlite":
        return SQLiteIdentityCache(tmp_path / "identities.db")
    return MemoryIdentityCache() if request.param == "memory" else MappingIdentityCache({})


def test_a_cache_gives_back_what_was_put(cache: IdentityCache, people: t.Any) -> None:
    """Records and unknown keys are told apart from keys that nothing is known of."""
    record = Identity(people.document(1))
    cache.put_many({people.id(1): record, "nobody@example.org": None})

    answers = cache.get_many([people.id(1), "nobody@example.org", "else@example.org"])

    assert {people.id(1): record, "nobody@example.org": None} == answers
    assert cache.get_many([]) == {}


def test_a_later_answer_replaces_an_earlier_one(cache: IdentityCache, people: t.Any) -> None:
    """An unknown key may become known."""
    cache.put_many({people.id(1): None})
    cache.put_many({people.id(1): Identity(people.document(1))})

    assert cache.get_many([people.id(1)])[people.id(1)] == people.document(1)


def test_discarding_counts_what_was_there(cache: IdentityCache, people: t.Any) -> None:
    """Unknown keys count as answers; keys without one do not."""
    cache.put_many({people.id(1): Identity(people.document(1)), "no@example.org": None})

    assert cache.discard_many([people.id(1), "no@example.org", "x@example.org"]) == 2
    assert cache.get_many([people.id(1), "no@example.org"]) == {}


def test_a_cache_describes_itself(cache: IdentityCache, people: t.Any) -> None:
    """Size, unknown keys, hits and misses are counted; clear empties it."""
    cache.put_many({people.id(1): Identity(people.document(1)), "no@example.org": None})
    cache.get_many([people.id(1), "no@example.org", "x@example.org"])

    facts = cache.describe()
    assert (facts.entries, facts.negative_entries) == (2, 1)
    assert (facts.hits, facts.misses) == (2, 1)
    assert facts.to_dict()["entries"] == 2
    assert "2 entries" in repr(facts)

    cache.clear()
    assert cache.describe().entries == 0
    cache.close()


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_namespaces_are_kept_apart(people: t.Any, tmp_path: Path, kind: str) -> None:
    """What one server says is not taken for the word of another."""
    cache = MemoryIdentityCache() if kind == "memory" else SQLiteIdentityCache(tmp_path / "i.db")
    cache.put_many({people.id(1): None}, namespace=HERE)

    assert cache.get_many([people.id(1)], namespace=ELSEWHERE) == {}
    assert cache.discard_many([people.id(1)], namespace=ELSEWHERE) == 0


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_unknown_keys_are_forgotten_sooner(people: t.Any, tmp_path: Path, kind: str) -> None:
    """Records live for ttl, unknown keys for negative_ttl."""
    clock = Clock()
    cache: IdentityCache
    if kind == "memory":
        cache = MemoryIdentityCache(ttl=100, negative_ttl=10, clock=clock)
    else:
        cache = SQLiteIdentityCache(tmp_path / "i.db", ttl=100, negative_ttl=10, clock=clock)
    cache.put_many({people.id(1): Identity(people.document(1)), "no@example.org": None})

    clock.now += 10
    assert list(cache.get_many([people.id(1), "no@example.org"])) == [people.id(1)]
    assert cache.describe().oldest_seconds == 10
    clock.now += 90
    assert cache.get_many([people.id(1)]) == {}


def test_the_longest_unused_entries_go_first() -> None:
    """The bound holds, and reading keeps an entry."""
    cache = MemoryIdentityCache(max_entries=2)
    cache.put_many({"a@example.org": None, "b@example.org": None})
    cache.get_many(["a@example.org"])
    cache.put_many({"c@example.org": None})

    left = cache.get_many(["a@example.org", "b@example.org", "c@example.org"])

    assert list(left) == ["a@example.org", "c@example.org"]


@pytest.mark.parametrize("setting", ["max_entries", "ttl", "negative_ttl"])
def test_a_cache_needs_room_and_time(setting: str) -> None:
    """Settings that are not positive are refused by name."""
    arguments: dict[str, t.Any] = {setting: 0}
    with pytest.raises(GlobusSDKUsageError, match=setting):
        MemoryIdentityCache(**arguments)


@pytest.mark.parametrize("name", ["memory", "memory:", "memory:?max_entries=10&ttl=5.5"])
def test_a_cache_is_chosen_by_name_or_url(auth: t.Any, people: t.Any, name: str) -> None:
    """The plugin's cache is found through its hook, and serves."""
    identities = IdentityMap(auth, [people.username(1)], cache=name)

    assert isinstance(identities.cache, MemoryIdentityCache)
    assert identities[people.username(1)] is identities[people.id(1)]
    assert [people.id(1)] == list(identities)
    assert auth.count == 1


@pytest.mark.parametrize("name", ["memory:?size=1", "memory:?ttl=soon", "memory:?ttl=-1"])
def test_a_faulty_url_is_a_usage_error(auth: t.Any, name: str) -> None:
    """The message names the setting."""
    with pytest.raises(GlobusSDKUsageError, match=r"size|ttl"):
        IdentityMap(auth, cache=name)


def test_an_unknown_cache_is_an_error_that_lists_the_known(auth: t.Any) -> None:
    """What is asked for by name is never replaced silently."""
    with pytest.raises(GlobusSDKUsageError, match=r"identity cache 'memroy'.*memory"):
        IdentityMap(auth, cache="memroy")


def test_a_cache_of_a_plugin_without_urls_says_so(auth: t.Any, add_plugin: t.Any) -> None:
    """The contract's from_url refuses."""

    class Plain(MappingIdentityCache):
        def __init__(self) -> None:
            super().__init__({})

    add_plugin("campus", globus_identity_caches=lambda: {"plain": Plain})

    assert isinstance(IdentityMap(auth, cache="plain").cache, Plain)
    with pytest.raises(GlobusSDKUsageError, match="takes no URL"):
        IdentityMap(auth, cache="plain://there")


def test_maps_share_a_cache_object(auth: t.Any, people: t.Any) -> None:
    """A second map with the same cache asks nobody, for unknown keys neither."""
    cache = MemoryIdentityCache()
    IdentityMap(auth, [people.username(1), "no@example.org"], cache=cache).prefetch()

    second = IdentityMap(auth, cache=cache)

    assert second[people.id(1)]
    assert second.get("no@example.org") is None
    assert auth.count == 1


def test_a_record_that_is_too_old_is_asked_for_again(auth: t.Any, people: t.Any) -> None:
    """With a cache given, the cache decides what is kept, also for iteration."""
    clock = Clock()
    identities = IdentityMap(auth, cache=MemoryIdentityCache(ttl=60, clock=clock))
    assert identities[people.username(1)]
    clock.now += 60

    assert [people.document(1)] == list(identities.values())
    assert auth.count == 2


def test_a_failing_cache_is_done_without(
    auth: t.Any, people: t.Any, caplog: pytest.LogCaptureFixture
) -> None:
    """One warning, and every look-up still answers."""

    class Broken(MappingIdentityCache):
        def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> t.Any:
            raise OSError("disk gone")

        def put_many(self, entries: t.Any, *, namespace: str = "") -> None:
            raise OSError("disk gone")

    identities = IdentityMap(auth, cache=Broken({}))

    assert identities[people.username(1)].id == people.id(1)
    assert identities[people.username(2)].id == people.id(2)
    assert [record for record in caplog.messages if "disk gone" in record] == [
        "identity cache Broken (tests.unit.identity.test_caches) failed; "
        "continuing without it: disk gone"
    ]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_child_process_finds_the_locks_free(auth: t.Any, people: t.Any) -> None:
    """A lock that another thread held at the fork is not held in the child."""
    cache = MemoryIdentityCache()
    identities = IdentityMap(auth, cache=cache)
    lookup, _ = identities._resolver._lookups.claim([people.username(1)])
    with cache._lock.held(), identities._resolver._lookups._lock.held():
        pid = os.fork()
        if pid == 0:
            found = identities.get(people.username(1)) is not None
            os._exit(0 if found else 1)
    _, status = os.waitpid(pid, 0)
    identities._resolver._lookups.release(lookup)

    assert status == 0
