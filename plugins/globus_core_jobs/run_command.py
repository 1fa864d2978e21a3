"""
``globus-core run``.
"""

from __future__ import annotations

import contextlib
import os
import signal

import click

from globus_core.cli import as_seconds, network_notes_shown, with_app
from globus_core.printable import printable

from . import run_folders
from .needed_tokens import require, with_needs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.globus_app import GlobusApp
    from globus_core.scopes import Scope

    from .renewal import Renewal
    from .token_files import MemoryFile, TokensFile

#: what a command reads its tokens from
TOKENS_VAR = "GLOBUS_TOKENS_FILE"
#: whose and for which Globus the tokens are
CLIENT_ID_VAR, ENVIRONMENT_VAR = "GLOBUS_CLIENT_ID", "GLOBUS_SDK_ENVIRONMENT"
#: not passed on: credentials that would be used before the tokens, and live longer
_NOT_PASSED_ON = ("GLOBUS_CLIENT_SECRET", "GLOBUS_TOKENS")
#: other programs' variables, which are not passed on if they are of the same client
_OTHER_CLIENTS = ("GLOBUS_CLI_CLIENT_", "GLOBUS_COMPUTE_CLIENT_")
#: added to the number of a signal
_SIGNALLED = 128
#: how long a renewal may take that is not over when the command is, in seconds
_LAST_RENEWAL = 10.0


@click.command(context_settings={"allow_interspersed_args": False})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option(
    "--for",
    "seconds",
    metavar="TIME",
    callback=as_seconds,
    help="How long the command may take, such as 12h or 3d; without a login that lasts so long "
    "it is not started.",
)
@with_needs
@click.option(
    "--dir",
    "place",
    metavar="FOLDER",
    envvar=run_folders.FOLDER_VAR,
    show_envvar=True,
    help="Where the private file is kept; a shared folder for commands on several hosts. "
    "By default $XDG_RUNTIME_DIR, or the folder for temporary files.",
)
@click.option("--memory", is_flag=True, help="Keep the tokens in memory, for this host only.")
@with_app(access_token_suffices=True, network_notes=False)
def run(
    app: GlobusApp,
    command: tuple[str, ...],
    seconds: int | None,
    scopes: list[Scope],
    services: tuple[str, ...],
    place: str | None,
    memory: bool,
) -> None:
    """Run a command with access tokens that stay valid as long as it runs.

    They are in the file that GLOBUS_TOKENS_FILE names, which is removed at the end. Signals are
    passed on. The exit code is that of the command, or 128 and the number of the signal that ended
    it; 126 and 127 if it cannot be started. Before that, 1: it failed; 2: wrong usage; 4: a login
    is needed, or does not last long enough.
    """
    if not hasattr(os, "posix_spawnp"):
        raise click.ClickException("this system has no signals that could be passed on")
    from .lasting import check_lasting
    from .leftovers import remove_leftovers
    from .renewal import Renewal

    with network_notes_shown():  # and not while standard error is that of the command
        needed = require(app, scopes, services, may_log_in=True)
        check_lasting(app, needed, (seconds or 0) / 3600, _say)
        renewal = Renewal(app, needed, _say)
        renewal.renew()
    for leftover in remove_leftovers(place):
        _say(f"removed the tokens of a run that was killed (process {leftover.pid})")
    code = _run_renewing(renewal, _maker(place, memory), command, _environment(app))
    if code == -signal.SIGINT:
        app.close()
        _die_of_interrupt()
    raise SystemExit(code if code >= 0 else _SIGNALLED - code)


def _run_renewing(
    renewal: Renewal,
    make: t.Callable[[], TokensFile | MemoryFile],
    command: tuple[str, ...],
    environ: dict[str, str],
) -> int:
    from .child import CannotStartError, run_child, signals_kept

    with signals_kept() as mask:
        file = make()
        try:
            renewal.start(file)
            return run_child(command, {**environ, TOKENS_VAR: file.path}, mask)
        except CannotStartError as error:
            _say(f"cannot run {command[0]!r}: {error}")
            return error.exit_code
        finally:
            file.remove()
            renewal.stop(_LAST_RENEWAL)


def _maker(place: str | None, memory: bool) -> t.Callable[[], TokensFile | MemoryFile]:
    from .token_files import MemoryFile, TokensFile

    if memory:
        return MemoryFile
    # after nohup a run outlives the session, whose folder the system removes
    lasting = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    best = run_folders.best_place(place, outlives_session=lasting)
    return lambda: TokensFile(best)


def _environment(app: GlobusApp) -> dict[str, str]:
    """The variables of the command, without those by which it would use other credentials."""
    dropped: tuple[str, ...] = _NOT_PASSED_ON
    if app.client_id:
        same = [name for name in _OTHER_CLIENTS if os.environ.get(f"{name}ID") == app.client_id]
        dropped = (*dropped, *same)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    environ[ENVIRONMENT_VAR] = app.config.environment
    if app.client_id:
        environ[CLIENT_ID_VAR] = app.client_id
    return environ


def _say(text: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # nobody reads it
        click.echo(printable(f"globus-core: {text}"), err=True)


def _die_of_interrupt() -> None:
    """End as the command has, so that a shell ends its script too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    os.kill(os.getpid(), signal.SIGINT)
