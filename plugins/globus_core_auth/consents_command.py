"""
``globus-core consents``: what a person has consented to.
"""

from __future__ import annotations

import json

import click

from globus_core.cli import with_app

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.globus_app import GlobusApp


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also what other applications were given.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, as the Auth API gives it.")
@with_app()
def consents(app: GlobusApp, everything: bool, as_json: bool) -> None:
    """Show what you have consented to: to which scopes, and what hangs below each.

    A star marks a consent that can be revoked alone. Exit code 0: shown, even if there are none;
    1: Globus Auth could not be asked; 2: wrong usage.
    """
    from globus_core import AuthClient
    from globus_core.scopes import AuthScopes

    with AuthClient(app=app) as client:
        if everything:
            client.add_app_scope(AuthScopes.view_consents)
        response = client.get_consents(all=everything)
    if as_json:
        click.echo(json.dumps(list(response), indent=2))
    else:
        click.echo(response.to_forest())
