"""
What users of a real Redis server meet: passwords, users, restarts, a server that does not answer.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import pickle
import re
import socket
import threading
import time
import typing as t
import warnings

import pytest
from redis import Redis

from globus_core import GlobusAppConfig, UserApp, waiting
from globus_core.exc import StorageError
from globus_core.testing import make_identity, make_token
from globus_core_storage_redis import EvictionWarning, RedisIdentityCache, RedisTokenStorage
from globus_core_storage_redis.connections import Connection, ending_at
from tests.servers.redis_server import RedisProcess, free_port, running_redis

NAME = "a.example.org"
TOKEN = make_token(NAME)


@pytest.fixture
def own_server(tmp_path: pathlib.Path) -> t.Iterator[RedisProcess]:
    """A server of the test's own, which it may stop."""
    with running_redis(tmp_path / "redis") as server:
        yield server


def store(url: str) -> RedisTokenStorage:
    """A storage with one token."""
    storage = RedisTokenStorage(url)
    storage.store_token_data_by_resource_server({NAME: TOKEN})
    return storage


def test_an_app_chooses_it_by_url(redis_url: str) -> None:
    """The tokens are in the server, under the prefix of the URL."""
    config = GlobusAppConfig(token_storage=redis_url)
    with UserApp("portal", client_id="3f0e7c1d-5a02-4f4b-9b0c-7f1f1a2b3c4d", config=config) as app:
        assert isinstance(app.token_storage.token_storage, RedisTokenStorage)
        assert redis_url.partition("?")[0] in app.token_storage.describe().location


def test_tokens_do_not_expire_and_identities_do(redis_url: str) -> None:
    """A refresh token outlives its access token; identities end by the clock of the server."""
    storage = store(redis_url)
    cache = RedisIdentityCache(f"{redis_url}&ttl=600&negative_ttl=60")
    person = make_identity(1)
    cache.put_many({person.id: person, "nobody@example.org": None})

    def lives(client: t.Any) -> list[int]:
        names = [cache._key("", person.id), cache._key("", "nobody@example.org")]
        return [client.ttl(storage._tokens), *map(client.ttl, names)]

    forever, known, unknown = storage.server.run("look", lives)
    assert forever == -1
    assert 590 < known <= 600
    assert 50 < unknown <= 60


def test_a_thousand_identities_are_one_request(redis_url: str) -> None:
    """They are one command of the server."""
    cache = RedisIdentityCache(redis_url)
    people = {person.id: person for person in map(make_identity, range(1000))}
    cache.put_many(people)
    server = RedisTokenStorage(redis_url).server

    def reads(client: t.Any) -> int:
        stats = client.info("commandstats")
        return int(stats["cmdstat_mget"]["calls"]) if "cmdstat_mget" in stats else 0

    before = server.run("count", reads)
    assert cache.get_many(people) == people
    assert server.run("count", reads) - before == 1


def test_storages_of_one_url_share_their_connections(own_server: RedisProcess) -> None:
    """A thousand people in one process need as many connections as threads are at work."""
    storages = [RedisTokenStorage(own_server.url, namespace=f"user/{n}") for n in range(1000)]
    for storage in storages:
        storage.store_token_data_by_resource_server({NAME: TOKEN})
    clients = storages[0].server.run("count", lambda client: client.info("clients"))
    assert clients["connected_clients"] == 1


def test_a_password_in_a_file_may_change(tmp_path: pathlib.Path) -> None:
    """It is read for each connection, and a wrong one is one clear error."""
    file = tmp_path / "password"
    file.write_text("first\n")
    with running_redis(tmp_path / "redis", "--requirepass", "first") as server:
        url = f"{server.url}?password_file={file}"
        storage = store(url)

        def change(client: t.Any) -> None:
            client.config_set("requirepass", "second")

        storage.server.run("change the password", change)
        storage.server._pool.disconnect()
        with pytest.raises(StorageError, match="invalid username-password pair") as caught:
            storage.get_token_data(NAME)
        assert "check the user and the password" in str(caught.value.advice)
        file.write_text("second\n")
        assert storage.get_token_data(NAME) == TOKEN
        file.unlink()
        storage.server._pool.disconnect()
        with pytest.raises(StorageError, match="cannot be read: No such file"):
            storage.get_token_data(NAME)


