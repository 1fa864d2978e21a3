"""
The hook implementations of the plugin ``jobs``: the commands ``globus-core run`` and ``outlook``,
and a check of the doctor.
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


@hookimpl
def globus_doctor_checks() -> dict[str, str]:
    return {"killed runs": "globus_core_jobs.leftovers:check_leftovers"}
