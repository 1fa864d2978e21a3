"""
``globus-core logins``: every login on this machine.
"""

from __future__ import annotations

import click

from .output import with_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .output import Output

_COLUMNS = ("server", "app", "person", "storage", "ends")


@click.command()
@with_output()
def logins(output: Output) -> None:
    """List your logins on this machine: at which server, of which app and person, until when.

    These are the logins of apps whose tokens are at the default place of their storage. No request
    is sent, and nothing is renewed. A storage that cannot be read is named on standard error.

    Exit code 0: listed, even if there are none; 1: a storage cannot be read; 2: wrong usage.
    """
    from ._known_logins import known_logins

    found, problems = known_logins()
    if output.as_json:
        output.show(found, str)
    else:
        rows = [[login[name] for name in _COLUMNS] for login in found]
        output.table(_COLUMNS, rows, empty="no logins")
    for problem in problems:
        click.echo(f"Error: {problem}", err=True)
    if problems:
        raise SystemExit(1)
