"""
The tables of SQLite token databases.
"""

from __future__ import annotations

import contextlib
import json
import pathlib
import sqlite3
import typing as t

import pytest

import globus_core
from globus_core.testing.stored_tokens import make_token
from globus_core_storage import SQLiteTokenStorage, UnusableStorageError

INTERNAL = "sdk_storage_adapter_internal"


def rows(path: pathlib.Path, query: str) -> list[tuple[t.Any, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def make_schema_1(path: pathlib.Path) -> None:
    """A database as the older adapter of globus-sdk makes it."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for table, columns, key in (
            ("config_storage", ("namespace", "config_name", "config_data_json"), 2),
            ("token_storage", ("namespace", "resource_server", "token_data_json"), 2),
            (INTERNAL, ("attribute", "value"), 1),
        ):
            types = ", ".join(f"{column} VARCHAR NOT NULL" for column in columns)
            keys = ", ".join(columns[:key])
            connection.execute(f"CREATE TABLE {table} ({types}, PRIMARY KEY ({keys}))")
        connection.executemany(
            f"INSERT INTO {INTERNAL} VALUES (?, ?)",
            [("globus-sdk.version", "3.9.0"), ("globus-sdk.database_schema_version", "1")],
        )
        legacy = {**make_token("a.example.org", identity_id=None).to_dict(), "refresh_token": None}
        connection.execute(
            "INSERT INTO token_storage VALUES (?, ?, ?)",
            ("DEFAULT", "a.example.org", json.dumps(legacy)),
        )
        connection.execute("INSERT INTO config_storage VALUES ('DEFAULT', 'name', '{}')")


def test_a_new_database_has_exactly_these_rows(tmp_path: pathlib.Path) -> None:
    """Schema 2, a version stamp, and the record as JSON without nulls."""
    path = tmp_path / "tokens.db"
    with SQLiteTokenStorage(path) as storage:
        token = make_token("a.example.org", identity_id=None)
        storage.store_token_data_by_resource_server({"a.example.org": token})
    assert set(rows(path, f"SELECT attribute, value FROM {INTERNAL}")) == {
        ("globus-sdk.version", f"4.9.0+globus.core.{globus_core.__version__}"),
        ("globus-sdk.database_schema_version", "2"),
    }
    [(namespace, server, text)] = rows(path, "SELECT * FROM token_storage")
    assert (namespace, server) == ("DEFAULT", "a.example.org")
    assert json.loads(text) == token.to_dict()
    assert rows(path, "SELECT count(*) FROM sqlite_master WHERE name = 'config_storage'") == [(0,)]


def test_schema_1_is_used_as_it_is(tmp_path: pathlib.Path) -> None:
    """Its tokens are read, tokens are added, and its configuration stays."""
    path = tmp_path / "tokens.db"
    make_schema_1(path)
    with SQLiteTokenStorage(path) as storage:
        assert storage.get_token_data("a.example.org") == make_token(
            "a.example.org", identity_id=None, refresh_token=None
        )
        storage.store_token_data_by_resource_server({"b.example.org": make_token("b.example.org")})
        assert len(storage.get_token_data_by_resource_server()) == 2
    assert rows(path, "SELECT * FROM config_storage") == [("DEFAULT", "name", "{}")]
    assert ("globus-sdk.database_schema_version", "1") in rows(path, f"SELECT * FROM {INTERNAL}")


def test_another_schema_is_refused_and_left_alone(tmp_path: pathlib.Path) -> None:
    """A newer program's database is no damage."""
    path = tmp_path / "tokens.db"
    make_schema_1(path)
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE {INTERNAL} SET value = '3' WHERE value = '1'")
    before = path.read_bytes()
    with SQLiteTokenStorage(path) as storage:
        with pytest.raises(UnusableStorageError, match="schema version '3'"):
            storage.get_token_data("a.example.org")
        with pytest.raises(UnusableStorageError, match="schema version '3'"):
            storage.store_token_data_by_resource_server({"a": make_token("a")})
    assert path.read_bytes() == before


def test_namespaces_are_listed(tmp_path: pathlib.Path) -> None:
    """Each namespace that has tokens, once."""
    path = tmp_path / "tokens.db"
    for namespace in ("one", "two"):
        with SQLiteTokenStorage(path, namespace=namespace) as storage:
            names = {name: make_token(name) for name in ("a", "b")}
            storage.store_token_data_by_resource_server(names)
            listed = set(storage.iter_namespaces())
    assert listed == {"one", "two"}


@pytest.mark.parametrize(("local", "mode"), [(True, "wal"), (False, "delete")])
def test_the_journal_fits_the_file_system(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, local: bool, mode: str
) -> None:
    """A write-ahead log only where the file system is known to be local, also afterwards."""
    path = tmp_path / "tokens.db"
    for now, expected in ((local, mode), (not local, "delete" if local else "wal")):
        monkeypatch.setattr("globus_core_storage.sqlite.is_local", lambda path, now=now: now)
        with SQLiteTokenStorage(path) as storage:
            storage.store_token_data_by_resource_server({"a": make_token("a")})
            assert rows(path, "PRAGMA journal_mode") == [(expected,)]
