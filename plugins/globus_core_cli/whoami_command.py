"""
``globus-core whoami``.
"""

from __future__ import annotations

import click

from .app_options import with_app
from .exit_codes import ExitCode
from .output import with_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.globus_app import GlobusApp

    from .output import Output


@click.command()
@click.option(
    "--offline", is_flag=True, help="Only look at the stored tokens; do not ask Globus Auth."
)
@with_output()
@with_app(may_log_in=False, access_token_suffices=True)
def whoami(app: GlobusApp, offline: bool, output: Output) -> None:
    """Show who is logged in, which tokens are stored, when they expire, and where they are kept.

    This never starts a login. Exit code 0: somebody is logged in; 2: wrong usage;
    4: nobody is.
    """
    from ._login_status import described, login_status

    status = login_status(app, offline=offline)
    output.show(status, described)
    if not status["logged_in"]:
        raise SystemExit(ExitCode.LOGIN_NEEDED)
