"""
Programs of two versions, with tables of two versions, side by side.
"""

from __future__ import annotations

import threading
import typing as t
import uuid

import psycopg
import pytest

from globus_core.exc import StorageError
from globus_core.testing import make_token
from globus_core_storage_postgres import PostgresTokenStorage, schema, schema_sql
from globus_core_storage_postgres.database import Database, changed, rows
from tests.servers.postgres_server import PostgresProcess

NAME = "a.example.org"
TOKEN = make_token(NAME)
NEWER = make_token(NAME, access_token="newer")
COLUMN = (
    "ALTER TABLE {prefix}globus_core_tokens "
    "ADD COLUMN IF NOT EXISTS note text NOT NULL DEFAULT 'of an older program'"
)
ADDS = (*schema.MIGRATIONS, schema.Migration(2, 1, (COLUMN,)))
BREAKS = (*schema.MIGRATIONS, schema.Migration(2, 2, (COLUMN,)))


def program(url: str) -> PostgresTokenStorage:
    """The storage of a program that has just been started."""
    storage = PostgresTokenStorage(url)
    storage._known_database = Database(storage._settings)
    return storage


def notes(storage: PostgresTokenStorage) -> list[str]:
    """What only the newer version has."""
    query = f'SELECT note FROM "{storage._settings.schema}".globus_core_tokens'
    return [note for (note,) in storage.database.fetch("look", query.encode(), ())]


def test_an_older_program_goes_on_while_a_newer_one_upgrades(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that runs, and one that is started later; each reads and renews what the other stored."""
    running = program(postgres_url)
    running.store_token_data_by_resource_server({NAME: TOKEN})
    with running.renewal_lock(NAME) as held:
        with monkeypatch.context() as patched:
            patched.setattr(schema, "MIGRATIONS", ADDS)
            newer = program(postgres_url)
            assert newer.get_token_data(NAME) == TOKEN
            assert notes(newer) == ["of an older program"]
        assert held.extend()
        assert held.still_mine()
        assert running.replace(NAME, TOKEN.revision, NEWER)
    assert newer.get_token_data(NAME) == NEWER
    started_later = program(postgres_url)
    started_later.store_token_data_by_resource_server({NAME: TOKEN, "b": make_token("b")})
    assert newer.get_token_data_by_resource_server().keys() == {NAME, "b"}
    assert started_later.remove_token_data(NAME)


def test_tables_are_upgraded_once_while_they_are_in_use(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Programs of the next version start at the same moment, and an older one stores on."""
    running = program(postgres_url)
    running.store_token_data_by_resource_server({NAME: TOKEN})
    monkeypatch.setattr(schema, "MIGRATIONS", ADDS)
    started = [program(postgres_url) for _ in range(6)]
    failed: list[BaseException] = []
    together = threading.Barrier(len(started) + 1)

    def begin(storage: PostgresTokenStorage) -> None:
        together.wait()
        try:
            for _ in range(5):
                storage.store_token_data_by_resource_server({NAME: NEWER})
                assert storage.get_token_data(NAME) == NEWER
        except BaseException as error:  # shown below
            failed.append(error)

    threads = [threading.Thread(target=begin, args=(each,)) for each in (*started, running)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    query = f'SELECT version FROM "{running._settings.schema}".globus_core_schema'
    found = running.database.fetch("look", f"{query} ORDER BY version".encode(), ())
    assert found == [(1,), (2,)]


def test_a_session_that_saw_no_tables_finds_those_made_while_it_waited(
    postgres_server: PostgresProcess,
) -> None:
    """
    A session remembers which names did not exist; one that a pooler gives to a second client has
    done so for longer than the client knows.
    """
    names = [f"test_{uuid.uuid4().hex}" for _ in range(2)]
    with connected(postgres_server) as first, connected(postgres_server) as second:
        schema.prepare(second, names[0], "here")  # locks, for the first time, all that it reads
        with first.transaction():
            for statement in schema_sql(names[1]).split(";\n")[1:-2]:
                first.execute(statement.encode())
            waiting = threading.Thread(target=schema.prepare, args=(second, names[1], "here"))
            waiting.start()
            blocked = b"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            while rows(first, blocked, ()) != [(1,)]:
                assert waiting.is_alive()
        waiting.join()
        schema.prepare(second, names[1], "here")


def connected(server: PostgresProcess) -> psycopg.Connection[t.Any]:
    """A session in which each statement is a transaction."""
    return psycopg.connect(server.url, autocommit=True)


def test_tables_that_only_a_newer_program_can_use_are_refused(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says which program to use."""
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", BREAKS)
        program(postgres_url).store_token_data_by_resource_server({NAME: TOKEN})
    with pytest.raises(StorageError, match="have version 2, but this program supports 1") as caught:
        program(postgres_url).get_token_data(NAME)
    assert "newer version of globus-core" in str(caught.value.advice)


def test_what_is_printed_upgrades_too(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One script makes the tables of any version into those of this one."""
    running = program(postgres_url)
    running.store_token_data_by_resource_server({NAME: TOKEN})
    monkeypatch.setattr(schema, "MIGRATIONS", ADDS)

    def run_script(connection: t.Any, _: object, again: bool) -> None:
        connection.execute(schema_sql(running._settings.schema).encode())

    running.database.run("upgrade", run_script)
    assert notes(running) == ["of an older program"]
    assert program(postgres_url).get_token_data(NAME) == TOKEN


def test_a_column_that_appears_is_found(postgres_url: str) -> None:
    """A statement that names a column of tables that were dropped looks for the tables again."""
    storage = program(postgres_url)
    storage.store_token_data_by_resource_server({NAME: TOKEN})
    table = f'"{storage._settings.schema}".globus_core_tokens'
    drop = f"ALTER TABLE {table} DROP COLUMN renewable".encode()
    storage.database.run("damage", lambda c, _, again: changed(c, drop, ()))
    with pytest.raises(StorageError, match="renewable"):
        storage.store_token_data_by_resource_server({NAME: TOKEN})
    assert storage.database.run("look", lambda c, _, again: rows(c, b"SELECT 1", ())) == [(1,)]
