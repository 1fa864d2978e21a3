"""Globus Connect Server as a service of the sandbox."""

from __future__ import annotations

import dataclasses
import os
import shutil
import tempfile
import typing as t

from globus_core.testing.sandbox import (
    ApiError,
    Collection,
    Route,
    ServiceSandbox,
    ServiceScope,
    World,
)

from . import answers
from .collection_api import CollectionApi
from .endpoint_api import EndpointApi
from .file_api import FileApi
from .server import COLLECTION, ENDPOINT, GATEWAY, MANAGE, Server


class GCSSandbox(ServiceSandbox):
    """
    One endpoint, whose manager and collections have addresses of their own, by TLS.

    It begins with the mapped collection ``Sandbox Storage`` over a temporary folder. Collections
    are those that Transfer's sandbox has as well.

    :param world: the data shared with the other services
    :param folder: the folder of ``Sandbox Storage``; None makes a temporary one
    """

    service_name = ""
    resource_server = ENDPOINT
    scopes = (ServiceScope(MANAGE, ENDPOINT, "Manage collections of Sandbox Endpoint"),)

    def __init__(self, world: World, *, folder: str | os.PathLike[str] | None = None) -> None:
        super().__init__(world)
        self._folder = None if folder is None else os.fspath(folder)
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._server = Server(world)
        self._parts = (EndpointApi(self._server), CollectionApi(self._server, self._served))
        self._addresses: dict[str, str] = {}

    def start(self) -> None:
        routes = [route for part in self._parts for route in part.routes()]
        self._server.url = self.world.open_secure(routes, answers.error_document)
        self._begin()

    def stop(self) -> None:
        self._server.url = ""
        self._addresses.clear()
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    def reset(self) -> None:
        self._server.reset()
        for collection_id in {*self._addresses} - {COLLECTION}:
            self.world.close_secure(self._addresses.pop(collection_id))
        if self._server.url:
            self._begin()

    def routes(self) -> t.Iterable[Route]:
        return ()

    def error_document(self, error: ApiError) -> dict[str, t.Any]:
        return answers.error_document(error)

    def describe(self) -> dict[str, t.Any]:
        return {
            "endpoint": ENDPOINT,
            "manager_url": self._server.url,
            "addresses": {
                f"manager of {self._server.endpoint['display_name']}": self._server.url,
                **{each.name: each.https_server for each in self._server.collections()},
            },
            "collections": [
                {"id": each.id, "name": each.name, "https_server": each.https_server}
                for each in self._server.collections()
            ],
        }

    def verbs(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"serve": self.serve, "credentials/add": self.add_credential}

    def serve(self, collection_id: str, storage_gateway_id: str = GATEWAY) -> dict[str, t.Any]:
        """
        Put a mapped collection of Transfer on this endpoint, and serve its files over HTTPS.

        :param collection_id: the collection
        :param storage_gateway_id: the gateway that it is said to use
        :raises ApiError: 404 if there is no such collection
        """
        found = self.world.collections.find(collection_id.lower())
        if found is None or found.kind not in {"mapped", "guest"}:
            raise answers.missing(f"mapped or guest collection {collection_id!r}")
        here = dataclasses.replace(found, endpoint=ENDPOINT, manager_url=self._server.url)
        self._server.details[here.id] = {"storage_gateway_id": storage_gateway_id}
        here = self._served(here)
        self.world.collections.add(here)
        return {"https_server": here.https_server}

    def add_credential(
        self, identity: str, username: str, storage_gateway_id: str = GATEWAY
    ) -> dict[str, t.Any]:
        """
        Give somebody an account behind a storage gateway.

        :param identity: the identity's id or username
        :param username: the local account
        :param storage_gateway_id: the gateway
        :raises ApiError: 404 if there is no such identity or gateway
        """
        found = self.world.identity(identity)
        if found is None or storage_gateway_id not in self._server.gateways:
            raise answers.missing(f"identity {identity!r} or gateway {storage_gateway_id!r}")
        return {"id": self._server.add_credential(found.id, storage_gateway_id, username)["id"]}

    def _begin(self) -> None:
        """Add the endpoint, and its collection with an empty folder."""
        self._server.endpoint["gcs_manager_url"] = self._server.url
        people = self.world.people()
        owner = people[0].id if people else ""
        manager: dict[str, t.Any] = {"endpoint": ENDPOINT, "manager_url": self._server.url}
        self.world.collections.add(
            Collection(ENDPOINT, "", "endpoint", owner, "Sandbox Endpoint", **manager)
        )
        storage = Collection(
            COLLECTION, self._root(), "mapped", owner, "Sandbox Storage", **manager
        )
        self._server.details[COLLECTION] = {"storage_gateway_id": GATEWAY}
        self.world.collections.add(self._served(storage))

    def _root(self) -> str:
        if self._folder is not None:
            return self._folder
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(
                prefix="globus-core-sandbox-gcs-", ignore_cleanup_errors=True
            )
        root = os.path.join(self._temporary.name, "storage")
        shutil.rmtree(root, ignore_errors=True)
        os.mkdir(root)
        return root

    def _served(self, collection: Collection) -> Collection:
        """A collection with its HTTPS address, which it keeps as long as the sandbox runs."""
        if collection.id not in self._addresses:
            self._addresses[collection.id] = self.world.open_secure(
                FileApi(self._server, collection.id).routes(), answers.error_document
            ).rstrip("/")
        return dataclasses.replace(collection, https_server=self._addresses[collection.id])
