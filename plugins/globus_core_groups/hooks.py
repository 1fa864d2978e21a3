"""
What this plugin gives: the client of Globus Groups, its sandbox, and the command ``groups``.
"""

from __future__ import annotations

from globus_core import CommandReference, hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"groups": "globus_core_groups:GroupsClient"}


@hookimpl
def globus_sandbox_services() -> dict[str, str]:
    return {"groups": "globus_core_groups.sandbox:GroupsSandbox"}


@hookimpl
def globus_cli_commands() -> dict[str, CommandReference]:
    return {
        "groups": CommandReference(
            "globus_core_groups.commands:groups",
            group="services",
            summary="Manage groups and their members",
        )
    }
