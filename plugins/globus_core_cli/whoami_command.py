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
    import typing as t

    from globus_core.globus_app import GlobusApp

    from .output import Output


@click.command()
@click.option(
    "--offline", is_flag=True, help="Only look at the stored tokens; do not ask Globus Auth."
)
@click.option(
    "--linked-identities",
    "linked",
    is_flag=True,
    help="Also show the identities that are linked to yours.",
)
@with_output()
@with_app(may_log_in=False, access_token_suffices=True)
def whoami(app: GlobusApp, offline: bool, linked: bool, output: Output) -> None:
    """Show who is logged in, which tokens are stored, when they expire, and where they are kept.

    This never starts a login. Exit code 0: somebody is logged in; 2: wrong usage;
    4: nobody is.
    """
    from ._login_status import described, linked_identities, login_status

    if linked and offline:
        raise click.UsageError("only Globus Auth knows the linked identities: not with --offline")
    status = login_status(app, offline=offline)
    linked = linked and status["logged_in"]
    if linked:
        _check_linked(status)
    output.show(status, described)
    if linked and not output.as_json:
        columns, rows = linked_identities(status)
        output.table(columns, rows, empty="no linked identities")
    if not status["logged_in"]:
        raise SystemExit(ExitCode.LOGIN_NEEDED)


def _check_linked(status: dict[str, t.Any]) -> None:
    """Say what is missing where the linked identities could not be had."""
    from globus_core.exc import GlobusError, LoginRequiredError
    from globus_core.scopes import AuthScopes

    if "linked_identities" in status:
        return
    if "trouble" in status:
        raise GlobusError(f"the linked identities could not be had: {status['trouble']}")
    command = f"globus-core session consent {AuthScopes.view_identity_set}"
    raise LoginRequiredError(
        "the login lacks the scope by which linked identities can be seen; run "
        f"'{command}' with the same options",
        command=command,
    )
