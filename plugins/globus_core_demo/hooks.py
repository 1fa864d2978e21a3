"""
The hook implementations of the plugin ``demo``: the command ``globus-core demo``.
"""

from __future__ import annotations

from globus_core import CommandReference, hookimpl

EXTRA = "cli"
#: the plugins that the demo uses; the sandbox is only needed without --auth-url
REQUIRES = ("app", "auth", "identity", "storage", "transfer")


@hookimpl
def globus_cli_commands() -> dict[str, CommandReference]:
    return {
        "demo": CommandReference(
            "globus_core_demo.command:demo",
            group="develop",
            summary="See what the SDK can do, without an account",
        )
    }
