from __future__ import annotations

import gc
import os
import sqlite3
import stat
import typing as t
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from globus_core.exc import GlobusError, GlobusSDKUsageError
from globus_core.identities import Identity
from globus_core_identity import IdentityMap, SQLiteIdentityCache

if t.TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "identities.db"


def test_a_second_program_asks_nobody(auth: t.Any, people: t.Any, path: Path) -> None:
    """Records with all they have, and unknown keys, come from the file."""
    url = f"sqlite://{path}"
    first = IdentityMap(auth, [people.username(1), "no@example.org"], cache=url)
    first.prefetch()
    first.add(people.document(2))

    second = IdentityMap(auth, cache=url)

    assert second[people.id(1)] == people.document(1)
    assert second[people.id(2)].source == "caller"
    assert second.get("no@example.org") is None
    assert [people.id(1), people.id(2)] == list(second)
    assert auth.count == 1


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_only_the_owner_can_read_the_file(people: t.Any, path: Path) -> None:
    """Folder and file are made for their owner alone."""
    SQLiteIdentityCache(path).put_many({people.id(1): None})

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("damage", [bytes(16) + b"lost" * 100, b"SQLite format 3\0" + b"x" * 4096])
def test_a_damaged_file_is_emptied_with_one_warning(
    auth: t.Any, people: t.Any, path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """The look-up goes on, and the cache serves again."""
    path.parent.mkdir()
    path.write_bytes(damage)
    identities = IdentityMap(auth, cache=SQLiteIdentityCache(path))

    assert identities[people.username(1)].id == people.id(1)
    assert identities[people.id(1)]

    assert auth.count == 1
    assert len([message for message in caplog.messages if "damaged" in message]) == 1


def test_a_damaged_record_is_looked_up_anew(auth: t.Any, people: t.Any, path: Path) -> None:
    """What cannot be read counts as not there."""
    identities = IdentityMap(auth, cache=SQLiteIdentityCache(path))
    assert identities[people.id(1)]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE identities_1 SET record = '[1'")

    assert identities[people.id(1)] == people.document(1)
    assert auth.count == 2


def test_old_entries_leave_the_file(people: t.Any, path: Path) -> None:
    """The first store of a program removes what is too old."""
    SQLiteIdentityCache(path, clock=lambda: 1000.0).put_many({people.id(1): None})
    SQLiteIdentityCache(path).put_many({people.id(2): None})

    with closing(sqlite3.connect(path)) as connection:
        keys = connection.execute("SELECT key FROM identities_1").fetchall()
    assert keys == [(people.id(2),)]


def test_a_file_that_cannot_be_made_is_a_typed_error(people: t.Any, tmp_path: Path) -> None:
    """The error names the file; a map does without the cache."""
    (tmp_path / "file").write_text("")
    cache = SQLiteIdentityCache(tmp_path / "file" / "identities.db")

    with pytest.raises(GlobusError, match=r"identities\.db.* cannot be used"):
        cache.get_many([people.id(1)])


def test_many_keys_are_read_in_one_call(people: t.Any, path: Path) -> None:
    """More keys than SQLite takes in one query."""
    cache = SQLiteIdentityCache(path)
    entries = {people.id(number): Identity(people.document(number)) for number in range(1234)}
    cache.put_many(entries)

    assert entries == cache.get_many(entries)


def test_threads_share_a_cache(people: t.Any, path: Path) -> None:
    """Storing and reading at once loses nothing."""
    cache = SQLiteIdentityCache(path)

    def work(number: int) -> bool:
        cache.put_many({people.id(number): Identity(people.document(number))})
        return people.id(number) in cache.get_many([people.id(number)])

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(24)))
    assert cache.describe().entries == 24


def test_the_usual_file_is_in_the_users_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without a path the cache is beside the tokens."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))

    expected = str(tmp_path / ".globus" / "cache" / "identities.db")

    assert expected == SQLiteIdentityCache().path == SQLiteIdentityCache.from_url("sqlite:").path


@pytest.mark.parametrize("url", ["sqlite://host/a.db", "sqlite://a.db", "sqlite:///a#b"])
def test_a_url_names_no_host(url: str) -> None:
    """What would be ignored is refused."""
    with pytest.raises(GlobusSDKUsageError, match="sqlite:///path"):
        SQLiteIdentityCache.from_url(url)


@pytest.mark.parametrize("setting", ["ttl", "negative_ttl"])
def test_times_must_be_positive(path: Path, setting: str) -> None:
    """The setting is named."""
    arguments: dict[str, t.Any] = {setting: 0}
    with pytest.raises(GlobusSDKUsageError, match=setting):
        SQLiteIdentityCache(path, **arguments)


POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")


@POSIX
def test_a_file_that_others_can_read_is_closed_to_them(people: t.Any, path: Path) -> None:
    """Whatever made it so, after the first use it is its owner's alone."""
    SQLiteIdentityCache(path).put_many({people.id(1): None})
    path.chmod(0o644)

    assert SQLiteIdentityCache(path).get_many([people.id(1)]) == {people.id(1): None}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@POSIX
