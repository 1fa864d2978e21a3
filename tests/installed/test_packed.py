"""
Programs that are packed into one file, and started where nothing else of them is.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import sys
import typing as t

import filelock
import pytest

from tests.installed.programs import ROOT, SECONDS, ended, environment, run

pytestmark = [pytest.mark.full, pytest.mark.timeout(1200)]

PROGRAM = """\
from globus_core import AuthClient, UserApp

with UserApp("packed", client_id="5a3c0f0e-0000-4000-8000-000000000001") as app:
    with AuthClient(app=app) as client:
        print(client.base_url, app.app_name, app.login_required())
"""
PRINTED = "https://auth.globus.org/ packed True\n"

#: uses each default plugin, one of somebody else's, and says of each plugin whether it can be used
ALL_PLUGINS = """\
import sys

from globus_core import AuthClient, IdentityMap, UserApp, plugins
from globus_core.globus_app import GlobusAppConfig

config = GlobusAppConfig(token_storage="example-storage://" + sys.argv[1])
with UserApp("packed", client_id="5a3c0f0e-0000-4000-8000-000000000001", config=config) as app:
    print(type(app.token_storage.token_storage).__module__)
    print(len(IdentityMap(AuthClient(app=app))))
for record in plugins.get_plugin_manager().records():
    print(record.name, record.state)
"""


@pytest.fixture(autouse=True)
def _one_at_a_time(shared: pathlib.Path) -> t.Iterator[None]:
    """Let no other worker put the packers away that this test uses."""
    with filelock.FileLock(shared / "packing.lock", timeout=4 * SECONDS):
        yield


@pytest.fixture(scope="session")
def packers(
    wheel: pathlib.Path, shared: pathlib.Path, tmp_path_factory: pytest.TempPathFactory
) -> pathlib.Path:
    """The programs of an environment that holds the wheel, an example's, and the packers."""
    example = ROOT / "docs" / "examples" / "globus-core-example-storage"
    copy = tmp_path_factory.mktemp("packed") / example.name
    shutil.copytree(example, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return environment(
        shared / "packers", str(wheel), str(copy), "pyinstaller>=6.10", "shiv>=1.0.8"
    )


@pytest.fixture(scope="session")
def bare(shared: pathlib.Path) -> pathlib.Path:
    """An interpreter without any packages."""
    return environment(shared / "bare") / "python"


@contextlib.contextmanager
def put_away(programs: pathlib.Path) -> t.Iterator[None]:
    """Have an environment be nowhere to be found."""
    away = programs.parent.with_suffix(".away")
    programs.parent.rename(away)
    try:
        yield
    finally:
        away.rename(programs.parent)


def alone(*command: str | pathlib.Path, home: pathlib.Path) -> str:
    """What a program prints that is given no settings and no path, in an empty folder."""
    folder = home / "elsewhere"
    folder.mkdir(parents=True)
    done = ended(*command, folder=folder, environ={"HOME": str(home)})
    assert done.returncode == 0, done.stdout
    return done.stdout


def packed(packers: pathlib.Path, folder: pathlib.Path, program: str) -> pathlib.Path:
    """Pack a program by PyInstaller, with no flag but the one for a single file."""
    if sys.platform == "linux" and not shutil.which("objcopy"):
        pytest.skip("PyInstaller needs the binutils")
    (folder / "program.py").write_text(program, encoding="utf-8")
    run(packers / "pyinstaller", "--onefile", "program.py", folder=folder)
    return folder / "dist" / ("program.exe" if os.name == "nt" else "program")


def test_a_program_packed_by_pyinstaller_starts(
    packers: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    """Five lines that make an app and a client of it, found through our hook."""
    program = packed(packers, tmp_path, PROGRAM)
    with put_away(packers):
        assert alone(program, home=tmp_path / "home") == PRINTED


def test_a_packed_program_has_all_plugins(packers: pathlib.Path, tmp_path: pathlib.Path) -> None:
    """Those of others as well, with the modules that only their references name."""
    program = packed(packers, tmp_path, ALL_PLUGINS)
    with put_away(packers):
        lines = alone(program, tmp_path / "tokens", home=tmp_path / "home").splitlines()
    assert lines[0].startswith("globus_core_example_storage")
    assert lines[1] == "0"
    states = dict(line.split(" ", 1) for line in lines[2:])
    for name in ("app", "auth", "errors", "identity", "storage", "example-storage"):
        assert states[name] == "loaded", states


def test_a_program_zipped_by_shiv_starts(
    packers: pathlib.Path, wheel: pathlib.Path, bare: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    """The same five lines, in a zip file for any interpreter."""
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "program.py").write_text(PROGRAM, encoding="utf-8")
    (modules / "start.py").write_text("def main() -> None:\n    import program\n", encoding="utf-8")
    archive = tmp_path / "program.pyz"
    options = ("--site-packages", modules, "--entry-point", "start:main", "--output-file", archive)
    run(packers / "shiv", *options, wheel, folder=tmp_path)
    with put_away(packers):
        assert alone(bare, "-I", archive, home=tmp_path / "home") == PRINTED
