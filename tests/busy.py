"""
Run the thread tests several times while all cores are busy: ``python -m tests.busy 20``.

Further arguments go to pytest.
"""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import typing as t

if t.TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

_PYTEST = [sys.executable, "-m", "pytest", "-q", "-m", "threads and not full and not soak"]


def spin() -> None:
    """
    Keep a core busy until the process that wants it so has ended.
    """
    parent = multiprocessing.parent_process()
    while parent is not None and parent.is_alive():
        sum(range(100_000))


def busy_cores() -> list[BaseProcess]:
    """
    A process for each core, which ends with this one.
    """
    context = multiprocessing.get_context("spawn")
    spinning = [context.Process(target=spin, daemon=True) for _ in range(context.cpu_count())]
    for process in spinning:
        process.start()
    return list(spinning)


def say(*lines: str) -> None:
    """
    Show lines at once.

    :param lines: the lines
    """
    sys.stdout.write("\n  ".join(lines) + "\n")
    sys.stdout.flush()


def main(runs: int, arguments: t.Sequence[str]) -> int:
    """
    Run the tests, and return how many runs failed.

    :param runs: how many times
    :param arguments: for pytest
    """
    failed = 0
    spinning = busy_cores()
    try:
        for number in range(1, runs + 1):
            done = subprocess.run(
                [*_PYTEST, *arguments], stdout=subprocess.PIPE, text=True, check=False
            )
            lines = done.stdout.splitlines()
            told = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
            say(f"{number}/{runs}: {lines[-1] if lines else 'nothing'}", *told)
            failed += done.returncode != 0
    finally:
        for process in spinning:
            process.kill()
    say(f"{failed} of {runs} runs failed")
    return failed


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]) > 0)
