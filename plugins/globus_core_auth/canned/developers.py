"""
What developers are answered: projects, policies, clients, credentials and scopes.
"""

from __future__ import annotations

from globus_core.testing import ResponseSet

from . import documents as doc
from .answers import Endpoint, developers_set

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_PROJECTS = "/v2/api/projects"
_POLICIES = "/v2/api/policies"
_CLIENTS = "/v2/api/clients"
_SCOPES = "/v2/api/scopes"
_CREDENTIALS = f"{_CLIENTS}/{doc.PORTAL_ID}/credentials"

_NEW_PROJECT = {
    "display_name": doc.PROJECT["display_name"],
    "contact_email": doc.PROJECT["contact_email"],
    "admin_ids": doc.PROJECT["admin_ids"],
}
_NEW_POLICY = {
    "project_id": doc.PROJECT_ID,
    "display_name": doc.POLICY["display_name"],
    "description": doc.POLICY["description"],
}
_NEW_CLIENT = {
    "name": doc.PORTAL["name"],
    "project": doc.PROJECT_ID,
    "client_type": doc.PORTAL["client_type"],
}
_NEW_SCOPE = {
    "client_id": doc.PORTAL_ID,
    "name": doc.SCOPE["name"],
    "description": doc.SCOPE["description"],
    "scope_suffix": doc.SCOPE["scope_string"].rpartition("/")[2],
}


def _by_id(
    kind: str,
    folder: str,
    document: dict[str, t.Any],
    told: dict[str, t.Any],
    *,
    changed: str,
    update: tuple[str, ...] = (),
    delete: tuple[str, ...] = (),
) -> dict[str, ResponseSet]:
    """
    Reading, changing and deleting one thing.

    :param kind: what it is, in the names of methods and fields
    :param folder: the path of all things of its kind
    :param document: what the service knows of it
    :param told: what tests are told of it, its id included
    :param changed: the field that is changed
    :param update: refusals of a change, beside those that all kinds have
    :param delete: refusals of a deletion, beside those that all kinds have
    """
    args = {f"{kind}_id": document["id"]}
    change = {**args, changed: document[changed]}
    one, body = f"{folder}/{document['id']}", {kind: document}
    wrong = ("invalid_parameters", "not_found", *update)
    return {
        f"get_{kind}": developers_set("GET", one, body, "not_found", args=args, **told),
        f"update_{kind}": developers_set("PUT", one, body, *wrong, args=change, **told),
        f"delete_{kind}": developers_set(
            "DELETE", one, body, "not_found", *delete, args=args, **told
        ),
    }


def _projects() -> dict[str, ResponseSet]:
    body = {"project": doc.PROJECT}
    told: dict[str, t.Any] = {
        "id": doc.PROJECT_ID,
        "project_id": doc.PROJECT_ID,
        "admin_id": doc.IDENTITY_ID,
    }
    every = {"projects": [doc.PROJECT]}
    return {
        **_by_id(
            "project", _PROJECTS, doc.PROJECT, told, changed="display_name", delete=("conflict",)
        ),
        "get_projects": developers_set(
            "GET",
            _PROJECTS,
            every,
            args={},
            project_ids=[doc.PROJECT_ID],
            admin_map={doc.PROJECT_ID: [doc.IDENTITY_ID]},
        ),
        "create_project": developers_set(
            "POST", _PROJECTS, body, "invalid_parameters", args=_NEW_PROJECT, **told
        ),
    }


def _policies() -> dict[str, ResponseSet]:
    body = {"policy": doc.POLICY}
    told: dict[str, t.Any] = {"policy_id": doc.POLICY_ID, "project_id": doc.PROJECT_ID}
    every = {"policies": [doc.POLICY]}
    return {
        **_by_id("policy", _POLICIES, doc.POLICY, told, changed="display_name"),
        "get_policies": developers_set(
            "GET", _POLICIES, every, args={}, policy_ids=[doc.POLICY_ID]
        ),
        "create_policy": developers_set(
            "POST", _POLICIES, body, "invalid_parameters", args=_NEW_POLICY, **told
        ),
    }


