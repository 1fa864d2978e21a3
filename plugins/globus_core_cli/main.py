"""
The ``globus-core`` script.
"""

from __future__ import annotations

import os
import sys

from .exit_codes import ExitCode

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


def main(arguments: t.Sequence[str] | None = None) -> t.NoReturn:
    """
    Run a command and exit with its exit code.

    :param arguments: the command line; None uses ``sys.argv``
    """
    try:
        _run(arguments)
    except KeyboardInterrupt:  # before the command began, or after it
        raise SystemExit(ExitCode.INTERRUPTED) from None


def _run(arguments: t.Sequence[str] | None) -> t.NoReturn:
    try:
        from .group import cli
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        sys.exit('the globus-core command needs click: pip install "globus-core[cli]"')
    try:
        try:
            cli.main(args=None if arguments is None else list(arguments), prog_name="globus-core")
        finally:
            if sys.stdout is not None:  # None if it is closed
                sys.stdout.flush()  # while a failure can still be reported
    except OSError as error:
        if error.filename is not None:  # not of the output
            raise
        _leave_without_output(error)
    raise SystemExit(ExitCode.OK)


def _leave_without_output(error: OSError) -> t.NoReturn:
    """Say in one line that the output cannot be written; nothing if nobody reads it any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())  # Python writes what is left when it exits
    if not isinstance(error, BrokenPipeError):
        try:
            sys.stderr.write(f"Error: the output cannot be written: {error.strerror}\n")
        except OSError:
            os.dup2(nowhere, sys.stderr.fileno())
    raise SystemExit(ExitCode.FAILED)
