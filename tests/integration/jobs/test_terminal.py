"""
``globus-core run`` at a terminal, with a person who presses keys.
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import signal
import sys
import typing as t

import pytest

from tests.integration.app.terminal import CTRL_C, Terminal
from tests.integration.jobs.jobs import MAIN, START, Clock

pytestmark = pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")

#: says which signals it gets, and stops at Ctrl-Z
COMMAND = """
import os, signal, sys
def told(number, frame):
    print("got", number, flush=True)
def stops(number, frame):
    print("stops", flush=True)
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    signal.signal(number, stops)
    print("goes on", flush=True)
signal.signal(signal.SIGINT, told)
signal.signal(signal.SIGQUIT, told)
signal.signal(signal.SIGTSTP, stops)
print("ready", flush=True)
while sys.stdin.readline().strip() != "end":
    pass
"""


@pytest.fixture
def shell(app: object, clock: Clock, tmp_path: pathlib.Path) -> t.Iterator[Terminal]:
    """A shell in which ``run`` and ``command`` are programs."""
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    for name, code, words in (("run", START + MAIN, "run --"), ("command", COMMAND, "")):
        (tmp_path / f"{name}.py").write_text(code)
        program = tmp_path / name
        program.write_text(
            f'#!/bin/sh\nexec "{sys.executable}" "{tmp_path / name}.py" {words} "$@"\n'
        )
        program.chmod(0o700)
    code = "import os; os.execvp('bash', ['bash', '--norc', '--noprofile', '-i'])"
    settings = {"PS1": "shell> ", "PATH": f"{tmp_path}:{os.environ['PATH']}", **clock.variables}
    with Terminal(code, **settings) as terminal:
        terminal.wait_for("shell> ")
        yield terminal


def seen_after(terminal: Terminal, keys: str | bytes, pattern: str) -> str:
    """What appears after some keys, up to a pattern."""
    terminal.seen = ""
    terminal.type(keys)
    found = terminal.wait_for(pattern)
    return terminal.seen[: found.end()]


def test_keys_reach_the_command_once(shell: Terminal, runs: pathlib.Path) -> None:
    """Ctrl-C and Ctrl-\\ once each; Ctrl-Z stops both, and fg goes on with both."""
    seen_after(shell, "run command\n", "ready\n")
    assert seen_after(shell, CTRL_C, r"got \d+\n").count("got 2\n") == 1
    assert "got 2" not in seen_after(shell, b"\x1c", r"got 3\n")
    seen_after(shell, b"\x1a", r"(?s)stops\n.*Stopped.*shell> ")
    assert "goes on" not in seen_after(shell, "jobs\n", r"(?s)Stopped.*shell> ")
    seen_after(shell, "fg\n", "goes on\n")
    assert re.search(r"code 0\n", seen_after(shell, "end\necho code $?\n", r"code \d+\n"))
    assert list(runs.iterdir()) == []


def test_ctrl_c_ends_command_run_and_script_and_leaves_nothing(
    shell: Terminal, runs: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    """As if the command had been started without run."""
    script = tmp_path / "script"
    script.write_text("run sh -c 'echo ready; exec sleep 1000'\necho the script goes on\n")
    seen_after(shell, f"bash {script}\n", "ready\n")
    assert len(list(runs.iterdir())) == 1
    seen = seen_after(shell, CTRL_C, "shell> ")
    assert "goes on" not in seen
    assert "code 130" in seen_after(shell, "echo code $?\n", r"code \d+\n")
    assert list(runs.iterdir()) == []


def test_a_killed_run_is_tidied_up_after_by_the_next_command(
    shell: Terminal, runs: pathlib.Path
) -> None:
    """The command itself goes on; the next run says what it has removed."""
    started = "run sh -c 'echo $$ is ready; exec sleep 1000' & echo\n"
    command = int(seen_after(shell, started, r"\d+ is ready\n").split()[-3])
    try:
        seen_after(shell, "kill -9 $!; wait $!\n", "Killed")
        assert len(list(runs.iterdir())) == 1
        seen = seen_after(shell, "run echo next; echo code $?\n", r"code \d+\n")
    finally:
        os.kill(command, signal.SIGKILL)
    assert "removed the tokens of a run that was killed" in seen
    assert "code 0" in seen
    assert list(runs.iterdir()) == []
