"""
The names of globus-sdk's module of this path, loaded when used.
"""

# Written by tests/layout/sdk_paths.py, from its table.

from __future__ import annotations

from globus_core._lazy import forward as _forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.services.auth import AuthClient as AuthClient
    from globus_core.services.auth import AuthLoginClient as AuthLoginClient
    from globus_core.services.auth import ConfidentialAppAuthClient as ConfidentialAppAuthClient
    from globus_core.services.auth import NativeAppAuthClient as NativeAppAuthClient
else:
    __getattr__, __dir__ = _forward(
        __name__,
        {
            "globus_core.services.auth": (
                "AuthClient",
                "AuthLoginClient",
                "ConfidentialAppAuthClient",
                "NativeAppAuthClient",
            )
        },
    )

__all__ = ("AuthClient", "AuthLoginClient", "ConfidentialAppAuthClient", "NativeAppAuthClient")
