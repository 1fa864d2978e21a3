"""
The ``globus-core`` command, which is made of the commands that plugins offer.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "app_options": ("with_app",),
        "main": ("main",),
        "output": ("Output", "with_output"),
    },
)
