"""
``globus-core logout``.
"""

from __future__ import annotations

import json

import click

from .app_options import with_app

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.globus_app import GlobusApp

NOT_ALL_REVOKED = 1


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_app(may_log_in=False)
def logout(app: GlobusApp, as_json: bool) -> None:
    """Revoke the tokens of the app and namespace, and remove them from the storage.

    What cannot be revoked is named, and removed all the same. Exit code 0: all is well, or nobody
    was logged in; 1: a token could not be revoked; 2: wrong usage.
    """
    storage = app.token_storage.token_storage
    removed = sorted(storage.get_token_data_by_resource_server())
    failures = app.logout(sweep=True)
    if as_json:
        trouble = [
            {"resource_server": f.resource_server, "kind": f.kind, "reason": str(f.error)}
            for f in failures
        ]
        click.echo(json.dumps({"removed": removed, "not_revoked": trouble}, indent=2))
    else:
        click.echo(f"logged out of {', '.join(removed)}" if removed else "nobody was logged in")
        for f in failures:
            kind = f.kind.replace("_", " ")
            click.echo(f"the {kind} of {f.resource_server} was not revoked: {f.error}", err=True)
    if failures:
        raise SystemExit(NOT_ALL_REVOKED)
