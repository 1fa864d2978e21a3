"""
Programs that are run as somebody else would run them, far from the sources.
"""

from __future__ import annotations

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 240


def completed(
    *command: str | os.PathLike[str], folder: pathlib.Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a program that knows nothing of the sources; what it printed, and how it ended."""
    hidden = ("PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env={**environment, **variables},
        timeout=SECONDS,
        check=False,
    )


def run(*command: str | os.PathLike[str], folder: pathlib.Path, **variables: str) -> str:
    """The output of a program, which must end well."""
    done = completed(*command, folder=folder, **variables)
    assert done.returncode == 0, done.stdout
    return done.stdout
