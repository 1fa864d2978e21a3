"""
What developers manage goes over the wire as globus-sdk 4.10 sends it: same call, same request.
"""

from __future__ import annotations

import json
import typing as t

import globus_sdk
import pytest

import globus_core
from tests.unit.auth import fakes

if t.TYPE_CHECKING:
    from collections.abc import Callable

ID, OTHER = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413", "31aa84c0-6f5d-4e27-b1c8-90d7a3e2f64b"
LINKS = {"terms_and_conditions": "https://a.example.org", "privacy_policy": "https://b.example.org"}
NO_LINKS = {"terms_and_conditions": None, "privacy_policy": None}
IDPS = {"required_idp": ID, "preselect_idp": OTHER}
POLICY = {"project_id": OTHER, "display_name": "a", "description": "b"}
DOMAINS = {"domain_constraints_include": ["a.example.org"], "domain_constraints_exclude": None}
FULL_SCOPE = {
    "required_domains": ["a.example.org"],
    "advertised": True,
    "allows_refresh_token": False,
}

CALLS: dict[str, Callable[[t.Any, t.Any], object]] = {
    "get_project": lambda client, _: client.get_project(ID),
    "get_projects": lambda client, _: client.get_projects(),
    "create_project": lambda client, _: client.create_project("a", "b", admin_ids=[ID, OTHER]),
    "create_project for one": lambda client, _: client.create_project("a", "b", admin_ids=ID),
    "create_project for groups": lambda client, _: client.create_project(
        "a", "b", admin_group_ids=(ID, OTHER)
    ),
    "update_project": lambda client, _: client.update_project(ID, admin_ids=[], display_name="a"),
    "delete_project": lambda client, _: client.delete_project(ID),
    "get_policy": lambda client, _: client.get_policy(ID),
    "get_policies": lambda client, _: client.get_policies(),
    "create_policy": lambda client, _: client.create_policy(**POLICY),
    "create_policy in full": lambda client, _: client.create_policy(
        **POLICY,
        **DOMAINS,
        high_assurance=True,
        authentication_assurance_timeout=60,
        required_mfa=False,
    ),
    "update_policy": lambda client, _: client.update_policy(ID, **POLICY, **DOMAINS),
    "delete_policy": lambda client, _: client.delete_policy(ID),
    "get_client": lambda client, _: client.get_client(client_id=ID),
    "get_client by name": lambda client, _: client.get_client(fqdn="a.example.org"),
    "get_clients": lambda client, _: client.get_clients(),
    "create_client": lambda client, _: client.create_client("a", OTHER, public_client=False),
    "create_client in full": lambda client, _: client.create_client(
        "a",
        OTHER,
        client_type="confidential_client",
        visibility="private",
        redirect_uris=["https://a.example.org"],
        additional_fields={"name": "b"},
        **LINKS,
        **IDPS,
    ),
    "update_client": lambda client, _: client.update_client(
        ID, name="a", redirect_uris=[], required_idp=None, preselect_idp=None, **NO_LINKS
    ),
    "delete_client": lambda client, _: client.delete_client(ID),
    "get_client_credentials": lambda client, _: client.get_client_credentials(ID),
    "create_client_credential": lambda client, _: client.create_client_credential(ID, "a"),
    "delete_client_credential": lambda client, _: client.delete_client_credential(ID, OTHER),
    "get_scope": lambda client, _: client.get_scope(ID),
    "get_scopes": lambda client, _: client.get_scopes(),
    "get_scopes by string": lambda client, _: client.get_scopes(scope_strings=["a", "b"]),
    "get_scopes by id": lambda client, _: client.get_scopes(ids=[ID, OTHER]),
    "create_scope": lambda client, _: client.create_scope(ID, "a", "b", "c"),
    "create_scope in full": lambda client, spec: client.create_scope(
        ID, "a", "b", "c", dependent_scopes=[spec(OTHER, True, False)], **FULL_SCOPE
    ),
    "update_scope": lambda client, spec: client.update_scope(
        ID, scope_suffix="d", dependent_scopes=[spec(OTHER, False, True)], **FULL_SCOPE
    ),
    "delete_scope": lambda client, _: client.delete_scope(ID),
}
LOGIN_CALLS: dict[str, tuple[str, Callable[[t.Any], object]]] = {
    "an instance": (
        "NativeAppAuthClient",
        lambda client: client.create_native_app_instance(ID, "a"),
    ),
    "a child": (
        "ConfidentialAppAuthClient",
        lambda client: client.create_child_client("a", client_type="client_identity"),
    ),
    "a child in full": (
        "ConfidentialAppAuthClient",
        lambda client: client.create_child_client(
            "a",
            public_client=True,
            visibility="public",
            redirect_uris="https://a.example.org",
            **LINKS,
            **IDPS,
        ),
    ),
}


class AnyPath(fakes.FakeAuth):
    """
    Answers every request with an empty object.
    """

    def send(self, request: t.Any, *args: t.Any, **options: t.Any) -> t.Any:
        """Give a path its answer first."""
        self.answer(fakes.Sent(request).path, {})
        return super().send(request, *args, **options)


def request_of(client: t.Any, call: Callable[[t.Any], object]) -> dict[str, t.Any]:
    """
    The one request that a call sends, as far as a server can tell the difference.
    """
    server = AnyPath()
    with fakes.joined(client, server):
        call(client)
    (sent,) = server.sent
    return {
        "method": sent.method,
        "path": sent.path,
        "query": sent.query,
        "authorization": sent.authorization,
        "content_type": sent.headers.get("Content-Type"),
        "body": json.loads(sent.body) if sent.body else None,
    }


@pytest.mark.parametrize("name", CALLS)
def test_the_same_call_sends_the_same_request(name: str) -> None:
    """Method, path, query, credentials and body."""
    ours, theirs = (
        request_of(
            sdk.AuthClient(
                base_url=fakes.BASE_URL, authorizer=sdk.AccessTokenAuthorizer("a-token")
            ),
            lambda client, sdk=sdk: CALLS[name](client, sdk.DependentScopeSpec),  # type: ignore[misc]
        )
        for sdk in (globus_core, globus_sdk)
    )
    assert ours == theirs


@pytest.mark.parametrize("name", LOGIN_CALLS)
def test_login_clients_send_the_same_request(name: str) -> None:
    """With the client's own credentials, or with none."""
    kind, call = LOGIN_CALLS[name]
    secret = ["a-secret"] if kind == "ConfidentialAppAuthClient" else []
    ours, theirs = (
        request_of(getattr(sdk, kind)(ID, *secret, base_url=fakes.BASE_URL), call)
        for sdk in (globus_core, globus_sdk)
    )
    assert ours == theirs
