"""
Consents: a room that a plugin furnishes with Consent, ConsentTree, ConsentForest and their errors.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, {})
