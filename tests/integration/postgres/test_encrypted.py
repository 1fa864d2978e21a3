"""
Tokens in PostgreSQL that the server cannot read.
"""

from __future__ import annotations

import functools
import pathlib
import pickle
import typing as t
from base64 import b64encode

import pytest

from globus_core.exc import GlobusSDKUsageError, StorageError
from globus_core.testing import RenewalLeaseContract, SharedTokenStorageContract, make_token
from globus_core.token_storage import BrokenSealError, Envelope, StorageKeyError
from globus_core_storage_postgres import PostgresTokenStorage
from globus_core_storage_postgres.database import changed
from tests.integration.postgres.test_contracts import end_lease

KEY = bytes(range(32))
NAME = "a.example.org"
OTHER = "b.example.org"
TOKEN = make_token(NAME, access_token="canary", refresh_token="canary-too")


class TestEncrypted(SharedTokenStorageContract, RenewalLeaseContract):
    """
    Encrypted tokens in PostgreSQL.
    """

    kills = 20

    @pytest.fixture
    def storage_factory(self, postgres_url: str, tmp_path: pathlib.Path) -> t.Callable[..., t.Any]:
        url = f"{postgres_url}&lease_seconds=1&timeout=60&key_file={key_file(tmp_path)}"
        return functools.partial(PostgresTokenStorage, url)

    @pytest.fixture
    def lose_lock(self) -> t.Callable[..., None]:
        return end_lease


def key_file(folder: pathlib.Path) -> pathlib.Path:
    """A file with a key."""
    file = folder / "keys"
    file.touch(0o600)
    file.write_bytes(b64encode(KEY))
    return file


def encrypted(url: str, namespace: str = "DEFAULT") -> PostgresTokenStorage:
    """A storage with a key."""
    return PostgresTokenStorage(url, namespace=namespace, envelope=Envelope(KEY))


def rows(storage: PostgresTokenStorage) -> dict[tuple[str, str], str]:
    """What the server has, by namespace and resource server."""
    query = "SELECT namespace, resource_server, record FROM {}"
    schema = storage._settings.schema
    statement = query.format(f'"{schema}".globus_core_tokens').encode()
    return {
        (space, name): text for space, name, text in storage.database.fetch("look", statement, ())
    }


def put(storage: PostgresTokenStorage, text: str) -> None:
    """Change what the server has, past the storage."""
    schema = storage._settings.schema
    update = "UPDATE {} SET record = %s WHERE namespace = %s AND resource_server = %s"
    statement = update.format(f'"{schema}".globus_core_tokens').encode()
    values = (text, storage.namespace, NAME)
    assert storage.database.run("change", lambda c, _, again: changed(c, statement, values)) == 1


def test_the_server_has_no_token(postgres_url: str) -> None:
    """It has the names, when tokens expire, and a hash by which it knows a record again."""
    storage = encrypted(postgres_url)
    storage.store_token_data_by_resource_server({NAME: TOKEN})
    assert storage.replace(NAME, TOKEN.revision, TOKEN)
    assert "canary" not in str(rows(storage))
    assert storage.get_token_data(NAME) == TOKEN
    assert "encrypted with a key" in storage.describe().protection
    assert b64encode(KEY).decode() not in repr(storage)
    assert pickle.loads(pickle.dumps(PostgresTokenStorage(postgres_url))).envelope is None


def test_what_was_put_elsewhere_is_refused(postgres_url: str) -> None:
    """Another token's record, one of another person or app, and one that was changed."""
    storage, other = encrypted(postgres_url), encrypted(postgres_url, "other")
    for each in (storage, other):
        each.store_token_data_by_resource_server({NAME: TOKEN, OTHER: make_token(OTHER)})
    stored = rows(storage)
    good = stored[("DEFAULT", NAME)]
    for bad in (stored[("other", NAME)], stored[("DEFAULT", OTHER)], f"{good[:-8]}AAAAAAA="):
        put(storage, bad)
        with pytest.raises((BrokenSealError, StorageKeyError)):
            storage.get_token_data(NAME)
        with pytest.raises(StorageError):
            storage.get_token_data_by_resource_server()
    put(storage, good)
    assert storage.get_token_data(NAME) == TOKEN


def test_a_plain_record_is_refused_where_a_key_is_given(postgres_url: str) -> None:
    """And an encrypted one where none is, so that neither is overwritten by a login."""
    plain, secret = PostgresTokenStorage(postgres_url), encrypted(postgres_url)
    plain.store_token_data_by_resource_server({NAME: TOKEN})
    with pytest.raises(BrokenSealError, match="no encrypted record"):
        secret.get_token_data(NAME)
    secret.store_token_data_by_resource_server({NAME: TOKEN})
    with pytest.raises(StorageError, match="is encrypted, and the storage has no key"):
        plain.get_token_data(NAME)


def test_a_missing_key_is_known_before_a_login(postgres_url: str, tmp_path: pathlib.Path) -> None:
    """Not only when its token is to be stored."""
    storage = PostgresTokenStorage(f"{postgres_url}&key_file={tmp_path / 'nowhere'}")
    for read in (lambda: storage.get_token_data(NAME), storage.get_token_data_by_resource_server):
        with pytest.raises(StorageKeyError, match="nowhere"):
            read()


def test_keys_are_given_once(postgres_url: str, tmp_path: pathlib.Path) -> None:
    """As an envelope or in the URL."""
    url = f"{postgres_url}&key_file={key_file(tmp_path)}"
    with pytest.raises(GlobusSDKUsageError, match="not both"):
        PostgresTokenStorage(url, envelope=Envelope(KEY))
