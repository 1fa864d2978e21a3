"""
What this plugin gives: the client for endpoints of Globus Connect Server, and the commands for
collections and their files.
"""

from __future__ import annotations

from globus_core import CommandReference, hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"gcs": "globus_core_gcs:GCSClient"}


@hookimpl
def globus_cli_commands() -> dict[str, CommandReference]:
    return {
        "cat": CommandReference(
            "globus_core_gcs.commands.files:cat",
            group="files",
            summary="Print files of collections",
        ),
        "collection": CommandReference(
            "globus_core_gcs.commands.collection:collection",
            group="files",
            summary="Find, show and create collections",
        ),
        "get": CommandReference(
            "globus_core_gcs.commands.files:get",
            group="files",
            summary="Download a file from a collection over HTTPS",
        ),
        "put": CommandReference(
            "globus_core_gcs.commands.files:put",
            group="files",
            summary="Upload a file to a collection over HTTPS",
        ),
    }


@hookimpl
def globus_sandbox_services() -> dict[str, str]:
    return {"gcs": "globus_core_gcs.sandbox:GCSSandbox"}
