"""
Revoking consents by the page of Globus Auth for it, which is the only way there is.
"""

from __future__ import annotations

import sys

import click

from globus_core import waiting
from globus_core.cli import ExitCode

from .consents import ConsentForest, ConsentTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from globus_core.cli import Output
    from globus_core.globus_app import GlobusApp

    from .client import AuthClient

#: seconds between two looks at the consents
PAUSE = 3
_PAGE = "v2/web/consents"


def revoke_by_page(
    app: GlobusApp, output: Output, names: Iterable[str], *, everything: bool, seconds: int
) -> None:
    """
    Show which consents to revoke and where, and wait until they are gone.

    :param app: the app
    :param output: prints the result
    :param names: scopes and numbers of consents
    :param everything: look among the consents for all applications
    :param seconds: how long to wait
    :raises SystemExit: if some are still there, or nobody can open the page
    """
    from globus_core import AuthClient
    from globus_core.scopes import AuthScopes

    with AuthClient(app=app, app_scopes=[]) as client:
        if everything:
            client.add_app_scope(AuthScopes.view_consents)
        trees = _trees(client.get_consents(all=everything).to_forest(), names)
        wanted = {consent.id for tree in trees for consent in tree.nodes}
        click.echo(_request(trees, f"{client.base_url}{_PAGE}"), err=True)
        if seconds and not is_seen():
            click.echo("Error: nobody is at a terminal here who could do this", err=True)
            raise SystemExit(ExitCode.LOGIN_NEEDED)
        remaining = _wait(client, wanted, everything=everything, seconds=seconds)
    result = {"revoked": sorted(wanted - remaining), "remaining": sorted(remaining)}
    output.show(result, lambda _: _described(len(wanted), len(remaining)))
    if remaining:
        raise SystemExit(ExitCode.FAILED)


def is_seen() -> bool:
    """
    Whether somebody sees what is said on standard error.
    """
    return sys.stderr.isatty()


def _trees(forest: ConsentForest, names: Iterable[str]) -> list[ConsentTree]:
    """The consents that are named, each with all that were given for it."""
    found: dict[int, ConsentTree] = {}
    for name in names:
        matching = [c for c in forest.nodes if name in (str(c.id), c.scope_name)]
        if not matching:
            raise click.UsageError(
                f"there is no consent {name!r}; 'globus-core consents' shows those there are"
            )
        found |= {consent.id: ConsentTree(consent.id, forest) for consent in matching}
    below = {child.id for tree in found.values() for child in tree.nodes[1:]}
    return [tree for number, tree in found.items() if number not in below]


def _request(trees: list[ConsentTree], page: str) -> str:
    drawn = "\n".join(map(str, trees))
    return f"Revoke on the page of Globus Auth:\n\n{drawn}\n\nThe page is\n\n  {page}\n"


def _wait(client: AuthClient, wanted: set[int], *, everything: bool, seconds: int) -> set[int]:
    """The consents that are still there in the end."""
    click.echo("Waiting until it is done; Ctrl-C ends the waiting.", err=True)
    remaining = wanted
    for _ in range(seconds // PAUSE + 1):
        remaining = wanted & _present(client, everything=everything)
        if not remaining:
            break
        waiting.sleep(PAUSE)
    return remaining


def _present(client: AuthClient, *, everything: bool) -> set[int]:
    """The consents that are there; none if they took the login with them."""
    from globus_core.exc import GlobusAPIError, GlobusError
    from globus_core.token_storage.validating_token_storage import TokenValidationError

    try:
        return {int(consent["id"]) for consent in client.get_consents(all=everything)}
    except TokenValidationError:
        return set()
    except GlobusAPIError as error:
        if error.http_status == 401 or error.code == "invalid_grant":
            return set()
        raise GlobusError(f"Globus Auth could not be asked again: {error}") from error


def _described(wanted: int, remaining: int) -> str:
    if remaining:
        return f"{remaining} of {wanted} consents are still there"
    return "the consent is revoked" if wanted == 1 else f"{wanted} consents are revoked"
