"""
The ``globus-core`` script.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

COMPLETE_VARIABLE = "_GLOBUS_CORE_COMPLETE"


def main(arguments: t.Sequence[str] | None = None) -> t.NoReturn:
    """
    Run a command and exit with its exit code.

    :param arguments: the command line; None uses ``sys.argv``
    """
    try:
        _run(arguments)
    except KeyboardInterrupt:  # before the command began, or after it
        from .exit_codes import ExitCode

        raise SystemExit(ExitCode.INTERRUPTED) from None


def _run(arguments: t.Sequence[str] | None) -> t.NoReturn:
    given = list(sys.argv[1:] if arguments is None else arguments)
    quick = False
    try:
        try:
            quick = _is_done_without_click(given) or _is_completed_by_click(given)
        finally:
            if sys.stdout is not None:  # None if it is closed
                sys.stdout.flush()  # while a failure can still be reported
    except OSError as error:
        if error.filename is not None:  # not of the output
            raise
        _leave_without_output(error)
    if quick and arguments is None:
        os._exit(0)  # nothing is open; taking modules apart would take a tenth of the time
    raise SystemExit(0)


def _is_done_without_click(given: list[str]) -> bool:
    """Do what must be as quick as possible; False for what takes the complete way."""
    if sys.stdout is None:
        return False
    if given in (["--help"], ["-h"]) or COMPLETE_VARIABLE in os.environ:
        return _commands_are_listed(os.environ.get(COMPLETE_VARIABLE))
    if given[:1] != ["token"]:
        return False
    from .stored_token import print_stored

    return print_stored(given[1:])


def _commands_are_listed(instruction: str | None) -> bool:
    """List all commands, or those that a shell's completion wants."""
    from globus_core.exc.base import GlobusError

    from .name_completion import is_completed
    from .overview import is_shown

    try:
        return is_completed(instruction) if instruction else is_shown()
    except GlobusError:
        return False  # the complete way says what is wrong


def _is_completed_by_click(given: list[str]) -> bool:
    """Run a command, or complete words for a shell; True if nothing is left to be closed then."""
    try:
        _group().main(args=given, prog_name="globus-core")
    except SystemExit as end:
        if end.code or COMPLETE_VARIABLE not in os.environ:
            raise
    return COMPLETE_VARIABLE in os.environ


def _group() -> t.Any:
    import gc

    gc.disable()  # there is nothing to collect yet, and looking takes a tenth of the time
    try:
        from .group import cli
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        sys.exit('the globus-core command needs click: pip install "globus-core[cli]"')
    finally:
        gc.freeze()  # what is loaded now stays
        gc.enable()
    return cli


def _leave_without_output(error: OSError) -> t.NoReturn:
    """Say in one line that the output cannot be written; nothing if nobody reads it any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())  # Python writes what is left when it exits
    if not isinstance(error, BrokenPipeError):
        try:
            sys.stderr.write(f"Error: the output cannot be written: {error.strerror}\n")
        except OSError:
            os.dup2(nowhere, sys.stderr.fileno())
    from .exit_codes import ExitCode

    raise SystemExit(ExitCode.FAILED)
