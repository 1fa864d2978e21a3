"""
Credentials that a command prints, such as the client of a vault.
"""

from __future__ import annotations

import os

from globus_core import waiting

from ._credential_files import MOST_BYTES, UnusableSecretError, as_text
from .credential_names import SECRET_VARS, TOKENS_VARS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: the longest time that the command may take, in seconds
COMMAND_SECONDS = 60.0


def read_command(line: str, environ: t.Mapping[str, str]) -> str:
    """
    What a command prints to its standard output; its standard error is that of this program.

    :param line: the command and its arguments, quoted as in a shell, but run without one
    :param environ: its environment variables, less those that name commands like it, so that it
        can use globus-core itself
    :raises UnusableSecretError: if it cannot be started, fails, takes too long, or prints no text
    """
    import subprocess

    arguments = _split(line)
    commands = (SECRET_VARS[-1], TOKENS_VARS[-1])
    inner = {name: value for name, value in environ.items() if name not in commands}
    try:
        process = subprocess.Popen(  # noqa: S603 (the user's own command)
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=inner
        )
    except OSError as error:
        raise UnusableSecretError(f"cannot be started: {error.strerror}") from None
    with process:
        try:
            printed, _ = waiting.blocking(process.communicate, None, COMMAND_SECONDS)
        except subprocess.TimeoutExpired:
            printed = None
        finally:
            process.kill()  # nothing if it has ended
    if printed is None:
        raise UnusableSecretError(f"did not end within {COMMAND_SECONDS:g} seconds")
    problem = _problem(process.returncode, len(printed))
    if problem is not None:
        raise UnusableSecretError(problem)
    return as_text(printed)


def _split(line: str) -> list[str]:
    import shlex

    try:
        return [os.path.expanduser(word) for word in shlex.split(line)]
    except ValueError:
        pass  # its message may quote a part of the line
    raise UnusableSecretError("is not a command: a quotation mark is not closed")


def _problem(code: int, length: int) -> str | None:
    if code < 0:
        return f"was ended by signal {-code}"
    if code:
        return f"failed with exit code {code}"
    return f"printed more than {MOST_BYTES} bytes" if length > MOST_BYTES else None
