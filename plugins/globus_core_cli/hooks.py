"""
The hook implementations of the plugin ``cli``: commands to log in and out, to print tokens, to send
requests, and to list plugins.

The ``globus-core`` script itself is in ``main.py``; it works even if all plugins are blocked.
"""

from __future__ import annotations

from globus_core import CommandReference, hookimpl

EXTRA = "cli"
PLUGINS = CommandReference(
    "globus_core_cli.plugins_command:plugins",
    group="setup",
    summary="List the plugins, and what each one offers",
)


@hookimpl
def globus_cli_commands() -> dict[str, CommandReference]:
    return {
        "api": CommandReference(
            "globus_core_cli.api_command:api",
            group="services",
            summary="Send any request to any service",
        ),
        "completion": CommandReference(
            "globus_core_cli.completion_command:completion",
            group="setup",
            summary="Let a shell complete commands and values",
        ),
        "login": CommandReference(
            "globus_core_cli.login_command:login",
            group="login",
            summary="Log in, and store the tokens",
        ),
        "logins": CommandReference(
            "globus_core_cli.logins_command:logins",
            group="login",
            summary="List every login on this machine",
        ),
        "logout": CommandReference(
            "globus_core_cli.logout_command:logout",
            group="login",
            summary="Revoke the tokens, and remove them from the storage",
        ),
        "plugins": PLUGINS,
        "session": CommandReference(
            "globus_core_cli.session_command:session",
            group="login",
            summary="Show the session, and sign in again for a service",
        ),
        "token": CommandReference(
            "globus_core_cli.token_command:token",
            group="jobs",
            summary="Print a valid access token, or its header",
        ),
        "tokens": CommandReference(
            "globus_core_cli.tokens_command:tokens",
            group="login",
            summary="List the tokens of any storage, and move them",
        ),
        "whoami": CommandReference(
            "globus_core_cli.whoami_command:whoami",
            group="login",
            summary="Show who is logged in, and which tokens are stored",
        ),
    }
