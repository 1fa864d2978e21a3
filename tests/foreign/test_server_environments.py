"""
The environments of the foreign servers: found again, and honest when they cannot be made.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.servers import _environment


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, which the environment variable names."""
    monkeypatch.setenv(_environment.CACHE_VARIABLE, str(tmp_path))
    return tmp_path / "servers"


def test_a_machine_without_a_suitable_python_is_told_what_it_lacks(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason of the skip names the server, the version and what was tried in vain."""
    monkeypatch.setitem(_environment.OLDEST_PYTHON, "fauxbus", (3, 11))
    monkeypatch.setattr(_environment, "_candidates", lambda oldest: iter(["python3.11"]))
    monkeypatch.setattr(_environment, "_probe", lambda candidate: (None, "no such version"))
    with pytest.raises(pytest.skip.Exception, match=r"fauxbus needs Python 3\.11") as skipped:
        _environment.server_python("fauxbus")
    assert "python3.11 (no such version)" in str(skipped.value)


def test_a_python_that_does_not_start_is_passed_over(tmp_path: Path) -> None:
    """A shim without an interpreter behind it counts as none."""
    version, failure = _environment._probe(str(tmp_path / "python3.11"))
    assert version is None
    assert failure == "FileNotFoundError"


def test_a_failed_installation_fails_the_test_with_its_output(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installer's complaint is a failure with its words, not a skip."""
    command = [sys.executable, "-c", "print('no release matches'); raise SystemExit(1)"]
    with pytest.raises(pytest.fail.Exception, match="no release matches"):
        _environment._run_or_fail(command)


def test_an_environment_without_its_marker_is_not_used(cache: Path) -> None:
    """What an interrupted installation left behind is not mistaken for a whole one."""
    folder = cache / "example-1.0-py311"
    python = _environment._python_in(folder)
    python.parent.mkdir(parents=True)
    python.touch()
    assert _environment._find_whole(cache, "example-1.0", "example==1.0\n") is None
    (folder / "complete").write_text("example==1.0\n", encoding="utf-8")
    assert _environment._find_whole(cache, "example-1.0", "example==1.0\n") == python
    assert _environment._find_whole(cache, "example-1.0", "example==1.1\n") is None
