"""
Tokens in a real PostgreSQL server keep the contracts.
"""

from __future__ import annotations

import functools
import typing as t

import pytest

from globus_core.testing import RenewalLeaseContract, SharedTokenStorageContract
from globus_core.token_storage import TokenStorage
from globus_core_storage_postgres import PostgresTokenStorage
from globus_core_storage_postgres.database import changed

Factory = t.Callable[..., TokenStorage]


class TestPostgres(SharedTokenStorageContract, RenewalLeaseContract):
    """
    Tokens in PostgreSQL.
    """

    kills = 200

    @pytest.fixture
    def storage_factory(self, postgres_url: str) -> Factory:
        # a killed holder keeps its lock for as long as a lease lasts
        return functools.partial(PostgresTokenStorage, f"{postgres_url}&lease_seconds=1&timeout=60")

    @pytest.fixture
    def lose_lock(self) -> t.Callable[..., None]:
        return end_lease


def end_lease(storage: t.Any, resource_server: str) -> None:
    """End the renewal lock of a token as if its time were over."""
    schema = storage._settings.schema
    statement = (
        f'UPDATE "{schema}".globus_core_leases SET ends = now() '
        "WHERE app = %s AND namespace = %s AND resource_server = %s"
    )
    key = storage._key(resource_server)
    ended = storage.database.run(
        "end a lock", lambda c, _, again: changed(c, statement.encode(), key)
    )
    assert ended == 1


def test_replacing_is_one_step() -> None:
    """So the contract skips none of its tests, as it does where the method is inherited."""
    assert PostgresTokenStorage.replace is not TokenStorage.replace
