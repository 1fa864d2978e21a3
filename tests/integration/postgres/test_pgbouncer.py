"""
The contracts through a pooler in transaction mode, which has fewer sessions than clients.
"""

from __future__ import annotations

import functools
import threading
import typing as t
import uuid

import psycopg
import pytest

from globus_core.testing import RenewalLeaseContract, SharedTokenStorageContract, make_token
from globus_core_storage_postgres import PostgresTokenStorage
from tests.integration.postgres.test_contracts import end_lease
from tests.servers.pgbouncer import running_pgbouncer
from tests.servers.postgres_server import PostgresProcess, running_postgres

pytestmark = pytest.mark.full

NAME = "a.example.org"
TOKEN = make_token(NAME)


@pytest.fixture(scope="module")
def pooled_server() -> t.Iterator[PostgresProcess]:
    """A server of the module's own."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def pooler(pooled_server: PostgresProcess) -> t.Iterator[str]:
    """The URL of the database through the pooler."""
    with running_pgbouncer(pooled_server) as url:
        yield url


@pytest.fixture
def url(pooler: str) -> str:
    """The URL of a place in the server that no other test uses."""
    return f"{pooler}?schema=test_{uuid.uuid4().hex}"


class TestThroughPgbouncer(SharedTokenStorageContract, RenewalLeaseContract):
    """
    Tokens in PostgreSQL, through a pooler.
    """

    kills = 50

    @pytest.fixture
    def storage_factory(self, url: str) -> t.Callable[..., t.Any]:
        return functools.partial(PostgresTokenStorage, f"{url}&lease_seconds=1&timeout=60")

    @pytest.fixture
    def lose_lock(self) -> t.Callable[..., None]:
        return end_lease


def test_clients_share_the_sessions_of_the_server(url: str) -> None:
    """And one that is used by others meanwhile keeps its lease."""
    storages = [PostgresTokenStorage(f"{url}&timeout={60 + n}") for n in range(6)]
    sessions: set[int] = set()

    def use(storage: PostgresTokenStorage) -> None:
        storage.store_token_data_by_resource_server({NAME: TOKEN})
        for number in range(20):
            with storage.for_namespace(f"person-{number}").renewal_lock(NAME) as lease:
                assert lease.extend()
                assert lease.still_mine()
            sessions.add(storage.database.fetch("look", b"SELECT pg_backend_pid()", ())[0][0])

    threads = [threading.Thread(target=use, args=(storage,)) for storage in storages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(sessions) <= 2


def test_a_program_may_give_its_connection_to_the_pooler(pooler: str, url: str) -> None:
    """One that prepares statements by itself as well."""
    with psycopg.connect(pooler, autocommit=True, prepare_threshold=0) as connection:
        schema = url.partition("?")[2]
        storage = PostgresTokenStorage(f"postgresql:?{schema}", connections=connection)
        for _ in range(10):
            storage.store_token_data_by_resource_server({NAME: TOKEN})
            assert storage.get_token_data(NAME) == TOKEN


def test_a_restart_behind_the_pooler_is_not_noticed(
    url: str, pooled_server: PostgresProcess
) -> None:
    """The pooler lets operations wait, or refuses them, until the server has come back."""
    storage = PostgresTokenStorage(f"{url}&timeout=60")
    storage.store_token_data_by_resource_server({NAME: TOKEN})
    for kill in (False, True):
        pooled_server.stop(kill=kill)
        found: list[object] = []

        def read(found: list[object] = found) -> None:
            found.append(storage.get_token_data(NAME))

        reading = threading.Thread(target=read)
        reading.start()
        pooled_server.start()
        reading.join()
        assert found == [TOKEN]
