"""
Processes that renew a token in a storage which they share.
"""

from __future__ import annotations

import contextlib
import pathlib
import subprocess
import sys
import typing as t

_ROOT = pathlib.Path(__file__).parents[3]


@contextlib.contextmanager
def processes(
    count: int,
    client_id: str,
    base_url: str,
    storage: str,
    *,
    threads: int = 1,
    kind: str = "",
    program: str = "tests.integration.app.renewing_child",
) -> t.Iterator[list[subprocess.Popen[str]]]:
    """
    Start processes of a program, all of them ready; they are ended with the block.

    :param count: how many
    :param client_id: the client's id
    :param base_url: where Globus Auth is
    :param storage: the token storage's URL
    :param threads: how many threads each has
    :param kind: ``hang`` for such as stop in the middle of a renewal
    :param program: the module
    """
    command = [sys.executable, "-m", program, client_id, base_url, storage, str(threads), kind]
    pipe = subprocess.PIPE
    children = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=_ROOT)
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
