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


def _projects() -> dict[str, ResponseSet]:
    one = f"{_PROJECTS}/{doc.PROJECT_ID}"
    body = {"project": doc.PROJECT}
    told: dict[str, t.Any] = {
        "id": doc.PROJECT_ID,
        "project_id": doc.PROJECT_ID,
        "admin_id": doc.IDENTITY_ID,
    }
    args = {"project_id": doc.PROJECT_ID}
    change = {**args, "display_name": doc.PROJECT["display_name"]}
    every = {"projects": [doc.PROJECT]}
    return {
        "get_project": developers_set("GET", one, body, "not_found", args=args, **told),
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
        "update_project": developers_set(
            "PUT", one, body, "invalid_parameters", "not_found", args=change, **told
        ),
        "delete_project": developers_set(
            "DELETE", one, body, "not_found", "conflict", args=args, **told
        ),
    }


def _policies() -> dict[str, ResponseSet]:
    one = f"{_POLICIES}/{doc.POLICY_ID}"
    body = {"policy": doc.POLICY}
    told: dict[str, t.Any] = {"policy_id": doc.POLICY_ID, "project_id": doc.PROJECT_ID}
    args = {"policy_id": doc.POLICY_ID}
    change = {**args, "display_name": doc.POLICY["display_name"]}
    every = {"policies": [doc.POLICY]}
    return {
        "get_policy": developers_set("GET", one, body, "not_found", args=args, **told),
        "get_policies": developers_set(
            "GET", _POLICIES, every, args={}, policy_ids=[doc.POLICY_ID]
        ),
        "create_policy": developers_set(
            "POST", _POLICIES, body, "invalid_parameters", args=_NEW_POLICY, **told
        ),
        "update_policy": developers_set(
            "PUT", one, body, "invalid_parameters", "not_found", args=change, **told
        ),
        "delete_policy": developers_set("DELETE", one, body, "not_found", args=args, **told),
    }


def _clients() -> dict[str, ResponseSet]:
    one = f"{_CLIENTS}/{doc.PORTAL_ID}"
    body = {"client": doc.PORTAL}
    told: dict[str, t.Any] = {"client_id": doc.PORTAL_ID}
    args = {"client_id": doc.PORTAL_ID}
    change = {**args, "name": doc.PORTAL["name"]}
    every = {"clients": [doc.PORTAL]}
    reading = developers_set("GET", one, body, "not_found", args=args, **told)
    by_name = Endpoint("GET", _CLIENTS).answer(body, args={"fqdn": doc.FQDN}, fqdn=doc.FQDN, **told)
    reading.register("fqdn", by_name)
    return {
        "get_client": reading,
        "get_clients": developers_set("GET", _CLIENTS, every, args={}, client_ids=[doc.PORTAL_ID]),
        "create_client": developers_set(
            "POST", _CLIENTS, body, "invalid_parameters", args=_NEW_CLIENT, **told
        ),
        "update_client": developers_set(
            "PUT", one, body, "invalid_parameters", "not_found", args=change, **told
        ),
        "delete_client": developers_set("DELETE", one, body, "not_found", args=args, **told),
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
    one = f"{_SCOPES}/{doc.SCOPE_ID}"
    body = {"scope": doc.SCOPE}
    told: dict[str, t.Any] = {"scope_id": doc.SCOPE_ID, "client_id": doc.PORTAL_ID}
    args = {"scope_id": doc.SCOPE_ID}
    change = {**args, "name": doc.SCOPE["name"]}
    every = {"scopes": [doc.SCOPE]}
    at_the_client = f"{_CLIENTS}/{doc.PORTAL_ID}/scopes"
    return {
        "get_scope": developers_set("GET", one, body, "not_found", args=args, **told),
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
        "update_scope": developers_set(
            "PUT", one, body, "invalid_parameters", "not_found", "conflict", args=change, **told
        ),
        "delete_scope": developers_set(
            "DELETE", one, body, "not_found", "conflict", args=args, **told
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
