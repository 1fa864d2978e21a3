"""
What type checkers say of programs that use the installed package.
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import sys

import pytest

from tests.installed.programs import completed

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]

_SAMPLES = pathlib.Path(__file__).parent / "samples"
_ERROR = re.compile(r"^\s*(?:\S*[/\\])?(\w+)\.py:(\d+)(?::\d+)?(?::| -) error", re.MULTILINE)


@pytest.fixture(params=["mypy", "pyright"])
def errors(
    request: pytest.FixtureRequest, installed: pathlib.Path, tmp_path: pathlib.Path
) -> list[tuple[str, int]]:
    """Where a checker finds errors in the samples: module and line."""
    samples = tmp_path / "samples"
    shutil.copytree(_SAMPLES, samples, ignore=shutil.ignore_patterns("__pycache__"))
    python = installed / "python"
    command = {
        "mypy": ("mypy", "--strict", f"--cache-dir={os.devnull}", f"--python-executable={python}"),
        "pyright": ("pyright", "--pythonpath", python),
    }[request.param]
    done = completed(sys.executable, "-m", *command, samples, folder=tmp_path)
    assert done.returncode == 1, done.stdout  # 0: the mistakes were not seen; 2: it did not run
    return sorted({(module, int(line)) for module, line in _ERROR.findall(done.stdout)})


def test_checkers_find_exactly_the_mistakes(errors: list[tuple[str, int]]) -> None:
    """A wrong implementation and a wrong call are errors; the right ones are not."""
    lines = (_SAMPLES / "mistakes.py").read_text(encoding="utf-8").splitlines()
    wrong = [number for number, line in enumerate(lines, 1) if "# wrong" in line]
    assert [(module, line) for module, line in errors if module != "mistakes"] == []
    assert sorted({line for _, line in errors}) == wrong
