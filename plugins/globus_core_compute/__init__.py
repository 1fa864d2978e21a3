"""
Globus Compute: the clients for both versions of its API.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "client_v2": ("ComputeClientV2",),
        "client_v3": ("ComputeClientV3",),
        "errors": ("ComputeAPIError",),
    },
)

_NAMES = ("ComputeAPIError", "ComputeClientV2", "ComputeClientV3")

#: what namespaces of globus_core get of these names
NAMESPACES = {"": _NAMES, "services.compute": _NAMES}