def test_a_user_needs_few_rights(tmp_path: pathlib.Path) -> None:
    """One who may only do what the guide lists can store, renew and look people up."""
    rights = "+hget +hgetall +hset +hdel +get +set +mget +scan +unlink +del +pttl +pexpire"
    user = f"portal on >s3cret ~globus-core:* {rights} +evalsha +eval"
    with running_redis(tmp_path / "redis", "--user", *user.split()) as server:
        url = server.url.replace("redis://", "redis://portal:s3cret@")
        storage = store(url)
        with storage.renewal_lock(NAME) as lease:
            assert lease.extend()
            assert storage.replace(NAME, TOKEN.revision, TOKEN)
        cache = RedisIdentityCache(url)
        cache.put_many({"x": make_identity(1)})
        assert cache.describe().entries == 1
        cache.clear()
        with pytest.raises(StorageError, match=r"(?i)permission") as caught:
            RedisTokenStorage(f"{url}?prefix=else").get_token_data(NAME)
        assert "s3cret" not in str(caught.value)


def test_a_wrong_password_is_not_tried_again(tmp_path: pathlib.Path) -> None:
    """A server may lock out who tries too often."""
    with running_redis(tmp_path / "redis", "--requirepass", "right") as server:
        url = server.url.replace("redis://", "redis://:wrong@")
        with pytest.raises(StorageError, match="invalid username-password pair") as caught:
            store(url)
        assert "wrong" not in str(caught.value)
        right = RedisTokenStorage(server.url.replace("redis://", "redis://:right@"))
        stats = right.server.run("count", lambda client: client.info("errorstats"))
        # redis-py 5 leaves it as text
        assert re.findall(r"\d+", str(stats["errorstat_WRONGPASS"])) == ["1"]


