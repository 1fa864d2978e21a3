"""
The token storages of globus-sdk 3; all of them come from a plugin.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, {})
