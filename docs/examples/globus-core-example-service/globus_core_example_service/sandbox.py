"""The service in the sandbox: enough of it for tests and demonstrations."""

from __future__ import annotations

import typing as t

from flask import Response, request
from globus_core.testing.sandbox import (
    ApiError,
    Route,
    ServiceSandbox,
    ServiceScope,
    fields,
    routes,
)

from .scopes import ExampleScopes

ALL, VIEW = str(ExampleScopes.all), str(ExampleScopes.view)
PAGE_SIZE = 2

_THING = {"name": fields.text, "tags": fields.list_of(fields.text)}


class ExampleSandbox(ServiceSandbox):
    """Things and their pictures, in memory."""

    resource_server = ExampleScopes.resource_server
    scopes = (
        ServiceScope(ALL, resource_server, "Make and view things"),
        ServiceScope(VIEW, resource_server, "View things"),
    )

    def reset(self) -> None:
        """Start without things."""
        self._things: dict[str, dict[str, t.Any]] = {}
        self._pictures: dict[str, bytes] = {}
        self._broken: set[str] = set()

    def routes(self) -> t.Iterable[Route]:
        """What the service does; the sandbox answers 501 to all else."""
        return routes(
            ("GET", "/things", self.list_things),
            ("POST", "/things", self.create_thing),
            ("GET", "/things/<thing_id>", self.get_thing),
            ("GET", "/things/<thing_id>/picture", self.get_picture),
            ("PUT", "/things/<thing_id>/picture", self.put_picture),
        )

    def verbs(self) -> t.Mapping[str, t.Callable[..., t.Any]]:
        """What tests do to the service."""
        return {"break": self.break_thing}

    def break_thing(self, thing_id: str) -> None:
        """From now on the thing cannot be fetched."""
        self._broken.add(thing_id)

    def error_document(self, error: ApiError) -> dict[str, t.Any]:
        """Errors in the shape of this service."""
        return {"code": error.code, "message": error.detail, **error.extra}

    def list_things(self) -> dict[str, t.Any]:
        """A page of things."""
        self.caller(ALL, VIEW)
        tags = set(filter(None, request.args.get("tags", "").split(",")))
        found = [thing for thing in self._things.values() if not tags or tags & {*thing["tags"]}]
        start = request.args.get("marker", default=0, type=int)
        end = start + request.args.get("limit", default=PAGE_SIZE, type=int)
        following = {"marker": str(end)} if end < len(found) else {}
        return {"things": found[start:end], "has_next_page": bool(following), **following}

    def create_thing(self) -> tuple[dict[str, t.Any], int]:
        """A thing of the caller's."""
        owner = self.caller(ALL).identity
        given = fields.read(request.get_json(), _THING, ["name"])
        thing = {"tags": [], **given, "id": self.world.new_id(), "owner": owner}
        self._things[thing["id"]] = thing
        return thing, 201

    def get_thing(self, thing_id: str) -> dict[str, t.Any]:
        """One thing."""
        self.caller(ALL, VIEW)
        if thing_id in self._broken:
            raise ApiError(502, "the thing is broken", code="Broken")
        return self._thing(thing_id)

    def get_picture(self, thing_id: str) -> Response:
        """The picture of a thing."""
        self.caller(ALL, VIEW)
        if thing_id not in self._pictures:
            raise ApiError(404, "the thing has no picture", code="NotFound")
        return Response(self._pictures[thing_id], mimetype="image/png")

    def put_picture(self, thing_id: str) -> tuple[str, int]:
        """A picture for a thing."""
        self.caller(ALL)
        self._thing(thing_id)
        self._pictures[thing_id] = request.get_data()
        return "", 204

    def _thing(self, thing_id: str) -> dict[str, t.Any]:
        if thing_id not in self._things:
            hint = {"hint": "list the things"}
            raise ApiError(404, f"there is no thing {thing_id!r}", code="NotFound", extra=hint)
        return self._things[thing_id]
