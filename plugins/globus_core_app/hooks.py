"""
The hook implementations of the plugin ``app``: login flows.
"""

from __future__ import annotations

from globus_core import hookimpl

#: apps need the clients and decoders of the plugin ``auth``
REQUIRES = ("auth",)


@hookimpl
def globus_login_flows() -> dict[str, str]:
    return {
        "auto": "globus_core_app:AutoLoginFlowManager",
        "command-line": "globus_core_app:CommandLineLoginFlowManager",
        "local-server": "globus_core_app:LocalServerLoginFlowManager",
    }
