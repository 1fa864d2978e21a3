"""
The documents of roles and of users' credentials.
"""

from __future__ import annotations

from globus_core.documents import MISSING, MissingType

from .base_document import GCSDocument

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .base_document import ID, Fields


class GCSRoleDocument(GCSDocument):
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
        additional_fields: Fields = None,
    ) -> None:
        fields = {"collection": collection, "principal": principal, "role": role}
        super().__init__({"DATA_TYPE": DATA_TYPE, **fields}, additional_fields)


class UserCredentialDocument(GCSDocument):
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
        additional_fields: Fields = None,
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