def _clients() -> dict[str, ResponseSet]:
    body = {"client": doc.PORTAL}
    told: dict[str, t.Any] = {"client_id": doc.PORTAL_ID}
    every = {"clients": [doc.PORTAL]}
    one_by_id = _by_id("client", _CLIENTS, doc.PORTAL, told, changed="name")
    by_name = Endpoint("GET", _CLIENTS).answer(body, args={"fqdn": doc.FQDN}, fqdn=doc.FQDN, **told)
    one_by_id["get_client"].register("fqdn", by_name)
    return {
        **one_by_id,
        "get_clients": developers_set("GET", _CLIENTS, every, args={}, client_ids=[doc.PORTAL_ID]),
        "create_client": developers_set(
            "POST", _CLIENTS, body, "invalid_parameters", args=_NEW_CLIENT, **told
        ),
    }


def _clients_of_clients() -> dict[str, ResponseSet]:
    """Made by another client, without a person."""
    endpoint = Endpoint("POST", _CLIENTS)
    child = {**doc.INSTANCE, "name": "Worker", "parent_client": doc.PORTAL_ID}
    credential = {**doc.NEW_CREDENTIAL, "client": doc.INSTANCE_ID}
    instance = {"client": doc.INSTANCE, "included": {"client_credential": credential}}
    return {
        "create_child_client": ResponseSet(
            default=endpoint.answer(
                {"client": child},
                args={"name": child["name"], "client_type": child["client_type"]},
                response=child,
                client_id=doc.INSTANCE_ID,
            ),
            **endpoint.refusals("unauthorized", "forbidden", "invalid_parameters"),
        ),
        "create_native_app_instance": ResponseSet(
            default=endpoint.answer(
                instance,
                args={"template_id": doc.CLIENT_ID, "name": doc.INSTANCE["name"]},
                response=doc.INSTANCE,
                client_id=doc.INSTANCE_ID,
                credential_id=doc.CREDENTIAL_ID,
            ),
            **endpoint.refusals("not_found", "invalid_parameters"),
        ),
    }


def _credentials() -> dict[str, ResponseSet]:
    one = f"{_CREDENTIALS}/{doc.CREDENTIAL_ID}"
    told: dict[str, t.Any] = {"credential_id": doc.CREDENTIAL_ID, "client_id": doc.PORTAL_ID}
    owner = {"client_id": doc.PORTAL_ID}
    name = doc.CREDENTIAL["name"]
    every, made = {"credentials": [doc.CREDENTIAL]}, {"credential": doc.NEW_CREDENTIAL}
    return {
        "get_client_credentials": developers_set(
            "GET", _CREDENTIALS, every, "not_found", args=owner, **told
        ),
        "create_client_credential": developers_set(
            "POST",
            _CREDENTIALS,
            made,
            *("invalid_parameters", "not_found"),
            args={**owner, "name": name},
            name=name,
            **told,
        ),
        "delete_client_credential": developers_set(
            "DELETE", one, {"credential": doc.CREDENTIAL}, "not_found", args=told, **told
        ),
    }


def _scopes() -> dict[str, ResponseSet]:
    body = {"scope": doc.SCOPE}
    told: dict[str, t.Any] = {"scope_id": doc.SCOPE_ID, "client_id": doc.PORTAL_ID}
    every = {"scopes": [doc.SCOPE]}
    at_the_client = f"{_CLIENTS}/{doc.PORTAL_ID}/scopes"
    return {
        **_by_id(
            "scope",
            _SCOPES,
            doc.SCOPE,
            told,
            changed="name",
            update=("conflict",),
            delete=("conflict",),
        ),
        "get_scopes": developers_set(
            "GET",
            _SCOPES,
            every,
            args={"scope_strings": doc.SCOPE_STRING},
            scope_ids=[doc.SCOPE_ID],
            scope_string=doc.SCOPE_STRING,
        ),
        "create_scope": developers_set(
            "POST",
            at_the_client,
            body,
            *("invalid_parameters", "not_found", "conflict"),
            args=_NEW_SCOPE,
            **told,
        ),
    }


RESPONSE_SETS: t.Mapping[str, ResponseSet] = {
    **_projects(),
    **_policies(),
    **_clients(),
    **_clients_of_clients(),
    **_credentials(),
    **_scopes(),
}
