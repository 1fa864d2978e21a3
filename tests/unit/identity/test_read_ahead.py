from __future__ import annotations

import contextlib
import sqlite3
import typing as t

import pytest

from globus_core.identities import Identity
from globus_core_identity import IdentityMap, SQLiteIdentityCache, _read_ahead, _schema

if t.TYPE_CHECKING:
    from pathlib import Path

PEOPLE = 12
FIRST = 4


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "identities.db"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read ahead after a few keys, and looked at for each key."""
    monkeypatch.setattr(_read_ahead, "FIRST", FIRST)
    monkeypatch.setattr(_read_ahead, "AT_REST", -1.0)
    monkeypatch.setattr(_read_ahead, "AT_REST_IN_SECONDS", -1.0)
    monkeypatch.setattr(_read_ahead, "TRUSTED", 0.0)


@pytest.fixture
def ids(people: t.Any, path: Path) -> list[str]:
    """The ids of the people in the file, and one that is unknown."""
    cache = SQLiteIdentityCache(path)
    cache.put_many({people.id(one): Identity(people.document(one)) for one in range(PEOPLE)})
    cache.put_many({people.id(PEOPLE): None})
    cache.close()
    return [people.id(one) for one in range(PEOPLE + 1)]


class Uses:
    """A cache, and how often it has used its file."""

    def __init__(self, path: Path, **settings: t.Any) -> None:
        self.cache = SQLiteIdentityCache(path, **settings)
        self.count = 0
        run = self.cache._database.run

        def counting(work: t.Any) -> t.Any:
            self.count += 1
            return run(work)

        self.cache._database.run = counting  # type: ignore[method-assign]

    def get(self, key: str, **namespace: str) -> t.Any:
        return self.cache.get_many([key], **namespace)


def test_whoever_asks_for_many_keys_one_by_one_gets_them_from_memory(
    people: t.Any, path: Path, ids: list[str]
) -> None:
    """After the first ones the file is not used again, whether a key is there or not."""
    uses = Uses(path)

    answers = [uses.get(key) for key in ids]

    assert [{key: people.document(n)} for n, key in enumerate(ids[:-1])] == answers[:-1]
    assert answers[-1] == {ids[-1]: None}
    assert uses.get(people.id(99)) == {}
    assert uses.count == FIRST
    assert uses.cache.describe().hits == PEOPLE + 1
    assert uses.cache.describe().misses == 1


def test_a_map_reads_no_more_than_the_cache(
    auth: t.Any, people: t.Any, path: Path, ids: list[str]
) -> None:
    """A map that was not told which keys will be used asks for each of them."""
    uses = Uses(path)
    identities = IdentityMap(auth, cache=uses.cache)
    uses.cache.put_many(
        {key: Identity(people.document(n)) for n, key in enumerate(ids)},
        namespace=identities._resolver._namespace(),
    )
    uses.count = 0

    assert [identities[key].id for key in ids] == ids

    assert uses.count == FIRST
    assert auth.count == 0


@pytest.mark.parametrize("settings", [{"MOST": PEOPLE}, {"AT_REST": 1e9}, {"WITHIN": -1.0}])
def test_records_are_not_read_ahead_where_that_is_not_worth_it(
    monkeypatch: pytest.MonkeyPatch, path: Path, ids: list[str], settings: dict[str, float]
) -> None:
    """There are too many, the file has just changed, or the keys come slowly."""
    for name, value in settings.items():
        monkeypatch.setattr(_read_ahead, name, value)
    monkeypatch.setattr(_read_ahead, "AT_REST_IN_SECONDS", settings.get("AT_REST", -1.0))
    uses = Uses(path)

    assert all(key in uses.get(key) for key in ids)

    assert uses.count == len(ids)


def test_more_records_are_read_the_longer_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, path: Path, ids: list[str]
) -> None:
    """If there are too many for the keys until then, the next try is after twice as many."""
    monkeypatch.setattr(_read_ahead, "RECORDS_FOR_A_KEY", 2)
    uses = Uses(path)

    assert all(key in uses.get(key) for key in ids)

    assert uses.count == 2 * FIRST


def test_a_change_by_somebody_else_is_noticed(people: t.Any, path: Path, ids: list[str]) -> None:
    """What another program stores or removes counts from then on."""
    uses, other = Uses(path), SQLiteIdentityCache(path)
    for key in ids:
        uses.get(key)

    other.put_many({ids[0]: None})
    other.discard_many([ids[1]])

    assert uses.get(ids[0]) == {ids[0]: None}
    assert uses.get(ids[1]) == {}
    assert uses.get(ids[2]) == {ids[2]: people.document(2)}


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_file_with_a_write_ahead_log_is_not_kept_in_memory(
    path: Path, ids: list[str], when: str
) -> None:
    """Whoever turned the log on, others' changes are in it, and the file shows none of them."""
    uses = Uses(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        if when == "meanwhile":
            for key in ids:
                uses.get(key)
        assert connection.execute("PRAGMA journal_mode = wal").fetchone() == ("wal",)
        for key in ids:
            uses.get(key)
        with connection:
            connection.execute(f"DELETE FROM {_schema._IDENTITIES} WHERE key = ?", (ids[0],))

        assert uses.get(ids[0]) == {}


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda cache, key: cache.put_many({key: None}), True),
        (lambda cache, key: cache.discard_many([key]), False),
        (lambda cache, key: cache.clear(), False),
    ],
)
def test_what_the_cache_itself_changes_counts_at_once(
    monkeypatch: pytest.MonkeyPatch,
    path: Path,
    ids: list[str],
    change: t.Callable[[t.Any, str], object],
    left: bool,
) -> None:
    """Even while the file is not looked at."""
    uses = Uses(path)
    for key in ids:
        uses.get(key)
    monkeypatch.setattr(_read_ahead, "TRUSTED", 1e9)

    change(uses.cache, ids[0])

    assert uses.get(ids[0]) == ({ids[0]: None} if left else {})


