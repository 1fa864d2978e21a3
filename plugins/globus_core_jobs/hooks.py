"""
The hook implementations of the plugin ``jobs``: the commands ``globus-core run`` and ``outlook``.
"""

from __future__ import annotations

from globus_core import CommandReference, hookimpl

EXTRA = "cli"
REQUIRES = ("app", "cli")


@hookimpl
def globus_cli_commands() -> dict[str, CommandReference]:
    return {
        "outlook": CommandReference(
            "globus_core_jobs.outlook_command:outlook",
            group="jobs",
            summary="Say whether the login outlives a job",
        ),
        "run": CommandReference(
            "globus_core_jobs.run_command:run",
            group="jobs",
            summary="Run a command with tokens that stay valid",
        ),
    }
