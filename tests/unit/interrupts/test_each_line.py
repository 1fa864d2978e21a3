"""An interrupt at any line of an operation leaves nothing locked."""

from __future__ import annotations

import fcntl
import itertools
import os
import pathlib
import sqlite3
import typing as t

import pytest

from globus_core.identities import Identity
from globus_core.locks import DeadlineRLock, OwnedLock
from globus_core.token_storage import JSONTokenStorage, SQLiteTokenStorage, TokenStorageData
from globus_core_identity.memory import MemoryIdentityCache
from globus_core_identity.sqlite import SQLiteIdentityCache

from .each_line import Case, survey

if t.TYPE_CHECKING:
    from collections.abc import Callable

SERVER = "transfer.api.globus.org"
DATA = TokenStorageData(
    resource_server=SERVER,
    identity_id=None,
    scope="urn:globus:auth:scope:transfer.api.globus.org:all",
    access_token="a",
    refresh_token="r",
    expires_at_seconds=2_000_000_000,
    token_type="Bearer",
)
KINDS = {"json": JSONTokenStorage, "db": SQLiteTokenStorage}


def free_for_others(path: str) -> None:
    """Lock the files as another process does."""
    folder = f"{path}.locks"
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        descriptor = os.open(os.path.join(folder, name), os.O_RDWR)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            os.close(descriptor)
    if path.endswith(".db") and os.path.exists(path):
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        finally:
            connection.close()


def renew(storage: t.Any) -> None:
    with storage.renewal_lock(SERVER):
        pass


STORAGE_OPERATIONS: dict[str, Callable[[t.Any], object]] = {
    "store": lambda storage: storage.store_token_data_by_resource_server({SERVER: DATA}),
    "get": lambda storage: storage.get_token_data(SERVER),
    "remove": lambda storage: storage.remove_token_data(SERVER),
    "renewal_lock": renew,
}


@pytest.mark.parametrize("operation", STORAGE_OPERATIONS)
@pytest.mark.parametrize("kind", ["json", pytest.param("db", marks=pytest.mark.full)])
def test_a_storage_is_free_after_an_interrupt(
    tmp_path: pathlib.Path, kind: str, operation: str
) -> None:
    numbers = itertools.count()

    def make() -> Case:
        path = os.fspath(tmp_path / f"{next(numbers)}.{kind}")
        storage = KINDS[kind](path)
        if kind == "db" or operation != "store":  # creating a database takes long
            storage.store_token_data_by_resource_server({SERVER: DATA})
        do = STORAGE_OPERATIONS[operation]
        return Case(lambda: do(storage), lambda: free_for_others(path))

    points, left = survey(make)
    assert points > 10
    assert left == []


def held(lock: OwnedLock) -> None:
    with lock.held(5):
        pass


def twice(lock: t.Any) -> None:
    with lock.held(), lock.held():
        pass


@pytest.mark.parametrize("name", ["OwnedLock", "DeadlineRLock"])
def test_a_lock_is_free_after_an_interrupt(name: str) -> None:
    def make() -> Case:
        if name == "OwnedLock":
            lock = OwnedLock("a renewal")
            return Case(lambda: held(lock))
        again = DeadlineRLock(5, TimeoutError)
        return Case(lambda: twice(again))

    points, left = survey(make)
    assert points > 5
    assert left == []


@pytest.mark.parametrize("kind", ["memory", pytest.param("sqlite", marks=pytest.mark.full)])
def test_an_identity_cache_is_free_after_an_interrupt(tmp_path: pathlib.Path, kind: str) -> None:
    numbers = itertools.count()

    def make() -> Case:
        path = os.fspath(tmp_path / f"{next(numbers)}.db")
        cache: t.Any = MemoryIdentityCache() if kind == "memory" else SQLiteIdentityCache(path)
        record = Identity({"id": "46bd0f56-e24f-11e5-a510-131bef46955c", "username": "a@b.org"})

        def do() -> None:
            cache.put_many({record.id: record})
            assert cache.get_many([record.id])

        return Case(do, lambda: free_for_others(path))

    points, left = survey(make)
    assert points > 10
    assert left == []
