"""
What this plugin gives: the clients of Globus Compute, and its sandbox.
"""

from __future__ import annotations

from globus_core import hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"compute": "globus_core_compute:ComputeClientV2"}


@hookimpl
def globus_sandbox_services() -> dict[str, str]:
    return {"compute": "globus_core_compute.sandbox:ComputeSandbox"}
