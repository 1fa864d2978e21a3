"""
Damaged token files are moved aside and named, and are no outage.
"""

from __future__ import annotations

import json
import os
import pathlib
import sqlite3
import warnings

import pytest

from globus_core.exc import StorageError
from globus_core.testing.stored_tokens import CANARY, make_token
from globus_core_storage import (
    DamagedStorageWarning,
    JSONTokenStorage,
    SQLiteTokenStorage,
    UnusableStorageError,
)
from globus_core_storage._private_files import move_aside

LONG_AGO = 1_700_000_000
HEAD = '{"format_version": "2.0", "globus-sdk.version": "4.9.0", "data": '


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0" * 100,
        "\0" * 8 + CANARY,
        "{",
        '{ "data": {"DEFAULT": {"a": {"access_token": "' + CANARY,
        '{"format_version": "2.0", ' + CANARY,
        '{"data": ' + "[" * 100_000,
        '{"\ud800',
    ],
)
def test_a_damaged_json_file_is_moved_aside(tmp_path: pathlib.Path, text: str) -> None:
    """It reads as no token, with one warning that names it and quotes nothing of it."""
    path = tmp_path / "tokens.json"
    content = text.encode(errors="surrogatepass")
    path.write_bytes(content)
    os.utime(path, (LONG_AGO, LONG_AGO))
    storage = JSONTokenStorage(path)
    with pytest.warns(DamagedStorageWarning) as caught:
        assert storage.get_token_data("a.example.org") is None
    aside = tmp_path / "tokens.json.damaged-1"
    assert len(caught) == 1
    assert str(path) in str(caught[0].message)
    assert str(aside) in str(caught[0].message)
    assert CANARY not in str(caught[0].message)
    assert aside.read_bytes() == content
    assert not path.exists()
    storage.store_token_data_by_resource_server({"a.example.org": make_token("a.example.org")})
    assert storage.get_token_data("a.example.org") == make_token("a.example.org")


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "null",
        '{"data": {}}',
        '{"data": {}, "format_version": 2, "globus-sdk.version": "4.9.0"}',
        HEAD + "[]}",
        HEAD + '{"DEFAULT": []}}',
        '{"format_version": "1.0", "globus-sdk.version": "3.9.0"}',
        json.dumps({"access_token": CANARY, "refresh_token": CANARY}),
        json.dumps({"installed": {"client_id": "x", "client_secret": CANARY}}, indent=2),
        f"GLOBUS_CLIENT_SECRET={CANARY}\n",
        f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n",
        "SQLite format 3\0" + "x" * 100,
        "\x1f\x8b" + CANARY,
        "{% include 'x' %}",
        "[" * 100_000,
    ],
)
@pytest.mark.parametrize("scheme", ["json", "sqlite"])
def test_a_healthy_file_of_another_program_is_refused_and_stays(
    tmp_path: pathlib.Path, text: str, scheme: str
) -> None:
    """Reading and storing fail, say why without a quotation, and leave nothing next to it."""
    path = tmp_path / "other"
    if scheme == "sqlite" and text.startswith("SQLite"):
        text = text.removeprefix("SQLite")
    content = text.encode("latin-1")
    path.write_bytes(content)
    os.utime(path, (LONG_AGO, LONG_AGO))
    storage = {"json": JSONTokenStorage, "sqlite": SQLiteTokenStorage}[scheme](path)
    for use in (
        storage.get_token_data_by_resource_server,
        lambda: storage.get_token_data("a"),
        lambda: storage.remove_token_data("a"),
        lambda: storage.store_token_data_by_resource_server({"a": make_token("a")}),
    ):
        with pytest.raises(UnusableStorageError, match="choose another file") as caught:
            use()
        assert str(path) in str(caught.value)
        assert CANARY not in str(caught.value)
    storage.close()
    assert path.read_bytes() == content
    assert not [name for name in os.listdir(tmp_path) if "damaged" in name]


def test_a_store_moves_damage_aside_as_well(tmp_path: pathlib.Path) -> None:
    """A second damaged file gets the next name, and the first one stays."""
    path = tmp_path / "tokens.json"
    for number in (1, 2):
        path.write_text(f'{{"damage {number}')
        os.utime(path, (LONG_AGO, LONG_AGO))
        with pytest.warns(DamagedStorageWarning, match=f"damaged-{number}"):
            JSONTokenStorage(path).store_token_data_by_resource_server({"a": make_token("a")})
    assert (tmp_path / "tokens.json.damaged-1").read_text() == '{"damage 1'
    assert (tmp_path / "tokens.json.damaged-2").read_text() == '{"damage 2'


