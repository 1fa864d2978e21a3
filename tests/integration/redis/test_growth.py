"""
How messages and connections grow with the workers, as the server sees them.
"""

from __future__ import annotations

import pathlib
import typing as t

import pytest

from globus_core import RefreshTokenAuthorizer
from globus_core.leases import confirm_lease
from globus_core.testing import make_token
from globus_core_storage_redis import RedisTokenStorage
from tests.servers.redis_server import RedisProcess, running_redis

NAME = "a.example.org"
OLD = make_token(NAME, expires_at_seconds=1)
NEW = make_token(NAME, access_token="new", expires_at_seconds=4_000_000_000)
WORKERS = 20
#: take the lock, read, extend the lock and ask whether it is still held, store, give the lock back
RENEWING = {"evalsha": 4, "hget": 1, "get": 1}
#: take the lock, read the token that another worker has stored, give the lock back
READING = {"evalsha": 2, "hget": 1}


class Response:
    """
    The answer to a refresh.
    """

    by_resource_server = {NAME: NEW.to_dict()}

    def get(self, name: str) -> None:
        """No other field."""


class Client:
    """
    Asks the lease as the transport does, and sends nothing.
    """

    def oauth2_refresh_token(self, refresh_token: str, **options: t.Any) -> Response:
        """Give the answer."""
        confirm_lease()
        return Response()


@pytest.fixture
def own_server(tmp_path: pathlib.Path) -> t.Iterator[RedisProcess]:
    """A server with no other clients."""
    with running_redis(tmp_path / "redis") as server:
        yield server


def worker(url: str) -> RefreshTokenAuthorizer:
    """A worker whose token has expired."""
    return RefreshTokenAuthorizer(
        f"refresh-{NAME}",
        Client(),
        access_token=OLD.access_token,
        expires_at=1,
        token_storage=RedisTokenStorage(url),
        resource_server=NAME,
    )


def sent(server: t.Any, work: t.Callable[[], object]) -> dict[str, int]:
    """What clients send during some work, by command; what scripts do is no message."""
    counts: dict[str, int] = {}
    with server._client.monitor() as monitor:
        work()
        server._client.echo("end")
        for seen in monitor.listen():
            name = seen["command"].split()[0].lower()
            if name == "echo":
                break
            if seen["client_type"] != "lua":
                counts[name] = counts.get(name, 0) + 1
    return counts


def test_six_messages_renew_a_token_and_three_find_it(own_server: RedisProcess) -> None:
    """So the messages of an expiry grow by three with each worker; a valid header sends none."""
    storage = RedisTokenStorage(own_server.url)
    for _ in range(2):  # the server learns the scripts in the first round
        storage.store_token_data_by_resource_server({NAME: OLD})
        first, *others = [worker(own_server.url) for _ in range(WORKERS)]
        renewing = sent(storage.server, first.get_authorization_header)
        reading = sent(storage.server, lambda: [it.get_authorization_header() for it in others])  # noqa: B023
        later = sent(storage.server, first.get_authorization_header)
    assert renewing == RENEWING
    assert reading == {name: count * (WORKERS - 1) for name, count in READING.items()}
    assert later == {}


def test_workers_of_a_process_share_connections(own_server: RedisProcess) -> None:
    """It has one for each thread that waits for the server at the same moment, so one here."""
    workers = [worker(own_server.url) for _ in range(WORKERS)]
    RedisTokenStorage(own_server.url).store_token_data_by_resource_server({NAME: OLD})
    for it in workers:
        it.get_authorization_header()
    server = RedisTokenStorage(own_server.url).server
    assert len(server.run("count", lambda client: client.client_list())) == 1
