"""
The names of globus-sdk's module of this path, loaded when used.
"""

# Written by tests/layout/sdk_paths.py, from its table.

from __future__ import annotations

from globus_core._lazy import forward as _forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.testing import construct_error as construct_error
    from globus_core.testing import get_last_request as get_last_request
else:
    __getattr__, __dir__ = _forward(
        __name__, {"globus_core.testing": ("construct_error", "get_last_request")}
    )

__all__ = ("construct_error", "get_last_request")
