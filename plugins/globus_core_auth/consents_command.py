"""
``globus-core consents``: what a person has consented to, and revoking it.
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

_DEFAULT = "show"


class _Group(click.Group):
    """A group with a default command, so that its options may follow at once."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Group)
def consents() -> None:
    """Show what you have consented to, and revoke it.

    "globus-core consents" is short for "globus-core consents show", and takes its options.
    """


@consents.command(_DEFAULT)
@click.option("--all", "everything", is_flag=True, help="Also what other applications were given.")
@with_output("Print JSON, as the Auth API gives it.")
@with_app(access_token_suffices=True)
def show(app: GlobusApp, output: Output, everything: bool) -> None:
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


@consents.command()
@click.argument("names", nargs=-1, required=True, metavar="SCOPE|NUMBER...")
@click.option(
    "--all", "everything", is_flag=True, help="Look among the consents for all applications."
)
@click.option(
    "--timeout",
    type=click.IntRange(min=0),
    default=900,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait until it is done.",
)
@with_output("Print JSON: the numbers of the consents that are revoked, and those that remain.")
@with_app(may_log_in=False, access_token_suffices=True)
def revoke(
    app: GlobusApp, output: Output, names: tuple[str, ...], everything: bool, timeout: int
) -> None:
    """Revoke consents, with all that were given for them, on the page of Globus Auth for it.

    Programs cannot revoke a consent, only people can: the address of the page is shown, and the
    command waits until the consents are gone. A consent is named by its scope or its number, as
    "globus-core consents" shows it.

    Exit code 0: they are gone; 1: some are still there; 2: wrong usage, or there is no such
    consent; 4: a login is needed, or nobody is at a terminal to open the page.
    """
    from .consent_revocation import revoke_by_page

    revoke_by_page(app, output, names, everything=everything, seconds=timeout)


def _trees(response: GetConsentsResponse) -> list[Branch]:
    forest = response.to_forest()
    return [tree.branches() for tree in forest.trees] or [(str(forest), [])]
