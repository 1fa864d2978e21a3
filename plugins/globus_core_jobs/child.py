"""
A child process that gets the signals of its parent, and passes on how it ends.

The signals that are passed on are blocked in the parent, and waited for, so that it is known who
sent them: those of the terminal go to the child anyway.
"""

from __future__ import annotations

import contextlib
import os
import signal

from globus_core import waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

CANNOT_RUN, NOT_FOUND = 126, 127

#: not passed on: what nobody can block, what is a fault of a process itself, and job control,
#: where the parent stops with its child
_OWN = {
    getattr(signal, name, None)
    for name in (
        *("SIGKILL", "SIGSTOP"),
        *("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGSYS", "SIGTRAP"),
        *("SIGPIPE", "SIGTTIN", "SIGTTOU"),
    )
}
#: what Python ignores and other programs do not expect to be ignored
_RESET = [getattr(signal, name) for name in ("SIGPIPE", "SIGXFSZ") if hasattr(signal, name)]
_FROM_TERMINAL = {
    getattr(signal, name, None) for name in ("SIGINT", "SIGQUIT", "SIGTSTP", "SIGWINCH")
}
_BY_KERNEL = 0x80  # SI_KERNEL: a terminal sends it to all processes of its foreground group


class CannotStartError(Exception):
    """
    A command cannot be started.

    :param message: why
    :param exit_code: 127 if there is none of its name, else 126
    """

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@contextlib.contextmanager
def signals_kept() -> t.Iterator[set[int]]:
    """
    Keep signals for :func:`run_child`, and give the mask that a child starts with.

    Signals that nobody has fetched at the end are dropped.
    """
    watched = _watched()
    handler = signal.signal(signal.SIGCHLD, _ignored)  # a handler, or it may be lost
    before = signal.pthread_sigmask(signal.SIG_BLOCK, watched)
    try:
        yield before
    finally:
        new = watched - before
        while signal.sigpending() & new:
            waiting.blocking(signal.sigwait, new)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGCHLD, handler)


def run_child(command: t.Sequence[str], environ: t.Mapping[str, str], mask: set[int]) -> int:
    """
    Run a command to its end, and pass signals on to it.

    :param command: the command line
    :param environ: its environment variables
    :param mask: what :func:`signals_kept` gives
    :return: its exit code; minus the number of the signal if one has ended it
    :raises CannotStartError: if it cannot be started
    """
    pid = _start(command, environ, mask)
    while True:
        number, is_for_child = _next_signal()
        if number != signal.SIGCHLD:
            if is_for_child:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, number)
            continue
        ended, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
        if ended and not os.WIFSTOPPED(status):
            return os.waitstatus_to_exitcode(status)
        if ended and os.WSTOPSIG(status) != signal.SIGSTOP and _in_foreground():
            os.kill(os.getpid(), signal.SIGSTOP)  # the shell has to see that its job was stopped


def _start(command: t.Sequence[str], environ: t.Mapping[str, str], mask: set[int]) -> int:
    try:
        return os.posix_spawnp(command[0], [*command], environ, setsigmask=mask, setsigdef=_RESET)
    except (FileNotFoundError, ValueError) as error:  # ValueError for a null byte
        raise CannotStartError(_reason(error), NOT_FOUND) from error
    except OSError as error:
        raise CannotStartError(_reason(error), CANNOT_RUN) from error


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)


def _watched() -> set[int]:
    return {int(number) for number in signal.valid_signals() if number not in _OWN}


def _ignored(number: int, frame: object) -> None:
    """Do nothing."""


def _next_signal() -> tuple[int, bool]:
    """Wait for a signal; its number, and whether the child does not get it otherwise."""
    watched = _watched()
    if hasattr(signal, "sigwaitinfo"):
        info = waiting.blocking(signal.sigwaitinfo, watched)
        return info.si_signo, info.si_code != _BY_KERNEL
    number = waiting.blocking(signal.sigwait, watched)
    return number, not (number in _FROM_TERMINAL and _in_foreground())


def _in_foreground() -> bool:
    """Whether the terminal sends signals to this process and its child."""
    try:
        terminal = os.open(os.ctermid(), os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
