"""
The wheel, and an environment that it is installed in.
"""

from __future__ import annotations

import os
import pathlib
import sys

import filelock
import pytest

from tests.installed.programs import ROOT, SECONDS, run


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
    with filelock.FileLock(shared / "wheel.lock", timeout=SECONDS):
        if not list(shared.glob("globus_core-*.whl")):
            run(*pip, "--wheel-dir", shared, ROOT, folder=shared)
    (built,) = shared.glob("globus_core-*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: pathlib.Path, shared: pathlib.Path) -> pathlib.Path:
    """The folder with the programs of an environment that holds the wheel and its extras."""
    return _environment(shared / "environment", f"{wheel}[cli,sandbox]")


@pytest.fixture(scope="session")
def workshop(wheel: pathlib.Path, shared: pathlib.Path) -> pathlib.Path:
    """The same for an environment as the author of a plugin has it."""
    tools = ("cachetools", "filelock", "hatchling", "pytest", "responses")
    return _environment(shared / "workshop", f"{wheel}[cli,sandbox]", *tools)


def _environment(folder: pathlib.Path, *packages: str) -> pathlib.Path:
    """Make an environment, once for all workers of this test run; the folder of its programs."""
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = (programs / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    complete = folder.with_suffix(".complete")
    with filelock.FileLock(folder.with_suffix(".lock"), timeout=SECONDS):
        if not complete.exists():
            run(sys.executable, "-m", "venv", folder, folder=folder.parent)
            run(*pip, *packages, folder=folder.parent)
            complete.touch()
    return programs