def test_a_restart_is_not_noticed(
    own_server: RedisProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Operations wait for the server to come back, and what was stored is there."""
    storage = store(own_server.url)
    own_server.stop()
    slept: list[float] = []

    def start_again(seconds: float) -> None:
        if not slept:
            own_server.start()
        slept.append(seconds)

    monkeypatch.setattr(waiting, "sleep", start_again)
    assert storage.get_token_data(NAME) == TOKEN
    assert slept


def test_a_lost_answer_is_no_lost_replacement(redis_url: str) -> None:
    """The second attempt finds what the first has done, and says so."""
    storage = store(redis_url)
    newer = make_token(NAME, access_token="newer")
    server: t.Any = storage.server
    real = server._client

    class LosesAnswers:
        """Does what it is told, and then loses the connection, once."""

        lost = False

        def __getattr__(self, name: str) -> t.Any:
            def call(*args: t.Any, **options: t.Any) -> t.Any:
                answer = getattr(real, name)(*args, **options)
                if not self.lost:
                    self.lost = True
                    raise ConnectionResetError_("lost")
                return answer

            return call

    from redis.exceptions import ConnectionError as ConnectionResetError_

    for change, left in ((newer, newer), (None, None)):
        before = storage.get_token_data(NAME)
        assert before is not None
        server._client = LosesAnswers()
        assert storage.replace(NAME, before.revision, change) is True
        server._client = real
        assert storage.get_token_data(NAME) == left
    store(redis_url)
    server._client = LosesAnswers()
    assert storage.remove_token_data(NAME) is True
    server._client = LosesAnswers()
    with storage.renewal_lock(NAME, timeout=0.0) as lease:
        server._client = LosesAnswers()
        assert lease.extend()
    server._client = real


def test_a_server_that_does_not_answer_has_a_deadline(own_server: RedisProcess) -> None:
    """An operation ends after its time, whatever it is waiting for, and says what to do."""
    storage = store(f"{own_server.url}?timeout=0.3")
    with own_server.frozen():
        for _ in range(2):  # on a connection that it has, and on a new one
            with pytest.raises(StorageError, match=r"(?i)timeout") as caught:
                storage.get_token_data(NAME)
            assert "see that the server runs" in str(caught.value.advice)
    assert storage.get_token_data(NAME) == TOKEN


def test_an_answer_in_small_pieces_has_the_same_deadline() -> None:
    """Each piece comes in time; the whole answer would take five seconds."""
    ended = threading.Event()

    def answer() -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            connection.recv(100)
            connection.sendall(b"$100\r\n")
            for _ in range(102):
                connection.sendall(b"x")
                if ended.wait(0.05):
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer)
        thread.start()
        storage = RedisTokenStorage(f"redis://127.0.0.1:{listener.getsockname()[1]}?timeout=0.5")
        with pytest.raises(StorageError, match=r"(?i)timeout"):
            storage.get_token_data(NAME)
        ended.set()
        thread.join()


def test_an_address_that_does_not_answer_leaves_time_for_the_next_one() -> None:
    """A host may have several, of which the first is not reachable from here."""
    make: t.Any = Connection
    connection = make(host="localhost")
    with ending_at(time.monotonic() + 1000):
        assert 400 < connection.socket_connect_timeout <= 500
        assert 900 < connection.socket_timeout <= 1000


def test_a_failover_is_not_noticed(
    own_server: RedisProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that has become a replica is asked again by a new connection."""
    storage = store(own_server.url)
    client = Redis(host=own_server.host, port=own_server.port)
    client.replicaof("127.0.0.1", str(free_port()))
    before = client.info("stats")["total_connections_received"]
    slept: list[float] = []

    def become_primary(seconds: float) -> None:
        slept.append(seconds)
        client.replicaof("NO", "ONE")

    monkeypatch.setattr(waiting, "sleep", become_primary)
    assert storage.replace(NAME, TOKEN.revision, TOKEN)
    assert slept
    assert client.info("stats")["total_connections_received"] == before + 1
    client.close()


def test_a_server_that_is_not_there_is_one_error() -> None:
    """It names the server."""
    storage = RedisTokenStorage(f"redis://127.0.0.1:{free_port()}?timeout=0.2")
    with pytest.raises(StorageError, match=r"cannot read a token at redis://127\.0\.0\.1"):
        storage.get_token_data(NAME)


def test_what_is_no_redis_server_is_one_error() -> None:
    """Something else listens there, and closes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(StorageError, match="Protocol Error"):
            RedisTokenStorage(f"redis://127.0.0.1:{port}").get_token_data(NAME)
        thread.join()


def test_a_server_that_drops_keys_is_warned_of(own_server: RedisProcess) -> None:
    """Once for a server; a policy that drops only what expires is good."""
    storage = RedisTokenStorage(own_server.url)
    settings = {"maxmemory": "100mb", "maxmemory-policy": "allkeys-lru"}
    storage.server.run(
        "set", lambda client: [client.config_set(*pair) for pair in settings.items()]
    )
    with pytest.warns(EvictionWarning, match="allkeys-lru"):
        store(own_server.url)
    storage.server._eviction_checked = False
    good = {"maxmemory-policy": "volatile-lru"}
    storage.server.run("set", lambda client: [client.config_set(*pair) for pair in good.items()])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        store(own_server.url)


def test_a_full_server_is_one_error(own_server: RedisProcess) -> None:
    """It says that memory is missing, and the old token stays."""
    storage = store(own_server.url)
    storage.server.run("set", lambda client: client.config_set("maxmemory", "1"))
    newer = make_token(NAME, access_token="newer")
    with pytest.raises(StorageError, match=r"(?i)memory") as caught:
        storage.replace(NAME, TOKEN.revision, newer)
    assert "more memory" in str(caught.value.advice)
    assert storage.get_token_data(NAME) == TOKEN


def test_a_damaged_record_counts_as_missing(redis_url: str) -> None:
    """The warning says where it is, without its content, and the next store works."""
    storage = store(redis_url)
    damage = b"x" * 64 + b"\n{canary"
    storage.server.run("damage", lambda client: client.hset(storage._tokens, NAME, damage))
    with pytest.warns(UserWarning, match="counts as missing") as caught:
        assert storage.get_token_data(NAME) is None
    assert "canary" not in str(caught[0].message)
    store(redis_url)
    assert storage.get_token_data(NAME) == TOKEN


def test_scripts_are_sent_again_to_a_server_that_forgot_them(redis_url: str) -> None:
    """A restarted server does not know them."""
    storage = store(redis_url)
    for _ in range(2):
        storage.server.run("forget", lambda client: client.script_flush())
        assert storage.replace(NAME, TOKEN.revision, TOKEN) is True


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_child_process_has_its_own_connections(redis_url: str) -> None:
    """A fork, as gunicorn does with preload, and a pickle both work."""
    storage = store(redis_url)
    copy = pickle.loads(pickle.dumps(storage))
    assert copy.get_token_data(NAME) == TOKEN
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of threads that a fork does not take along
        child = os.fork()
    if child == 0:
        good = all(storage.get_token_data(NAME) == TOKEN for _ in range(50))
        os._exit(0 if good else 1)
    for _ in range(50):
        assert storage.get_token_data(NAME) == TOKEN
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_connections_are_kept_from_one_person_to_the_next(redis_url: str) -> None:
    """A portal makes a storage for each request, and has no other that uses the server."""
    portal = RedisTokenStorage(redis_url)

    def connection(person: str) -> int:
        theirs = portal.for_namespace(person)
        return int(theirs.server.run("ask who answers", Redis.client_id))

    assert len({connection(f"person-{number}") for number in range(5)}) == 1
