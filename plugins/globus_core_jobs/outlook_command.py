"""
``globus-core outlook``.
"""

from __future__ import annotations

import click

from globus_core.cli import exit_code_of, with_app, with_output
from globus_core.documents import utc_text

from .lasting import too_short
from .needed_tokens import require, with_needs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.cli import Output
    from globus_core.globus_app import GlobusApp, TokenOutlook
    from globus_core.scopes import Scope


#: a hundred years, in hours
_LONGEST = 100 * 365 * 24


def _hours(context: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
    if value is not None and not 0 <= value <= _LONGEST:  # which not-a-number is not either
        raise click.BadParameter(f"{value:g} is not from 0 to {_LONGEST}", context, parameter)
    return value


@click.command()
@click.option(
    "--hours",
    type=float,
    callback=_hours,
    required=True,
    help="How long the job may take, with its time in the queue.",
)
@click.option(
    "--session-hours",
    type=float,
    callback=_hours,
    help="How old a sign-in may be for the services that the job uses, if they check that.",
)
@click.option("--offline", is_flag=True, help="Only look at the stored tokens; renew nothing.")
@with_needs
@with_output()
@with_app(may_log_in=False, access_token_suffices=True)
def outlook(
    app: GlobusApp,
    hours: float,
    session_hours: float | None,
    offline: bool,
    scopes: list[Scope],
    services: tuple[str, ...],
    output: Output,
) -> None:
    """Say whether the login outlives a job, before it is submitted.

    Tokens that would not last are renewed now, which shows that they can be. Exit code 0: all of
    them last; 1: that could not be found out; 2: wrong usage; 4: a login is needed.
    """
    from globus_core.globus_app import Outlook

    needed = require(app, scopes, services, may_log_in=False)
    found = app.ensure_valid_for(hours, session_hours=session_hours, refresh=not offline)
    named = {token.resource_server: token for token in found.tokens}
    tokens = [named[server] for server in sorted(needed) if server in named]
    error = too_short(tokens)
    document = {
        "lasts": error is None,
        "needed_until": utc_text(found.end),
        "tokens": [_described(token) for token in tokens],
    }
    output.show(document, lambda _: Outlook(found.end, tokens).explain())
    if error is not None:
        raise SystemExit(exit_code_of(error))


def _described(token: TokenOutlook) -> dict[str, t.Any]:
    return {
        "resource_server": token.resource_server,
        "lasts": token.lasts,
        "by": token.by,
        "until": None if token.until is None else utc_text(token.until),
        "advice": token.advice,
    }
