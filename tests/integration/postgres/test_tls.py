"""
PostgreSQL over TLS: the server is verified, and a client may show a certificate.
"""

from __future__ import annotations

import pathlib
import shutil
import typing as t

import pytest

from globus_core.exc import StorageError
from globus_core.testing import make_token
from globus_core_storage_postgres import PostgresTokenStorage
from tests.servers.certificates import Authority
from tests.servers.postgres_server import PostgresProcess, hand_over, running_postgres

pytestmark = pytest.mark.full

NAME = "a.example.org"
TOKEN = make_token(NAME)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the certificates."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def secure_server(authority: Authority) -> t.Iterator[PostgresProcess]:
    """A server that wants TLS, and from the user ``badge`` a certificate."""
    with running_postgres() as server:
        PostgresTokenStorage(server.url).store_token_data_by_resource_server({NAME: TOKEN})
        server.stop()
        for name, file in zip(("cert", "key"), authority.server("127.0.0.1"), strict=True):
            shutil.copy(file, server.folder / f"{name}.pem")
        shutil.copy(authority.file, server.folder / "ca.pem")
        for name in ("cert", "key", "ca"):
            (server.folder / f"{name}.pem").chmod(0o600)
            hand_over(server.folder / f"{name}.pem")
        (server.data / "pg_hba.conf").write_text(
            "hostssl all badge 127.0.0.1/32 cert map=badges\nhostssl all all 127.0.0.1/32 trust\n"
        )
        (server.data / "pg_ident.conf").write_text("badges clerk badge\n")
        files = {"cert": "cert", "key": "key", "ca": "ca"}
        server.options["ssl"] = "on"
        for setting, name in files.items():
            server.options[f"ssl_{setting}_file"] = str(server.folder / f"{name}.pem")
        server.start()
        yield server


def test_the_server_is_verified(secure_server: PostgresProcess, authority: Authority) -> None:
    """By its name and by who has signed its certificate."""
    verified = f"?sslmode=verify-full&sslrootcert={authority.file}"
    storage = PostgresTokenStorage(f"{secure_server.url}{verified}")
    assert storage.get_token_data(NAME) == TOKEN
    assert "over TLS" in storage.describe().protection
    for name, says in (("localhost.example.org", "does not match"),):
        url = secure_server.url.replace("127.0.0.1", name)
        with pytest.raises(StorageError, match=says) as caught:
            PostgresTokenStorage(f"{url}{verified}&hostaddr=127.0.0.1").get_token_data(NAME)
        assert "certificates" in str(caught.value.advice)


def test_an_unknown_authority_is_one_error_at_once(
    secure_server: PostgresProcess, tmp_path: pathlib.Path
) -> None:
    """It is not tried again until the deadline."""
    other = Authority(tmp_path)
    url = f"{secure_server.url}?sslmode=verify-ca&sslrootcert={other.file}&timeout=100000"
    with pytest.raises(StorageError, match="SSL error"):
        PostgresTokenStorage(url).get_token_data(NAME)


def test_a_connection_without_tls_is_refused(secure_server: PostgresProcess) -> None:
    """By this server, whatever the client would accept."""
    url = f"{secure_server.url}?sslmode=disable&timeout=100000"
    with pytest.raises(StorageError, match=r"no pg_hba\.conf entry"):
        PostgresTokenStorage(url).get_token_data(NAME)


def test_a_client_may_show_a_certificate(
    secure_server: PostgresProcess, authority: Authority
) -> None:
    """In place of a password."""
    certificate, key = authority.client("clerk")
    key.chmod(0o600)
    url = secure_server.url_of("badge")
    shown = f"?sslmode=verify-full&sslrootcert={authority.file}&sslcert={certificate}&sslkey={key}"
    with pytest.raises(StorageError, match='role "badge" does not exist'):
        PostgresTokenStorage(f"{url}{shown}&timeout=100000").get_token_data(NAME)
    with pytest.raises(StorageError, match="certificate"):
        PostgresTokenStorage(f"{url}?sslmode=require&timeout=100000").get_token_data(NAME)
