"""
What this plugin gives: the client of Globus Transfer, its commands, and its sandbox.
"""

from __future__ import annotations

from globus_core import CommandReference, hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"transfer": "globus_core_transfer:TransferClient"}


@hookimpl
def globus_cli_commands() -> dict[str, CommandReference]:
    return {
        "ls": CommandReference(
            "globus_core_transfer.commands.files:ls",
            group="files",
            summary="List a directory on a collection",
        ),
        "stat": CommandReference(
            "globus_core_transfer.commands.files:stat",
            group="files",
            summary="Show the size, time and permissions of a file",
        ),
        "task": CommandReference(
            "globus_core_transfer.commands.tasks:task",
            group="files",
            summary="List, show, watch, wait for and cancel transfers",
        ),
        "transfer": CommandReference(
            "globus_core_transfer.commands.transfer:transfer",
            group="files",
            summary="Transfer files between collections",
        ),
    }


@hookimpl
def globus_sandbox_services() -> dict[str, str]:
    return {"transfer": "globus_core_transfer.sandbox:TransferSandbox"}
