"""
What this plugin gives: apps, and ways to log a person in.
"""

from __future__ import annotations

from globus_core import hookimpl

#: apps build the clients and decoders that the plugin ``auth`` contributes
REQUIRES = ("auth",)


@hookimpl
def globus_login_flows() -> dict[str, str]:
    return {
        "auto": "globus_core_app:AutoLoginFlowManager",
        "command-line": "globus_core_app:CommandLineLoginFlowManager",
        "local-server": "globus_core_app:LocalServerLoginFlowManager",
    }
