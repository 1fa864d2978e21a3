"""The contract of identity caches."""

from __future__ import annotations

import typing as t

import pytest
from globus_core_example_cache.cache import ExampleIdentityCache

from globus_core.identities import IdentityCache
from globus_core.testing import IdentityCacheContract


class TestExampleIdentityCache(IdentityCacheContract):
    @pytest.fixture
    def cache_factory(self) -> t.Callable[..., IdentityCache]:
        return ExampleIdentityCache
