"""
Flows in the sandbox, with runs that are really done. For development only.

Needs the extra ``sandbox``; importing this package loads nothing.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(__name__, {"service": ("FlowsSandbox",)})
