"""
The wheel, and an environment that it is installed in.
"""

from __future__ import annotations

import os
import pathlib
import sys

import filelock
import pytest

from tests.installed.programs import ROOT, SECONDS, environment, run

#: what the author of a plugin has installed besides
TOOLS = (
    *("cachetools", "filelock", "hatchling", "mypy", "pytest", "responses", "ruff"),
    "types-cachetools",
)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder that all workers of this test run see."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "wheel"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def wheel(shared: pathlib.Path) -> pathlib.Path:
    """The wheel, built from the sources by the worker that comes first."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps")
    with filelock.FileLock(shared / "wheel.lock", timeout=2 * SECONDS):
        if not list(shared.glob("globus_core-*.whl")):
            run(*pip, "--wheel-dir", shared, ROOT, folder=shared)
    (built,) = shared.glob("globus_core-*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: pathlib.Path, shared: pathlib.Path) -> pathlib.Path:
    """The folder with the programs of an environment that holds the wheel and its extras."""
    return environment(shared / "environment", f"{wheel}[cli,sandbox]")


@pytest.fixture(scope="session")
def workshop(wheel: pathlib.Path, shared: pathlib.Path) -> pathlib.Path:
    """The same for an environment as the author of a plugin has it."""
    return environment(shared / "workshop", f"{wheel}[cli,sandbox]", *TOOLS)


@pytest.fixture(scope="session")
def lowest_workshop(wheel: pathlib.Path, shared: pathlib.Path) -> pathlib.Path:
    """The same with the oldest releases that globus-core allows of what it depends on."""
    packages = (f"{wheel}[cli,sandbox]", *TOOLS)
    return environment(shared / "lowest", *packages, lowest=True)
