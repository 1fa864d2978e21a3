"""
A Redis or Valkey server, which the tests of a worker share; each test has a prefix of its own.
"""

from __future__ import annotations

import typing as t
import uuid

import pytest

from tests.servers.redis_server import RedisProcess, running_redis


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[RedisProcess]:
    """A running server."""
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisProcess) -> str:
    """The URL of a place in the server that no other test uses."""
    return f"{redis_server.url}?prefix=test-{uuid.uuid4().hex}"