def test_a_file_of_somebody_else_is_not_used(
    auth: t.Any, people: t.Any, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may hold what its owner wants us to believe; the map does without."""
    SQLiteIdentityCache(path).put_many({people.username(1): None})
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)

    with pytest.raises(GlobusError, match="belongs to user"):
        SQLiteIdentityCache(path).get_many([people.username(1)])
    assert IdentityMap(auth, cache=SQLiteIdentityCache(path))[people.username(1)]


@POSIX
def test_a_symbolic_link_is_not_followed(people: t.Any, path: Path, tmp_path: Path) -> None:
    """A link put in the file's place leads nowhere."""
    path.parent.mkdir()
    path.symlink_to(tmp_path / "elsewhere.db")

    with pytest.raises(GlobusError, match="not a regular file"):
        SQLiteIdentityCache(path).put_many({people.id(1): None})
    assert not (tmp_path / "elsewhere.db").exists()


def test_a_database_of_something_else_is_left_alone(people: t.Any, path: Path) -> None:
    """A token database named by mistake gets no tables of ours."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE token_storage (x)")

    with pytest.raises(GlobusError, match="a database of another program"):
        SQLiteIdentityCache(path).put_many({people.id(1): None})
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert names == [("token_storage",)]


def test_a_file_that_is_no_database_stays(people: t.Any, path: Path) -> None:
    """It is a file of another program that was named by mistake."""
    path.parent.mkdir()
    path.write_text("my notes " * 100)

    with pytest.raises(GlobusError, match="not a database"):
        SQLiteIdentityCache(path).put_many({people.id(1): None})

    assert path.read_text() == "my notes " * 100
    assert os.listdir(path.parent) == [path.name]


def test_layouts_of_other_versions(people: t.Any, path: Path) -> None:
    """Tables of an earlier layout are removed, those of a later one are left to it."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE identities_0 (x)")
        connection.execute("CREATE TABLE identities_99 (x)")

    SQLiteIdentityCache(path).put_many({people.id(1): None})

    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    ours = {"identities_1", "identity_counters_1", "identity_questions_1"}
    assert {name for (name,) in rows} == {*ours, "identities_99"}


def test_how_it_has_served_outlives_the_program(people: t.Any, path: Path) -> None:
    """Hits and misses are counted over all who share the file, until it is emptied."""
    first = SQLiteIdentityCache(path)
    first.put_many({people.id(1): None})
    first.get_many([people.id(1), people.id(2)])
    first.close()
    second = SQLiteIdentityCache(path)
    second.get_many([people.id(1)])

    facts = second.describe()
    assert (facts.hits, facts.misses) == (2, 1)
    assert (facts.size_bytes or 0) > 0
    second.clear()
    assert (second.describe().hits, second.describe().misses) == (0, 0)


def test_an_object_that_is_gone_has_left_its_counts(people: t.Any, path: Path) -> None:
    """A program that never closes its cache is counted, and leaves no open file behind."""
    cache = SQLiteIdentityCache(path)
    cache.get_many([people.id(1)])
    del cache
    gc.collect()

    assert SQLiteIdentityCache(path).describe().misses == 1


def test_a_file_that_is_replaced_is_noticed(people: t.Any, path: Path) -> None:
    """Another program may have set a damaged file aside."""
    cache, other = SQLiteIdentityCache(path), SQLiteIdentityCache(path)
    cache.put_many({people.id(1): None})
    path.rename(path.with_name("old.db"))
    other.put_many({people.id(2): None})

    assert cache.get_many([people.id(1), people.id(2)]) == {people.id(2): None}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_parent_and_child_go_on_after_a_fork(people: t.Any, path: Path) -> None:
    """Both read and write with connections of their own."""
    cache = SQLiteIdentityCache(path)
    cache.put_many({people.id(1): None})
    pid = os.fork()
    if pid == 0:
        ok = cache.get_many([people.id(1)]) == {people.id(1): None}
        cache.put_many({people.id(2): None})
        os._exit(0 if ok else 1)
    _, status = os.waitpid(pid, 0)

    assert status == 0
    assert set(cache.get_many([people.id(1), people.id(2)])) == {people.id(1), people.id(2)}


def test_settings_stand_in_the_url(people: t.Any, path: Path) -> None:
    """Times and size, as for the memory cache."""
    cache = SQLiteIdentityCache.from_url(f"sqlite://{path}?max_entries=5&ttl=60&negative_ttl=9")

    cache.put_many(dict.fromkeys(map(people.id, range(20))))

    assert cache.describe().entries == 5
    with pytest.raises(GlobusSDKUsageError, match="unknown setting 'size'"):
        SQLiteIdentityCache.from_url(f"sqlite://{path}?size=5")
