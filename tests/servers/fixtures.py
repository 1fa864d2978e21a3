"""
The foreign servers and globus-cli as pytest fixtures, one of each for a worker's whole session.
"""

from __future__ import annotations

import typing as t

import pytest

from ._environment import FIRST_USE_SECONDS
from ._process import tail
from .fauxbus import Fauxbus, running_fauxbus
from .globus_cli import GlobusCli, installed_globus_cli
from .nanoidp import Nanoidp, running_nanoidp


@pytest.fixture(scope="session")
def fauxbus(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Fauxbus]:
    """A running fauxbus: Globus Auth's answers for confidential clients."""
    with running_fauxbus(tmp_path_factory.mktemp("fauxbus")) as server:
        yield server


@pytest.fixture(scope="session")
def nanoidp(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Nanoidp]:
    """A running nanoidp: a strict provider with PKCE and refresh rotation."""
    with running_nanoidp(tmp_path_factory.mktemp("nanoidp")) as server:
        yield server


@pytest.fixture(scope="session")
def globus_cli() -> GlobusCli:
    """The installed globus-cli, without any login."""
    return installed_globus_cli()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> t.Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what a server wrote below the failure of a test that used it."""
    report = yield
    if report.failed:
        for value in getattr(item, "funcargs", {}).values():
            if isinstance(value, (Fauxbus, Nanoidp)):
                report.sections.append((f"log of {type(value).__name__}", tail(value.log)))
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the first test of a worker the time to install a server, or to wait for it."""
    for item in items:
        if {"fauxbus", "globus_cli", "nanoidp"}.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.timeout(FIRST_USE_SECONDS))
