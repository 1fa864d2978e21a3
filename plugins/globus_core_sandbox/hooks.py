"""The hook implementations of the plugin ``sandbox``: one command."""

from __future__ import annotations

from globus_core import CommandReference, hookimpl

EXTRA = "sandbox"


@hookimpl
def globus_cli_commands() -> dict[str, CommandReference]:
    """
    Add ``globus-core sandbox``.
    """
    return {
        "sandbox": CommandReference(
            "globus_core_sandbox.cli:sandbox",
            group="develop",
            summary="Run Globus services on this machine, for tests",
        )
    }
