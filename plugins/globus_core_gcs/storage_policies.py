"""
The policies of storage gateways, one class for each kind of storage.
"""

from __future__ import annotations

from globus_core.documents import MISSING, MissingType, listed

from .base_document import GCSDocument

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.documents import IDs


class StorageGatewayPolicies(GCSDocument):
    """
    Base of the policies; any keyword becomes a field.
    """

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(dict(*args, **kwargs))


class POSIXStoragePolicies(StorageGatewayPolicies):
    """
    The policies of a POSIX gateway.

    :param DATA_TYPE: the kind and version of the document
    :param groups_allow: POSIX groups that may use the gateway
    :param groups_deny: POSIX groups that may not
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        DATA_TYPE: str = "posix_storage_policies#1.0.0",  # noqa: N803
        groups_allow: IDs | MissingType = MISSING,
        groups_deny: IDs | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        super().__init__(
            DATA_TYPE=DATA_TYPE,
            groups_allow=listed(groups_allow),
            groups_deny=listed(groups_deny),
        )
        self.update(additional_fields or {})


class POSIXStagingStoragePolicies(StorageGatewayPolicies):
    """
    The policies of a POSIX staging gateway.

    :param DATA_TYPE: the kind and version of the document
    :param groups_allow: POSIX groups that may use the gateway
    :param groups_deny: POSIX groups that may not
    :param stage_app: the path of the program that stages files
    :param environment: the program's environment: objects with a name and a value, which are copied
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        DATA_TYPE: str = "posix_staging_storage_policies#1.0.0",  # noqa: N803
        groups_allow: IDs | MissingType = MISSING,
        groups_deny: IDs | MissingType = MISSING,
        stage_app: str | MissingType = MISSING,
        environment: t.Iterable[t.Mapping[str, str]] | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        if not isinstance(environment, MissingType):
            environment = [dict(each) for each in environment]
        super().__init__(
            DATA_TYPE=DATA_TYPE,
            groups_allow=listed(groups_allow),
            groups_deny=listed(groups_deny),
            stage_app=stage_app,
            environment=environment,
        )
        self.update(additional_fields or {})


class BlackPearlStoragePolicies(StorageGatewayPolicies):
    """
    The policies of a BlackPearl gateway.

    :param DATA_TYPE: the kind and version of the document
    :param s3_endpoint: the URL of the S3 API
    :param bp_access_id_file: the path of the file with access ids
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        DATA_TYPE: str = "blackpearl_storage_policies#1.0.0",  # noqa: N803
        s3_endpoint: str | MissingType = MISSING,
        bp_access_id_file: str | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        super().__init__(
            DATA_TYPE=DATA_TYPE,
            s3_endpoint=s3_endpoint,
            bp_access_id_file=bp_access_id_file,
        )
        self.update(additional_fields or {})


class BoxStoragePolicies(StorageGatewayPolicies):
    """
    The policies of a Box gateway.

    :param DATA_TYPE: the kind and version of the document
    :param enterpriseID: the id of the Box enterprise
    :param boxAppSettings: the settings of the Box app; ``repr`` hides them
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        DATA_TYPE: str = "box_storage_policies#1.0.0",  # noqa: N803
        enterpriseID: str | MissingType = MISSING,  # noqa: N803
        boxAppSettings: t.Mapping[str, t.Any] | MissingType = MISSING,  # noqa: N803
        additional_fields: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        super().__init__(
            DATA_TYPE=DATA_TYPE,
            enterpriseID=enterpriseID,
            boxAppSettings=boxAppSettings,
        )
        self.update(additional_fields or {})


class CephStoragePolicies(StorageGatewayPolicies):
    """
    The policies of a Ceph gateway.

    :param DATA_TYPE: the kind and version of the document
    :param s3_endpoint: the URL of the S3 API
    :param s3_buckets: the buckets that may be used
    :param ceph_admin_key_id: the id of the administrator's key
    :param ceph_admin_secret_key: the administrator's key; ``repr`` hides it
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        DATA_TYPE: str = "ceph_storage_policies#1.0.0",  # noqa: N803
        s3_endpoint: str | MissingType = MISSING,
        s3_buckets: IDs | MissingType = MISSING,
        ceph_admin_key_id: str | MissingType = MISSING,
        ceph_admin_secret_key: str | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        super().__init__(
            DATA_TYPE=DATA_TYPE,
            s3_endpoint=s3_endpoint,
            s3_buckets=listed(s3_buckets),
            ceph_admin_key_id=ceph_admin_key_id,
            ceph_admin_secret_key=ceph_admin_secret_key,
        )
        self.update(additional_fields or {})


class GoogleDriveStoragePolicies(StorageGatewayPolicies):
    """
    The policies of a Google Drive gateway.

    :param DATA_TYPE: the kind and version of the document
    :param client_id: the id of the client at Google
    :param secret: the client's secret; ``repr`` hides it
    :param user_api_rate_quota: the quota of requests for a user
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        DATA_TYPE: str = "google_drive_storage_policies#1.0.0",  # noqa: N803
        client_id: str | MissingType = MISSING,
        secret: str | MissingType = MISSING,
        user_api_rate_quota: int | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        super().__init__(
            DATA_TYPE=DATA_TYPE,
            client_id=client_id,
            secret=secret,
            user_api_rate_quota=user_api_rate_quota,
        )
        self.update(additional_fields or {})


