"""
A bare server for a login's redirect: a room that a plugin furnishes.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, {})
