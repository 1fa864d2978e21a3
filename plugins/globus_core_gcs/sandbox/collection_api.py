"""Mapped and guest collections, as the manager shows and changes them."""

from __future__ import annotations

import dataclasses
import os
import typing as t

from flask import request

from globus_core.testing.sandbox import Caller, Collection, Route, routes

from . import answers
from .server import ENDPOINT, Document, Server, known

_KINDS = ("mapped", "guest")
_FILTERS: dict[str, t.Callable[[Caller, Collection], bool]] = {
    "mapped_collections": lambda caller, each: each.kind == "mapped",
    "guest_collections": lambda caller, each: each.kind == "guest",
    "managed_by_me": lambda caller, each: each.owner in caller.identities,
    "created_by_me": lambda caller, each: each.owner in caller.identities,
}
_OWN = ("DATA_TYPE", "id", "collection_type", "https_url", "manager_url", "high_assurance")


class CollectionApi:
    """
    Shows and changes collections.

    :param server: the endpoint
    :param serve: opens the HTTPS address of a collection, and returns it with that address
    """

    def __init__(self, server: Server, serve: t.Callable[[Collection], Collection]) -> None:
        self._server = server
        self._serve = serve

    def routes(self) -> list[Route]:
        """The routes."""
        one = "/collections/<key>"
        return routes(
            ("GET", "/collections", self.list_all),
            ("POST", "/collections", self.add),
            ("GET", one, self.show),
            ("PATCH", one, self.update),
            ("DELETE", one, self.delete),
            prefix="/api",
        )

    def list_all(self) -> Document:
        """The collections, by ``mapped_collection_id`` and ``filter``."""
        caller = self._server.caller()
        host = request.args.get("mapped_collection_id")
        found = [each for each in self._server.collections() if host in (None, "", each.host)]
        for name in filter(None, request.args.get("filter", "").split(",")):
            if name not in _FILTERS:
                raise answers.bad(f"filter must be of {', '.join(_FILTERS)}")
            found = [each for each in found if _FILTERS[name](caller, each)]
        private = "private_policies" in request.args.get("include", "").split(",")
        return answers.page([self.document(each, private=private) for each in found])

    def show(self, key: str) -> Document:
        """A collection."""
        self._server.caller()
        found = self._server.collection(key)
        private = "private_policies" in request.args.get("include", "").split(",")
        return answers.envelope(self.document(found, private=private))

    def add(self) -> Document:
        """Add a collection."""
        given = answers.body("collection")
        if given.get("collection_type") not in _KINDS:
            raise answers.invalid("collection_type", "must be mapped or guest")
        made = self._mapped(given) if given["collection_type"] == "mapped" else self._guest(given)
        self._server.details[made.id] = _told(given)
        if given.get("enable_https", True):
            made = self._serve(made)
        self._server.world.collections.add(made)
        message = f"Created collection {made.id}"
        return answers.envelope(self.document(made, private=True), message=message)

    def update(self, key: str) -> Document:
        """Change a collection."""
        found = self._server.collection(key)
        self._server.manage(found)
        given = answers.body("collection")
        if given.get("collection_type", found.kind) != found.kind:
            raise answers.invalid("collection_type", f"is {found.kind}")
        details = self._server.details.setdefault(found.id, {})
        details.update(_told(given))
        changed = dataclasses.replace(
            found,
            name=str(given.get("display_name") or found.name),
            default_directory=str(given.get("default_directory") or found.default_directory),
        )
        self._server.world.collections.add(changed)
        return answers.envelope(self.document(changed, private=True), message=f"Updated {key}")

    def delete(self, key: str) -> Document:
        """Delete a collection, but not its files; a mapped one with its guest collections."""
        found = self._server.collection(key)
        self._server.manage(found)
        if self._server.details.get(found.id, {}).get("delete_protected"):
            raise answers.denied(f"{found.id} is protected against deletion")
        for each in self._server.collections():
            if found.id in (each.id, each.host):
                self._server.world.collections.remove(each.id)
                self._server.details.pop(each.id, None)
        return answers.envelope(message=f"Deleted collection {key}")

    def document(self, collection: Collection, *, private: bool) -> Document:
        """
        A collection as the manager shows it.

        :param collection: the collection
        :param private: with the policies that only administrators see
        """
        details = self._server.details.get(collection.id, {})
        if not private:
            details = {name: each for name, each in details.items() if name != "policies"}
        shown: Document = {
            "DATA_TYPE": "collection#1.15.0",
            "id": collection.id,
            "collection_type": collection.kind,
            "display_name": collection.name,
            "identity_id": collection.owner,
            "connector_id": None,
            "collection_base_path": "/",
            "default_directory": collection.default_directory,
            "high_assurance": collection.high_assurance,
            "public": True,
            "enable_https": collection.https_server is not None,
            "https_url": collection.https_server,
            "manager_url": self._server.url,
            "allow_guest_collections": collection.kind == "mapped",
            "delete_protected": False,
            **details,
        }
        if collection.kind == "guest":
            shown["mapped_collection_id"] = collection.host
        gateway = self._server.gateways.get(str(details.get("storage_gateway_id")), {})
        shown["connector_id"] = gateway.get("connector_id")
        return shown

    def _mapped(self, given: Document) -> Collection:
        caller = self._server.administrate()
        gateway_id = answers.text(given, "storage_gateway_id").lower()
        gateway = known(self._server.gateways, gateway_id, "storage gateway")
        root = answers.text(given, "collection_base_path")
        if not os.path.isdir(root):
            raise answers.invalid("collection_base_path", f"there is no folder {root!r}")
        return self._collection(
            caller, given, "mapped", root, high_assurance=bool(gateway.get("high_assurance"))
        )

    def _guest(self, given: Document) -> Collection:
        caller = self._server.caller()
        if (given.get("identity_id") or caller.identity) not in caller.identities:
            raise answers.denied("guest collections are for one's own identities")
        host = self._server.collection(answers.text(given, "mapped_collection_id"))
        told = self._server.details.get(host.id, {})
        if host.kind != "mapped" or not told.get("allow_guest_collections", True):
            raise answers.denied(f"{host.id} has no guest collections")
        self._server.check_consent(caller, host)
        credential = known(
            self._server.credentials, answers.text(given, "user_credential_id"), "user credential"
        )
        if credential["identity_id"] not in caller.identities:
            raise answers.denied("the user credential is somebody else's")
        if credential["storage_gateway_id"] != told.get("storage_gateway_id"):
            raise answers.invalid("user_credential_id", "is for another storage gateway")
        base = str(given.get("collection_base_path") or "/")
        if "\0" in base:
            raise answers.invalid("collection_base_path", f"there is no folder {base!r}")
        root = os.path.realpath(os.path.join(host.root, base.lstrip("/")))
        inside = os.path.join(os.path.realpath(host.root), "")
        if not (root + os.sep).startswith(inside) or not os.path.isdir(root):
            raise answers.invalid("collection_base_path", f"there is no folder {base!r}")
        given["storage_gateway_id"] = told.get("storage_gateway_id")
        return self._collection(
            caller, given, "guest", root, host=host.id, high_assurance=host.high_assurance
        )

    def _collection(
        self, caller: Caller, given: Document, kind: str, root: str, **members: t.Any
    ) -> Collection:
        return Collection(
            id=self._server.world.new_id(),
            root=root,
            kind=kind,
            owner=str(given.get("identity_id") or caller.identity),
            name=answers.text(given, "display_name"),
            default_directory=str(given.get("default_directory") or "/"),
            endpoint=ENDPOINT,
            manager_url=self._server.url,
            **members,
        )


def _told(given: Document) -> Document:
    """What a document says beyond what all services know of a collection."""
    return {
        name: value
        for name, value in given.items()
        if name not in _OWN and name not in ("display_name", "default_directory")
    }
