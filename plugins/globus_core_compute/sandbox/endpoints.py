"""Endpoints: registered, shown, replaced and deleted; their status is what a control verb says."""

from __future__ import annotations

import typing as t

from globus_core.testing.sandbox import ApiError, Route, ServiceSandbox, routes

from . import bodies

#: it cannot be reached, on purpose: there are no queues here
_HOST = "queues.invalid"
_ROLES = ("owner", "any")


class Endpoints:
    """
    The endpoints of all callers.

    :param service: the service, which knows the caller and makes ids
    """

    def __init__(self, service: ServiceSandbox) -> None:
        self._service = service
        self.known: dict[str, dict[str, t.Any]] = {}
        self._status: dict[str, dict[str, t.Any]] = {}

    def reset(self) -> None:
        """
        Forget all endpoints.
        """
        self.known.clear()
        self._status.clear()

    def dump(self) -> dict[str, t.Any]:
        """
        The endpoints as JSON data.
        """
        return {"known": self.known.copy(), "status": self._status.copy()}

    def load(self, document: dict[str, t.Any]) -> None:
        """
        Return to endpoints that were kept.

        :param document: what :py:meth:`dump` returned
        """
        self.known.update(document["known"])
        self._status.update(document["status"])

    def routes(self) -> list[Route]:
        """
        The operations on endpoints.
        """
        return routes(
            ("POST", "/v2/endpoints", self.register),
            ("GET", "/v2/endpoints", self.list),
            ("GET", "/v2/endpoints/<endpoint_id>", self.show),
            ("DELETE", "/v2/endpoints/<endpoint_id>", self.delete),
            ("GET", "/v2/endpoints/<endpoint_id>/status", self.status),
            ("POST", "/v3/endpoints", self.register),
            ("PUT", "/v3/endpoints/<endpoint_id>", self.replace),
        )

    def register(self) -> dict[str, t.Any]:
        """
        Register an endpoint, again if the document has the id of a known one.
        """
        caller, body = self._service.caller(), bodies.document()
        endpoint_id = bodies.identifier(body, "endpoint_uuid") or self._service.world.new_id()
        if endpoint_id in self.known:
            self._own(endpoint_id)
        return self._keep(endpoint_id, caller.identity, body)

    def replace(self, endpoint_id: str) -> dict[str, t.Any]:
        """
        Replace an endpoint's document.

        :param endpoint_id: the endpoint
        """
        owner = self._own(endpoint_id)["owner"]
        return self._keep(endpoint_id, owner, bodies.document())

    def list(self) -> list[dict[str, t.Any]]:
        """
        List the caller's endpoints, or all.
        """
        caller = self._service.caller()
        role = bodies.choice("role", _ROLES)
        return [
            {name: endpoint[name] for name in ("uuid", "name", "display_name", "owner")}
            for endpoint in [*self.known.values()]
            if role == "any" or endpoint["owner"] in caller.identities
        ]

    def show(self, endpoint_id: str) -> dict[str, t.Any]:
        """
        Show an endpoint.

        :param endpoint_id: the endpoint
        """
        self._service.caller()
        return self.find(endpoint_id)

    def delete(self, endpoint_id: str) -> dict[str, t.Any]:
        """
        Delete an endpoint.

        :param endpoint_id: the endpoint
        """
        self._own(endpoint_id)
        del self.known[endpoint_id]
        self._status.pop(endpoint_id, None)
        return {"result": 302}

    def status(self, endpoint_id: str) -> dict[str, t.Any]:
        """
        What an endpoint does.

        :param endpoint_id: the endpoint
        """
        self._service.caller()
        self.find(endpoint_id)
        return self._status.get(endpoint_id, {"status": "online", "details": {}})

    def set_status(
        self, endpoint_id: str, status: str, details: dict[str, t.Any] | None = None
    ) -> None:
        """
        Say what an endpoint does.

        :param endpoint_id: the endpoint
        :param status: such as ``offline``; an endpoint is ``online`` at first
        :param details: the numbers that belong to it; None for none
        :raises ApiError: 404 if there is no such endpoint
        """
        self.find(endpoint_id)
        self._status[endpoint_id] = {"status": status, "details": details or {}}

    def find(self, endpoint_id: str) -> dict[str, t.Any]:
        """
        An endpoint's document.

        :param endpoint_id: the endpoint
        :raises ApiError: 404 if there is none
        """
        if endpoint_id not in self.known:
            raise ApiError(404, f"there is no endpoint {endpoint_id!r}")
        return self.known[endpoint_id]

    def _own(self, endpoint_id: str) -> dict[str, t.Any]:
        caller, found = self._service.caller(), self.find(endpoint_id)
        if found["owner"] not in caller.identities:
            raise ApiError(403, f"only its owner may change the endpoint {endpoint_id}")
        return found

    def _keep(self, endpoint_id: str, owner: str, body: dict[str, t.Any]) -> dict[str, t.Any]:
        name = bodies.text(body, "endpoint_name")
        self.known[endpoint_id] = {
            "uuid": endpoint_id,
            "name": name,
            "display_name": body.get("display_name") or name,
            "owner": owner,
            "multi_user": bool(body.get("multi_user")),
            "public": bool(body.get("public")),
            "description": body.get("description"),
        }
        return {
            "endpoint_id": endpoint_id,
            "task_queue_info": self._queue("tasks", endpoint_id),
            "result_queue_info": self._queue("results", endpoint_id, queue_publish_kwargs={}),
            "warnings": [],
        }

    def _queue(self, exchange: str, endpoint_id: str, **more: t.Any) -> dict[str, t.Any]:
        url = f"amqps://{endpoint_id}:{self._service.world.new_id()}@{_HOST}"
        queue = f"{exchange}.{endpoint_id}"
        return {"connection_url": url, "exchange": exchange, "queue": queue, **more}
