"""
``globus-core demo``: runs the steps in order, with one line of output for each.
"""

from __future__ import annotations

import contextlib
import tempfile
import time

import click

from globus_core.cli import ExitCode
from globus_core.exc import GlobusError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .server import Server
    from .steps import Journey

    Step = t.Callable[[Journey], str]


@click.command()
@click.option("--browser", is_flag=True, help="Log in with this machine's browser.")
@click.option("--auth-url", metavar="URL", help="Use this server instead of the sandbox.")
@click.option("--client-id", metavar="ID", help="The id of the native client at that server.")
def demo(browser: bool, auth_url: str | None, client_id: str | None) -> None:
    """Log in, store and renew tokens, resolve identities, move files, show an error, log out.

    Without --auth-url, a local sandbox is started, and nothing leaves this machine.
    """
    if (auth_url is None) != (client_id is None):
        raise click.UsageError("--auth-url and --client-id go together")
    from .steps import STEPS, Journey

    with contextlib.ExitStack() as stack:
        server = _server(stack, auth_url, client_id)
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="globus-core-demo-"))
        journey = stack.enter_context(Journey(server, folder, browser=browser))
        failed = _run_all(STEPS, journey)
    if failed:
        click.echo(f"failed: {', '.join(failed)}", err=True)
        raise SystemExit(ExitCode.FAILED)
    click.echo("all steps succeeded: logged in, moved files, renewed, showed an error, logged out")


def _server(stack: contextlib.ExitStack, auth_url: str | None, client_id: str | None) -> Server:
    if auth_url is not None and client_id is not None:
        from .server import Server

        return Server(auth_url, client_id)
    from globus_core.testing import Sandbox

    from .server import SandboxServer

    return SandboxServer(stack.enter_context(Sandbox()))


def _run_all(steps: t.Sequence[Step], journey: Journey) -> list[str]:
    """Run the steps in order, and return the titles of those that failed."""
    failed = []
    for number, step in enumerate(steps, 1):
        title = step.__name__.replace("_", " ")
        if not _run(step, journey, f"[{number:2}/{len(steps)}]", title):
            failed.append(title)
            if not journey.logged_in:
                break  # no other step can run
    return failed


def _run(step: Step, journey: Journey, number: str, title: str) -> bool:
    """Run one step and print its line; return whether it succeeded."""
    from .steps import NotOffered

    started = time.perf_counter()
    good = True
    try:
        mark, told = "ok", step(journey)
    except NotOffered as reason:
        mark, told = "--", f"skipped: {reason}"
    except GlobusError as error:
        mark, told, good = "FAILED", error.explain(), False
    except Exception as error:  # any failure is reported with its step
        mark, told, good = "FAILED", f"{type(error).__name__}: {error}", False
    spent = (time.perf_counter() - started) * 1000
    click.echo(f"{number} {mark:6} {title:24} {spent:6.0f} ms  {told}")
    return good
