"""The endpoint, its storage gateways, roles and user credentials."""

from __future__ import annotations

import typing as t

from flask import request

from globus_core.testing.sandbox import Route, routes

from . import answers
from .server import ENDPOINT, Document, Server, known

_ROLES = ("owner", "administrator", "access_manager", "activity_manager", "activity_monitor")
_SECRETS = ("policies",)
#: what no update of a document changes
_FIXED = ("DATA_TYPE", "id", "connector_id", "gcs_manager_url", "identity_id", "storage_gateway_id")


class EndpointApi:
    """
    Shows and changes what is on the endpoint, except collections.

    :param server: the endpoint
    """

    def __init__(self, server: Server) -> None:
        self._server = server

    def routes(self) -> list[Route]:
        """The routes."""
        gateways, roles, credentials = "/storage_gateways", "/roles", "/user_credentials"
        return routes(
            ("GET", "/info", self.info),
            ("GET", "/endpoint", self.endpoint),
            ("PATCH", "/endpoint", self.update_endpoint),
            ("PUT", "/endpoint/subscription_id", self.set_subscription),
            ("GET", gateways, self.list_gateways),
            ("POST", gateways, self.add_gateway),
            ("GET", f"{gateways}/<key>", self.gateway),
            ("PATCH", f"{gateways}/<key>", self.update_gateway),
            ("DELETE", f"{gateways}/<key>", self.delete_gateway),
            ("GET", roles, self.list_roles),
            ("POST", roles, self.add_role),
            ("GET", f"{roles}/<key>", self.role),
            ("DELETE", f"{roles}/<key>", self.delete_role),
            ("GET", credentials, self.list_credentials),
            ("POST", credentials, self.add_credential),
            ("GET", f"{credentials}/<key>", self.credential),
            ("PATCH", f"{credentials}/<key>", self.update_credential),
            ("DELETE", f"{credentials}/<key>", self.delete_credential),
            prefix="/api",
        )

    def info(self) -> Document:
        """What anybody may know."""
        found = {
            "DATA_TYPE": "info#1.0.0",
            "api_version": "1.15.0",
            "client_id": ENDPOINT,
            "domain_name": self._server.url.partition("://")[2].partition("/")[0],
            "endpoint_id": ENDPOINT,
            "manager_version": "5.4.0",
        }
        return answers.envelope(found)

    def endpoint(self) -> Document:
        """The endpoint."""
        self._server.caller()
        return answers.envelope(self._server.endpoint)

    def update_endpoint(self) -> Document:
        """Change the endpoint."""
        self._server.administrate()
        self._server.endpoint.update(_changes(answers.body("endpoint")))
        shown = [self._server.endpoint] if request.args.get("include") == "endpoint" else []
        return answers.envelope(*shown, message=f"Updated Endpoint {ENDPOINT}")

    def set_subscription(self) -> Document:
        """Change the subscription."""
        self._server.administrate()
        given = answers.body("endpoint_subscription")
        self._server.endpoint["subscription_id"] = given.get("subscription_id")
        return answers.envelope(message=f"Updated Endpoint {ENDPOINT}")

    # storage gateways

    def list_gateways(self) -> Document:
        """The storage gateways."""
        self._server.caller()
        return answers.page([*self._server.gateways.values()])

    def gateway(self, key: str) -> Document:
        """A storage gateway."""
        self._server.caller()
        return answers.envelope(known(self._server.gateways, key, "storage gateway"))

    def add_gateway(self) -> Document:
        """Add a storage gateway."""
        self._server.administrate()
        given = answers.body("storage_gateway")
        for name in ("display_name", "connector_id"):
            answers.text(given, name)
        made = {"high_assurance": False, "allowed_domains": [], **given}
        made |= {"DATA_TYPE": "storage_gateway#1.0.0", "id": self._server.world.new_id()}
        self._server.gateways[made["id"]] = made
        return answers.envelope(made, message=f"Created Storage Gateway {made['id']}")

    def update_gateway(self, key: str) -> Document:
        """Change a storage gateway."""
        self._server.administrate()
        found = known(self._server.gateways, key, "storage gateway")
        found.update(_changes(answers.body("storage_gateway")))
        return answers.envelope(message=f"Updated Storage Gateway {key}")

    def delete_gateway(self, key: str) -> Document:
        """Delete a storage gateway that no collection uses."""
        self._server.administrate()
        found = known(self._server.gateways, key, "storage gateway")
        if any(each.get("storage_gateway_id") == found["id"] for each in self._details()):
            raise answers.bad("a collection uses the storage gateway")
        del self._server.gateways[found["id"]]
        return answers.envelope(message=f"Deleted Storage Gateway {key}")

    def _details(self) -> t.Iterator[Document]:
        for collection in self._server.collections():
            yield self._server.details.get(collection.id, {})

    # roles

    def list_roles(self) -> Document:
        """The roles on the endpoint or a collection; of others than administrators, their own."""
        caller = self._server.caller()
        wanted = request.args.get("collection_id") or None
        found = [each for each in self._server.roles.values() if each["collection"] == wanted]
        if request.args.get("include") != "all_roles" or not self._server.is_administrator(caller):
            mine = {f"urn:globus:auth:identity:{each}" for each in caller.identities}
            if not self._server.is_administrator(caller):
                found = [each for each in found if each["principal"] in mine]
        return answers.page(found)

    def role(self, key: str) -> Document:
        """A role."""
        self._server.caller()
        return answers.envelope(known(self._server.roles, key, "role"))

    def add_role(self) -> Document:
        """Give somebody a role."""
        given = answers.body("role")
        collection = given.get("collection")
        if collection is None:
            self._server.administrate()
        else:
            self._server.manage(self._server.collection(str(collection)))
        if given.get("role") not in _ROLES:
            raise answers.invalid("role", f"must be one of {', '.join(_ROLES)}")
        made = {
            "DATA_TYPE": "role#1.0.0",
            "id": self._server.world.new_id(),
            "collection": collection,
            "principal": self._principal(answers.text(given, "principal")),
            "role": given["role"],
        }
        self._server.roles[made["id"]] = made
        return answers.envelope(made, message=f"Created role {made['id']}")

    def delete_role(self, key: str) -> Document:
        """Take a role away."""
        found = known(self._server.roles, key, "role")
        if found["collection"] is None:
            self._server.administrate()
        else:
            self._server.manage(self._server.collection(found["collection"]))
        del self._server.roles[found["id"]]
        return answers.envelope(message=f"Deleted role {key}")

    def _principal(self, urn: str) -> str:
        kind, _, key = urn.rpartition(":")
        if kind == "urn:globus:groups:id":
            return urn
        found = self._server.world.identity(key if kind else urn)
        if found is None or kind not in ("", "urn:globus:auth:identity"):
            raise answers.invalid("principal", f"there is no {urn!r}")
        return f"urn:globus:auth:identity:{found.id}"

    # user credentials, which are the caller's own

    def list_credentials(self) -> Document:
        """The caller's credentials."""
        gateway = request.args.get("storage_gateway")
        found = [
            _without_secrets(each)
            for each in self._own()
            if gateway in (None, "", each["storage_gateway_id"])
        ]
        return answers.page(found)

    def credential(self, key: str) -> Document:
        """A credential."""
        return answers.envelope(self._own_one(key))

    def add_credential(self) -> Document:
        """Add a credential."""
        caller = self._server.caller()
        given = answers.body("user_credential")
        gateway = answers.text(given, "storage_gateway_id").lower()
        known(self._server.gateways, gateway, "storage gateway")
        identity = given.get("identity_id") or caller.identity
        if identity not in caller.identities:
            raise answers.denied("credentials are for one's own identities")
        username = given.get("username") or caller.username.partition("@")[0]
        made = self._server.add_credential(identity, gateway, str(username))
        made |= {name: given[name] for name in ("display_name", "policies") if name in given}
        return answers.envelope(made, message=f"Created User Credential {made['id']}")

    def update_credential(self, key: str) -> Document:
        """Change a credential."""
        found = self._own_one(key)
        found.update(_changes(answers.body("user_credential")))
        return answers.envelope(message=f"Updated User Credential {key}")

    def delete_credential(self, key: str) -> Document:
        """Delete a credential."""
        del self._server.credentials[self._own_one(key)["id"]]
        return answers.envelope(message=f"Deleted User Credential {key}")

    def _own(self) -> list[Document]:
        mine = self._server.caller().identities
        return [each for each in self._server.credentials.values() if each["identity_id"] in mine]

    def _own_one(self, key: str) -> Document:
        return known({each["id"]: each for each in self._own()}, key, "user credential")


def _changes(given: Document) -> Document:
    """What a document changes: not what it is."""
    return {name: value for name, value in given.items() if name not in _FIXED}


def _without_secrets(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in _SECRETS}
