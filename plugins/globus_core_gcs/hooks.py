"""
What this plugin gives: the client for endpoints of Globus Connect Server, and the command
``collection``.
"""

from __future__ import annotations

from globus_core import hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"gcs": "globus_core_gcs:GCSClient"}


@hookimpl
def globus_cli_commands() -> dict[str, str]:
    return {"collection": "globus_core_gcs.commands.collection:collection"}
