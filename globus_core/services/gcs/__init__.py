"""
Namespace for Globus Connect Server; plugins provide its names.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__, {}, submodules=("client", "connector_table", "data", "errors", "response")
)
