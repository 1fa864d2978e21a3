"""
The names of globus-sdk's module of this path, loaded when used.
"""

# Written by tests/layout/sdk_paths.py, from its table.

from __future__ import annotations

from globus_core._lazy import forward as _forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core import IdentityMap as IdentityMap
    from globus_core import is_username as is_username
    from globus_core import split_ids_and_usernames as split_ids_and_usernames
else:
    __getattr__, __dir__ = _forward(
        __name__, {"globus_core": ("IdentityMap", "is_username", "split_ids_and_usernames")}
    )

__all__ = ("IdentityMap", "is_username", "split_ids_and_usernames")
