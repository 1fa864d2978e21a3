"""
A service for each test.
"""

from __future__ import annotations

import pytest

from tests.unit.resource_server.services import Service


@pytest.fixture
def service() -> Service:
    """
    A service with its Globus Auth.
    """
    return Service()
