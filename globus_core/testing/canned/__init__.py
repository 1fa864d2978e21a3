"""
Canned responses: their classes, and the responses of each service, under its name.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__,
    {
        "errors": ("construct_error",),
        "lookup": (
            "get_last_request",
            "get_response_set",
            "load_response",
            "load_response_set",
            "register_response_set",
        ),
        "models": ("RegisteredResponse", "ResponseList", "ResponseSet"),
    },
)
