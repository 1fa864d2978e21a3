"""
What this plugin gives: the client of Globus Timers, its commands, and its sandbox.
"""

from __future__ import annotations

from globus_core import CommandReference, hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"timers": "globus_core_timers:TimersClient"}


@hookimpl
def globus_cli_commands() -> dict[str, CommandReference]:
    return {
        "timers": CommandReference(
            "globus_core_timers.commands:timers",
            group="files",
            summary="Transfer files at set times",
        )
    }


@hookimpl
def globus_sandbox_services() -> dict[str, str]:
    return {"timers": "globus_core_timers.sandbox:TimersSandbox"}
