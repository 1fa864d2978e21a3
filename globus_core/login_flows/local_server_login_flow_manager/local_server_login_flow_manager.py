"""
The names of globus-sdk's module of this path, loaded when used.
"""

# Written by tests/layout/sdk_paths.py, from its table.

from __future__ import annotations

from globus_core._lazy import forward as _forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.login_flows.local_server_login_flow_manager import (
        BROWSER_DENY_LIST as BROWSER_DENY_LIST,
    )
    from globus_core.login_flows.local_server_login_flow_manager import (
        LocalServerLoginFlowManager as LocalServerLoginFlowManager,
    )
else:
    __getattr__, __dir__ = _forward(
        __name__,
        {
            "globus_core.login_flows.local_server_login_flow_manager": (
                "BROWSER_DENY_LIST",
                "LocalServerLoginFlowManager",
            )
        },
    )

__all__ = ("BROWSER_DENY_LIST", "LocalServerLoginFlowManager")
