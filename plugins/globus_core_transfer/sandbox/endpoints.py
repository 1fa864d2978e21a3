"""Collections as endpoints: show, search, change, delete, share."""

from __future__ import annotations

import dataclasses
import os
import typing as t

from flask import request

from globus_core.testing.sandbox import Caller, Collection, Route, World, routes

from . import answers
from .access import Access
from .submissions import Submissions

PAGE, MOST = 100, 1000

_ENTITY_TYPES = {
    "endpoint": "GCSv5_endpoint",
    "gcp": "GCP_mapped_collection",
    "mapped": "GCSv5_mapped_collection",
}
_TEXTS = (
    "description",
    "organization",
    "department",
    "keywords",
    "contact_email",
    "contact_info",
    "info_link",
    "user_message",
    "user_message_link",
)
_FLAGS = {"public": True, "force_encryption": False, "disable_verify": False}


class Endpoints:
    """
    Shows and changes collections.

    :param world: the data shared with the other services
    :param access: who may do what
    :param submissions: has the tasks, whose collections are in use
    """

    def __init__(self, world: World, access: Access, submissions: Submissions) -> None:
        self._world = world
        self._access = access
        self._submissions = submissions
        self._scopes: dict[str, t.Callable[[Caller, Collection], bool]] = {
            "all": lambda caller, collection: True,
            "my-endpoints": _is_owner,
            "my-gcp-endpoints": lambda caller, c: _is_owner(caller, c) and c.kind == "gcp",
            "shared-by-me": lambda caller, c: _is_owner(caller, c) and c.kind == "guest",
            "shared-with-me": self._is_shared_with,
            "administered-by-me": lambda caller, c: "administrator" in access.roles(caller, c),
            "recently-used": lambda caller, c: self._is_used(caller, c, unfinished=False),
            "in-use": lambda caller, c: self._is_used(caller, c, unfinished=True),
        }

    def routes(self) -> list[Route]:
        """
        The routes of collections.
        """
        return routes(
            ("GET", "/endpoint_search", self.search),
            ("GET", "/endpoint/<collection_id>", self.show),
            ("PUT", "/endpoint/<collection_id>", self.update),
            ("DELETE", "/endpoint/<collection_id>", self.delete),
            ("GET", "/endpoint/<collection_id>/my_effective_pause_rule_list", self.pause_rules),
            ("GET", "/endpoint/<collection_id>/my_shared_endpoint_list", self.shared),
            ("POST", "/shared_endpoint", self.share),
            prefix="/v0.10",
        )

    def search(self) -> dict[str, t.Any]:
        """
        Find collections by scope and words.
        """
        caller = self._access.caller()
        words = request.args.get("filter_fulltext", "").lower().split()
        scope = request.args.get("filter_scope", "all")
        if scope not in self._scopes:
            raise answers.bad(f"filter_scope must be one of {', '.join(self._scopes)}")
        if scope == "all" and not words:
            raise answers.bad("filter_fulltext is required without a filter_scope")
        limit, offset = answers.number("limit", PAGE, MOST), answers.number("offset", 0, MOST)
        found = [
            shown
            for collection in self._world.collections
            if self._scopes[scope](caller, collection)
            and _matches(shown := self._document(caller, collection), words)
        ]
        page = found[offset : offset + limit]
        return {
            "DATA_TYPE": "endpoint_list",
            "DATA": page,
            "has_next_page": offset + limit < len(found),
            "limit": limit,
            "offset": offset,
        }

    def show(self, collection_id: str) -> dict[str, t.Any]:
        """
        A collection.

        :param collection_id: its id
        """
        return self._document(self._access.caller(), self._access.find(collection_id))

    def update(self, collection_id: str) -> dict[str, t.Any]:
        """
        Change a collection.

        :param collection_id: its id
        """
        caller, collection = self._access.caller(), self._access.find(collection_id)
        self._access.manage(caller, collection)
        given = answers.body("endpoint")
        changes = {name: given[name] for name in (*_TEXTS, *_FLAGS) if name in given}
        self._access.condition(collection).changes.update(changes)
        self._world.collections.add(
            dataclasses.replace(
                collection,
                name=given.get("display_name") or collection.name,
                default_directory=given.get("default_directory") or collection.default_directory,
            )
        )
        return answers.result("Updated", "Endpoint updated successfully")

    def delete(self, collection_id: str) -> dict[str, t.Any]:
        """
        Delete a collection, but not its files.

        :param collection_id: its id
        """
        caller, collection = self._access.caller(), self._access.find(collection_id)
        self._access.manage(caller, collection)
        self._world.collections.remove(collection.id)
        self._access.forget(collection)
        return answers.result("Deleted", "Endpoint deleted successfully")

    def pause_rules(self, collection_id: str) -> dict[str, t.Any]:
        """
        The rules that pause the caller's tasks on a collection; the sandbox has none.

        :param collection_id: the collection
        """
        self._access.caller()
        self._access.find(collection_id)
        return {"DATA_TYPE": "pause_rule_limited_list", "DATA": []}

    def shared(self, collection_id: str) -> dict[str, t.Any]:
        """
        The caller's guest collections on a collection.

        :param collection_id: the collection
        """
        caller, host = self._access.caller(), self._access.find(collection_id)
        found = [
            self._document(caller, collection)
            for collection in self._world.collections
            if collection.host == host.id and _is_owner(caller, collection)
        ]
        return {"DATA_TYPE": "endpoint_list", "DATA": found}

    def share(self) -> tuple[dict[str, t.Any], int]:
        """
        Make a guest collection.
        """
        caller = self._access.caller()
        given = answers.body("shared_endpoint")
        host = self._access.find(answers.text(given, "host_endpoint"))
        path, name = answers.text(given, "host_path"), answers.text(given, "display_name")
        root = self._access.open(caller, host, path, "rw").local(path)
        if not os.path.isdir(root):
            raise answers.missing(f"there is no folder {path!r}")
        made = Collection(
            self._world.new_id(), root, "guest", caller.identity, name=name, host=host.id
        )
        self._world.collections.add(made)
        changes = {name: given[name] for name in (*_TEXTS, *_FLAGS) if name in given}
        self._access.condition(made).changes.update(changes)
        message = "Shared endpoint created successfully"
        return answers.result(
            "Created", message, DATA_TYPE="endpoint_create_result", id=made.id
        ), 201

    def _document(self, caller: Caller, collection: Collection) -> dict[str, t.Any]:
        condition = self._access.condition(collection)
        owner = self._world.identity(collection.owner)
        is_guest = collection.kind == "guest"
        is_personal = self._is_personal(collection)
        roles = sorted(self._access.roles(caller, collection))
        return {
            "DATA_TYPE": "endpoint",
            "id": collection.id,
            "display_name": collection.name,
            "canonical_name": f"{collection.owner}#{collection.id}",
            "entity_type": self._entity_type(collection),
            "owner_id": collection.endpoint or collection.owner,
            "owner_string": collection.owner if owner is None else owner.username,
            "default_directory": collection.default_directory,
            "high_assurance": collection.high_assurance,
            "subscription_id": None,
            "gcs_manager_url": collection.manager_url,
            "gcs_version": None,
            "host_endpoint_id": collection.host,
            "host_endpoint": collection.host,
            "host_path": None,
            "mapped_collection_id": collection.host if is_guest else None,
            "https_server": collection.https_server,
            "tlsftp_server": None,
            "is_globus_connect": is_personal,
            "gcp_connected": condition.is_connected if is_personal else None,
            "gcp_paused": False if is_personal else None,
            "non_functional": False,
            "my_effective_roles": roles,
            "acl_available": is_guest,
            "acl_editable": is_guest and bool({"administrator", "access_manager"} & {*roles}),
            "shareable": collection.kind in {"gcp", "mapped"},
            "local_user_info_available": False,
            **dict.fromkeys(_TEXTS),
            **_FLAGS,
            **condition.changes,
            "DATA": [],
        }

    def _is_personal(self, collection: Collection) -> bool:
        host = self._world.collections.find(collection.host) if collection.host else None
        return (host or collection).kind == "gcp"

    def _entity_type(self, collection: Collection) -> str:
        if collection.kind == "guest":
            return ("GCP" if self._is_personal(collection) else "GCSv5") + "_guest_collection"
        return _ENTITY_TYPES[collection.kind]

    def _is_shared_with(self, caller: Caller, collection: Collection) -> bool:
        return (
            collection.kind == "guest"
            and not _is_owner(caller, collection)
            and self._access.has_rule(caller, collection)
        )

    def _is_used(self, caller: Caller, collection: Collection, *, unfinished: bool) -> bool:
        return any(
            collection.id in {task.source.id, task.target and task.target.id}
            for task in self._submissions.tasks.values()
            if task.caller.identity in caller.identities and not (unfinished and task.is_finished)
        )


def _is_owner(caller: Caller, collection: Collection) -> bool:
    return collection.owner in caller.identities


def _matches(shown: dict[str, t.Any], words: list[str]) -> bool:
    for name, field in (
        ("filter_owner_id", "owner_id"),
        ("filter_entity_type", "entity_type"),
        ("filter_host_endpoint", "host_endpoint_id"),
    ):
        if request.args.get(name, shown[field]) != shown[field]:
            return False
    text = " ".join(
        str(shown[name] or "")
        for name in (
            "display_name",
            "description",
            "organization",
            "keywords",
            "owner_string",
            "id",
        )
    ).lower()
    return all(word in text for word in words)
