"""
The main features, shown step by step: ``globus-core demo``.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(__name__, {"command": ("demo",)})
