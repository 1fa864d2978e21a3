"""
Namespace for this machine's endpoints; plugins provide its names.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(__name__, {}, submodules=("personal", "server"))
