"""
A PostgreSQL server, which the tests of a worker share; each test has a schema of its own.
"""

from __future__ import annotations

import typing as t
import uuid

import pytest

from tests.servers.postgres_server import PostgresProcess, running_postgres


@pytest.fixture(scope="session")
def postgres_server() -> t.Iterator[PostgresProcess]:
    """A running server."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresProcess) -> str:
    """The URL of a place in the server that no other test uses."""
    return f"{postgres_server.url}?schema=test_{uuid.uuid4().hex}"
