"""
What people install: the wheel, in an environment of its own, far from the sources.
"""

from __future__ import annotations

import pathlib
import zipfile

import pytest

from tests.installed.programs import ROOT, run

pytestmark = pytest.mark.timeout(600)

_EXAMPLES = ROOT / "docs" / "examples"
_SOURCES = (ROOT / "globus_core", *sorted((ROOT / "plugins").glob("globus_core_*")))


def _is_left_over(file: pathlib.Path) -> bool:
    """Whether a file is what Python or a tool has put beside the sources."""
    parts = file.relative_to(ROOT).parts
    return any(part.startswith(".") or part == "__pycache__" for part in parts)


def test_the_wheel_holds_every_source_file(wheel: pathlib.Path) -> None:
    """Modules, stubs, markers and templates of the kernel and of each plugin."""
    wanted = {
        file.relative_to(source.parent).as_posix()
        for source in _SOURCES
        for file in source.rglob("*")
        if file.is_file() and not _is_left_over(file)
    } | {
        f"globus_core_cli/examples/{file.relative_to(_EXAMPLES).as_posix()}"
        for file in _EXAMPLES.rglob("*")
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
    for source in (source for source in _SOURCES[1:] if (source / "hooks.py").exists()):
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
    assert len(lines) == 12, output
    assert all(" ok " in line for line in lines[:11]), output
