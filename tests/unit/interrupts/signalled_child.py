"""
A program that is interrupted by signals while it stores tokens; see ``test_signals``.

It prints how many attempts were interrupted, and what another thread found locked after each of
them. It then waits for the end of its input, so that its locks would still be held.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import typing as t

from globus_core import waiting

from .each_line import Impatient
from .test_each_line import KINDS, STORAGE_OPERATIONS

if t.TYPE_CHECKING:
    from collections.abc import Callable

STEP_SECONDS = 0.00002
STEPS = 60


def attempt(do: Callable[[], object], seconds: float) -> bool:
    """Run a function with a signal on its way, and return whether it was interrupted."""
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds)
            do()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        return True
    return False


def main(kind: str, operation: str, path: str, attempts: int) -> None:
    storage = KINDS[kind](path)
    interrupted = 0
    found: list[str] = []

    def do() -> None:
        STORAGE_OPERATIONS[operation](storage)

    def at_once() -> None:
        try:
            STORAGE_OPERATIONS["store"](storage)
            do()
        except BaseException as error:
            found.append(f"{error!r:.200}")

    at_once()
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    for number in range(attempts):
        if not attempt(do, STEP_SECONDS * (number % STEPS + 1)):
            continue
        interrupted += 1
        with waiting.use(Impatient()):
            at_once()
            thread = threading.Thread(target=at_once)
            thread.start()
            thread.join()
    sys.stdout.write(json.dumps({"interrupted": interrupted, "found": found}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
