"""
``globus-core consents``: what a person has consented to.
"""

from __future__ import annotations

import click

from globus_core.cli import with_app, with_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.cli import Output
    from globus_core.globus_app import GlobusApp

    from ._tree_text import Branch
    from .responses import GetConsentsResponse


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also what other applications were given.")
@with_output("Print JSON, as the Auth API gives it.")
@with_app(access_token_suffices=True)
def consents(app: GlobusApp, output: Output, everything: bool) -> None:
    """Show what you have consented to: to which scopes, and what hangs below each.

    A star marks a consent that can be revoked alone. Exit code 0: shown, even if there are none;
    1: Globus Auth could not be asked; 2: wrong usage; 4: a login is needed.
    """
    from globus_core import AuthClient
    from globus_core.scopes import AuthScopes

    # openid, which every app has, tells whose consents these are
    with AuthClient(app=app, app_scopes=[]) as client:
        if everything:
            client.add_app_scope(AuthScopes.view_consents)
        response = client.get_consents(all=everything)
    output.show(list(response), lambda _: response.to_forest(), as_trees=lambda _: _trees(response))


def _trees(response: GetConsentsResponse) -> list[Branch]:
    forest = response.to_forest()
    return [tree.branches() for tree in forest.trees] or [(str(forest), [])]
