"""
``globus-core whoami``.
"""

from __future__ import annotations

import json

import click

from .app_options import with_app

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.globus_app import GlobusApp

NOT_LOGGED_IN = 1


@click.command()
@click.option("--offline", is_flag=True, help="Only look at what is stored; ask nobody.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_app(may_log_in=False)
def whoami(app: GlobusApp, offline: bool, as_json: bool) -> None:
    """Show who is logged in, which tokens there are, until when, and where they are kept.

    Nobody is logged in by this. Exit code 0: somebody is logged in; 1: nobody is; 2: wrong usage.
    """
    from ._login_status import login_status, show

    status = login_status(app, offline=offline)
    if as_json:
        click.echo(json.dumps(status, indent=2))
    else:
        show(status)
    if not status["logged_in"]:
        raise SystemExit(NOT_LOGGED_IN)
