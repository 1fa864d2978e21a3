"""
What this plugin gives: the client of Globus Transfer.
"""

from __future__ import annotations

from globus_core import hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"transfer": "globus_core_transfer:TransferClient"}
