"""
``globus-core demo``: runs the steps in order, with one line of output for each.
"""

from __future__ import annotations

import contextlib
import tempfile
import time

import click

from globus_core.cli import ExitCode, with_output
from globus_core.exc import GlobusError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.cli import Output

    from .server import Server
    from .steps import Journey

    Step = t.Callable[[Journey], str]


_SUCCEEDED = "all steps succeeded: logged in, moved files, renewed, showed an error, logged out"


@click.command()
@click.option("--browser", is_flag=True, help="Log in with this machine's browser.")
@click.option("--auth-url", metavar="URL", help="Use this server instead of the sandbox.")
@click.option("--client-id", metavar="ID", help="The id of the native client at that server.")
@with_output("Print JSON, when the last step is done.")
def demo(browser: bool, auth_url: str | None, client_id: str | None, output: Output) -> None:
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
        done = []
        for step in _run_all(STEPS, journey):
            done.append(step)
            if not output.as_json:
                click.echo(_line(step, len(done), len(STEPS)))
    failed = [step["step"] for step in done if step["result"] == "failed"]
    if output.as_json:
        output.show({"succeeded": not failed, "steps": done}, str)
    elif failed:
        click.echo(f"failed: {', '.join(failed)}", err=True)
    else:
        click.echo(
            "all steps succeeded: logged in, moved files, renewed, showed an error, logged out"
        )
    if failed:
        raise SystemExit(ExitCode.FAILED)


def _server(stack: contextlib.ExitStack, auth_url: str | None, client_id: str | None) -> Server:
    if auth_url is not None and client_id is not None:
        from .server import Server

        return Server(auth_url, client_id)
    from globus_core.testing import Sandbox

    from .server import SandboxServer

    return SandboxServer(stack.enter_context(Sandbox()))


def _run_all(steps: t.Sequence[Step], journey: Journey) -> t.Iterator[dict[str, t.Any]]:
    """Run the steps in order, and describe how each one went."""
    for step in steps:
        done = _run(step, journey)
        yield done
        if done["result"] == "failed" and not journey.logged_in:
            return  # no other step can run


def _run(step: Step, journey: Journey) -> dict[str, t.Any]:
    from .steps import NotOffered

    started = time.perf_counter()
    try:
        result, told = "ok", step(journey)
    except NotOffered as reason:
        result, told = "skipped", str(reason)
    except GlobusError as error:
        result, told = "failed", error.explain()
    except Exception as error:  # any failure is reported with its step
        result, told = "failed", f"{type(error).__name__}: {error}"
    return {
        "step": step.__name__.replace("_", " "),
        "result": result,
        "milliseconds": round((time.perf_counter() - started) * 1000),
        "details": told,
    }


def _line(done: dict[str, t.Any], number: int, of: int) -> str:
    mark = {"ok": "ok", "skipped": "--", "failed": "FAILED"}[done["result"]]
    told = f"skipped: {done['details']}" if mark == "--" else done["details"]
    spent = f"{done['milliseconds']:6} ms"
    return f"[{number:2}/{of}] {mark:6} {done['step']:24} {spent}  {told}"
