"""
Guest collections, made with the caller's own credential for the storage.
"""

from __future__ import annotations

from globus_core import BaseClient
from globus_core.exc import GlobusSDKUsageError
from globus_core.scopes import GCSCollectionScopes, GCSEndpointScopes

from .collections import Collections
from .connectors import ConnectorTable
from .errors import GCSAPIError, GuestCollectionError
from .storage_gateways import StorageGateways
from .user_credentials import UserCredentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .responses import UnpackingGCSResponse

    Document: t.TypeAlias = t.Mapping[str, t.Any]


class GuestCollections(Collections, StorageGateways, UserCredentials, BaseClient):
    """
    The method that makes a guest collection in one step.
    """

    service_name = "globus_connect_server"

    def create_guest_collection(
        self, collection_data: Document, *, local_username: str | None = None
    ) -> UnpackingGCSResponse:
        """
        Create a guest collection, with the caller's credential for the storage gateway.

        The mapped collection tells the gateway; of the caller's valid credentials for it the only
        one is taken, or the only one of the document's ``identity_id``. A client with an app asks
        it for the scope ``data_access`` of the mapped collection, if it has one.

        :param collection_data: a :class:`GuestCollectionDocument` with a ``mapped_collection_id``;
            its ``user_credential_id`` is taken if there is one
        :param local_username: the account of the credential to take; None takes any
        :return: the collection
        :raises GlobusSDKUsageError: if the document has no ``mapped_collection_id``
        :raises GuestCollectionError: if the collection has no guest collections, or the caller has
            no or several credentials; says what to do
        :raises GCSAPIError: if the mapped collection is unknown, or the caller may not
        """
        mapped_id = collection_data.get("mapped_collection_id")
        if not mapped_id:
            raise GlobusSDKUsageError("'collection_data' must have a 'mapped_collection_id'")
        mapped = self.get_collection(mapped_id).data
        _check_mapped(mapped)
        self._ask_for_data_access(mapped)
        data = dict(collection_data)
        if not data.get("user_credential_id"):
            wanted = {"identity_id": data.get("identity_id"), "username": local_username}
            data["user_credential_id"] = self._credential(mapped["storage_gateway_id"], wanted)
        return self.create_collection(data)

    def _ask_for_data_access(self, mapped: Document) -> None:
        if self._app is None or mapped.get("high_assurance"):
            return
        data_access = GCSCollectionScopes(mapped["id"]).data_access.with_optional(True)
        endpoint = GCSEndpointScopes(str(self.resource_server))
        self.add_app_scope(endpoint.manage_collections.with_dependency(data_access))

    def _credential(self, gateway_id: str, wanted: dict[str, t.Any]) -> str:
        """The id of the only credential that is valid and as wanted."""
        listed = self.paginated.get_user_credential_list(storage_gateway=gateway_id)
        matching = [each for each in listed.items() if _is_as(each, wanted)]
        valid = [each for each in matching if not each.get("invalid")]
        if len(valid) == 1:
            return str(valid[0]["id"])
        gateway = self._name_of_gateway(gateway_id)
        if valid:
            raise _too_many(valid, gateway)
        raise _invalid(matching, gateway) if matching else _none(gateway, gateway_id, wanted)

    def _name_of_gateway(self, gateway_id: str) -> str:
        try:
            gateway = self.get_storage_gateway(gateway_id)
        except GCSAPIError:  # the name only helps
            return f"the storage gateway {gateway_id}"
        connector = ConnectorTable.lookup(str(gateway.get("connector_id")))
        kind = "" if connector is None else f"{connector.name} "
        return f"the {kind}storage gateway {gateway.get('display_name')!r} ({gateway_id})"


def _check_mapped(collection: Document) -> None:
    identifier = collection.get("id")
    if collection.get("collection_type") != "mapped":
        raise GuestCollectionError(
            f"the collection {identifier} is no mapped collection",
            f"use the mapped collection {collection.get('mapped_collection_id')}",
        )
    if collection.get("allow_guest_collections") is False:
        raise GuestCollectionError(
            f"there can be no guest collections on the collection {identifier}",
            "ask its administrator to allow guest collections",
        )


def _is_as(credential: Document, wanted: dict[str, t.Any]) -> bool:
    return all(
        not value or str(credential.get(field)) == str(value) for field, value in wanted.items()
    )


def _too_many(credentials: list[t.Any], gateway: str) -> GuestCollectionError:
    choices = ", ".join(f"{each['id']} ({each.get('username')})" for each in credentials)
    return GuestCollectionError(
        f"you have {len(credentials)} credentials for {gateway}",
        f"pass a local username, or one of these as the user credential's id: {choices}",
    )


def _invalid(credentials: list[t.Any], gateway: str) -> GuestCollectionError:
    choices = ", ".join(str(each["id"]) for each in credentials)
    return GuestCollectionError(
        f"your credentials for {gateway} are not valid any more",
        f"update a user credential: {choices}",
    )


def _none(gateway: str, gateway_id: str, wanted: dict[str, t.Any]) -> GuestCollectionError:
    names = {"identity_id": "the identity", "username": "the local username"}
    which = [f"{names[field]} {value!s}" for field, value in wanted.items() if value]
    of = f" of {' and '.join(which)}" if which else ""
    return GuestCollectionError(
        f"you have no credential{of} for {gateway}",
        f"create a user credential with the storage gateway id {gateway_id}",
    )
