"""
The tests of this folder log in at servers that somebody else wrote.
"""

from __future__ import annotations

from tests.servers.fixtures import (
    fauxbus,
    nanoidp,
    pytest_collection_modifyitems,
    pytest_runtest_makereport,
)

__all__ = [
    "fauxbus",
    "nanoidp",
    "pytest_collection_modifyitems",
    "pytest_runtest_makereport",
]
