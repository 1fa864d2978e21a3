"""
The documents of roles and user credentials, and the policies of collections.
"""

from __future__ import annotations

from globus_core.documents import MISSING, Document, MissingType, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core.documents import IDs

    ID = uuid.UUID | str | MissingType
    Extra = t.Mapping[str, t.Any] | MissingType | None


class GCSRoleDocument(Document):
    """
    A role on the endpoint or on one of its collections.

    :param DATA_TYPE: the kind and version of the document
    :param collection: the id of the collection; MISSING is a role on the endpoint
    :param principal: the URN of an identity or a group
    :param role: the name of the role
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        DATA_TYPE: str = "role#1.0.0",  # noqa: N803
        collection: ID = MISSING,
        principal: str | MissingType = MISSING,
        role: str | MissingType = MISSING,
        additional_fields: Extra = None,
    ) -> None:
        fields = {"collection": collection, "principal": principal, "role": role}
        super().__init__({"DATA_TYPE": DATA_TYPE, **fields}, additional_fields)


class UserCredentialDocument(Document):
    """
    A user's credential for a storage gateway.

    :param DATA_TYPE: the kind and version of the document
    :param identity_id: the id of the user's identity
    :param connector_id: the id of the gateway's connector
    :param username: the user's name on the storage
    :param display_name: the name to show
    :param storage_gateway_id: the id of the gateway
    :param policies: the connector's own fields, keys among them; ``repr`` hides them
    :param additional_fields: further fields, which win
    """

    _secret_fields = frozenset({"policies"})

    def __init__(
        self,
        DATA_TYPE: str = "user_credential#1.0.0",  # noqa: N803
        identity_id: ID = MISSING,
        connector_id: ID = MISSING,
        username: str | MissingType = MISSING,
        display_name: str | MissingType = MISSING,
        storage_gateway_id: ID = MISSING,
        policies: t.Mapping[str, t.Any] | MissingType = MISSING,
        additional_fields: Extra = None,
    ) -> None:
        fields = {
            "DATA_TYPE": DATA_TYPE,
            "identity_id": identity_id,
            "connector_id": connector_id,
            "username": username,
            "display_name": display_name,
            "storage_gateway_id": storage_gateway_id,
            "policies": policies,
        }
        super().__init__(fields, additional_fields)


class CollectionPolicies(Document):
    """
    Base of the policies of collections; any keyword becomes a field.
    """

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(dict(*args, **kwargs))


class _SharingPolicies(CollectionPolicies):
    def _fill(self, data_type: str, allow: t.Any, deny: t.Any, extra: Extra) -> None:
        self["DATA_TYPE"] = data_type
        self["sharing_groups_allow"] = listed(allow)
        self["sharing_groups_deny"] = listed(deny)
        if not isinstance(extra, MissingType):
            self.update(extra or {})


class POSIXCollectionPolicies(_SharingPolicies):
    """
    The policies of a collection on a POSIX gateway.

    :param DATA_TYPE: the kind and version of the document
    :param sharing_groups_allow: POSIX groups that may share
    :param sharing_groups_deny: POSIX groups that may not
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        DATA_TYPE: str = "posix_collection_policies#1.0.0",  # noqa: N803
        sharing_groups_allow: IDs | MissingType | None = MISSING,
        sharing_groups_deny: IDs | MissingType | None = MISSING,
        additional_fields: Extra = MISSING,
    ) -> None:
        super().__init__()
        self._fill(DATA_TYPE, sharing_groups_allow, sharing_groups_deny, additional_fields)


class POSIXStagingCollectionPolicies(_SharingPolicies):
    """
    The policies of a collection on a POSIX staging gateway.

    :param DATA_TYPE: the kind and version of the document
    :param sharing_groups_allow: POSIX groups that may share
    :param sharing_groups_deny: POSIX groups that may not
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        DATA_TYPE: str = "posix_staging_collection_policies#1.0.0",  # noqa: N803
        sharing_groups_allow: IDs | MissingType | None = MISSING,
        sharing_groups_deny: IDs | MissingType | None = MISSING,
        additional_fields: Extra = MISSING,
    ) -> None:
        super().__init__()
        self._fill(DATA_TYPE, sharing_groups_allow, sharing_groups_deny, additional_fields)


class GoogleCloudStorageCollectionPolicies(CollectionPolicies):
    """
    The policies of a collection on a Google Cloud Storage gateway.

    :param DATA_TYPE: the kind and version of the document
    :param project: the id of the project
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        DATA_TYPE: str = "google_cloud_storage_collection_policies#1.0.0",  # noqa: N803
        project: str | MissingType = MISSING,
        additional_fields: Extra = MISSING,
    ) -> None:
        super().__init__(DATA_TYPE=DATA_TYPE, project=project)
        if not isinstance(additional_fields, MissingType):
            self.update(additional_fields or {})
