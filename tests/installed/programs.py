"""
Programs that are run as somebody else would run them, far from the sources.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys
import typing as t

import filelock

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 240
#: what is installed in its oldest releases
LOWEST = ("dependencies", "cli", "sandbox", "testing")


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
                oldest = run(sys.executable, ROOT / ".ci" / "lowest-versions", *LOWEST, folder=ROOT)
                run(*pip, "--no-deps", *oldest.splitlines(), folder=folder.parent)
            complete.touch()
    return programs


class Shop(t.NamedTuple):
    """
    An author's environment, with a folder of the test's own for what is installed on top.
    """

    programs: pathlib.Path
    site: pathlib.Path

    def run(
        self,
        program: str,
        *arguments: str | pathlib.Path,
        folder: pathlib.Path,
        **variables: str,
    ) -> str:
        """Run a program of the environment; its output."""
        variables["PYTHONPATH"] = str(self.site)
        return run(self.programs / program, *arguments, folder=folder, **variables)

    def install(self, folder: pathlib.Path) -> None:
        """Build a distribution's wheel and install it."""
        options = ("--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check")
        self.run(
            "python", "-m", "pip", "install", *options, "--target", self.site, folder, folder=folder
        )

    def install_copy(self, source: pathlib.Path) -> pathlib.Path:
        """Install a distribution from a copy of its folder, which is returned."""
        folder = self.site.parent / source.name
        hidden = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(source, folder, ignore=hidden)
        self.install(folder)
        return folder

    def run_tests(self, folder: pathlib.Path, **variables: str) -> str:
        """Run a distribution's own tests, against what is installed."""
        return self.run("python", "-m", "pytest", "-q", "tests", folder=folder, **variables)
