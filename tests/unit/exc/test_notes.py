"""
The advice of an error is part of its traceback.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import traceback

import pytest

from globus_core.exc import GlobusError, LoginDeniedError

notes_only = pytest.mark.skipif(sys.version_info < (3, 11), reason="notes came with Python 3.11")
RAISED = """
import threading
from globus_core.exc import LoginDeniedError

def fail():
    raise LoginDeniedError("denied")

thread = threading.Thread(target=fail)
thread.start()
thread.join()
fail()
"""


def shown(error: Exception) -> str:
    """The error as a traceback shows it."""
    return "".join(traceback.format_exception(error))


def test_a_traceback_ends_with_the_advice() -> None:
    """Also after the error was pickled; the message itself stays as it is."""
    error = LoginDeniedError("denied")
    assert shown(error).endswith(f"denied\nWhat to do: {LoginDeniedError.advice}.\n")
    assert shown(pickle.loads(pickle.dumps(error))) == shown(error)
    assert str(error) == "denied"


def test_the_interpreter_prints_the_advice() -> None:
    """Of an error that nobody caught, in a thread and in the program itself; in every Python."""
    program = [sys.executable, "-c", RAISED]
    printed = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert printed.stderr.count(f"denied\nWhat to do: {LoginDeniedError.advice}.\n") == 2


@notes_only
def test_notes_of_others_are_kept() -> None:
    """They follow the advice; an error without advice has only them."""
    denied, plain = LoginDeniedError("denied"), GlobusError("plain")
    for error in (denied, plain):
        add = getattr(error, "add_note")  # noqa: B009 (not in Python 3.10)
        add("seen at noon")
    assert shown(denied).endswith(f"{LoginDeniedError.advice}.\nseen at noon\n")
    assert shown(plain).endswith("plain\nseen at noon\n")
