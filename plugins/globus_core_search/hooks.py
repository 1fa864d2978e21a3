"""
What this plugin gives: the client of Globus Search, its sandbox, and the command ``search``.
"""

from __future__ import annotations

from globus_core import CommandReference, hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"search": "globus_core_search:SearchClient"}


@hookimpl
def globus_sandbox_services() -> dict[str, str]:
    return {"search": "globus_core_search.sandbox:SearchSandbox"}


@hookimpl
def globus_cli_commands() -> dict[str, CommandReference]:
    return {
        "search": CommandReference(
            "globus_core_search.commands:search",
            group="services",
            summary="Search indices, and change what is in them",
        )
    }
