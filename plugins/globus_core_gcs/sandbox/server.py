"""The endpoint of a sandbox: what it has, and who may do what with it."""

from __future__ import annotations

import dataclasses
import typing as t

from globus_core.scopes import GCSCollectionScopes, GCSEndpointScopes
from globus_core.testing.sandbox import ApiError, Caller, Collection, World

from ..connectors import ConnectorTable
from . import answers

#: the endpoint's id, which is its client id and the resource server of its tokens as well
ENDPOINT = "c2f8e6b4-1d07-4a93-8b5e-60f4d9a3c712"
GATEWAY = "7d5e0a91-3c6b-4f28-9e14-b8c2f5d7a603"
COLLECTION = "e90b4d37-85a2-4c1f-b6d8-2f7a3c5e1b94"
MANAGE = str(GCSEndpointScopes(ENDPOINT).manage_collections)

Document = dict[str, t.Any]


@dataclasses.dataclass
class Server:
    """
    What the manager knows; documents are kept as they are shown.

    :param world: the data shared with the other services
    """

    world: World
    endpoint: Document = dataclasses.field(default_factory=dict)
    gateways: dict[str, Document] = dataclasses.field(default_factory=dict)
    credentials: dict[str, Document] = dataclasses.field(default_factory=dict)
    roles: dict[str, Document] = dataclasses.field(default_factory=dict)
    #: what was said about collections beyond what all services know, by id
    details: dict[str, Document] = dataclasses.field(default_factory=dict)
    url: str = ""

    def reset(self) -> None:
        """Forget everything, and begin with one gateway for local disks."""
        for store in (self.gateways, self.credentials, self.roles, self.details):
            store.clear()
        self.endpoint = {
            "DATA_TYPE": "endpoint#1.0.0",
            "id": ENDPOINT,
            "display_name": "Sandbox Endpoint",
            "organization": "The Sandbox",
            "public": True,
            "allow_udt": False,
            "network_use": "normal",
            "subscription_id": None,
            "gcs_manager_url": self.url,
        }
        self.gateways[GATEWAY] = {
            "DATA_TYPE": "storage_gateway#1.0.0",
            "id": GATEWAY,
            "display_name": "Sandbox Disks",
            "connector_id": ConnectorTable.POSIX.connector_id,
            "high_assurance": False,
            "require_high_assurance": False,
            "allowed_domains": ["example.org", "example.edu"],
            "policies": {"DATA_TYPE": "posix_storage_policies#1.0.0"},
        }
        for person in self.world.people()[:1] if self.world.authority is not None else ():
            self.add_credential(person.id, GATEWAY, person.username.partition("@")[0])

    def add_credential(self, identity_id: str, gateway_id: str, username: str) -> Document:
        """
        Give somebody an account behind a gateway.

        :param identity_id: the identity
        :param gateway_id: the gateway
        :param username: the local account
        """
        made = {
            "DATA_TYPE": "user_credential#1.0.0",
            "id": self.world.new_id(),
            "identity_id": identity_id,
            "storage_gateway_id": gateway_id,
            "connector_id": self.gateways[gateway_id]["connector_id"],
            "username": username,
            "display_name": f"{username} on {self.gateways[gateway_id]['display_name']}",
            "invalid": False,
            "provisioned": False,
        }
        self.credentials[made["id"]] = made
        return made

    # who

    def caller(self) -> Caller:
        """
        The caller of the current request.

        :raises ApiError: 401 without a token for the endpoint
        """
        return self.world.caller(ENDPOINT, [MANAGE])

    def is_administrator(self, caller: Caller) -> bool:
        """
        Whether somebody administers the endpoint: the first person, or who has a role.

        :param caller: the caller
        """
        first = [person.id for person in self.world.people()[:1]]
        return bool({*first} & {*caller.identities}) or self._has_role(caller, None)

    def administrate(self) -> Caller:
        """
        The caller, who administers the endpoint.

        :raises ApiError: 403 for others
        """
        caller = self.caller()
        if not self.is_administrator(caller):
            raise answers.denied("only an administrator of the endpoint may do this")
        return caller

    def manage(self, collection: Collection) -> Caller:
        """
        The caller, who may change a collection.

        :param collection: the collection
        :raises ApiError: 403 for others
        """
        caller = self.caller()
        if (
            collection.owner in caller.identities
            or self._has_role(caller, collection.id)
            or self.is_administrator(caller)
        ):
            return caller
        raise answers.denied(f"only an administrator of {collection.id} may do this")

    def check_consent(self, caller: Caller, collection: Collection) -> None:
        """
        Check that the endpoint may use the caller's account behind a mapped collection.

        :param caller: the caller
        :param collection: the collection
        :raises ApiError: 403 with the scope to ask for
        """
        scope = str(GCSCollectionScopes(collection.id).data_access)
        if collection.high_assurance or scope in caller.dependent_scopes:
            return
        raise ApiError(
            403,
            f"a consent for data access on {collection.id} is required",
            code="ConsentRequired",
            extra={"required_scopes": [f"{MANAGE}[*{scope}]"]},
        )

    def _has_role(self, caller: Caller, collection_id: str | None) -> bool:
        principals = {f"urn:globus:auth:identity:{each}" for each in caller.identities}
        return any(
            role["principal"] in principals
            and role["collection"] == collection_id
            and role["role"] in {"owner", "administrator"}
            for role in self.roles.values()
        )

    # what

    def collections(self) -> list[Collection]:
        """The collections of the endpoint."""
        return [each for each in self.world.collections if self._is_here(each)]

    def collection(self, collection_id: str) -> Collection:
        """
        A collection.

        :param collection_id: its id
        :raises ApiError: 404 if the endpoint has none with that id
        """
        found = self.world.collections.find(collection_id.lower())
        if found is None or not self._is_here(found):
            raise answers.missing(f"collection {collection_id!r}")
        return found

    def _is_here(self, collection: Collection) -> bool:
        return collection.endpoint == ENDPOINT and collection.kind != "endpoint"


def known(store: dict[str, Document], key: str, what: str) -> Document:
    """
    A document by its id.

    :param store: the documents
    :param key: the id
    :param what: what it is, for the error
    :raises ApiError: 404 if there is none
    """
    found = store.get(key.lower())
    if found is None:
        raise answers.missing(f"{what} {key!r}")
    return found
