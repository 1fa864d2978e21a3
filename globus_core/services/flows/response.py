"""
The names of globus-sdk's module of this path, loaded when used.
"""

# Written by tests/layout/sdk_paths.py, from its table.

from __future__ import annotations

from globus_core._lazy import forward as _forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.services.flows import IterableFlowsResponse as IterableFlowsResponse
    from globus_core.services.flows import (
        IterableRegisteredAPIsResponse as IterableRegisteredAPIsResponse,
    )
    from globus_core.services.flows import IterableRunLogsResponse as IterableRunLogsResponse
    from globus_core.services.flows import IterableRunsResponse as IterableRunsResponse
    from globus_core.services.flows import IterableWebInputsResponse as IterableWebInputsResponse
else:
    __getattr__, __dir__ = _forward(
        __name__,
        {
            "globus_core.services.flows": (
                "IterableFlowsResponse",
                "IterableRegisteredAPIsResponse",
                "IterableRunLogsResponse",
                "IterableRunsResponse",
                "IterableWebInputsResponse",
            )
        },
    )

__all__ = (
    "IterableFlowsResponse",
    "IterableRegisteredAPIsResponse",
    "IterableRunLogsResponse",
    "IterableRunsResponse",
    "IterableWebInputsResponse",
)
