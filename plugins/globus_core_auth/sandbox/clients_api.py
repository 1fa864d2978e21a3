"""Clients and their credentials, for their managers and for the clients themselves."""

from __future__ import annotations

import typing as t
import uuid

import attrs
from flask import Response, jsonify, request

from globus_core.testing.sandbox import ApiError, Route, fields, routes

from .callers import Endpoints, Manager, body_fields
from .consents import iso_time
from .projects_api import project_of
from .records import GRANT_TYPES, Client, Credential
from .seeds import HYBRID, ClientSeed
from .state import new_token

_ADDRESS = fields.nullable(fields.text)


_LINKS = fields.object_of({"terms_and_conditions": _ADDRESS, "privacy_policy": _ADDRESS})
_CHANGES: dict[str, fields.Check] = {
    "name": fields.text,
    "visibility": fields.one_of("public", "private"),
    "redirect_uris": fields.list_of(fields.text),
    "links": _LINKS,
    "required_idp": fields.nullable(fields.identifier),
    "preselect_idp": fields.nullable(fields.identifier),
    "prompt_for_named_grant": fields.flag,
    "userinfo_from_effective_identity": fields.flag,
}
_CHILD: dict[str, fields.Check] = {
    **_CHANGES,
    "public_client": fields.flag,
    "client_type": fields.one_of(*GRANT_TYPES),
}
_CLIENT: dict[str, fields.Check] = {**_CHILD, "project": fields.identifier}
_INSTANCE: dict[str, fields.Check] = {"name": fields.text, "template_id": fields.identifier}


