"""
The names of globus-sdk's module of this path, loaded when used.
"""

# Written by tests/layout/sdk_paths.py, from its table.

from __future__ import annotations

from globus_core._lazy import forward as _forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.testing import get_response_set as get_response_set
    from globus_core.testing import load_response as load_response
    from globus_core.testing import load_response_set as load_response_set
    from globus_core.testing import register_response_set as register_response_set
else:
    __getattr__, __dir__ = _forward(
        __name__,
        {
            "globus_core.testing": (
                "get_response_set",
                "load_response",
                "load_response_set",
                "register_response_set",
            )
        },
    )

__all__ = ("get_response_set", "load_response", "load_response_set", "register_response_set")
