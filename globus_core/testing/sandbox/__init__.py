"""
What the sandbox of a service is built with; see the hook ``globus_sandbox_services``.

Neither pytest nor responses is imported, and Flask only by the sandbox that runs the services.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__,
    {
        "errors": ("ApiError", "error_document"),
        "registry": ("Collection", "Registry", "ServiceScope"),
        "routing": ("Route", "is_loopback", "routes"),
        "service": ("ServiceSandbox",),
        "world": ("Authority", "Caller", "Clock", "Permissions", "World"),
    },
    submodules=("fields",),
)
