"""
``globus-core run`` as a process of its own, by a clock that a test moves.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import subprocess
import sys
import typing as t

#: replaces the clock of a process
CLOCK = """
import os, time
_real, _moved = time.time, os.environ["MOVED_CLOCK"]
def _time():
    with open(_moved) as file:
        return _real() + float(file.read())
time.time = _time
"""
#: the command, which looks at its clock often
START = (
    CLOCK
    + """
from globus_core_jobs import kept_tokens, renewal
renewal.TICK = kept_tokens.FIRST_PAUSE = kept_tokens.LONGEST_PAUSE = 0.02
"""
)
MAIN = """
from globus_core_cli import main
main()
"""


class Clock:
    """
    The clock of all processes of a test.

    :param folder: where it is kept
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self._path = folder / "clock"
        self._hours = 0.0
        self.advance(0)

    def advance(self, hours: float) -> None:
        """Move it."""
        self._hours += hours
        new = self._path.with_suffix(".new")
        new.write_text(str(self._hours * 3600))
        new.replace(self._path)

    @property
    def variables(self) -> dict[str, str]:
        """What processes need to know."""
        return {"MOVED_CLOCK": str(self._path)}


class Job:
    """
    A running ``globus-core run``.

    :param process: it
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def line(self) -> str:
        """The next line that the command prints; if there is none, the test fails with why."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        assert line or self.process.stderr is None, self.process.stderr.read()
        return line

    def trouble(self) -> str:
        """The next line on standard error."""
        assert self.process.stderr is not None
        return self.process.stderr.readline().strip()

    def go(self) -> None:
        """Have the command go on."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def end(self) -> tuple[int, str]:
        """Wait for the end: the exit code, and what else is on standard error."""
        errors = self.process.communicate()[1]
        return self.process.returncode, errors


@contextlib.contextmanager
def job(clock: Clock, *arguments: str, settings: str = "", **variables: str) -> t.Iterator[Job]:
    """
    Start ``globus-core run``; it is killed at the end of the block.

    :param clock: its clock
    :param arguments: those of ``run``
    :param settings: code that is run first
    :param variables: further environment variables
    """
    process = subprocess.Popen(
        [sys.executable, "-c", f"{START}{settings}{MAIN}", "run", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # no terminal of the person who runs the tests
        env={**os.environ, **clock.variables, **variables},
    )
    try:
        yield Job(process)
    finally:
        process.kill()
        process.communicate()


def python(code: str) -> tuple[str, str, str]:
    """The command line of a Python program."""
    return sys.executable, "-c", code
