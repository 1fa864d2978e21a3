"""
What this plugin gives: the client of Globus Transfer, and its sandbox.
"""

from __future__ import annotations

from globus_core import hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"transfer": "globus_core_transfer:TransferClient"}


@hookimpl
def globus_sandbox_services() -> dict[str, str]:
    return {"transfer": "globus_core_transfer.sandbox:TransferSandbox"}
