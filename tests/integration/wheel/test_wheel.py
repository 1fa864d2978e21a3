"""
What people install: the wheel, in an environment of its own, far from the sources.
"""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import zipfile

import filelock
import pytest

pytestmark = pytest.mark.timeout(600)

_ROOT = pathlib.Path(__file__).resolve().parents[3]
_SOURCES = (_ROOT / "globus_core", *sorted((_ROOT / "plugins").glob("globus_core_*")))
_SECONDS = 240


def run(*command: str | os.PathLike[str], folder: pathlib.Path) -> str:
    """Run a program that knows nothing of the sources; its output, which must be no failure."""
    hidden = ("PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=environment,
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def _is_left_over(file: pathlib.Path) -> bool:
    """Whether a file is what Python or a tool has put beside the sources."""
    parts = file.relative_to(_ROOT).parts
    return any(part.startswith(".") or part == "__pycache__" for part in parts)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder that all workers of this test run see."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "wheel"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def wheel(shared: pathlib.Path) -> pathlib.Path:
    """The wheel, built from the sources by the worker that comes first."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps")
    with filelock.FileLock(shared / "wheel.lock", timeout=_SECONDS):
        if not list(shared.glob("globus_core-*.whl")):
            run(*pip, "--wheel-dir", shared, _ROOT, folder=shared)
    (built,) = shared.glob("globus_core-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: pathlib.Path, shared: pathlib.Path) -> pathlib.Path:
    """The folder with the programs of an environment that holds the wheel and its extras."""
    environment = shared / "environment"
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    pip = (programs / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    with filelock.FileLock(shared / "environment.lock", timeout=_SECONDS):
        if not (shared / "complete").exists():
            run(sys.executable, "-m", "venv", environment, folder=shared)
            run(*pip, f"{wheel}[cli,sandbox]", folder=shared)
            (shared / "complete").touch()
    return programs


def test_the_wheel_holds_every_source_file(wheel: pathlib.Path) -> None:
    """Modules, stubs, markers and templates of the kernel and of each plugin."""
    wanted = {
        file.relative_to(source.parent).as_posix()
        for source in _SOURCES
        for file in source.rglob("*")
        if file.is_file() and not _is_left_over(file)
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == wanted
    assert {f"{source.name}/py.typed" for source in _SOURCES} <= held
    assert "globus_core/__init__.pyi" in held
    assert any(name.endswith(".html") for name in held)


def test_the_wheel_states_its_plugins_and_extras(wheel: pathlib.Path) -> None:
    """Discovery reads entry points, and an installer reads the extras."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name.rpartition("/")[2]: name for name in archive.namelist()}
        points = archive.read(names["entry_points.txt"]).decode()
        metadata = archive.read(names["METADATA"]).decode()
    for source in _SOURCES[1:]:
        assert f"{source.name.removeprefix('globus_core_')} = {source.name}.hooks" in points
    assert "globus-core = globus_core_cli:main" in points
    assert "Provides-Extra: cli" in metadata
    assert "Provides-Extra: sandbox" in metadata
    assert any(name.startswith("LICENSE") for name in names)


def test_the_installed_package_is_imported_from_its_own_place(installed: pathlib.Path) -> None:
    """Importing it works, and finds nothing of the sources."""
    code = "import globus_core; print(globus_core.__file__); from globus_core import UserApp"
    shown = run(installed / "python", "-c", code, folder=installed.parent)
    assert pathlib.Path(shown.strip()).is_relative_to(installed.parent)


def test_the_demo_is_green_where_it_is_installed(installed: pathlib.Path) -> None:
    """``pip install "globus-core[cli,sandbox]"`` and ``globus-core demo`` are all it takes."""
    output = run(installed / "globus-core", "demo", folder=installed.parent)
    lines = output.splitlines()
    assert len(lines) == 11, output
    assert all(" ok " in line for line in lines[:10]), output
