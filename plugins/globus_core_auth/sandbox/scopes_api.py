"""Scopes: those of clients for their managers, all of them for look-ups."""

from __future__ import annotations

import typing as t
import uuid

import attrs
from flask import Response, jsonify, request

from globus_core.testing.sandbox import ApiError, Route, fields, routes

from .callers import Endpoints, Manager, body_fields
from .clients_api import managed_client
from .scope_directory import AUTH
from .seeds import DependentScope, ScopeSeed
from .state import State

_DEPENDENT = fields.object_of(
    {
        "scope": fields.identifier,
        "optional": fields.flag,
        "requires_refresh_token": fields.flag,
    }
)
_SCOPE: dict[str, fields.Check] = {
    "name": fields.text,
    "description": fields.text,
    "scope_suffix": fields.matching("[a-z0-9_]+", "lower-case letters, digits and underscores"),
    "required_domains": fields.list_of(fields.text),
    "dependent_scopes": fields.list_of(_DEPENDENT),
    "advertised": fields.flag,
    "allows_refresh_token": fields.flag,
}


class ScopesApi(Endpoints):
    """
    The endpoints of scopes.

    :param state: the sandbox's state
    """

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self._directory = state.directory

    def routes(self) -> list[Route]:
        return routes(
            ("POST", "/clients/<uuid:client>/scopes", self.create_scope),
            ("GET", "/scopes", self.scopes),
            ("GET", "/scopes/<uuid:key>", self.scope),
            ("PUT", "/scopes/<uuid:key>", self.update_scope),
            ("DELETE", "/scopes/<uuid:key>", self.delete_scope),
            prefix="/v2/api",
            around=self._state.locked,
        )

    def scopes(self) -> Response:
        """
        Scopes by string or id, or those of the caller's clients.
        """
        manager = self._callers.manager()
        strings, ids = (_listed(name) for name in ("scope_strings", "ids"))
        if strings is not None and ids is not None:
            raise fields.bad("scope_strings and ids cannot be given both")
        if strings is not None:
            found = [text for text in strings if self._directory.resource_server(text) is not None]
        elif ids is not None:
            by_id = (self._directory.by_id(key) for key in ids)
            found = [text for text in by_id if text is not None]
        else:
            registered = self._directory.registered.values()
            found = [scope.scope_string for scope in registered if self._is_managed(manager, scope)]
        return jsonify({"scopes": [self._document(text) for text in dict.fromkeys(found)]})

    def scope(self, key: uuid.UUID) -> Response:
        """
        One scope.
        """
        self._callers.manager()
        text = self._directory.by_id(str(key))
        if text is None:
            raise ApiError(404, f"there is no scope {key}")
        return self._answer(text)

    def create_scope(self, client: uuid.UUID) -> Response:
        """
        A new scope of a client.
        """
        manager = self._callers.manager()
        owner = self._state.clients.get(str(client))
        if owner is None:
            raise ApiError(404, f"there is no client {client}")
        managed_client(manager, owner)
        given = fields.read(
            request.get_json(), _SCOPE, ("name", "description", "scope_suffix"), wrapper="scope"
        )
        changes = self._changes(given, owner.client_id)
        return self._store(ScopeSeed(id=str(uuid.uuid4()), client=owner.client_id, **changes))

    def update_scope(self, key: uuid.UUID) -> Response:
        """
        Changes to a scope; after a change of its name, earlier consents do not apply to it.
        """
        scope = self._managed(key)
        changed = attrs.evolve(
            scope,
            **self._changes(body_fields("scope", _SCOPE), scope.client, scope),
        )
        if changed.scope_string != scope.scope_string:
            self._state.remove_scope(scope)
        return self._store(changed)

    def delete_scope(self, key: uuid.UUID) -> Response:
        """
        Deletes a scope, unless another one depends on it.
        """
        scope = self._managed(key)
        for other in self._directory.registered.values():
            if scope.scope_string in (needed.scope for needed in other.dependent_scopes):
                raise ApiError(409, f"the scope is needed by {other.scope_string}")
        answer = self._answer(scope.scope_string)
        self._state.remove_scope(scope)
        return answer

    def _store(self, scope: ScopeSeed) -> Response:
        self._directory.registered[scope.scope_string] = scope
        return self._answer(scope.scope_string)

    def _changes(
        self, given: dict[str, t.Any], client: str, old: ScopeSeed | None = None
    ) -> dict[str, t.Any]:
        if (suffix := given.pop("scope_suffix", None)) is not None:
            given["scope_string"] = text = f"https://{AUTH}/scopes/{client}/{suffix}"
            if text in self._directory.registered and (old is None or old.scope_string != text):
                raise ApiError(409, f"the client already has a scope {suffix!r}")
        if "dependent_scopes" in given:
            needed = given["dependent_scopes"]
            given["dependent_scopes"] = tuple(self._needed(item) for item in needed)
        return given

    def _needed(self, item: dict[str, t.Any]) -> DependentScope:
        text = self._directory.by_id(item["scope"])
        if text is None:
            raise fields.bad(f"dependent_scopes contains {item['scope']}, which is not a scope")
        return DependentScope(**{**item, "scope": text})

    def _managed(self, key: uuid.UUID) -> ScopeSeed:
        manager = self._callers.manager()
        text = self._directory.by_id(str(key))
        if text is None:
            raise ApiError(404, f"there is no scope {key}")
        scope = self._directory.registered.get(text)
        if scope is None or not self._is_managed(manager, scope):
            raise ApiError(403, "the scope is managed by others")
        return scope

    def _is_managed(self, manager: Manager, scope: ScopeSeed) -> bool:
        client = self._state.clients.get(scope.client)
        return client is not None and manager.manages(client)

    def _answer(self, scope_string: str) -> Response:
        return jsonify({"scope": self._document(scope_string)})

    def _document(self, scope_string: str) -> dict[str, t.Any]:
        scope = self._directory.find(scope_string) or self._foreign(scope_string)
        return {
            "id": scope.id,
            "scope_string": scope.scope_string,
            "name": scope.name,
            "description": scope.description,
            "client": self._directory.owner(scope_string),
            "advertised": scope.advertised,
            "allows_refresh_token": scope.allows_refresh_token,
            "required_domains": list(scope.required_domains),
            "dependent_scopes": [
                {**attrs.asdict(needed), "scope": self._directory.scope_id(needed.scope)}
                for needed in scope.dependent_scopes
            ],
        }

    def _foreign(self, scope_string: str) -> ScopeSeed:
        """The document of a scope of another service, as far as it is known."""
        return ScopeSeed(
            id=self._directory.scope_id(scope_string),
            scope_string=scope_string,
            client=self._directory.owner(scope_string),
            name=self._directory.describe(scope_string),
            description=self._directory.describe(scope_string),
            advertised=True,
        )


def _listed(name: str) -> list[str] | None:
    text = request.args.get(name)
    if text is None:
        return None
    return [part.strip() for part in text.split(",") if part.strip()]
