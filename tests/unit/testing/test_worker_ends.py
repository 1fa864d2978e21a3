"""Processes that the contract suites start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import pytest

PROGRAM = textwrap.dedent(
    """
    import os, time
    from globus_core.testing._processes import workers

    def work(number, told):
        told.send("at work")
        while True:
            time.sleep(0.01)

    if __name__ == "__main__":
        with workers(1, work) as inbox:
            print(inbox.get(60), flush=True)
            time.sleep(600)
    """
)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no interval timers")
def test_a_worker_ends_when_its_parent_is_killed(tmp_path: object) -> None:
    """A parent that is killed cannot end its workers; they end by themselves."""
    file = os.path.join(str(tmp_path), "program.py")
    with open(file, "w", encoding="utf-8") as program:
        program.write(PROGRAM)
    reader, writer = os.pipe()  # its reading end sees the end of the last process that holds it
    parent = subprocess.Popen([sys.executable, file], stdout=writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as output:
        assert output.readline()
        parent.kill()
        parent.wait()
        assert output.read() == b""
