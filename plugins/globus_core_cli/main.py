"""
The ``globus-core`` script.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


def main(arguments: t.Sequence[str] | None = None) -> t.NoReturn:
    """
    Run a command and exit with its exit code.

    :param arguments: the command line; None uses ``sys.argv``
    """
    try:
        from .group import cli
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        sys.exit('the globus-core command needs click: pip install "globus-core[cli]"')
    cli.main(args=None if arguments is None else list(arguments), prog_name="globus-core")
    raise SystemExit(0)
