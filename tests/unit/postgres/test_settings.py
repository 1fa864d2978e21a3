"""
What the URL of a PostgreSQL server may say, and what is printed for an administrator.
"""

from __future__ import annotations

import typing as t

import pytest
from psycopg.conninfo import conninfo_to_dict

from globus_core import GlobusSDKUsageError
from globus_core_storage_postgres import PostgresTokenStorage, schema_sql
from globus_core_storage_postgres.__main__ import main
from globus_core_storage_postgres.settings import PostgresSettings


def told(url: str) -> list[dict[str, t.Any]]:
    """What libpq is told for each host."""
    return [conninfo_to_dict(host) for host in PostgresSettings(url).hosts]


def test_a_url_names_server_user_and_database() -> None:
    """Percent-encoded characters of the password are decoded; what is libpq's goes to libpq."""
    url = "postgresql://portal:p%40ss@db.example.org:7000/tokens?sslmode=verify-full&timeout=2.5"
    assert told(f"{url}&sslrootcert=/etc/ca%20one.pem") == [
        {
            "application_name": "globus-core",
            "client_encoding": "UTF8",
            "dbname": "tokens",
            "host": "db.example.org",
            "password": "p@ss",
            "port": "7000",
            "sslmode": "verify-full",
            "sslrootcert": "/etc/ca one.pem",
            "user": "portal",
        }
    ]
    settings = PostgresSettings(url)
    assert settings.location == "postgresql://db.example.org:7000/tokens"
    assert (settings.secure, settings.timeout) == (True, 2.5)


def test_what_is_left_out_is_libpqs_to_find(monkeypatch: pytest.MonkeyPatch) -> None:
    """From its variables, its service file and its password file."""
    monkeypatch.setenv("PGHOST", "/run/postgresql")
    monkeypatch.setenv("PGDATABASE", "tokens")
    settings = PostgresSettings("postgresql:")
    assert settings.location == "postgresql:/run/postgresql/tokens"
    assert told("postgresql:") == [{"application_name": "globus-core", "client_encoding": "UTF8"}]
    assert (settings.app, settings.schema, settings.connections) == ("globus-core", None, 4)


def test_each_host_is_told_by_itself() -> None:
    """With its port, or with the one for all."""
    url = (
        "postgresql://portal@one.example.org:1,two.example.org:2/db?target_session_attrs=read-write"
    )
    assert [(host["host"], host["port"]) for host in told(url)] == [
        ("one.example.org", "1"),
        ("two.example.org", "2"),
    ]
    one_port = told("postgresql:///db?host=one.example.org,two.example.org&port=5433")
    assert [host["port"] for host in one_port] == ["5433", "5433"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgres", "is postgresql://user@host"),
        ("redis://db.example.org", "is postgresql://user@host"),
        ("postgresql://db.example.org?colour=blue", "colour.*settings are app, connections"),
        ("postgresql://u:secret%zz@db.example.org", "cannot be used: it is not valid"),
        ("postgresql://u:secret@db.example.org:secret/x", "port of a PostgreSQL URL"),
        ("postgresql:?schema=a-b", "'schema' has letters"),
        ("postgresql:?schema=", "'schema' in the URL of a PostgreSQL server is empty"),
        ("postgresql:?app=", "'app' in the URL of a PostgreSQL server is empty"),
        ("postgresql:?app=a%00b", "'app' in the URL"),
        ("postgresql:?lease_seconds=soon", "must be a number, at least 1"),
        ("postgresql:?lease_seconds=0.5", "at least 1"),
        ("postgresql:?timeout=0", "greater than 0"),
        ("postgresql:?timeout=nan", "greater than 0"),
        ("postgresql:?connections=0", "at least 1"),
    ],
)
def test_a_wrong_url_is_one_clear_error(url: str, says: str) -> None:
    """It says what is wrong, and does not show a password."""
    with pytest.raises(GlobusSDKUsageError, match=says) as caught:
        PostgresTokenStorage(url)
    assert "secret" not in f"{caught.value} {caught.value.__cause__}"


def test_a_url_is_text() -> None:
    """Other kinds are refused."""
    made: t.Any = PostgresTokenStorage
    with pytest.raises(GlobusSDKUsageError, match="url"):
        made(5432)


def test_no_password_is_shown() -> None:
    """Descriptions and reprs leave it out, and the name of the user as well."""
    storage = PostgresTokenStorage("postgresql://portal:s3cret@db.example.org/tokens")
    shown = f"{storage!r} {storage._settings!r} {storage.describe()!r}"
    assert "s3cret" not in shown
    assert "portal" not in shown


def test_the_storage_of_an_app_has_rows_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """They have the client id, the app's name and the environment, unless the URL has an app."""

    class Config:
        environment = "production"

    def key(name: str) -> tuple[str, str, str]:
        return PostgresTokenStorage.for_globus_app("id-1", name, Config, "x")._key("a")

    monkeypatch.setenv("GLOBUS_CORE_POSTGRES_URL", "postgresql://db.example.org/db?timeout=1")
    assert key("my:app") == ("id-1:my%3Aapp:production", "x", "a")
    assert key("other") != key("my:app")
    monkeypatch.setenv("GLOBUS_CORE_POSTGRES_URL", "postgresql://db.example.org/db?app=mine")
    assert key("my:app") == ("mine", "x", "a")
    monkeypatch.delenv("GLOBUS_CORE_POSTGRES_URL")
    assert key("my:app") == ("id-1:my%3Aapp:production", "x", "a")


def test_storages_share_connections_whatever_app_they_are_for() -> None:
    """Only where the server is, and how it is used, makes another pool."""
    url = "postgresql://db.example.org/db"
    one, other = PostgresTokenStorage(f"{url}?app=a"), PostgresTokenStorage(f"{url}?app=b")
    assert one.database is other.database
    assert one.database is not PostgresTokenStorage(f"{url}?timeout=1").database


def test_an_administrator_gets_one_script(capsys: pytest.CaptureFixture[str]) -> None:
    """It is one transaction, which may be run again, and gives no right to change the tables."""
    assert main(["--schema", "portal", "--role", "clerk"]) == 0
    printed = capsys.readouterr().out
    assert printed == schema_sql("portal", role="clerk")
    lines = printed.splitlines()
    assert (lines[0], lines[-1]) == ("BEGIN;", "COMMIT;")
    assert 'CREATE SCHEMA IF NOT EXISTS "portal";' in lines
    assert 'GRANT SELECT ON "portal".globus_core_schema TO "clerk";' in lines
    assert main([]) == 0
    assert "GRANT" not in capsys.readouterr().out


def test_a_name_that_needs_escapes_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """No statement is made of it."""
    for options in (["--schema", 'a"; DROP TABLE x'], ["--role", "a b"]):
        with pytest.raises(SystemExit):
            main(options)
        assert "letters, digits and underscores" in capsys.readouterr().err
