"""
What this plugin gives: the clients of Globus Auth, the command that shows consents, and Globus Auth
in the sandbox.
"""

from __future__ import annotations

from globus_core import CommandReference, hookimpl


@hookimpl
def globus_clients() -> dict[str, str]:
    return {"auth": "globus_core_auth:AuthClient"}


@hookimpl
def globus_cli_commands() -> dict[str, CommandReference]:
    return {
        "consents": CommandReference(
            "globus_core_auth.consents_command:consents",
            group="login",
            summary="Show what you have consented to",
        )
    }


@hookimpl
def globus_sandbox_services() -> dict[str, str]:
    return {"auth": "globus_core_auth.sandbox:AuthSandbox"}
