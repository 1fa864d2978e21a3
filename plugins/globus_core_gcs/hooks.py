"""
What this plugin gives: the client for endpoints of Globus Connect Server, and the commands for
collections and their files.
"""

from __future__ import annotations

from globus_core import hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"gcs": "globus_core_gcs:GCSClient"}


@hookimpl
def globus_cli_commands() -> dict[str, str]:
    return {
        "cat": "globus_core_gcs.commands.files:cat",
        "collection": "globus_core_gcs.commands.collection:collection",
        "get": "globus_core_gcs.commands.files:get",
        "put": "globus_core_gcs.commands.files:put",
    }


@hookimpl
def globus_sandbox_services() -> dict[str, str]:
    return {"gcs": "globus_core_gcs.sandbox:GCSSandbox"}
