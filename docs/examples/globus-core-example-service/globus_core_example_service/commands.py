"""The command ``globus-core example-service``."""

from __future__ import annotations

import click
from globus_core.cli import Output, with_app, with_output
from globus_core.globus_app import GlobusApp

from .client import ExampleClient


@click.command()
@click.option("--tag", "tags", multiple=True, help="Only things with this tag; may be repeated.")
@with_output()
@with_app()
def things(app: GlobusApp, output: Output, tags: tuple[str, ...]) -> None:
    """List things."""
    with ExampleClient(app=app) as client:
        found = list(client.paginated.list_things(tags=tags or None).items())
    rows = [(thing["id"], thing["name"]) for thing in found]
    output.table(("id", "name"), rows, empty="there are no things")
