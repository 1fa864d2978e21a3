"""
Apps: a room that a plugin furnishes with GlobusApp, UserApp, ClientApp and their settings.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, {}, submodules=("authorizer_factory", "config"))
