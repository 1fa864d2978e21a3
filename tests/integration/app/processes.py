"""
Processes that renew a token in a storage which they share.
"""

from __future__ import annotations

import contextlib
import pathlib
import subprocess
import sys
import typing as t

_PROGRAM = pathlib.Path(__file__).with_name("renewing_child.py")


@contextlib.contextmanager
def processes(
    count: int, client_id: str, base_url: str, storage: str, *, threads: int = 1, kind: str = ""
) -> t.Iterator[list[subprocess.Popen[str]]]:
    """
    Start processes of ``renewing_child.py``, all of them ready; they are ended with the block.

    :param count: how many
    :param client_id: the client's id
    :param base_url: where Globus Auth is
    :param storage: the token storage's URL
    :param threads: how many threads each has
    :param kind: ``hang`` for such as stop in the middle of a renewal
    """
    command = [sys.executable, str(_PROGRAM), client_id, base_url, storage, str(threads), kind]
    children = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    try:
        assert [line(child) for child in children] == ["ready"] * count
        yield children
    finally:
        for child in children:
            child.kill()
            child.communicate()


def line(child: subprocess.Popen[str]) -> str:
    """The next line that a process prints."""
    assert child.stdout is not None
    return child.stdout.readline().strip()


def go(child: subprocess.Popen[str]) -> None:
    """Have a process go on."""
    assert child.stdin is not None
    child.stdin.write("go\n")
    child.stdin.flush()
