"""
Programs that are run as somebody else would run them, far from the sources.
"""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import filelock

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 240


def completed(
    *command: str | os.PathLike[str], folder: pathlib.Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a program that knows nothing of the sources; what it printed, and how it ended."""
    hidden = ("PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS")
    inherited = {name: value for name, value in os.environ.items() if name not in hidden}
    return ended(*command, folder=folder, environ={**inherited, **variables})


def ended(
    *command: str | os.PathLike[str], folder: pathlib.Path, environ: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a program that has this environment only; what it printed, and how it ended."""
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=environ,
        timeout=SECONDS,
        check=False,
    )


def run(*command: str | os.PathLike[str], folder: pathlib.Path, **variables: str) -> str:
    """The output of a program, which must end well."""
    done = completed(*command, folder=folder, **variables)
    assert done.returncode == 0, done.stdout
    return done.stdout


def environment(folder: pathlib.Path, *packages: str, lowest: bool = False) -> pathlib.Path:
    """
    Make an environment, once for all workers of this test run; the folder of its programs.

    :param folder: where
    :param packages: what pip installs
    :param lowest: put the oldest releases in the place of what globus-core depends on
    """
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = (programs / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    complete = folder.with_suffix(".complete")
    with filelock.FileLock(folder.with_suffix(".lock"), timeout=3 * SECONDS):
        if not complete.exists():
            run(sys.executable, "-m", "venv", folder, folder=folder.parent)
            if packages:
                run(*pip, *packages, folder=folder.parent)
            if lowest:
                oldest = run(sys.executable, ROOT / ".ci" / "lowest-versions", folder=ROOT)
                run(*pip, "--no-deps", *oldest.split(), folder=folder.parent)
            complete.touch()
    return programs
