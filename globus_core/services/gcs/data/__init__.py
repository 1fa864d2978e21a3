"""
The names of globus-sdk's module of this path, loaded when used.
"""

# Written by tests/layout/sdk_paths.py, from its table.

from __future__ import annotations

from globus_core._lazy import forward as _forward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.services.gcs import ActiveScaleStoragePolicies as ActiveScaleStoragePolicies
    from globus_core.services.gcs import AzureBlobStoragePolicies as AzureBlobStoragePolicies
    from globus_core.services.gcs import BlackPearlStoragePolicies as BlackPearlStoragePolicies
    from globus_core.services.gcs import BoxStoragePolicies as BoxStoragePolicies
    from globus_core.services.gcs import CephStoragePolicies as CephStoragePolicies
    from globus_core.services.gcs import CollectionDocument as CollectionDocument
    from globus_core.services.gcs import CollectionPolicies as CollectionPolicies
    from globus_core.services.gcs import EndpointDocument as EndpointDocument
    from globus_core.services.gcs import GCSRoleDocument as GCSRoleDocument
    from globus_core.services.gcs import (
        GoogleCloudStorageCollectionPolicies as GoogleCloudStorageCollectionPolicies,
    )
    from globus_core.services.gcs import GoogleCloudStoragePolicies as GoogleCloudStoragePolicies
    from globus_core.services.gcs import GoogleDriveStoragePolicies as GoogleDriveStoragePolicies
    from globus_core.services.gcs import GuestCollectionDocument as GuestCollectionDocument
    from globus_core.services.gcs import HPSSStoragePolicies as HPSSStoragePolicies
    from globus_core.services.gcs import IrodsStoragePolicies as IrodsStoragePolicies
    from globus_core.services.gcs import MappedCollectionDocument as MappedCollectionDocument
    from globus_core.services.gcs import OneDriveStoragePolicies as OneDriveStoragePolicies
    from globus_core.services.gcs import POSIXCollectionPolicies as POSIXCollectionPolicies
    from globus_core.services.gcs import (
        POSIXStagingCollectionPolicies as POSIXStagingCollectionPolicies,
    )
    from globus_core.services.gcs import POSIXStagingStoragePolicies as POSIXStagingStoragePolicies
    from globus_core.services.gcs import POSIXStoragePolicies as POSIXStoragePolicies
    from globus_core.services.gcs import S3StoragePolicies as S3StoragePolicies
    from globus_core.services.gcs import StorageGatewayDocument as StorageGatewayDocument
    from globus_core.services.gcs import StorageGatewayPolicies as StorageGatewayPolicies
    from globus_core.services.gcs import UserCredentialDocument as UserCredentialDocument
else:
    __getattr__, __dir__ = _forward(
        __name__,
        {
            "globus_core.services.gcs": (
                "ActiveScaleStoragePolicies",
                "AzureBlobStoragePolicies",
                "BlackPearlStoragePolicies",
                "BoxStoragePolicies",
                "CephStoragePolicies",
                "CollectionDocument",
                "CollectionPolicies",
                "EndpointDocument",
                "GCSRoleDocument",
                "GoogleCloudStorageCollectionPolicies",
                "GoogleCloudStoragePolicies",
                "GoogleDriveStoragePolicies",
                "GuestCollectionDocument",
                "HPSSStoragePolicies",
                "IrodsStoragePolicies",
                "MappedCollectionDocument",
                "OneDriveStoragePolicies",
                "POSIXCollectionPolicies",
                "POSIXStagingCollectionPolicies",
                "POSIXStagingStoragePolicies",
                "POSIXStoragePolicies",
                "S3StoragePolicies",
                "StorageGatewayDocument",
                "StorageGatewayPolicies",
                "UserCredentialDocument",
            )
        },
    )

__all__ = (
    "ActiveScaleStoragePolicies",
    "AzureBlobStoragePolicies",
    "BlackPearlStoragePolicies",
    "BoxStoragePolicies",
    "CephStoragePolicies",
    "CollectionDocument",
    "CollectionPolicies",
    "EndpointDocument",
    "GCSRoleDocument",
    "GoogleCloudStorageCollectionPolicies",
    "GoogleCloudStoragePolicies",
    "GoogleDriveStoragePolicies",
    "GuestCollectionDocument",
    "HPSSStoragePolicies",
    "IrodsStoragePolicies",
    "MappedCollectionDocument",
    "OneDriveStoragePolicies",
    "POSIXCollectionPolicies",
    "POSIXStagingCollectionPolicies",
    "POSIXStagingStoragePolicies",
    "POSIXStoragePolicies",
    "S3StoragePolicies",
    "StorageGatewayDocument",
    "StorageGatewayPolicies",
    "UserCredentialDocument",
)
