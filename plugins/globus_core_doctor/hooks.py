"""
The hook implementations of the plugin ``doctor``: the command, and the checks that come with it.
"""

from __future__ import annotations

from globus_core import CommandReference, hookimpl

EXTRA = "cli"
REQUIRES = ("cli",)

_CHECKS = {
    "python": "installation:check_python",
    "packages": "installation:check_packages",
    "plugins": "plugin_states:check_plugins",
    "variables": "variables:check_variables",
    "token files": "token_files:check_token_files",
    "credentials": "credential_sources:check_credentials",
    "storage": "storage_in_use:check_storage",
    "locks": "storage_locks:check_locks",
    "network": "connection:check_network",
    "tokens": "stored_tokens:check_tokens",
    "client": "registered_client:check_client",
}


@hookimpl
def globus_cli_commands() -> dict[str, CommandReference]:
    return {
        "doctor": CommandReference(
            "globus_core_doctor.command:doctor",
            group="setup",
            summary="Find out what is wrong here, and what to do",
        )
    }


@hookimpl
def globus_doctor_checks() -> dict[str, str]:
    return {name: f"globus_core_doctor.checks.{place}" for name, place in _CHECKS.items()}
