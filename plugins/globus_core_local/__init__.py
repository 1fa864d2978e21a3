"""
This machine's endpoints: Globus Connect Personal, and Globus Connect Server.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "errors": ("LocalEndpointError",),
        "folders": ("AccessibleFolder",),
        "owner_info": ("GlobusConnectPersonalOwnerInfo",),
        "personal": ("LocalGlobusConnectPersonal", "PersonalStatus"),
        "server": ("LocalGlobusConnectServer", "ServerStatus"),
    },
)

_NAMES = (
    "GlobusConnectPersonalOwnerInfo",
    "LocalGlobusConnectPersonal",
    "LocalGlobusConnectServer",
)
_OURS = ("AccessibleFolder", "LocalEndpointError", "PersonalStatus", "ServerStatus")

#: what namespaces of globus_core get of these names
NAMESPACES = {"": _NAMES, "local_endpoint": (*_NAMES, *_OURS)}