class ClientsApi(Endpoints):
    """
    The endpoints of clients and credentials.
    """

    def routes(self) -> list[Route]:
        return routes(
            ("GET", "", self.clients),
            ("POST", "", self.create_client),
            ("GET", "/<uuid:key>", self.client),
            ("PUT", "/<uuid:key>", self.update_client),
            ("DELETE", "/<uuid:key>", self.delete_client),
            ("GET", "/<uuid:key>/credentials", self.credentials),
            ("POST", "/<uuid:key>/credentials", self.create_credential),
            ("DELETE", "/<uuid:key>/credentials/<uuid:credential>", self.delete_credential),
            prefix="/v2/api/clients",
            around=self._state.locked,
        )

    # clients

    def clients(self) -> Response:
        """
        The caller's clients, or the one that a domain name belongs to.
        """
        manager = self._callers.manager()
        known = self._state.clients.values()
        if (fqdn := request.args.get("fqdn")) is not None:
            found = next((c for c in known if fqdn.lower() in c.seed.fqdns), None)
            return self._client_answer(_visible(manager, found, fqdn))
        mine = [self._client_document(client) for client in known if manager.manages(client)]
        return jsonify({"clients": mine})

    def client(self, key: uuid.UUID) -> Response:
        """
        One client.
        """
        found = self._state.clients.get(str(key))
        return self._client_answer(_visible(self._callers.manager(), found, str(key)))

    def create_client(self) -> Response:
        """
        A new client: in a project, of another client, or an instance of a native one.
        """
        if request.authorization is None:
            return self._create_instance()
        client = self._callers.client()
        if client is not None:
            given = body_fields("client", _CHILD, ("name",))
            return self._create(given, project=None, parent_client=client.client_id)
        manager = self._callers.person()
        given = body_fields("client", _CLIENT, ("name", "project"))
        return self._create(given, project=project_of(self._state, manager, given["project"]).id)

    def _create(self, given: dict[str, t.Any], **belongs: str | None) -> Response:
        is_public, client_type = given.pop("public_client", None), given.pop("client_type", None)
        if (is_public is None) is (client_type is None):
            raise fields.bad("a client needs either public_client or client_type")
        kind = client_type or ("public_installed_client" if is_public else HYBRID)
        seed = ClientSeed(
            id=str(uuid.uuid4()), client_type=kind, **{**self._registration(given), **belongs}
        )
        return self._client_answer(self._state.add_client(seed))

    def _create_instance(self) -> Response:
        if b"template_id" not in request.get_data():
            raise ApiError(401, "Call must be authenticated")
        given = fields.read(
            request.get_json(), _INSTANCE, ("name", "template_id"), wrapper="client"
        )
        template = self._state.clients.get(given["template_id"])
        if template is None or template.seed.client_type != "public_installed_client":
            raise ApiError(404, f"there is no native client {given['template_id']}")
        seed = attrs.evolve(
            template.seed,
            id=str(uuid.uuid4()),
            name=given["name"],
            client_type="confidential_client",
            project=None,
            parent_client=template.client_id,
            fqdns=(),
        )
        client = self._state.add_client(seed)
        secret = self._new_credential(client, given["name"])
        included = {"client_credential": _credential_document(client, secret, show=True)}
        return jsonify({"client": self._client_document(client), "included": included})

    def update_client(self, key: uuid.UUID) -> Response:
        """
        Changes to a client.
        """
        client = self._managed(key)
        given = self._registration(body_fields("client", _CHANGES))
        client.seed = attrs.evolve(client.seed, **given)
        return self._client_answer(client)

    def delete_client(self, key: uuid.UUID) -> Response:
        """
        Deletes a client.
        """
        client = self._managed(key)
        answer = self._client_answer(client)
        self._state.remove_client(client)
        return answer

    def _registration(self, given: dict[str, t.Any]) -> dict[str, t.Any]:
        for name in ("required_idp", "preselect_idp"):
            if given.get(name) is not None and given[name] not in self._state.people.providers:
                raise fields.bad(f"{name} must be the id of an identity provider")
        links = given.pop("links", {})
        return {**given, **links}

    def _managed(self, key: uuid.UUID) -> Client:
        manager = self._callers.manager()
        client = self._state.clients.get(str(key))
        if client is None:
            raise ApiError(404, f"there is no client {key}")
        return managed_client(manager, client)

    def _client_answer(self, client: Client) -> Response:
        return jsonify({"client": self._client_document(client)})

    def _client_document(self, client: Client) -> dict[str, t.Any]:
        seed = client.seed
        registered = self._state.directory.registered.values()
        return {
            "id": seed.id,
            "name": seed.name,
            "project": seed.project,
            "parent_client": seed.parent_client,
            "public_client": seed.is_public,
            "client_type": seed.client_type,
            "visibility": seed.visibility,
            "grant_types": list(GRANT_TYPES[seed.client_type]),
            "scopes": [scope.id for scope in registered if scope.client == seed.id],
            "fqdns": list(seed.fqdns),
            "redirect_uris": list(seed.redirect_uris),
            "links": {
                "privacy_policy": seed.privacy_policy,
                "terms_and_conditions": seed.terms_and_conditions,
            },
            "required_idp": seed.required_idp,
            "preselect_idp": seed.preselect_idp,
            "prompt_for_named_grant": seed.prompt_for_named_grant,
            "userinfo_from_effective_identity": seed.userinfo_from_effective_identity,
        }

    # credentials

    def credentials(self, key: uuid.UUID) -> Response:
        """
        The credentials of a client, without their secrets.
        """
        client = self._managed(key)
        found = [_credential_document(client, made) for made in client.credentials.values()]
        return jsonify({"credentials": found})

    def create_credential(self, key: uuid.UUID) -> Response:
        """
        A new credential, with its secret.
        """
        client = self._managed(key)
        given = fields.read(
            request.get_json(), {"name": fields.text}, ("name",), wrapper="credential"
        )
        if client.is_public:
            raise fields.bad("a public client has no credentials")
        made = self._new_credential(client, given["name"])
        return jsonify({"credential": _credential_document(client, made, show=True)})

    def delete_credential(self, key: uuid.UUID, credential: uuid.UUID) -> Response:
        """
        Deletes a credential.
        """
        client = self._managed(key)
        gone = client.credentials.pop(str(credential), None)
        if gone is None:
            raise ApiError(404, f"there is no credential {credential}")
        return jsonify({"credential": _credential_document(client, gone)})

    def _new_credential(self, client: Client, name: str) -> Credential:
        return client.add_credential(name, new_token(""), self._state.clock.now())


def managed_client(manager: Manager, client: Client) -> Client:
    """
    A client that the caller manages.

    :param manager: the caller
    :param client: the client
    :raises ApiError: 403 if it is managed by others
    """
    if not manager.manages(client):
        raise ApiError(403, "the client is managed by others")
    return client


def _visible(manager: Manager, client: Client | None, key: str) -> Client:
    if client is None:
        raise ApiError(404, f"there is no client {key}")
    return client if client.seed.visibility == "public" else managed_client(manager, client)


def _credential_document(
    client: Client, credential: Credential, *, show: bool = False
) -> dict[str, t.Any]:
    return {
        "id": credential.id,
        "name": credential.name,
        "client": client.client_id,
        "created": iso_time(credential.created),
        "secret": credential.secret if show else None,
    }
