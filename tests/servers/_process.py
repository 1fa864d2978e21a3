"""
The child process in which a foreign server runs: start, wait until it listens, end.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import time
import typing as t
from dataclasses import dataclass
from pathlib import Path

import pytest

from ._environment import child_environment, server_python

_LAUNCHER = Path(__file__).with_name("_launch.py")
_LISTENING = re.compile(r"listening on (http://127\.0\.0\.1:\d+)")
_START_SECONDS = 60.0
_END_SECONDS = 5.0
_TAIL_LINES = 40


@dataclass(frozen=True)
class Running:
    """
    A running server.

    :param base_url: where it listens, which is its OpenID issuer as well
    :param log: the file with its output
    """

    base_url: str
    log: Path


@contextlib.contextmanager
def running_server(name: str, *arguments: str, log: Path) -> t.Iterator[str]:
    """
    Run a server for as long as the block lasts, and yield its base URL.

    :param name: the server, as ``_launch.py`` knows it
    :param arguments: what the launcher hands to it
    :param log: the file that gets its output
    """
    command = [str(server_python(name)), "-I", str(_LAUNCHER), name, *arguments]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=child_environment(),
        )
    try:
        yield _wait_until_listening(process, name, log)
    finally:
        _end(process)


def tail(log: Path) -> str:
    """Give the last lines a server wrote."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-_TAIL_LINES:])


def _wait_until_listening(process: subprocess.Popen[bytes], name: str, log: Path) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        # Asked before the log is read: a server that has just ended has written all it will.
        code = process.poll()
        found = _LISTENING.search(log.read_text(encoding="utf-8", errors="replace"))
        if code is not None:
            pytest.fail(f"{name} ended with code {code}\n{tail(log)}", pytrace=False)
        if found:
            return found[1]
        if time.monotonic() > deadline:
            pytest.fail(f"{name} not up in {_START_SECONDS} s\n{tail(log)}", pytrace=False)
        time.sleep(0.02)


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(_END_SECONDS)
    finally:
        process.stdin.close()