def test_a_file_being_written_in_place_is_waited_for(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """globus-sdk writes in place: a file that was touched just now may be whole in a moment."""
    path = tmp_path / "tokens.json"
    path.write_text("")

    def finish(seconds: float) -> None:
        path.write_text(HEAD + json.dumps({"DEFAULT": {"a": make_token("a").to_dict()}}) + "}")

    monkeypatch.setattr("globus_core_storage.document_file.time.sleep", finish)
    assert JSONTokenStorage(path).get_token_data("a") == make_token("a")


@pytest.mark.parametrize("content", [bytes(16) + b"lost " * 200, b"SQLite form"])
def test_a_damaged_database_is_moved_aside(tmp_path: pathlib.Path, content: bytes) -> None:
    """It reads as no token, with one warning that names it, and can be stored to again."""
    path = tmp_path / "tokens.db"
    path.write_bytes(content)
    with SQLiteTokenStorage(path) as storage:
        with pytest.warns(DamagedStorageWarning) as caught:
            assert storage.get_token_data("a.example.org") is None
        aside = tmp_path / "tokens.db.damaged-1"
        assert len(caught) == 1
        assert str(aside) in str(caught[0].message)
        assert aside.read_bytes() == content
        storage.store_token_data_by_resource_server({"a.example.org": make_token("a.example.org")})
        assert storage.get_token_data("a.example.org") == make_token("a.example.org")


def test_a_database_damaged_while_in_use_is_moved_aside(tmp_path: pathlib.Path) -> None:
    """A kept connection notices, and the next store makes a new database."""
    path = tmp_path / "tokens.db"
    with SQLiteTokenStorage(path) as storage:
        for number in range(50):
            name = f"{number}.example.org"
            storage.store_token_data_by_resource_server({name: make_token(name)})
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with SQLiteTokenStorage(path) as storage:
        with pytest.warns(DamagedStorageWarning):
            storage.store_token_data_by_resource_server(
                {"a.example.org": make_token("a.example.org")}
            )
        assert list(storage.get_token_data_by_resource_server()) == ["a.example.org"]


def test_a_damaged_file_takes_those_that_belong_to_it_along(tmp_path: pathlib.Path) -> None:
    """A log must not be applied to the database that is made next."""
    (tmp_path / "tokens.db.damaged-1").touch()
    for name in ("tokens.db", "tokens.db-wal"):
        (tmp_path / name).write_text(name)
    aside = move_aside(str(tmp_path / "tokens.db"), ("-wal", "-shm"))
    assert aside == str(tmp_path / "tokens.db.damaged-2")
    assert (tmp_path / "tokens.db.damaged-2").read_text() == "tokens.db"
    assert (tmp_path / "tokens.db.damaged-2-wal").read_text() == "tokens.db-wal"
    assert len(list(tmp_path.iterdir())) == 3


def test_an_empty_database_file_reads_as_no_token(tmp_path: pathlib.Path) -> None:
    """An empty file is a database without tables, which the next store adds."""
    path = tmp_path / "tokens.db"
    path.touch()
    with SQLiteTokenStorage(path) as storage:
        assert storage.get_token_data("a.example.org") is None
        assert list(storage.iter_namespaces()) == []
        assert storage.remove_token_data("a.example.org") is False
        storage.store_token_data_by_resource_server({"a.example.org": make_token("a.example.org")})
        assert list(storage.iter_namespaces()) == ["DEFAULT"]


def test_a_database_of_something_else_is_refused(tmp_path: pathlib.Path) -> None:
    """Tables of others are not mixed with tokens."""
    path = tmp_path / "mail.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE mail (sender)")
    connection.close()
    with SQLiteTokenStorage(path) as storage:
        with pytest.raises(UnusableStorageError, match="database of another program"):
            storage.get_token_data("a.example.org")
        with pytest.raises(UnusableStorageError, match="database of another program"):
            storage.store_token_data_by_resource_server({"a": make_token("a")})


def test_a_failed_write_leaves_the_old_file(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is a StorageError, and nothing of the new file stays."""
    path = tmp_path / "tokens.json"
    storage = JSONTokenStorage(path)
    storage.store_token_data_by_resource_server({"a": make_token("a")})

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        storage.store_token_data_by_resource_server({"b": make_token("b")})
    assert list(storage.get_token_data_by_resource_server()) == ["a"]
    assert {entry.name for entry in tmp_path.iterdir()} == {"tokens.json", "tokens.json.locks"}


def test_a_file_system_without_locks_is_said_once_and_tears_nothing(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stores go on, each through a file of its own name."""
    from globus_core_storage import UnlockedStorageWarning, _file_lock

    def refuse(descriptor: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(_file_lock, "_lock", refuse)
    storage = JSONTokenStorage(tmp_path / "tokens.json")
    with pytest.warns(UnlockedStorageWarning, match=str(tmp_path)) as caught:
        storage.store_token_data_by_resource_server({"a": make_token("a")})
    assert len(caught) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        storage.store_token_data_by_resource_server({"b": make_token("b")})
    assert set(storage.get_token_data_by_resource_server()) == {"a", "b"}


@pytest.mark.parametrize("damaged", [b"C\xd2EATE TABLE", b"CREATE TABL\xc5"])
def test_a_schema_that_is_not_utf8_is_damage(tmp_path: pathlib.Path, damaged: bytes) -> None:
    """SQLite quotes it in its message, which Python cannot read; the next store starts anew."""
    path = tmp_path / "tokens.db"
    tokens = {"a.example.org": make_token("a.example.org")}
    with SQLiteTokenStorage(path) as storage:
        storage.store_token_data_by_resource_server(tokens)
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE", damaged))
    with SQLiteTokenStorage(path) as storage:
        with pytest.warns(DamagedStorageWarning):
            assert storage.get_token_data("a.example.org") is None
        storage.store_token_data_by_resource_server(tokens)
        assert storage.get_token_data_by_resource_server() == tokens
