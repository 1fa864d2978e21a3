"""
The names of globus-sdk's module of this path, loaded when used.
"""

# Written by tests/layout/sdk_paths.py, from its table.

from __future__ import annotations

from globus_core._lazy import forward as _forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.services.auth import GetIdentitiesResponse as GetIdentitiesResponse
    from globus_core.services.auth import (
        GetIdentityProvidersResponse as GetIdentityProvidersResponse,
    )
else:
    __getattr__, __dir__ = _forward(
        __name__,
        {"globus_core.services.auth": ("GetIdentitiesResponse", "GetIdentityProvidersResponse")},
    )

__all__ = ("GetIdentitiesResponse", "GetIdentityProvidersResponse")
