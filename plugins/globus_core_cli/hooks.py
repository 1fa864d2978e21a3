"""
The hook implementations of the plugin ``cli``: commands to log in and out, to send requests, and to
list plugins.

The ``globus-core`` script itself is in ``main.py``; it works even if all plugins are blocked.
"""

from __future__ import annotations

from globus_core import hookimpl

EXTRA = "cli"


@hookimpl
def globus_cli_commands() -> dict[str, str]:
    return {
        "api": "globus_core_cli.api_command:api",
        "login": "globus_core_cli.login_command:login",
        "logout": "globus_core_cli.logout_command:logout",
        "plugins": "globus_core_cli.plugins_command:plugins",
        "whoami": "globus_core_cli.whoami_command:whoami",
    }
