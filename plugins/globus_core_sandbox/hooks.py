"""The hook implementations of the plugin ``sandbox``: one command."""

from __future__ import annotations

from globus_core import hookimpl

EXTRA = "sandbox"


@hookimpl
def globus_cli_commands() -> dict[str, str]:
    """
    Add ``globus-core sandbox``.
    """
    return {"sandbox": "globus_core_sandbox.cli:sandbox"}