class GoogleCloudStoragePolicies(StorageGatewayPolicies):
    """
    The policies of a Google Cloud Storage gateway.

    :param DATA_TYPE: the kind and version of the document
    :param client_id: the id of the client at Google
    :param secret: the client's secret; ``repr`` hides it
    :param service_account_key: the key of a service account; ``repr`` hides it
    :param buckets: the buckets that may be used
    :param projects: the projects that may be used
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        DATA_TYPE: str = "google_cloud_storage_policies#1.0.0",  # noqa: N803
        client_id: str | MissingType = MISSING,
        secret: str | MissingType = MISSING,
        service_account_key: t.Mapping[str, t.Any] | MissingType = MISSING,
        buckets: IDs | MissingType = MISSING,
        projects: IDs | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        super().__init__(
            DATA_TYPE=DATA_TYPE,
            client_id=client_id,
            secret=secret,
            service_account_key=service_account_key,
            buckets=listed(buckets),
            projects=listed(projects),
        )
        self.update(additional_fields or {})


class OneDriveStoragePolicies(StorageGatewayPolicies):
    """
    The policies of a OneDrive gateway.

    :param DATA_TYPE: the kind and version of the document
    :param client_id: the id of the client at Microsoft
    :param secret: the client's secret; ``repr`` hides it
    :param tenant: the id of the tenant
    :param user_api_rate_limit: the limit of requests for a user
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        DATA_TYPE: str = "onedrive_storage_policies#1.0.0",  # noqa: N803
        client_id: str | MissingType = MISSING,
        secret: str | MissingType = MISSING,
        tenant: str | MissingType = MISSING,
        user_api_rate_limit: int | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        super().__init__(
            DATA_TYPE=DATA_TYPE,
            client_id=client_id,
            secret=secret,
            tenant=tenant,
            user_api_rate_limit=user_api_rate_limit,
        )
        self.update(additional_fields or {})


class AzureBlobStoragePolicies(StorageGatewayPolicies):
    """
    The policies of an Azure Blob gateway.

    :param DATA_TYPE: the kind and version of the document
    :param client_id: the id of the client at Microsoft
    :param secret: the client's secret; ``repr`` hides it
    :param tenant: the id of the tenant
    :param account: the storage account
    :param auth_type: how users authenticate
    :param adls: whether the account is Azure Data Lake storage
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        DATA_TYPE: str = "azure_blob_storage_policies#1.0.0",  # noqa: N803
        client_id: str | MissingType = MISSING,
        secret: str | MissingType = MISSING,
        tenant: str | MissingType = MISSING,
        account: str | MissingType = MISSING,
        auth_type: str | MissingType = MISSING,
        adls: bool | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        super().__init__(
            DATA_TYPE=DATA_TYPE,
            client_id=client_id,
            secret=secret,
            tenant=tenant,
            account=account,
            auth_type=auth_type,
            adls=adls,
        )
        self.update(additional_fields or {})


class S3StoragePolicies(StorageGatewayPolicies):
    """
    The policies of an S3 gateway.
    """

    def __init__(
        self,
        DATA_TYPE: str = "s3_storage_policies#1.0.0",  # noqa: N803
        s3_endpoint: str | MissingType = MISSING,
        s3_buckets: IDs | MissingType = MISSING,
        s3_user_credential_required: bool | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        """
        Make the policies.

        :param DATA_TYPE: the kind and version of the document
        :param s3_endpoint: the URL of the S3 API
        :param s3_buckets: the buckets that may be used
        :param s3_user_credential_required: whether each user must register a credential
        :param additional_fields: further fields, which win
        """
        super().__init__(
            DATA_TYPE=DATA_TYPE,
            s3_endpoint=s3_endpoint,
            s3_buckets=listed(s3_buckets),
            s3_user_credential_required=s3_user_credential_required,
        )
        self.update(additional_fields or {})


class ActiveScaleStoragePolicies(S3StoragePolicies):
    """
    The policies of an ActiveScale gateway: those of S3, and sent as such.
    """


class IrodsStoragePolicies(StorageGatewayPolicies):
    """
    The policies of an iRODS gateway.

    :param DATA_TYPE: the kind and version of the document
    :param irods_environment_file: the path of the iRODS environment file
    :param irods_authentication_file: the path of the iRODS authentication file
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        DATA_TYPE: str = "irods_storage_policies#1.0.0",  # noqa: N803
        irods_environment_file: str | MissingType = MISSING,
        irods_authentication_file: str | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        super().__init__(
            DATA_TYPE=DATA_TYPE,
            irods_environment_file=irods_environment_file,
            irods_authentication_file=irods_authentication_file,
        )
        self.update(additional_fields or {})


class HPSSStoragePolicies(StorageGatewayPolicies):
    """
    The policies of an HPSS gateway.

    :param DATA_TYPE: the kind and version of the document
    :param authentication_mech: the authentication mechanism
    :param authenticator: the authenticator for that mechanism
    :param uda_checksum_support: whether checksums are kept in user-defined attributes
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        DATA_TYPE: str = "hpss_storage_policies#1.0.0",  # noqa: N803
        authentication_mech: str | MissingType = MISSING,
        authenticator: str | MissingType = MISSING,
        uda_checksum_support: bool | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        super().__init__(
            DATA_TYPE=DATA_TYPE,
            authentication_mech=authentication_mech,
            authenticator=authenticator,
            uda_checksum_support=uda_checksum_support,
        )
        self.update(additional_fields or {})
