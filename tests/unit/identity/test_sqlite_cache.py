from __future__ import annotations

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


@pytest.mark.parametrize("damage", [b"no database" * 100, b"SQLite format 3\0" + b"x" * 4096])
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


@pytest.mark.parametrize("url", ["sqlite://host/a.db", "sqlite:///a.db?ttl=1", "sqlite:///a#b"])
def test_a_url_has_a_path_and_nothing_else(url: str) -> None:
    """What would be ignored is refused."""
    with pytest.raises(GlobusSDKUsageError, match="sqlite:///path"):
        SQLiteIdentityCache.from_url(url)


@pytest.mark.parametrize("setting", ["ttl", "negative_ttl"])
def test_times_must_be_positive(path: Path, setting: str) -> None:
    """The setting is named."""
    arguments: dict[str, t.Any] = {setting: 0}
    with pytest.raises(GlobusSDKUsageError, match=setting):
        SQLiteIdentityCache(path, **arguments)
