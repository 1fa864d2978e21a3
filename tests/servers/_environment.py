"""
Virtual environments for the foreign servers and globus-cli: made once, kept, shared by all workers.

An environment is whole when its marker file is there; the marker is written
last and holds the requirement that was installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import typing as t
from pathlib import Path

import filelock
import pytest

CACHE_VARIABLE = "GLOBUS_CORE_TEST_CACHE"
# The oldest Python that each server runs on, by its own metadata.
OLDEST_PYTHON = {"fauxbus": (3, 11), "globus-cli": (3, 10), "nanoidp": (3, 10)}
NEWEST_MINOR = 14

# What a test may take that is the first to need a server.
FIRST_USE_SECONDS = 900

_ROOT = Path(__file__).resolve().parents[2]
_COMMAND_SECONDS = 300
_LOCK_SECONDS = 400
_PROBE = "import ensurepip, sys, venv; print('%d%d' % sys.version_info[:2])"


def server_python(name: str) -> Path:
    """
    Give the Python of the environment in which one server is installed.

    The environment is made first if need be. Skips the test if this machine
    has no interpreter the server runs on; fails it if the installation fails.

    :param name: the server, for which ``requirements-<name>.txt`` exists
    """
    requirements = Path(__file__).with_name(f"requirements-{name}.txt")
    requirement = requirements.read_text(encoding="utf-8")
    stem = requirement.strip().replace("==", "-")
    cache = _cache_folder()
    whole = _find_whole(cache, stem, requirement)
    if whole is not None:
        return whole
    base, version = _suitable_interpreter(name)
    lock = filelock.FileLock(cache / f"{stem}.lock", timeout=_LOCK_SECONDS)
    try:
        with lock:
            # Another worker may have made it while this one waited for the lock.
            whole = _find_whole(cache, stem, requirement)
            return whole or _build(base, cache / f"{stem}-py{version}", requirements)
    except filelock.Timeout:
        pytest.fail(f"no lock on {lock.lock_file} in {_LOCK_SECONDS} s", pytrace=False)


def child_environment() -> dict[str, str]:
    """Give the environment variables for a foreign Python: ours without our import paths."""
    ours = ("PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS", "PYTHONDEVMODE")
    return {key: value for key, value in os.environ.items() if key not in ours}


def _cache_folder() -> Path:
    chosen = os.environ.get(CACHE_VARIABLE)
    root = Path(chosen).resolve() if chosen else _ROOT / ".cache"
    folder = root / "servers"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _find_whole(cache: Path, stem: str, requirement: str) -> Path | None:
    for folder in sorted(cache.glob(f"{stem}-py*")):
        marker = folder / "complete"
        # The interpreter is missing when the Python below it was uninstalled.
        if (
            marker.exists()
            and marker.read_text(encoding="utf-8") == requirement
            and _python_in(folder).exists()
        ):
            return _python_in(folder)
    return None


def _python_in(folder: Path) -> Path:
    if sys.platform == "win32":
        return folder / "Scripts" / "python.exe"
    return folder / "bin" / "python"


def _build(base: str, folder: Path, requirements: Path) -> Path:
    python = _python_in(folder)
    _run_or_fail([base, "-m", "venv", "--clear", str(folder)])
    pip = [str(python), "-m", "pip", "--no-input", "--disable-pip-version-check"]
    _run_or_fail([*pip, "install", "--requirement", str(requirements)])
    marker = folder / "complete"
    marker.write_text(requirements.read_text(encoding="utf-8"), encoding="utf-8")
    return python


def _run_or_fail(command: list[str]) -> None:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=child_environment(),
            timeout=_COMMAND_SECONDS,
        )
    except subprocess.TimeoutExpired as late:
        output = late.output or b""
        text = output.decode(errors="replace") if isinstance(output, bytes) else output
        pytest.fail(f"{command} took longer than {_COMMAND_SECONDS} s\n{text}", pytrace=False)
    if done.returncode != 0:
        pytest.fail(f"{command} ended with {done.returncode}\n{done.stdout}", pytrace=False)


def _suitable_interpreter(name: str) -> tuple[str, str]:
    """Give an interpreter that can make the environment, and its version as in ``311``."""
    oldest = OLDEST_PYTHON[name]
    tried = []
    for candidate in _candidates(oldest):
        version, failure = _probe(candidate)
        if version is not None:
            return candidate, version
        tried.append(f"{candidate} ({failure})")
    running = "{}.{}".format(*sys.version_info[:2])
    pytest.skip(
        "{} needs Python {}.{} or newer with venv and ensurepip; ".format(name, *oldest)
        + f"the tests run on {running} and the PATH offers {', '.join(tried) or 'no newer one'}"
    )


def _candidates(oldest: tuple[int, int]) -> t.Iterator[str]:
    if sys.version_info[:2] >= oldest:
        yield sys.executable
    for minor in range(oldest[1], NEWEST_MINOR + 1):
        # Every folder, since the first match may be a shim without a Python behind it.
        for folder in os.get_exec_path():
            found = shutil.which(f"python3.{minor}", path=folder)
            if found:
                yield found


def _probe(candidate: str) -> tuple[str | None, str]:
    try:
        done = subprocess.run(
            [candidate, "-c", _PROBE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=child_environment(),
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, type(error).__name__
    if done.returncode != 0:
        complaint = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        return None, complaint[0]
    return done.stdout.strip(), ""
