"""
The documents of mapped and guest collections.
"""

from __future__ import annotations

from globus_core.documents import MISSING, MissingType, listed

from .base_document import GCSDocument
from .versions import VersionedDocument

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.documents import IDs

    from .base_document import ID, Fields
    from .versions import Version

    Text: t.TypeAlias = str | MissingType
    TextOrNone: t.TypeAlias = str | MissingType | None
    Flag: t.TypeAlias = bool | MissingType
    Object: t.TypeAlias = t.Mapping[str, t.Any] | MissingType
    ListOrNone: t.TypeAlias = IDs | MissingType | None
    Restriction: t.TypeAlias = t.Literal["inbound", "outbound", "all"] | MissingType


_LONG_MESSAGE = 64


def _version_for_message(document: t.Mapping[str, t.Any]) -> Version | None:
    """The version that allows a message of this length."""
    message = document.get("user_message")
    return (1, 7, 0) if isinstance(message, str) and len(message) > _LONG_MESSAGE else None


class CollectionDocument(VersionedDocument):
    """
    What the documents of both kinds of collections have in common; it cannot be made itself.

    What is MISSING is left to the endpoint.

    :param data_type: the kind and version; MISSING takes the lowest version that knows all keys
    :param collection_base_path: the folder that is the collection's root: of a mapped one below
        the gateway's root, of a guest one below that of its mapped collection
    :param contact_email: the email address for users, or None
    :param contact_info: how else to reach the owner, or None
    :param default_directory: the folder in which users start
    :param department: the department of the owner, or None
    :param description: what it holds, or None
    :param display_name: its name for people
    :param identity_id: the id of the identity that owns it
    :param info_link: the URL of a page about it, or None
    :param organization: the owner's organization
    :param restrict_transfers_to_high_assurance: which transfers need a high assurance collection
        on the other side: ``inbound``, ``outbound`` or ``all``
    :param user_message: what users are told, or None
    :param user_message_link: the URL of a page about that, or None
    :param keywords: a word by which it is found, or several
    :param disable_verify: whether users cannot ask for checksums
    :param enable_https: whether files are served over HTTPS
    :param force_encryption: whether all transfers are encrypted
    :param force_verify: whether all transfers check checksums
    :param public: whether everybody can find it
    :param acl_expiration_mins: after how many minutes permissions of new rules end
    :param associated_flow_policy: which flows belong to it
    :param additional_fields: further fields, which win
    """

    DATATYPE_BASE = "collection"
    DATATYPE_VERSION_IMPLICATIONS = {
        "enable_https": (1, 1, 0),
        "user_message": (1, 1, 0),
        "user_message_link": (1, 1, 0),
        "sharing_users_allow": (1, 2, 0),
        "sharing_users_deny": (1, 2, 0),
        "force_verify": (1, 4, 0),
        "disable_anonymous_writes": (1, 5, 0),
        "guest_auth_policy_id": (1, 6, 0),
        "delete_protected": (1, 8, 0),
        "acl_expiration_mins": (1, 10, 0),
        "restrict_transfers_to_high_assurance": (1, 12, 0),
        "auto_delete_timeout": (1, 13, 0),
        "skip_auto_delete": (1, 13, 0),
        "activity_notification_policy": (1, 14, 0),
        "associated_flow_policy": (1, 15, 0),
    }
    DATATYPE_VERSION_CALLBACKS = (_version_for_message,)

    #: ``mapped`` or ``guest``
    collection_type: str = ""

    def __init__(
        self,
        *,
        data_type: Text = MISSING,
        collection_base_path: Text = MISSING,
        contact_email: TextOrNone = MISSING,
        contact_info: TextOrNone = MISSING,
        default_directory: Text = MISSING,
        department: TextOrNone = MISSING,
        description: TextOrNone = MISSING,
        display_name: Text = MISSING,
        identity_id: ID = MISSING,
        info_link: TextOrNone = MISSING,
        organization: Text = MISSING,
        restrict_transfers_to_high_assurance: Restriction = MISSING,
        user_message: TextOrNone = MISSING,
        user_message_link: TextOrNone = MISSING,
        keywords: IDs | MissingType = MISSING,
        disable_verify: Flag = MISSING,
        enable_https: Flag = MISSING,
        force_encryption: Flag = MISSING,
        force_verify: Flag = MISSING,
        public: Flag = MISSING,
        acl_expiration_mins: int | MissingType = MISSING,
        associated_flow_policy: Object = MISSING,
        additional_fields: Fields = MISSING,
    ) -> None:
        if not self.collection_type:
            raise TypeError("make a MappedCollectionDocument or a GuestCollectionDocument")
        fields: dict[str, t.Any] = {
            "collection_type": self.collection_type,
            "DATA_TYPE": data_type,
            "collection_base_path": collection_base_path,
            "contact_email": contact_email,
            "contact_info": contact_info,
            "default_directory": default_directory,
            "department": department,
            "description": description,
            "display_name": display_name,
            "identity_id": identity_id,
            "info_link": info_link,
            "organization": organization,
            "restrict_transfers_to_high_assurance": restrict_transfers_to_high_assurance,
            "user_message": user_message,
            "user_message_link": user_message_link,
            "keywords": listed(keywords),
            "disable_verify": disable_verify,
            "enable_https": enable_https,
            "force_encryption": force_encryption,
            "force_verify": force_verify,
            "public": public,
            "acl_expiration_mins": acl_expiration_mins,
            "associated_flow_policy": associated_flow_policy,
        }
        super().__init__(fields, additional_fields)


