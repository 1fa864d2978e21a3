"""
Tokens and identities in a real Redis server keep the contracts.
"""

from __future__ import annotations

import functools
import typing as t

import pytest
from redis import Redis

from globus_core import TokenChecker
from globus_core.identities import IdentityCache
from globus_core.testing import (
    RenewalLeaseContract,
    SharedCheckerContract,
    SharedIdentityCacheContract,
    SharedTokenStorageContract,
)
from globus_core.token_storage import TokenStorage
from globus_core_storage_redis import RedisIdentityCache, RedisTokenStorage

Factory = t.Callable[..., TokenStorage]


class TestRedis(SharedTokenStorageContract, RenewalLeaseContract):
    """
    Tokens in Redis.
    """

    kills = 200

    @pytest.fixture
    def storage_factory(self, redis_url: str) -> Factory:
        # a killed holder keeps its lock for as long as a lease lasts
        return functools.partial(RedisTokenStorage, f"{redis_url}&lease_seconds=1&timeout=60")

    @pytest.fixture
    def lose_lock(self) -> t.Callable[..., None]:
        def end(storage: t.Any, resource_server: str) -> None:
            key = storage._key_of("renewal", resource_server)
            assert storage.server.run("end a lock", Redis.pexpire, key, 0) == 1

        return end


class TestRedisIdentities(SharedIdentityCacheContract):
    """
    Identities in Redis, which expire by its clock.
    """

    expires = False
    bounded = False
    asks_once = True

    @pytest.fixture
    def cache_factory(self, redis_url: str) -> t.Callable[..., IdentityCache]:
        return functools.partial(RedisIdentityCache, redis_url)


class TestRedisCheckers(SharedCheckerContract):
    """
    What checkers of many hosts know about callers, in Redis.
    """

    asks_once = True

    @pytest.fixture
    def checker_factory(self, redis_url: str) -> t.Callable[..., TokenChecker]:
        return functools.partial(TokenChecker, cache=redis_url)


def test_replacing_is_one_step() -> None:
    """So the contract skips none of its tests, as it does where the method is inherited."""
    assert RedisTokenStorage.replace is not TokenStorage.replace
