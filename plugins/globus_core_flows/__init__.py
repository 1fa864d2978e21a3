"""
Globus Flows: the clients for flows and their runs, and the documents that they send.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "client": ("FlowsClient",),
        "errors": ("FlowsAPIError",),
        "notifications": ("RunActivityNotificationPolicy",),
        "problems": ("FlowsProblem",),
        "responses": (
            "IterableFlowsResponse",
            "IterableRegisteredAPIsResponse",
            "IterableRunLogsResponse",
            "IterableRunsResponse",
            "IterableWebInputsResponse",
        ),
        "run_states": (
            "RunDocument",
            "RunLogEntry",
            "RunOutcome",
            "RunResult",
            "RunState",
            "run_requirements",
        ),
        "specific_flow": ("SpecificFlowClient",),
    },
)

_TOP = (
    "FlowsAPIError",
    "FlowsClient",
    "IterableFlowsResponse",
    "RunActivityNotificationPolicy",
    "SpecificFlowClient",
)
_LISTS = (
    "IterableRegisteredAPIsResponse",
    "IterableRunLogsResponse",
    "IterableRunsResponse",
    "IterableWebInputsResponse",
)

_RUNS = (
    "RunDocument",
    "RunLogEntry",
    "RunOutcome",
    "RunResult",
    "RunState",
    "run_requirements",
)

#: what namespaces of globus_core get of these names
NAMESPACES = {
    "": _TOP,
    "services.flows": (*_TOP, *_LISTS, *_RUNS, "FlowsProblem"),
}
