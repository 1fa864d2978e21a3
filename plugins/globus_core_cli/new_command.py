"""
``globus-core plugins new``: a plugin distribution to start from.
"""

from __future__ import annotations

import pathlib

import click

from ._examples import KINDS, copy_example, problem_with
from .output import with_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .output import Output


@click.command()
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.argument("name")
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=pathlib.Path),
    default=".",
    help="Where to create the new folder; by default in the current one.",
)
@with_output()
def new(kind: str, name: str, directory: pathlib.Path, output: Output) -> None:
    """Write a plugin distribution that works: code, pyproject, README and tests.

    NAME is the name of the plugin, such as `vault`; the distribution becomes
    `globus-core-vault`. Its tests pass as they are; start from there.
    """
    problem = problem_with(kind, name)
    if problem is not None:
        raise click.BadParameter(problem, param_hint="NAME")
    target = directory / f"globus-core-{name}"
    try:
        files = copy_example(kind, name, target)
    except FileExistsError as error:
        raise click.ClickException(f"{target} already exists; nothing was written") from error
    output.show(
        {"folder": str(target), "files": [str(file) for file in files]},
        lambda made: "\n".join(made["files"]),
    )
    if not output.as_json:
        click.echo(f'\nnext: cd {target}; pip install --editable ".[test]"; pytest')
