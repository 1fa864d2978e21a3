"""
The policies of collections, one class for each kind of storage that has some.
"""

from __future__ import annotations

from globus_core.documents import MISSING, MissingType, listed

from .base_document import GCSDocument

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.documents import IDs

    Extra = t.Mapping[str, t.Any] | MissingType | None


class CollectionPolicies(GCSDocument):
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
