"""
Login flows: the contract; the flows themselves are provided by plugins, and their names are here
too.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__,
    {"base": ("LoginFlowManager",)},
    submodules=("local_server_login_flow_manager",),
)
