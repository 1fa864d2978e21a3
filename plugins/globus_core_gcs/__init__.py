"""
Globus Connect Server: the client for its managers, the documents that it sends, and the client for
the files of collections.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "access_documents": ("GCSRoleDocument", "UserCredentialDocument"),
        "client": ("GCSClient",),
        "collection_client": ("GCSCollectionClient",),
        "collection_documents": (
            "CollectionDocument",
            "GuestCollectionDocument",
            "MappedCollectionDocument",
        ),
        "collection_policies": (
            "CollectionPolicies",
            "GoogleCloudStorageCollectionPolicies",
            "POSIXCollectionPolicies",
            "POSIXStagingCollectionPolicies",
        ),
        "connectors": ("ConnectorTable", "GlobusConnectServerConnector"),
        "endpoint_documents": ("EndpointDocument", "StorageGatewayDocument"),
        "downloader": ("GCSDownloader",),
        "errors": ("GCSAPIError", "GuestCollectionError", "UnknownCollectionError"),
        "file_errors": (
            "ChangedFileError",
            "CollectionFileError",
            "ExistingFileError",
            "IncompleteFileError",
            "LocalFileError",
            "MissingFileError",
            "SomeFilesFailedError",
        ),
        "file_facts": ("FileFacts",),
        "responses": ("IterableGCSResponse", "UnpackingGCSResponse"),
        "storage_policies": (
            "ActiveScaleStoragePolicies",
            "AzureBlobStoragePolicies",
            "BlackPearlStoragePolicies",
            "BoxStoragePolicies",
            "CephStoragePolicies",
            "GoogleCloudStoragePolicies",
            "GoogleDriveStoragePolicies",
            "HPSSStoragePolicies",
            "IrodsStoragePolicies",
            "OneDriveStoragePolicies",
            "POSIXStagingStoragePolicies",
            "POSIXStoragePolicies",
            "S3StoragePolicies",
            "StorageGatewayPolicies",
        ),
    },
)

_DATA = (
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
_NAMES = (
    *_DATA,
    "ConnectorTable",
    "GCSAPIError",
    "GCSClient",
    "GlobusConnectServerConnector",
    "IterableGCSResponse",
    "UnpackingGCSResponse",
)

#: what namespaces of globus_core get of these names
NAMESPACES = {
    "": _NAMES,
    "services.gcs": (
        *_NAMES,
        "ChangedFileError",
        "CollectionFileError",
        "ExistingFileError",
        "FileFacts",
        "GCSCollectionClient",
        "GCSDownloader",
        "GuestCollectionError",
        "IncompleteFileError",
        "LocalFileError",
        "MissingFileError",
        "SomeFilesFailedError",
        "UnknownCollectionError",
    ),
}
