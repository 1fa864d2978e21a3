"""
Globus Connect Server in the sandbox: an endpoint with its manager, and the files of collections.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(__name__, {"service": ("GCSSandbox",)})