class MappedCollectionDocument(CollectionDocument):
    """
    A mapped collection: users reach what they reach with their own account on the storage.

    What is MISSING is left to the endpoint. The parameters that are not listed here are those of
    :class:`CollectionDocument`.

    :param domain_name: the host name of the collection
    :param guest_auth_policy_id: the id of the authentication policy for its guest collections, or
        None
    :param storage_gateway_id: the id of the gateway that it is on
    :param sharing_users_allow: users that may make guest collections, or None
    :param sharing_users_deny: users that may not, or None
    :param sharing_restrict_paths: the folders that may be shared, as a path restrictions object,
        or None
    :param delete_protected: whether it cannot be deleted until this is changed
    :param allow_guest_collections: whether there can be guest collections on it
    :param disable_anonymous_writes: whether rules for anonymous users can only permit reading
    :param auto_delete_timeout: after how many days without use its guest collections are deleted
    :param associated_flow_policy: which flows belong to it
    :param policies: the policies of its kind of storage
    :param additional_fields: further fields, which win
    """

    collection_type = "mapped"

    def __init__(
        self,
        *,
        data_type: Text = MISSING,
        collection_base_path: Text = MISSING,
        contact_email: TextOrNone = MISSING,
        contact_info: TextOrNone = MISSING,
        default_directory: Text = MISSING,
        department: TextOrNone = MISSING,
        description: TextOrNone = MISSING,
        display_name: Text = MISSING,
        identity_id: ID = MISSING,
        info_link: TextOrNone = MISSING,
        organization: Text = MISSING,
        restrict_transfers_to_high_assurance: Restriction = MISSING,
        user_message: TextOrNone = MISSING,
        user_message_link: TextOrNone = MISSING,
        keywords: IDs | MissingType = MISSING,
        disable_verify: Flag = MISSING,
        enable_https: Flag = MISSING,
        force_encryption: Flag = MISSING,
        force_verify: Flag = MISSING,
        public: Flag = MISSING,
        acl_expiration_mins: int | MissingType = MISSING,
        domain_name: Text = MISSING,
        guest_auth_policy_id: ID | None = MISSING,
        storage_gateway_id: ID = MISSING,
        sharing_users_allow: ListOrNone = MISSING,
        sharing_users_deny: ListOrNone = MISSING,
        sharing_restrict_paths: Object | None = MISSING,
        delete_protected: Flag = MISSING,
        allow_guest_collections: Flag = MISSING,
        disable_anonymous_writes: Flag = MISSING,
        auto_delete_timeout: int | MissingType = MISSING,
        associated_flow_policy: Object = MISSING,
        policies: Object = MISSING,
        additional_fields: Fields = MISSING,
    ) -> None:
        own: dict[str, t.Any] = {
            "domain_name": domain_name,
            "guest_auth_policy_id": guest_auth_policy_id,
            "storage_gateway_id": storage_gateway_id,
            "sharing_users_allow": listed(sharing_users_allow),
            "sharing_users_deny": listed(sharing_users_deny),
            "sharing_restrict_paths": sharing_restrict_paths,
            "delete_protected": delete_protected,
            "allow_guest_collections": allow_guest_collections,
            "disable_anonymous_writes": disable_anonymous_writes,
            "auto_delete_timeout": auto_delete_timeout,
            "policies": policies,
        }
        super().__init__(
            data_type=data_type,
            collection_base_path=collection_base_path,
            contact_email=contact_email,
            contact_info=contact_info,
            default_directory=default_directory,
            department=department,
            description=description,
            display_name=display_name,
            identity_id=identity_id,
            info_link=info_link,
            organization=organization,
            restrict_transfers_to_high_assurance=restrict_transfers_to_high_assurance,
            user_message=user_message,
            user_message_link=user_message_link,
            keywords=keywords,
            disable_verify=disable_verify,
            enable_https=enable_https,
            force_encryption=force_encryption,
            force_verify=force_verify,
            public=public,
            acl_expiration_mins=acl_expiration_mins,
            associated_flow_policy=associated_flow_policy,
            additional_fields=GCSDocument(own, additional_fields),
        )


