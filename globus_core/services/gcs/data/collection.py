"""
The names of globus-sdk's module of this path, loaded when used.
"""

# Written by tests/layout/sdk_paths.py, from its table.

from __future__ import annotations

from globus_core._lazy import forward as _forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.services.gcs import CollectionDocument as CollectionDocument
    from globus_core.services.gcs import CollectionPolicies as CollectionPolicies
    from globus_core.services.gcs import (
        GoogleCloudStorageCollectionPolicies as GoogleCloudStorageCollectionPolicies,
    )
    from globus_core.services.gcs import GuestCollectionDocument as GuestCollectionDocument
    from globus_core.services.gcs import MappedCollectionDocument as MappedCollectionDocument
    from globus_core.services.gcs import POSIXCollectionPolicies as POSIXCollectionPolicies
    from globus_core.services.gcs import (
        POSIXStagingCollectionPolicies as POSIXStagingCollectionPolicies,
    )
else:
    __getattr__, __dir__ = _forward(
        __name__,
        {
            "globus_core.services.gcs": (
                "CollectionDocument",
                "CollectionPolicies",
                "GoogleCloudStorageCollectionPolicies",
                "GuestCollectionDocument",
                "MappedCollectionDocument",
                "POSIXCollectionPolicies",
                "POSIXStagingCollectionPolicies",
            )
        },
    )

__all__ = (
    "CollectionDocument",
    "CollectionPolicies",
    "GoogleCloudStorageCollectionPolicies",
    "GuestCollectionDocument",
    "MappedCollectionDocument",
    "POSIXCollectionPolicies",
    "POSIXStagingCollectionPolicies",
)
