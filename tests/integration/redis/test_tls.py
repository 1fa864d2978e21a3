"""
A Redis server that takes TLS only, asks for a client's certificate, and has a user with few rights.

It needs a server that was built with TLS, such as that of a distribution.
"""

from __future__ import annotations

import functools
import pathlib
import typing as t

import pytest
from redis import Redis

from globus_core.exc import GlobusSDKUsageError, StorageError
from globus_core.testing import RenewalLeaseContract, make_identity, make_token
from globus_core.token_storage import TokenStorage
from globus_core_storage_redis import RedisIdentityCache, RedisTokenStorage
from tests.servers.certificates import Authority
from tests.servers.redis_server import RedisProcess, free_port

NAME = "a.example.org"
TOKEN = make_token(NAME)
RIGHTS = (
    "~globus-core:* +hget +hgetall +hset +hdel +get +set +mget +scan +unlink +del +pttl +pexpire "
    "+eval +evalsha"
)


class SecureServer(t.NamedTuple):
    """
    A running server.

    :param authority: who has signed its certificate
    :param port: where it listens
    :param folder: where the client has its files
    """

    authority: Authority
    port: int
    folder: pathlib.Path

    def url(self, **changes: str | None) -> str:
        """A URL with all that the server asks for, with other settings, or without some."""
        certificate, key = self.folder / "portal.pem", self.folder / "portal.key"
        settings: dict[str, t.Any] = {
            "password_file": self.folder / "password",
            "ssl_ca_certs": self.authority.file,
            "ssl_certfile": certificate,
            "ssl_keyfile": key,
            **changes,
        }
        host = settings.pop("host", "127.0.0.1")
        given = [f"{name}={value}" for name, value in settings.items() if value is not None]
        return f"rediss://portal@{host}:{self.port}?{'&'.join(given)}"


def make_server(
    folder: pathlib.Path, *, address: str = "127.0.0.1", expired: bool = False
) -> t.Iterator[SecureServer]:
    """Run a server whose certificate is for an address."""
    authority = Authority(folder)
    certificate, key = authority.server(address, name="redis.example.org", expired=expired)
    authority.client("portal")
    (folder / "password").write_text("secret\n", encoding="utf-8")
    port = free_port()
    server = RedisProcess(
        folder,
        *("--port", "0", "--tls-port", str(port), "--tls-auth-clients", "yes"),
        *("--tls-cert-file", str(certificate), "--tls-key-file", str(key)),
        *("--tls-ca-cert-file", str(authority.file)),
        *("--user", "default", "off"),
        *("--user", "portal", "on", ">secret", *RIGHTS.split()),
    )
    server.start()
    try:
        yield SecureServer(authority, port, folder)
    finally:
        server.stop(kill=True)


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[SecureServer]:
    """A server that all tests of this module share."""
    yield from make_server(tmp_path_factory.mktemp("tls"))


class TestOverTLS(RenewalLeaseContract):
    """
    Locks on renewals over TLS, for a user with few rights.
    """

    @pytest.fixture
    def storage_factory(self, secure: SecureServer) -> t.Callable[..., TokenStorage]:
        return functools.partial(RedisTokenStorage, secure.url(lease_seconds="1", timeout="60"))

    @pytest.fixture
    def lose_lock(self) -> t.Callable[..., None]:
        def end(storage: t.Any, resource_server: str) -> None:
            key = storage._key_of("renewal", resource_server)
            assert storage.server.run("end a lock", Redis.pexpire, key, 0) == 1

        return end


def test_tokens_and_identities_over_tls(secure: SecureServer) -> None:
    """All that storage and cache do is within the rights of the user."""
    storage, cache = RedisTokenStorage(secure.url()), RedisIdentityCache(secure.url(ttl="60"))
    storage.store_token_data_by_resource_server({NAME: TOKEN})
    assert storage.get_token_data_by_resource_server() == {NAME: TOKEN}
    assert "over TLS" in str(storage.describe().protection)
    assert storage.replace(NAME, TOKEN.revision, None)
    assert not storage.remove_token_data(NAME)
    person = make_identity(1)
    cache.put_many({person.id: person})
    assert cache.get_many([person.id]) == {person.id: person}
    assert cache.describe().entries == 1
    cache.clear()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ssl_certfile": None, "ssl_keyfile": None}, "certificate required|EOF|reset"),
        ({"ssl_ca_certs": None}, "certificate verify failed"),
        ({"ssl_ca_certs": "/nowhere/ca.pem"}, "'/nowhere/ca.pem' of 'ssl_ca_certs' cannot be read"),
        ({"ssl_certfile": "/nowhere/it"}, "'/nowhere/it' of 'ssl_certfile' cannot be read"),
        ({"ssl_ca_certs": "/dev/null"}, "(?i)certificate"),
    ],
    ids=["no certificate", "not trusted", "no authority", "no file", "empty file"],
)
def test_what_is_wrong_with_tls_is_one_error(
    secure: SecureServer, changes: dict[str, str | None], reason: str
) -> None:
    """It names the settings, and says nothing of a server that may not run."""
    with pytest.raises(StorageError, match=reason) as caught:
        RedisTokenStorage(secure.url(**changes, timeout="1")).get_token_data(NAME)
    assert "certificate" in str(caught.value.advice)


def test_another_client_is_refused(secure: SecureServer, tmp_path: pathlib.Path) -> None:
    """Its certificate has the right name, and is signed by somebody else."""
    certificate, key = map(str, Authority(tmp_path).client("portal"))
    url = secure.url(ssl_certfile=certificate, ssl_keyfile=key, timeout="1")
    with pytest.raises(StorageError):
        RedisTokenStorage(url).get_token_data(NAME)


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [({"address": "192.0.2.1"}, "IP address mismatch"), ({"expired": True}, "expired")],
    ids=["another host", "expired"],
)
def test_a_certificate_that_is_not_for_the_server_is_refused(
    tmp_path: pathlib.Path, certificate: dict[str, t.Any], reason: str
) -> None:
    """No password is sent to whoever has another host's certificate, or an old one."""
    for server in make_server(tmp_path, **certificate):
        with pytest.raises(StorageError, match=reason) as caught:
            RedisTokenStorage(server.url()).get_token_data(NAME)
        assert "the host's name in the URL" in str(caught.value.advice)


def test_a_url_without_tls_says_so(secure: SecureServer) -> None:
    """The server closes the connection, and cannot say why."""
    with pytest.raises(StorageError) as caught:
        RedisTokenStorage(f"redis://127.0.0.1:{secure.port}?timeout=0.3").get_token_data(NAME)
    assert "rediss://" in str(caught.value.advice)


def test_a_key_without_its_certificate_is_refused_at_once() -> None:
    """Before anything is sent."""
    with pytest.raises(GlobusSDKUsageError, match="'ssl_keyfile' needs 'ssl_certfile'"):
        RedisTokenStorage("rediss://localhost?ssl_keyfile=/etc/key.pem")
