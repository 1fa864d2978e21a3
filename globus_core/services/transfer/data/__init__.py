"""
Namespace for documents that the client of Globus Transfer sends; plugins provide its names.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__, {}, submodules=("delete_data", "transfer_data", "tunnel_data")
)
