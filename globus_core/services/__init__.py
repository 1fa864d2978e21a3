"""
Namespace for services, one for each; plugins provide their names.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__,
    {},
    submodules=("auth", "compute", "flows", "gcs", "groups", "search", "timers", "transfer"),
)
