"""
``globus-core doctor``: what is wrong on this machine, and what to do about it.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "command": ("doctor",),
        "report": ("DoctorReport",),
    },
)

#: what namespaces of globus_core get of these names
NAMESPACES = {"cli": ("DoctorReport",)}
