"""
The tests of this folder show the demo at a server of somebody else as well.
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
