"""An interrupt at any line of an operation leaves nothing locked."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import pathlib
import sqlite3
import time
import types
import typing as t

import pytest

from globus_core import GlobusAppConfig, UserApp
from globus_core.authorizers.renewing import RenewingAuthorizer
from globus_core.exc import IDTokenError
from globus_core.identities import Identity
from globus_core.locks import DeadlineRLock, OwnedLock
from globus_core.token_storage import (
    JSONTokenStorage,
    MemoryTokenStorage,
    SQLiteTokenStorage,
    TokenStorageData,
)
from globus_core.token_storage.validating_token_storage import TokenValidationError
from globus_core_auth.key_store import KeyStore
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
KINDS: dict[str, Callable[[str], t.Any]] = {
    "json": JSONTokenStorage,
    "db": SQLiteTokenStorage,
    "memory": lambda path: MemoryTokenStorage(),
}


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


# a connection that an interrupt kept from being stored; it is closed when it goes
unclosed = pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")

STORAGE_OPERATIONS: dict[str, Callable[[t.Any], object]] = {
    "store": lambda storage: storage.store_token_data_by_resource_server({SERVER: DATA}),
    "get": lambda storage: storage.get_token_data(SERVER),
    "remove": lambda storage: storage.remove_token_data(SERVER),
    "replace": lambda storage: storage.replace(SERVER, DATA.revision, DATA),
    "renewal_lock": renew,
}


@pytest.mark.parametrize("operation", STORAGE_OPERATIONS)
@pytest.mark.parametrize("kind", ["json", "memory", pytest.param("db", marks=pytest.mark.full)])
@unclosed
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
    assert points > 4
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
@unclosed
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


APP_OPERATIONS: dict[str, Callable[[UserApp], object]] = {
    "add_scope_requirements": lambda app: app.add_scope_requirements({SERVER: DATA.scope}),
    "login_required": lambda app: app.login_required(),
    "get_authorizer": lambda app: app.get_authorizer(SERVER),
    "get_authorizer_without_login": lambda app: app.get_authorizer_without_login(SERVER),
    "logout": lambda app: app.logout(),
}


@pytest.mark.parametrize("operation", APP_OPERATIONS)
def test_an_app_is_free_after_an_interrupt(operation: str) -> None:
    """It has no tokens and nobody to log in."""

    def make() -> Case:
        app = UserApp(
            "an app",
            client_id="5f9a3fd6-6a4b-4a5e-8bd9-3b6c1b4ed4d5",
            scope_requirements={SERVER: DATA.scope},
            config=GlobusAppConfig(
                token_storage=MemoryTokenStorage(), token_validation_error_handler=None
            ),
        )

        def do() -> None:
            with contextlib.suppress(TokenValidationError):
                APP_OPERATIONS[operation](app)

        def may_log_in() -> None:
            assert not app._gate.logins_barred

        return Case(do, may_log_in)

    points, left = survey(make)
    assert points > 10
    assert left == []


class Response(types.SimpleNamespace):
    def get(self, name: str) -> None:
        """No ID token."""


class Renewed(RenewingAuthorizer):
    def _get_token_response(self) -> t.Any:
        token = {**DATA.to_dict(), "expires_at_seconds": int(time.time()) + 3600}
        return Response(by_resource_server={SERVER: token})


@pytest.mark.parametrize("stored", [False, True], ids=["without a storage", "with a storage"])
def test_an_authorizer_is_free_after_an_interrupt(stored: bool) -> None:
    def make() -> Case:
        storage = MemoryTokenStorage() if stored else None
        if storage is not None:
            storage.store_token_data_by_resource_server({SERVER: DATA})
        authorizer = Renewed("a", 1, token_storage=storage, resource_server=SERVER)

        def do() -> None:
            authorizer.handle_refused_header(authorizer._header)
            assert authorizer.get_authorization_header()

        return Case(do)

    points, left = survey(make)
    assert points > 50
    assert left == []


def test_a_key_store_is_free_after_an_interrupt() -> None:
    """The server publishes no key."""
    server = "https://auth.example.org"
    keys = types.SimpleNamespace(data={"keys": []}, urls=[f"{server}/jwk.json"])
    client = types.SimpleNamespace(
        get_openid_configuration=lambda: {"issuer": server, "jwks_uri": f"{server}/jwk.json"},
        get=lambda *args, **kwargs: keys,
    )

    def make() -> Case:
        store = KeyStore(client)

        def do() -> None:
            with contextlib.suppress(IDTokenError):
                store.key_for("a")

        return Case(do)

    points, left = survey(make)
    assert points > 20
    assert left == []
