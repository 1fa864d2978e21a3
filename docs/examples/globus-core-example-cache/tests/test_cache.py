"""The contract of identity caches."""

import pytest
from globus_core_example_cache.cache import ExampleIdentityCache

from globus_core.testing import IdentityCacheContract


class TestExampleIdentityCache(IdentityCacheContract):
    @pytest.fixture
    def cache_factory(self):
        return ExampleIdentityCache
