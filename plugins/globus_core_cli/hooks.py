"""
What this plugin gives: the command that shows what plugins are there.

The ``globus-core`` script itself is in ``main.py``; it works with every plugin switched off.
"""

from __future__ import annotations

from globus_core import hookimpl

EXTRA = "cli"


@hookimpl
def globus_cli_commands() -> dict[str, str]:
    return {"plugins": "globus_core_cli.plugins_command:plugins"}
