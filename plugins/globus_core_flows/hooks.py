"""
What this plugin gives: the clients of Globus Flows, its commands, and its sandbox.
"""

from __future__ import annotations

from globus_core import CommandReference, hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"flows": "globus_core_flows:FlowsClient"}


@hookimpl
def globus_cli_commands() -> dict[str, CommandReference]:
    return {
        "flows": CommandReference(
            "globus_core_flows.commands:flows",
            group="services",
            summary="Find and start flows, and watch their runs",
        )
    }


@hookimpl
def globus_sandbox_services() -> dict[str, str]:
    return {"flows": "globus_core_flows.sandbox:FlowsSandbox"}
