"""
``globus-core login``.
"""

from __future__ import annotations

import click

from .app_options import with_app
from .exit_codes import ExitCode
from .output import with_output
from .session_command import policy_option, refuse_service_account

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.gare import GlobusAuthorizationParameters
    from globus_core.globus_app import GlobusApp

    from .output import Output


@click.command()
@click.option("--force", is_flag=True, help="Log in even if the stored tokens are good.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    help="Request this scope too; can be repeated.",
)
@policy_option
@with_output("Print JSON, as whoami does.")
@with_app()
def login(
    app: GlobusApp,
    force: bool,
    scopes: tuple[str, ...],
    policies: tuple[str, ...],
    output: Output,
) -> None:
    """Log in and store the tokens, for programs with the same client id and app name.

    Exit code 0: logged in, now or before; 1: the login failed; 2: wrong usage;
    4: nobody can log in here, for lack of a terminal.
    """
    from globus_core import AuthClient

    from ._login_status import described, login_status

    if policies:
        refuse_service_account(app)
    # a client tells the app what to ask for: openid, profile, email
    with AuthClient(app=app):
        app.login(auth_params=_wanted(scopes, policies), force=force)
        status = login_status(app)
        if not status["logged_in"]:  # the stored tokens looked valid, and were refused
            app.login()
            status = login_status(app)
    output.show(status, described)
    if not status["logged_in"]:
        raise SystemExit(ExitCode.FAILED)


def _wanted(
    scopes: tuple[str, ...], policies: tuple[str, ...]
) -> GlobusAuthorizationParameters | None:
    """What the login must satisfy; None if any login is enough."""
    if not (scopes or policies):
        return None
    from globus_core.gare import GlobusAuthorizationParameters

    return GlobusAuthorizationParameters(
        required_scopes=list(scopes) or None, session_required_policies=list(policies) or None
    )
