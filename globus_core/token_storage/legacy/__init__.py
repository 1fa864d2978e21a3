"""
The token storages of globus-sdk 3; plugins provide all of them.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(__name__, {})