class GuestCollectionDocument(CollectionDocument):
    """
    A guest collection: a folder of a mapped collection that its owner shares by rules.

    What is MISSING is left to the endpoint. The parameters that are not listed here are those of
    :class:`CollectionDocument`.

    :param mapped_collection_id: the id of the mapped collection that it is on
    :param user_credential_id: the id of the owner's credential for the storage gateway
    :param skip_auto_delete: whether it stays where unused guest collections are deleted
    :param activity_notification_policy: which transfers its owner is told of
    :param additional_fields: further fields, which win
    """

    collection_type = "guest"

    def __init__(
        self,
        *,
        data_type: Text = MISSING,
        collection_base_path: Text = MISSING,
        contact_email: TextOrNone = MISSING,
        contact_info: TextOrNone = MISSING,
        default_directory: Text = MISSING,
        department: TextOrNone = MISSING,
        description: TextOrNone = MISSING,
        display_name: Text = MISSING,
        identity_id: ID = MISSING,
        info_link: TextOrNone = MISSING,
        organization: Text = MISSING,
        restrict_transfers_to_high_assurance: Restriction = MISSING,
        user_message: TextOrNone = MISSING,
        user_message_link: TextOrNone = MISSING,
        keywords: IDs | MissingType = MISSING,
        disable_verify: Flag = MISSING,
        enable_https: Flag = MISSING,
        force_encryption: Flag = MISSING,
        force_verify: Flag = MISSING,
        public: Flag = MISSING,
        acl_expiration_mins: int | MissingType = MISSING,
        associated_flow_policy: Object = MISSING,
        mapped_collection_id: ID = MISSING,
        user_credential_id: ID = MISSING,
        skip_auto_delete: Flag = MISSING,
        activity_notification_policy: Object = MISSING,
        additional_fields: Fields = MISSING,
    ) -> None:
        own: dict[str, t.Any] = {
            "mapped_collection_id": mapped_collection_id,
            "user_credential_id": user_credential_id,
            "skip_auto_delete": skip_auto_delete,
            "activity_notification_policy": activity_notification_policy,
        }
        super().__init__(
            data_type=data_type,
            collection_base_path=collection_base_path,
            contact_email=contact_email,
            contact_info=contact_info,
            default_directory=default_directory,
            department=department,
            description=description,
            display_name=display_name,
            identity_id=identity_id,
            info_link=info_link,
            organization=organization,
            restrict_transfers_to_high_assurance=restrict_transfers_to_high_assurance,
            user_message=user_message,
            user_message_link=user_message_link,
            keywords=keywords,
            disable_verify=disable_verify,
            enable_https=enable_https,
            force_encryption=force_encryption,
            force_verify=force_verify,
            public=public,
            acl_expiration_mins=acl_expiration_mins,
            associated_flow_policy=associated_flow_policy,
            additional_fields=GCSDocument(own, additional_fields),
        )
