"""
Namespace for what may still change; plugins provide its names.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__, {}, submodules=("gcs_collection_client", "gcs_downloader", "transfer_v2")
)
