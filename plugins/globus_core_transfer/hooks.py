"""
What this plugin gives: the client of Globus Transfer, its commands, and its sandbox.
"""

from __future__ import annotations

from globus_core import hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"transfer": "globus_core_transfer:TransferClient"}


@hookimpl
def globus_cli_commands() -> dict[str, str]:
    return {
        "ls": "globus_core_transfer.commands.files:ls",
        "stat": "globus_core_transfer.commands.files:stat",
        "task": "globus_core_transfer.commands.tasks:task",
        "transfer": "globus_core_transfer.commands.transfer:transfer",
    }


@hookimpl
def globus_sandbox_services() -> dict[str, str]:
    return {"transfer": "globus_core_transfer.sandbox:TransferSandbox"}
