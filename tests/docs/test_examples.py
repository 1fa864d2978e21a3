"""
The code in README and docs is run, as a reader would run it, against the sandbox.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]  # pytest brings it

from globus_core_cli._examples import copy_example
from tests.docs.pages import PAGES, ROOT, Block, blocks, files, new_plugins, programs, removed_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from pathlib import Path

    from globus_core.testing import Sandbox

#: how many Python blocks are not run, by page; each says why in the page's source
NOT_RUN: dict[str, int] = {
    "docs/guides/async.md": 1,
    "docs/guides/collection-files.md": 2,
    "docs/guides/flows.md": 1,
    "docs/guides/groups.md": 1,
    "docs/guides/many-hosts.md": 1,
    "docs/guides/notebook.md": 1,
    "docs/guides/requests.md": 1,
    "docs/guides/search.md": 1,
    "docs/guides/transfer.md": 1,
    "docs/guides/unattended.md": 1,
}

_WITH_PROGRAMS = [page for page in PAGES if programs(page)]
_WITH_TESTS = [page for page in PAGES if any("test_" in block.value for block in files(page))]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder from which a page's own packages are imported."""
    folder = tmp_path / "site"
    folder.mkdir()
    return folder


@pytest.fixture
def environment(tmp_path: Path, site: Path, globus_sandbox: Sandbox) -> dict[str, str]:
    """The variables of a reader's terminal: the sandbox's address, a home folder of its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GLOBUS_", "SSH_", "PYTEST_", "COV_"))
    }
    home = tmp_path / "home"
    home.mkdir()
    paths = [str(site), kept.get("PYTHONPATH", "")]
    return {
        **kept,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "LOCALAPPDATA": str(home),
        **globus_sandbox.environment(),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@pytest.mark.parametrize("page", _WITH_PROGRAMS)
def test_the_code_on_a_page_runs_and_prints_what_it_says(
    page: str, site: Path, environment: dict[str, str]
) -> None:
    """Every Python block runs in order, and what is said to be printed is printed."""
    _install(page, site)
    results = _run(page, environment)

    errors = [result["error"] for result in results if result["error"]]
    assert not errors, errors[0]
    for printed, expected in _printing(page, results):
        assert re.fullmatch(expected, printed.strip(), re.S), f"{page} prints {printed!r}"


@pytest.mark.full
@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", _WITH_TESTS)
def test_the_tests_shown_on_a_page_pass(page: str, site: Path, environment: dict[str, str]) -> None:
    """Test files that a page shows are collected by pytest, and pass."""
    _install(page, site)
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-W", "error"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--rootdir", str(site), str(site)],
        env=environment,
        cwd=site,
        capture_output=True,
        text=True,
        timeout=590,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES)
def test_blocks_that_are_not_run_are_counted(page: str) -> None:
    """A block is left out only where the list above says so, and the page gives the reason."""
    left_out = [block for block in blocks(page) if block.remark == "not run"]

    assert len(left_out) == NOT_RUN.get(page, 0)
    assert all(block.value for block in left_out)


def _install(page: str, site: Path) -> None:
    """Write the files that the page shows; a pyproject.toml is installed, as far as it says."""
    for kind, name in new_plugins(page):
        written = site.parent / f"globus-core-{name}"
        copy_example(kind, name, written)
        shutil.copytree(written, site, dirs_exist_ok=True)
        _pretend_installed((site / "pyproject.toml").read_text(encoding="utf-8"), site)
    for removed in removed_files(page):
        (site / removed).unlink()
    for block in files(page):
        path = site / block.value
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
        if path.name == "pyproject.toml":
            _pretend_installed(block.text, site)


def _pretend_installed(pyproject: str, site: Path) -> None:
    """Leave the entry points as an installer does, without the minute that it takes."""
    project = tomllib.loads(pyproject)["project"]
    name, version = project.get("name", "docs-example"), project.get("version", "1.0")
    folder = site / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (folder / "METADATA").write_text(metadata, encoding="utf-8")
    lines = []
    for group, points in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{key} = {value}" for key, value in points.items())]
    (folder / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _run(page: str, environment: dict[str, str]) -> list[dict[str, t.Any]]:
    return run_blocks(page, programs(page), environment)


def run_blocks(
    page: str, given: list[Block], environment: dict[str, str]
) -> list[dict[str, t.Any]]:
    """
    Run blocks in one process, in which somebody logs in, and give what each has printed.

    :param page: the page, for tracebacks
    :param given: the blocks
    :param environment: the variables of that process
    """
    texts = [{"text": block.text, "line": block.line} for block in given]
    done = subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "tests" / "docs" / "run_page.py")],
        input=json.dumps({"page": page, "blocks": texts}),
        env=environment,
        cwd=environment["HOME"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results: list[dict[str, t.Any]] = json.loads(done.stdout)
    return results


def _printing(page: str, results: list[dict[str, t.Any]]) -> t.Iterator[tuple[str, str]]:
    """What blocks have printed, and the pattern of what the page says they print."""
    number = -1
    for block in blocks(page):
        if block.language == "python" and block.remark is None:
            number += 1
        elif block.remark == "prints":
            pattern = re.escape(block.text.strip()).replace(r"\.\.\.", ".*?")
            yield results[number]["printed"], pattern
