"""
The stores that a fleet may share. Each is a server at an address, which can be stopped and started.
"""

from __future__ import annotations

import contextlib
import pathlib
import typing as t

from tests.servers.postgres_server import running_postgres
from tests.servers.redis_server import RedisProcess

#: seconds that a lease lasts in these tests; an attempt to send has two thirds of it
LEASE_SECONDS = 3
#: seconds that an operation of the store may take in these tests
OPERATION_SECONDS = 5


class Store(t.Protocol):
    """
    A store's server.
    """

    @property
    def url(self) -> str:
        """Its URL, as a token storage has it."""

    def start(self) -> None:
        """Start it again, with what it has stored."""

    def kill(self) -> None:
        """End it at once."""

    def remove(self) -> None:
        """End it for good."""


class RedisStore:
    """
    A Redis or Valkey server.

    :param folder: its files
    :param address: where it listens
    """

    def __init__(self, folder: pathlib.Path, address: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._server = RedisProcess(folder, "--protected-mode", "no", host=address)
        self._server.start()

    @property
    def url(self) -> str:
        """Its URL, as a token storage has it."""
        options = f"lease_seconds={LEASE_SECONDS}&timeout={OPERATION_SECONDS}"
        return f"{self._server.url}?{options}"

    def start(self) -> None:
        """Start it again, with what it has stored."""
        self._server.start()

    def kill(self) -> None:
        """End it at once."""
        self._server.stop(kill=True)

    def remove(self) -> None:
        """End it for good."""
        self.kill()


class PostgresStore:
    """
    A PostgreSQL server.

    :param folder: not used, since the server is another user, who cannot enter it
    :param address: where it listens
    """

    def __init__(self, folder: pathlib.Path, address: str) -> None:
        self._ending = contextlib.ExitStack()
        self._server = self._ending.enter_context(running_postgres(host=address))

    @property
    def url(self) -> str:
        """Its URL, as a token storage has it."""
        options = f"lease_seconds={LEASE_SECONDS}&timeout={OPERATION_SECONDS}"
        return f"{self._server.url}?{options}"

    def start(self) -> None:
        """Start it again, with what it has stored."""
        self._server.start()

    def kill(self) -> None:
        """End it at once."""
        self._server.stop(kill=True)

    def remove(self) -> None:
        """End it, and remove its files."""
        self._ending.close()


STORES: dict[str, t.Callable[[pathlib.Path, str], Store]] = {
    "postgres": PostgresStore,
    "redis": RedisStore,
}


@contextlib.contextmanager
def running_store(kind: str, folder: pathlib.Path, address: str) -> t.Iterator[Store]:
    """Run a store for a ``with`` block."""
    store = STORES[kind](folder, address)
    try:
        yield store
    finally:
        store.remove()
