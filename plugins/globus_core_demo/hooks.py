"""
What this plugin gives: the command ``globus-core demo``.
"""

from __future__ import annotations

from globus_core import hookimpl

EXTRA = "cli"
#: the demo uses what these plugins contribute; the sandbox only where no server is named
REQUIRES = ("app", "auth", "identity", "storage")


@hookimpl
def globus_cli_commands() -> dict[str, str]:
    return {"demo": "globus_core_demo.command:demo"}
