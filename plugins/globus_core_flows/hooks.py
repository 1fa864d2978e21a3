"""
What this plugin gives: the clients of Globus Flows, its commands, and its sandbox.
"""

from __future__ import annotations

from globus_core import hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"flows": "globus_core_flows:FlowsClient"}


@hookimpl
def globus_cli_commands() -> dict[str, str]:
    return {"flows": "globus_core_flows.commands:flows"}


@hookimpl
def globus_sandbox_services() -> dict[str, str]:
    return {"flows": "globus_core_flows.sandbox:FlowsSandbox"}
