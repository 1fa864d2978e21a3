"""
``globus-core doctor``.
"""

from __future__ import annotations

import os
import shutil
import sys
from urllib.parse import urlsplit

import click

from globus_core.cli import ExitCode, with_app_maker, with_output

from .examined import Examined
from .rendering import as_document, as_text, count, summary
from .runner import run_checks

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.cli import Output
    from globus_core.globus_app import GlobusApp

    from .runner import CheckResult


@click.command()
@click.option("--offline", is_flag=True, help="Do not use the network.")
@click.option(
    "--deadline",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True, max=3600),
    default=10,
    show_default=True,
    help="How long each check may take.",
)
@with_output()
@with_app_maker()
def doctor(
    make_app: t.Callable[[], GlobusApp],
    offline: bool,
    deadline: float,
    output: Output,
) -> None:
    """Find out what is wrong here, and say what to do about it.

    Looks at Python, plugins, variables, credentials, the token storage and its locks, the network,
    the clock, and tokens. The report has no secrets, so that it can be shown to others.
    Exit code 0: no problem was found; 1: there are some.
    """
    given = click.get_current_context().params
    if deadline != deadline:  # not a number
        raise click.BadParameter("nan is not a number of seconds", param_hint="--deadline")
    if offline and _is_on_network(given["token_storage"]):
        make_app = _no_app
    examined = Examined(
        make_app,
        offline=offline,
        client_id=given["client_id"],
        environment=given["environment"],
    )
    results = []
    for result in run_checks(examined, deadline):
        results.append(result)
        if not output.as_json:
            _show(result)
    output.show(as_document(results), lambda _: summary(results))
    if count(results, "problem"):
        raise SystemExit(ExitCode.FAILED)


def _is_on_network(token_storage: str) -> bool:
    try:
        return bool(urlsplit(token_storage).netloc)
    except ValueError:  # it is refused later
        return False


def _no_app() -> t.NoReturn:
    raise click.ClickException(
        "not tried, since the token storage is reached by the network, which is not to be used"
    )


def _show(result: CheckResult) -> None:
    on_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if on_terminal else None
    colour = on_terminal and not os.environ.get("NO_COLOR")
    click.echo(as_text(result, width, colour=colour))
    sys.stdout.flush()
