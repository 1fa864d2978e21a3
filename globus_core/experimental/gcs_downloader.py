"""
The names of globus-sdk's module of this path, loaded when used.
"""

# Written by tests/layout/sdk_paths.py, from its table.

from __future__ import annotations

from globus_core._lazy import forward as _forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.services.gcs import GCSDownloader as GCSDownloader
else:
    __getattr__, __dir__ = _forward(__name__, {"globus_core.services.gcs": ("GCSDownloader",)})

__all__ = ("GCSDownloader",)
