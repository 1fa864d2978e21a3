"""
The documents of an endpoint and of its storage gateways.
"""

from __future__ import annotations

from globus_core.documents import MISSING, MissingType, listed

from .versions import VersionedDocument

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.documents import IDs

    from .base_document import ID, Fields

    Text: t.TypeAlias = str | MissingType
    TextOrNone: t.TypeAlias = str | MissingType | None
    Flag: t.TypeAlias = bool | MissingType
    Number: t.TypeAlias = int | MissingType
    NetworkUse: t.TypeAlias = t.Literal["normal", "minimal", "aggressive", "custom"] | MissingType
    Objects: t.TypeAlias = t.Iterable[t.Mapping[str, t.Any]] | MissingType


class EndpointDocument(VersionedDocument):
    """
    An endpoint: one installation of Globus Connect Server.

    What is MISSING stays as it is.

    :param data_type: the kind and version; MISSING takes the lowest version that knows all keys
    :param contact_email: the email address for users
    :param contact_info: how else to reach those who run it
    :param department: their department
    :param description: what the endpoint is for
    :param display_name: its name for people
    :param info_link: the URL of a page about it
    :param network_use: how much of the network transfers may use; ``custom`` takes the four numbers
        below
    :param organization: the organization that runs it
    :param subscription_id: the id of the subscription that manages it, or None
    :param keywords: a word by which it is found, or several
    :param allow_udt: whether data may travel by UDT
    :param public: whether everybody can find it
    :param max_concurrency: how many files a transfer may move at once, at most
    :param max_parallelism: how many connections it may use for a file, at most
    :param preferred_concurrency: how many files it moves at once
    :param preferred_parallelism: how many connections it uses for a file
    :param gridftp_control_channel_port: the TCP port of the GridFTP control channel, or None for
        the usual one
    :param additional_fields: further fields, which win
    """

    DATATYPE_BASE = "endpoint"
    DATATYPE_VERSION_IMPLICATIONS = {"gridftp_control_channel_port": (1, 1, 0)}

    def __init__(
        self,
        *,
        data_type: Text = MISSING,
        contact_email: Text = MISSING,
        contact_info: Text = MISSING,
        department: Text = MISSING,
        description: Text = MISSING,
        display_name: Text = MISSING,
        info_link: Text = MISSING,
        network_use: NetworkUse = MISSING,
        organization: Text = MISSING,
        subscription_id: TextOrNone = MISSING,
        keywords: IDs | MissingType = MISSING,
        allow_udt: Flag = MISSING,
        public: Flag = MISSING,
        max_concurrency: Number = MISSING,
        max_parallelism: Number = MISSING,
        preferred_concurrency: Number = MISSING,
        preferred_parallelism: Number = MISSING,
        gridftp_control_channel_port: int | MissingType | None = MISSING,
        additional_fields: Fields = MISSING,
    ) -> None:
        fields: dict[str, t.Any] = {
            "DATA_TYPE": data_type,
            "contact_email": contact_email,
            "contact_info": contact_info,
            "department": department,
            "description": description,
            "display_name": display_name,
            "info_link": info_link,
            "network_use": network_use,
            "organization": organization,
            "subscription_id": subscription_id,
            "keywords": listed(keywords),
            "allow_udt": allow_udt,
            "public": public,
            "max_concurrency": max_concurrency,
            "max_parallelism": max_parallelism,
            "preferred_concurrency": preferred_concurrency,
            "preferred_parallelism": preferred_parallelism,
            "gridftp_control_channel_port": gridftp_control_channel_port,
        }
        super().__init__(fields, additional_fields)


class StorageGatewayDocument(VersionedDocument):
    """
    A storage gateway: a storage system that an endpoint serves, and who may use it.

    What is MISSING is left to the endpoint.

    :param DATA_TYPE: the kind and version; MISSING takes the lowest version that knows all keys
    :param display_name: its name for people
    :param connector_id: the id of its connector, see :class:`ConnectorTable`
    :param root: the folder that is the root of its collections
    :param identity_mappings: how identities are mapped to accounts
    :param policies: the policies of its kind of storage
    :param allowed_domains: the domain whose identities may use it, or several
    :param high_assurance: whether it holds data that need high assurance
    :param require_mfa: whether users must have logged in with a second factor
    :param authentication_timeout_mins: how old a user's login may be, in minutes
    :param users_allow: accounts that may use it
    :param users_deny: accounts that may not
    :param additional_fields: further fields, which win
    """

    DATATYPE_BASE = "storage_gateway"
    DATATYPE_VERSION_IMPLICATIONS = {"require_mfa": (1, 1, 0)}

    def __init__(
        self,
        DATA_TYPE: Text = MISSING,  # noqa: N803
        display_name: Text = MISSING,
        connector_id: ID = MISSING,
        root: Text = MISSING,
        identity_mappings: Objects = MISSING,
        policies: t.Mapping[str, t.Any] | MissingType = MISSING,
        allowed_domains: IDs | MissingType = MISSING,
        high_assurance: Flag = MISSING,
        require_mfa: Flag = MISSING,
        authentication_timeout_mins: Number = MISSING,
        users_allow: IDs | MissingType = MISSING,
        users_deny: IDs | MissingType = MISSING,
        additional_fields: Fields = None,
    ) -> None:
        if identity_mappings is not None and not isinstance(identity_mappings, MissingType):
            identity_mappings = list(identity_mappings)
        fields: dict[str, t.Any] = {
            "DATA_TYPE": DATA_TYPE,
            "display_name": display_name,
            "connector_id": connector_id,
            "root": root,
            "identity_mappings": identity_mappings,
            "policies": policies,
            "allowed_domains": listed(allowed_domains),
            "high_assurance": high_assurance,
            "require_mfa": require_mfa,
            "authentication_timeout_mins": authentication_timeout_mins,
            "users_allow": listed(users_allow),
            "users_deny": listed(users_deny),
        }
        super().__init__(fields, additional_fields)
