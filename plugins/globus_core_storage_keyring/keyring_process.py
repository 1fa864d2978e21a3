"""
The keyring of the operating system, asked by a child process with a deadline.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import typing as t

from globus_core import waiting
from globus_core.exc import GlobusSDKUsageError
from globus_core.locks import ForkSafeLock

from .child import LATE
from .errors import KeyringError

#: under which all keys are in the keyring
SERVICE = "globus-core tokens"
TIMEOUT_VARIABLE = "GLOBUS_CORE_KEYRING_TIMEOUT"
#: seconds in which the keyring has to answer
TIMEOUT_SECONDS = 2.0
#: further seconds for the start of the child, of which it needs a fifth on an idle machine
_START_SECONDS = 20.0
#: for how long a keyring that cannot be used is not asked again
_REST_SECONDS = 10.0

_BEGIN = (
    "import json, sys; request = json.load(sys.stdin); sys.path[:] = request.pop('path'); "
    "from globus_core_storage_keyring.child import main; main(request)"
)

_asking = ForkSafeLock()
#: the keys of this process, by their ids
_known: dict[str, bytes] = {}
_last_failure: list[tuple[float, KeyringError]] = []
#: the names for which the keyring has answered, with a key or without
_answered: set[str] = set()


def key(key_id: str, seconds: float) -> bytes | None:
    """
    A key, for which the keyring is asked once in a process; None if it has no such key.

    :param key_id: the id of the key
    :param seconds: in which the keyring has to answer
    :raises KeyringError: if it cannot be used
    """
    known = _known.get(key_id)
    if known is not None:
        return known
    return _ask({"name": key_id}, seconds)


def store_key(key_id: str, secret: bytes, seconds: float) -> None:
    """
    Store a key in the keyring.

    :param key_id: the id of the key
    :param secret: the key
    :param seconds: in which the keyring has to answer
    :raises KeyringError: if it cannot be used
    """
    if _ask({"name": key_id, "secret": secret.hex()}, seconds) != secret:
        raise KeyringError("the keyring has not kept a key", "failed")


def check(seconds: float) -> None:
    """
    See that the keyring can be used, unless that is already known.

    :param seconds: in which the keyring has to answer
    :raises KeyringError: if it cannot be used
    """
    if not _answered:
        _ask({"name": "a check"}, seconds)


def timeout_of(text: str | None) -> float:
    """
    The seconds in which the keyring has to answer.

    :param text: the setting; None takes the variable, or else the default
    :raises GlobusSDKUsageError: if it is not a number between 0 and 3600
    """
    given = os.environ.get(TIMEOUT_VARIABLE) or str(TIMEOUT_SECONDS) if text is None else text
    try:
        seconds = float(given)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= 3600:
        raise GlobusSDKUsageError(
            f"the timeout of the keyring must be seconds up to 3600, not {given!r:.80}"
        )
    return seconds


def _ask(request: dict[str, t.Any], seconds: float) -> bytes | None:
    with _asking.held():
        if _last_failure and time.monotonic() < _last_failure[-1][0] + _REST_SECONDS:
            raise _last_failure[-1][1]
        _last_failure.clear()
        try:
            secret = _answer(request, seconds)
        except KeyringError as error:
            _last_failure.append((time.monotonic(), error))
            _answered.clear()
            raise
        _answered.add(request["name"])
        if secret is not None:
            _known[request["name"]] = secret
        return secret


def _answer(request: dict[str, t.Any], seconds: float) -> bytes | None:
    content, code = _run({**request, "service": SERVICE, "seconds": seconds}, seconds)
    if code in (LATE, -14) or code is None:  # 14 is SIGALRM
        raise KeyringError(f"the keyring did not answer within {seconds:g} seconds", "late")
    try:
        answer = json.loads(content)
        if "reason" in answer:
            raise KeyringError(_sentence(answer), answer["reason"])
        return None if answer["secret"] is None else bytes.fromhex(answer["secret"])
    except (ValueError, TypeError, KeyError):
        pass  # must not become the context: it may contain the key
    raise KeyringError("the keyring gave no answer that can be used", "failed")


def _run(request: dict[str, t.Any], seconds: float) -> tuple[bytes, int | None]:
    """What the child answers, and its exit code; None if it had to be ended."""
    if getattr(sys, "frozen", False) or not sys.executable:
        raise KeyringError("a packed program cannot start the process for the keyring", "packed")
    text = json.dumps({**request, "path": sys.path}).encode()
    try:
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-c", _BEGIN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
    except OSError as error:
        raise KeyringError(f"no process can be started: {error.strerror}", "failed") from error
    with child:
        try:
            end = seconds + _START_SECONDS
            content, _ = waiting.blocking(lambda: child.communicate(text, timeout=end))
        except subprocess.TimeoutExpired:
            return b"", None
        finally:
            child.kill()
        return content, child.returncode


def _environment() -> dict[str, str]:
    """That of this process, without what is ours, such as other keys and tokens."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GLOBUS_")}


def _sentence(answer: dict[str, t.Any]) -> str:
    from globus_core.printable import one_line

    problem = one_line(str(answer.get("problem")), 300)
    if answer["reason"] == "missing":
        return "the keyring needs the package 'keyring', which is not installed"
    if answer["reason"] == "locked":
        return f"the keyring is locked, or its use was refused: {problem}"
    return f"the keyring cannot be used: {problem}"
