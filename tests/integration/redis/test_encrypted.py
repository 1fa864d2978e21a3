"""
Tokens that are encrypted before they are sent to a Redis server.
"""

from __future__ import annotations

import functools
import pathlib
import pickle
import typing as t
from base64 import b64encode

import pytest

from globus_core.exc import GlobusSDKUsageError, StorageError
from globus_core.testing import SharedTokenStorageContract, make_token
from globus_core.token_storage import BrokenSealError, Envelope, StorageKeyError
from globus_core_storage_redis import RedisTokenStorage

NAME, OTHER = "a.example.org", "b.example.org"
KEY, NEXT_KEY = bytes(range(32)), bytes(range(1, 33))
TOKEN = make_token(NAME, access_token="canary-access", refresh_token="canary-refresh")


class TestEncryptedRedis(SharedTokenStorageContract):
    """
    Encrypted tokens in Redis.
    """

    kills = 20

    @pytest.fixture
    def storage_factory(self, redis_url: str, tmp_path: pathlib.Path) -> t.Callable[..., t.Any]:
        url = f"{redis_url}&lease_seconds=1&timeout=60&key_file={key_file(tmp_path, KEY)}"
        return functools.partial(RedisTokenStorage, url)


def key_file(folder: pathlib.Path, *keys: bytes) -> pathlib.Path:
    """A file with keys, put in place of the one before."""
    new = folder / "new"
    new.touch(0o600)
    new.write_bytes(b"\n".join(map(b64encode, keys)))
    return new.replace(folder / "keys")


def encrypted(url: str, *keys: bytes, namespace: str = "DEFAULT") -> RedisTokenStorage:
    """A storage with keys."""
    return RedisTokenStorage(url, namespace=namespace, envelope=Envelope(*keys or (KEY,)))


def stored(storage: RedisTokenStorage) -> dict[bytes, bytes]:
    """What the server has."""
    found: dict[bytes, bytes] = storage.server.run(
        "look", lambda client: client.hgetall(storage._tokens)
    )
    return found


def put(storage: RedisTokenStorage, name: str, value: bytes) -> None:
    """Change what the server has, past the storage."""
    storage.server.run("change", lambda client: client.hset(storage._tokens, name, value))


def test_the_server_has_no_token(redis_url: str) -> None:
    """It has the names of resource servers, and a hash by which it knows a record again."""
    storage = encrypted(redis_url)
    storage.store_token_data_by_resource_server({NAME: TOKEN})
    assert storage.replace(NAME, TOKEN.revision, TOKEN)
    seen = stored(storage)
    assert list(seen) == [NAME.encode()]
    assert b"canary" not in seen[NAME.encode()]
    assert storage.get_token_data(NAME) == TOKEN
    assert "encrypted with a key" in storage.describe().protection
    assert b64encode(KEY).decode() not in repr(storage)
    assert pickle.loads(pickle.dumps(RedisTokenStorage(redis_url))).envelope is None


def test_what_was_changed_or_put_elsewhere_is_refused(redis_url: str) -> None:
    """A changed byte, another token's record, and one of another namespace or prefix."""
    storage = encrypted(redis_url)
    elsewhere = encrypted(redis_url, namespace="other")
    far = encrypted(f"{redis_url}-other")
    for each in (storage, elsewhere, far):
        each.store_token_data_by_resource_server(
            {NAME: TOKEN, OTHER: make_token(OTHER, access_token="other")}
        )
    good = stored(storage)[NAME.encode()]
    swapped = [stored(elsewhere)[NAME.encode()], stored(far)[NAME.encode()]]
    swapped.append(stored(storage)[OTHER.encode()])
    flipped = [good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :] for at in range(65, len(good))]
    for bad in (*swapped, *flipped):
        put(storage, NAME, bad)
        with pytest.raises((BrokenSealError, StorageKeyError)):
            storage.get_token_data(NAME)
        with pytest.raises(StorageError):
            storage.get_token_data_by_resource_server()
    assert storage.get_token_data(OTHER) is not None
    storage.store_token_data_by_resource_server({NAME: TOKEN})
    assert storage.get_token_data(NAME) == TOKEN


def test_a_changed_revision_counts_as_missing(redis_url: str) -> None:
    """A renewal could never replace the record, and its new token would be lost."""
    storage = encrypted(redis_url)
    storage.store_token_data_by_resource_server({NAME: TOKEN})
    put(storage, NAME, b"0" * 64 + stored(storage)[NAME.encode()][64:])
    with pytest.warns(UserWarning, match="not the one that was stored"):
        assert storage.get_token_data(NAME) is None


def test_a_plain_record_is_refused_where_keys_are_given(redis_url: str) -> None:
    """And an encrypted one where none are, so that neither is overwritten by a login."""
    plain, secret = RedisTokenStorage(redis_url), encrypted(redis_url)
    plain.store_token_data_by_resource_server({NAME: TOKEN})
    with pytest.raises(BrokenSealError, match="no encrypted record"):
        secret.get_token_data(NAME)
    secret.store_token_data_by_resource_server({NAME: TOKEN})
    with pytest.raises(StorageError, match="is encrypted, and the storage has no key"):
        plain.get_token_data(NAME)


def test_keys_change_while_programs_run(redis_url: str, tmp_path: pathlib.Path) -> None:
    """The new key is added, then made the first; what the old one has encrypted stays readable."""
    url = f"{redis_url}&key_file={key_file(tmp_path, KEY)}"
    first, second = RedisTokenStorage(url), RedisTokenStorage(url)
    first.store_token_data_by_resource_server({NAME: TOKEN})
    key_file(tmp_path, NEXT_KEY, KEY)
    assert second.get_token_data(NAME) == TOKEN
    second.store_token_data_by_resource_server({NAME: TOKEN})
    assert first.get_token_data(NAME) == TOKEN
    key_file(tmp_path, NEXT_KEY)
    assert first.get_token_data(NAME) == TOKEN


def test_a_missing_key_is_known_before_a_login(redis_url: str, tmp_path: pathlib.Path) -> None:
    """Not only when its token is to be stored."""
    storage = RedisTokenStorage(f"{redis_url}&key_file={tmp_path / 'nowhere'}")
    with pytest.raises(StorageKeyError, match="nowhere"):
        storage.get_token_data(NAME)


def test_keys_are_given_once(redis_url: str, tmp_path: pathlib.Path) -> None:
    """As an envelope or in the URL."""
    url = f"{redis_url}&key_file={key_file(tmp_path, KEY)}"
    with pytest.raises(GlobusSDKUsageError, match="not both"):
        RedisTokenStorage(url, envelope=Envelope(KEY))