def test_a_file_that_is_gone_has_nothing(path: Path, ids: list[str]) -> None:
    """A new file takes its place."""
    uses = Uses(path)
    for key in ids:
        uses.get(key)

    path.unlink()

    assert uses.get(ids[0]) == {}


def test_records_in_memory_grow_old_too(path: Path, ids: list[str]) -> None:
    """Unknown keys sooner than the others, as in the file."""
    now = [0.0]
    with_clock = SQLiteIdentityCache(path, clock=lambda: 1000.0)
    with_clock.put_many({ids[0]: None, ids[1]: Identity({"id": ids[1], "username": "a@b.org"})})
    uses = Uses(path, clock=lambda: 1000.0 + now[0], ttl=100.0, negative_ttl=10.0)
    for key in ids:
        uses.get(key)
    used = uses.count

    found = {}
    for seconds in (9.0, 10.0, 99.0, 100.0):
        now[0] = seconds
        found[seconds] = [len(uses.get(key)) for key in ids[:2]]

    assert found == {9.0: [1, 1], 10.0: [0, 1], 99.0: [0, 1], 100.0: [0, 0]}
    assert uses.count == used


def test_ids_and_usernames_are_read_ahead_apart(people: t.Any, path: Path, ids: list[str]) -> None:
    """Who has asked for ids may ask for a username next."""
    SQLiteIdentityCache(path).put_many({people.username(1): Identity(people.document(1))})
    uses = Uses(path)
    for key in ids:
        uses.get(key)

    assert uses.get(people.username(1)) == {people.username(1): people.document(1)}
    assert uses.get("no@example.org") == {}
    assert ids[1] in uses.get(ids[1])


def test_namespaces_are_read_ahead_apart(path: Path, ids: list[str]) -> None:
    """A record of another namespace is no answer."""
    uses = Uses(path)
    for key in ids:
        uses.get(key)

    assert uses.get(ids[0], namespace="https://other.example.org/") == {}
    assert ids[0] in uses.get(ids[0])
