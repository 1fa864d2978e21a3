"""The command ``globus-core example-command``."""

from __future__ import annotations

import click

from globus_core import AuthClient
from globus_core.cli import Output, with_app, with_output
from globus_core.globus_app import GlobusApp


@click.command()
@with_output()
@with_app()
def who(app: GlobusApp, output: Output) -> None:
    """Say who is logged in."""
    with AuthClient(app=app) as auth:
        person = auth.userinfo()
    shown = {"id": person["sub"], "name": person.get("preferred_username")}
    output.show(shown, lambda document: f"{document['name']} ({document['id']})")
