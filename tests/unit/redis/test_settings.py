"""
What the URL of a Redis server may say.
"""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core import GlobusSDKUsageError
from globus_core_storage_redis import RedisIdentityCache, RedisTokenStorage
from globus_core_storage_redis.settings import RedisSettings, key_part


def test_a_url_names_server_user_and_database() -> None:
    """Percent-encoded characters of the password are decoded."""
    settings = RedisSettings("rediss://portal:p%40ss@redis.example.org:7000/3?timeout=2.5")
    assert settings.connection == {
        "host": "redis.example.org",
        "port": 7000,
        "db": 3,
        "username": "portal",
        "password": "p@ss",
    }
    assert (settings.secure, settings.seconds("timeout", 1.0)) == (True, 2.5)


def test_what_is_left_out_has_a_default() -> None:
    """The port and the database are those of Redis."""
    settings = RedisSettings("redis://redis.example.org")
    assert settings.location == "redis://redis.example.org:6379/0"
    assert (settings.prefix, settings.password_file) == ("globus-core", None)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("redis:", "is redis://host"),
        ("redis://", "is redis://host"),
        ("http://redis.example.org", "is redis://host"),
        ("redis://redis.example.org/0#here", "is redis://host"),
        ("redis://redis.example.org:70000", "port"),
        ("redis://redis.example.org/tokens", "database is a number"),
        ("redis://redis.example.org?colour=blue", "unknown setting 'colour'"),
        ("redis://redis.example.org?ssl_ca_certs=/ca.pem", "those for TLS with rediss://"),
        ("redis://redis.example.org?prefix=", "'prefix' in the URL of a Redis server has no value"),
        ("redis://:secret@redis.example.org?password_file=/x", "not in both"),
        ("redis://redis.example.org?lease_seconds=soon", "number of seconds"),
        ("redis://redis.example.org?lease_seconds=0.5", "at least 1"),
        ("redis://redis.example.org?timeout=-1", "number of seconds"),
        ("redis://redis.example.org?timeout=nan", "number of seconds"),
    ],
)
def test_a_wrong_url_is_one_clear_error(url: str, says: str) -> None:
    """It says what is wrong, and does not show a password."""
    with pytest.raises(GlobusSDKUsageError, match=says) as caught:
        RedisTokenStorage(url)
    assert "secret" not in str(caught.value)


def test_a_url_is_text() -> None:
    """Other kinds are refused by both classes."""
    kinds: tuple[t.Any, ...] = (RedisTokenStorage, RedisIdentityCache)
    for made in kinds:
        with pytest.raises(GlobusSDKUsageError, match="url"):
            made(6379)


def test_no_password_is_shown() -> None:
    """Descriptions and reprs leave it out, and the name of the user as well."""
    storage = RedisTokenStorage("redis://portal:s3cret@redis.example.org")
    shown = f"{storage!r} {storage._settings!r} {storage.describe()!r}"
    assert "s3cret" not in shown
    assert "portal" not in shown


def test_the_storage_of_an_app_has_keys_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """They have the client id, the app's name and the environment, unless the URL has a prefix."""

    class Config:
        environment = "production"

    monkeypatch.setenv("GLOBUS_CORE_REDIS_URL", "redis://redis.example.org/1")
    one = RedisTokenStorage.for_globus_app("id-1", "my:app", Config, "DEFAULT")
    two = RedisTokenStorage.for_globus_app("id-2", "my:app", Config, "DEFAULT")
    assert one._tokens == b"globus-core:id-1:my%3Aapp:production:{DEFAULT}:tokens"
    assert one._tokens != two._tokens
    monkeypatch.setenv("GLOBUS_CORE_REDIS_URL", "redis://redis.example.org/1?prefix=mine")
    assert RedisTokenStorage.for_globus_app("id-1", "a", Config, "x")._tokens == b"mine:{x}:tokens"


@given(st.text(), st.text())
def test_two_names_never_make_one_key(one: str, two: str) -> None:
    """Whatever they hold, and braces, which choose the hash slot, are only ours."""
    assert (key_part(one) == key_part(two)) == (one == two)
    assert not set(key_part(one)) & set(":{}")
