"""
The tests of this folder use servers and programs that somebody else wrote.
"""

from __future__ import annotations

from tests.servers.fixtures import (
    fauxbus,
    globus_cli,
    nanoidp,
    pytest_collection_modifyitems,
    pytest_runtest_makereport,
)

__all__ = [
    "fauxbus",
    "globus_cli",
    "nanoidp",
    "pytest_collection_modifyitems",
    "pytest_runtest_makereport",
]
