"""
What a child process does: ask the keyring, and end when its time is over.

A keyring that does not answer may hang for ever, in a thread as well, so only the end of a process
ends that. The request comes by standard input and the answer goes by standard output, since others
can see arguments and environment.
"""

from __future__ import annotations

import json
import os
import sys
import typing as t


def main(request: dict[str, t.Any]) -> None:
    """
    Answer a request, and end the process.

    :param request: ``service``, ``name``, ``seconds`` for the keyring, and ``secret`` to store one
    """
    answers = sys.stdout
    sys.stdout = sys.stderr  # for whatever backends print
    try:
        import keyring as _  # noqa: F401  # takes its time, which is not the keyring's
    except ImportError:
        answer: dict[str, t.Any] = {"reason": "missing", "problem": "it is not installed"}
    else:
        _end_after(request["seconds"])
        answer = _answer(request)
    answers.write(json.dumps(answer))
    answers.flush()
    os._exit(0)


def _answer(request: dict[str, t.Any]) -> dict[str, t.Any]:
    from keyring.errors import InitError, KeyringLocked

    try:
        backend = _backend()
        if backend is None:
            return {"reason": "none", "problem": "there is none in this session"}
        service, name = request["service"], request["name"]
        if "secret" in request:
            backend.set_password(service, name, request["secret"])
        return {"secret": backend.get_password(service, name)}
    except (KeyringLocked, InitError) as error:
        return {"reason": "locked", "problem": _text(error)}
    except Exception as error:
        return {"reason": "failed", "problem": f"{type(error).__name__}: {_text(error)}"}


def _backend() -> t.Any:
    """The keyring to use; None if there is none that protects what it holds."""
    import keyring

    chosen: t.Any = keyring.get_keyring()
    several = getattr(chosen, "backends", None) or [chosen]
    # from 1 on, keyring recommends them; files of plain text have less
    return next((backend for backend in several if backend.priority >= 1), None)


def _text(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


def _end_after(seconds: float) -> None:
    """End this process then, by the operating system where it can do that."""
    import signal

    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        return
    import threading

    timer = threading.Timer(seconds, os._exit, [LATE])
    timer.daemon = True
    timer.start()


#: the exit code of a child whose time was over, where no signal ends it
LATE = 75
