"""What developers manage: who may, what is refused, and what comes of it for logins."""

from __future__ import annotations

import typing as t
import uuid

import pytest

from tests.sandbox.plain_client import TRANSFER, PlainClient, good, redirect_query, refused

if t.TYPE_CHECKING:
    import requests

MANAGE = "openid email urn:globus:auth:scope:auth.globus.org:manage_projects"
NOBODY = str(uuid.UUID(int=5))
Document = dict[str, t.Any]


class Developer:
    """
    Somebody with a token, or a client with its secret, who sends JSON.
    """

    def __init__(self, client: PlainClient, **login: t.Any) -> None:
        self.client = client
        self.auth: t.Any = None
        self.headers: dict[str, str] = {}
        if login:
            self.headers["Authorization"] = f"Bearer {client.log_in(**login)['access_token']}"

    def send(self, method: str, path: str, body: t.Any = None, **query: str) -> requests.Response:
        """
        Send one request to the API.
        """
        url = f"{self.client.sandbox.url}v2/api/{path}"
        return self.client.session.request(
            method,
            url,
            json=body,
            params=query,
            headers=self.headers,
            auth=self.auth,
            timeout=10,
        )

    def make(self, path: str, **fields: t.Any) -> Document:
        """
        Make a thing, whose wrapper is the path's last word in the singular.
        """
        kind = path.rpartition("/")[2].replace("policies", "policys").removesuffix("s")
        made: Document = good(self.send("POST", path, {kind: fields}))[kind]
        return made


@pytest.fixture
def ada(client: PlainClient) -> Developer:
    """
    The first person, who manages the project.
    """
    return Developer(client, scope=MANAGE)


@pytest.fixture
def bo(client: PlainClient) -> Developer:
    """
    Somebody else, who manages nothing.
    """
    return Developer(client, scope=MANAGE, login_hint="bo@example.org")


@pytest.fixture
def project(client: PlainClient) -> str:
    """
    The id of the project.
    """
    return client.sandbox.seeds.projects[0].id


def service(client: PlainClient, client_id: str, secret: str) -> Developer:
    """
    A client that calls with its own secret.
    """
    caller = Developer(client)
    caller.auth = client_id, secret
    return caller


def portal(client: PlainClient) -> Developer:
    """
    The confidential client.
    """
    return service(client, *client.basic)


def credential(developer: Developer, client_id: str) -> str:
    """
    A new secret.
    """
    return str(developer.make(f"clients/{client_id}/credentials", name="a name")["secret"])


LISTS = ("projects", "policies", "clients", "scopes")


@pytest.mark.parametrize("path", [*LISTS, f"scopes/{NOBODY}", f"clients/{NOBODY}/credentials"])
def test_everything_needs_a_token_with_the_right_scope(client: PlainClient, path: str) -> None:
    """No token is 401, one for something else 403."""
    answer = refused(Developer(client).send("GET", path), 401)
    assert answer["errors"][0]["code"] == "UNAUTHORIZED"
    answer = refused(Developer(client, scope="openid").send("GET", path), 403)
    assert answer["errors"][0]["code"] == "FORBIDDEN"
    body = {path.rpartition("/")[2].removesuffix("s"): {"name": "x"}}
    if path in ("projects", "policies", "clients"):
        refused(Developer(client).send("POST", path, body), 401)


@pytest.mark.parametrize("path", ["projects", "policies"])
def test_projects_are_for_people_and_not_for_secrets(client: PlainClient, path: str) -> None:
    """A client's own credentials are 401 there."""
    refused(portal(client).send("GET", path), 401)


def test_what_others_manage_is_hidden(
    client: PlainClient, ada: Developer, bo: Developer, project: str
) -> None:
    """Lists leave it out; by id it is 403, and neither changed nor deleted."""
    policy = ada.make("policies", project_id=project, display_name="P", description="p")["id"]
    own = client.sandbox.seeds.scopes[0]
    for path in LISTS:
        assert good(bo.send("GET", path)) == {path: []}
    paths = {
        f"projects/{project}": "project",
        f"policies/{policy}": "policy",
        f"clients/{client.basic[0]}": "client",
        f"scopes/{own.id}": "scope",
    }
    for path, kind in paths.items():
        if kind != "scope":  # what a scope means is for everybody to know
            refused(bo.send("GET", path), 403)
        refused(bo.send("PUT", path, {kind: {}}), 403)
        refused(bo.send("DELETE", path), 403)
    refused(bo.send("GET", f"clients/{client.basic[0]}/credentials"), 403)
    refused(bo.send("POST", f"clients/{client.basic[0]}/scopes", {"scope": {}}), 403)
    body = {"client": {"name": "x", "project": project, "public_client": True}}
    refused(bo.send("POST", "clients", body), 403)


def test_a_public_client_can_be_seen_by_everybody(
    ada: Developer, bo: Developer, project: str
) -> None:
    """And still not be changed by others."""
    made = ada.make("clients", name="x", project=project, public_client=True, visibility="public")
    assert good(bo.send("GET", f"clients/{made['id']}"))["client"] == made
    refused(bo.send("PUT", f"clients/{made['id']}", {"client": {"name": "y"}}), 403)


@pytest.mark.parametrize("path", LISTS)
def test_what_does_not_exist_is_404(ada: Developer, path: str) -> None:
    """By any method, and whatever stands for an id."""
    kind = "policy" if path == "policies" else path.removesuffix("s")
    for method in ("GET", "PUT", "DELETE"):
        for key in (NOBODY, "not-an-id"):
            answer = refused(ada.send(method, f"{path}/{key}", {kind: {}}), 404)
            assert answer["errors"][0]["code"] == "NOT_FOUND"


def test_parts_of_clients_that_do_not_exist_are_404(
    client: PlainClient, ada: Developer, project: str
) -> None:
    """Domain names, credentials, and the client that something is made for."""
    refused(ada.send("GET", "clients", fqdn="nowhere.example.org"), 404)
    refused(ada.send("DELETE", f"clients/{client.basic[0]}/credentials/{NOBODY}"), 404)
    refused(ada.send("POST", f"clients/{NOBODY}/scopes", {"scope": {}}), 404)
    body = {"client": {"name": "x", "project": NOBODY, "public_client": True}}
    refused(ada.send("POST", "clients", body), 404)
    instance = {"client": {"name": "x", "template_id": client.basic[0]}}
    refused(Developer(client).send("POST", "clients", instance), 404)


GOOD: dict[str, Document] = {
    "projects": {"display_name": "x", "contact_email": "x@example.org", "admin_ids": [NOBODY]},
    "policies": {"project_id": NOBODY, "display_name": "x", "description": "x"},
    "clients": {"name": "x", "project": NOBODY, "public_client": True},
    "scopes": {"name": "x", "description": "x", "scope_suffix": "x"},
}
BAD = [
    ("projects", {"contact_email": None}, "contact_email must be a line of text"),
    ("projects", {"admin_ids": "x"}, "admin_ids must be a list"),
    ("projects", {"admin_ids": ["x"]}, "admin_ids must be a UUID"),
    ("projects", {"admin_ids": [NOBODY]}, "which is not an identity"),
    ("projects", {"admin_ids": None}, "needs admin_ids or admin_group_ids"),
    ("policies", {"authentication_assurance_timeout": -1}, "a number of seconds"),
    ("policies", {"authentication_assurance_timeout": True}, "a number of seconds"),
    ("policies", {"required_mfa": "yes"}, "required_mfa must be true or false"),
    ("policies", {"required_mfa": True}, "required_mfa needs high_assurance"),
    ("policies", {"unknown": 1}, "policy has no field 'unknown'"),
    ("clients", {"name": "a\nb"}, "name must be a line of text"),
    ("clients", {"client_type": "resource_server"}, "either public_client or client_type"),
    ("clients", {"client_type": "x"}, "client_type must be one of"),
    ("clients", {"visibility": "secret"}, "visibility must be one of public, private"),
    ("clients", {"links": {"privacy_policy": "x"}}, "links must be an object with"),
    ("clients", {"required_idp": NOBODY}, "required_idp must be the id of an identity provider"),
    ("scopes", {"scope_suffix": "Upper"}, "lower-case letters, digits and underscores"),
    (
        "scopes",
        {"dependent_scopes": [{"scope": NOBODY}]},
        "must be an object with scope",
    ),
    (
        "scopes",
        {
            "dependent_scopes": [
                {"scope": NOBODY, "optional": False, "requires_refresh_token": False}
            ]
        },
        "which is not a scope",
    ),
]


@pytest.mark.parametrize(("path", "changes", "detail"), BAD)
def test_bad_fields_are_400_and_named(
    client: PlainClient, ada: Developer, project: str, path: str, changes: Document, detail: str
) -> None:
    """With what would be right."""
    kind = "policy" if path == "policies" else path.removesuffix("s")
    body = {**GOOD[path], **changes}
    for name in ("project", "project_id"):
        if name in body:
            body[name] = project
    target = f"clients/{client.basic[0]}/scopes" if path == "scopes" else path
    error = refused(ada.send("POST", target, {kind: body}), 400)["errors"][0]
    assert error["code"] == "INVALID_PARAMETERS"
    assert detail in error["detail"]


@pytest.mark.parametrize("body", [{}, {"project": []}, [], {"project": {"display_name": "x"}}])
def test_bodies_of_another_shape_are_400(ada: Developer, body: t.Any) -> None:
    """The wrapper, the object in it, and its required fields."""
    assert refused(ada.send("POST", "projects", body), 400)["errors"][0]["status"] == "400"


def test_two_ways_of_looking_scopes_up_are_400(ada: Developer) -> None:
    """Strings or ids."""
    refused(ada.send("GET", "scopes", scope_strings="openid", ids=NOBODY), 400)


def test_what_is_in_use_is_409(client: PlainClient, ada: Developer, project: str) -> None:
    """A project with clients, a scope that another one needs, a suffix that is taken."""
    conflict = refused(ada.send("DELETE", f"projects/{project}"), 409)["errors"][0]
    assert conflict["code"] == "CONFLICT"
    path = f"clients/{client.basic[0]}/scopes"
    inner = ada.make(path, **GOOD["scopes"])
    needed = {"scope": inner["id"], "optional": False, "requires_refresh_token": False}
    outer = ada.make(path, **{**GOOD["scopes"], "scope_suffix": "y", "dependent_scopes": [needed]})
    refused(ada.send("POST", path, {"scope": GOOD["scopes"]}), 409)
    refused(ada.send("PUT", f"scopes/{outer['id']}", {"scope": {"scope_suffix": "x"}}), 409)
    refused(ada.send("DELETE", f"scopes/{inner['id']}"), 409)
    good(ada.send("PUT", f"scopes/{inner['id']}", {"scope": {"scope_suffix": "x"}}))
    good(ada.send("DELETE", f"scopes/{outer['id']}"))
    good(ada.send("DELETE", f"scopes/{inner['id']}"))


def test_a_new_confidential_client_logs_people_in(
    client: PlainClient, ada: Developer, project: str
) -> None:
    """With any of its secrets, until that is deleted; and it has an identity of its own."""
    made = ada.make("clients", name="Lab", project=project, client_type="confidential_client")
    first, second = (credential(ada, made["id"]) for _ in range(2))
    for secret in (first, second):
        client.basic = made["id"], secret
        code = client.code(client_id=made["id"], code_challenge=None, code_challenge_method=None)
        grant = {"code": code, "redirect_uri": client.redirect_uri}
        good(client.grant("authorization_code", **grant))
    token = good(client.grant("client_credentials", scope="openid"))["access_token"]
    assert good(client.get("v2/oauth2/userinfo", token))["sub"] == made["id"]
    path = f"clients/{made['id']}/credentials"
    _, gone = good(ada.send("GET", path))["credentials"]
    good(ada.send("DELETE", f"{path}/{gone['id']}"))
    refused(client.grant("client_credentials", scope="openid"), 401)
    client.basic = made["id"], first
    good(client.grant("client_credentials", scope="openid"))


@pytest.mark.parametrize("client_type", ["client_identity", "resource_server"])
def test_the_kind_of_a_client_decides_on_its_grants(
    client: PlainClient, ada: Developer, project: str, client_type: str
) -> None:
    """A service account logs nobody in."""
    made = ada.make("clients", name="Lab", project=project, client_type=client_type)
    client.basic = made["id"], credential(ada, made["id"])
    good(client.grant("client_credentials", scope="openid"))
    answer = client.authorize(client_id=made["id"])
    assert redirect_query(answer)["error"] == "unauthorized_client"


def test_a_new_native_client_uses_its_registered_address(
    client: PlainClient, ada: Developer, project: str
) -> None:
    """Another one of the web is refused."""
    address = "https://lab.example.org/back"
    made = ada.make(
        "clients", name="Lab", project=project, public_client=True, redirect_uris=[address]
    )
    answer = client.authorize(client_id=made["id"], redirect_uri=address)
    assert answer.headers["Location"].startswith(address + "?code=")
    assert client.authorize(client_id=made["id"], redirect_uri=address + "/").status_code == 400
    body = {"credential": {"name": "x"}}
    refused(ada.send("POST", f"clients/{made['id']}/credentials", body), 400)


def test_a_new_scope_is_consented_to_and_traded(
    client: PlainClient, ada: Developer, project: str
) -> None:
    """Its dependencies come with the dependent grant; without it, all ends."""
    made = ada.make("clients", name="Lab", project=project, client_type="resource_server")
    (transfer,) = good(ada.send("GET", "scopes", scope_strings=TRANSFER))["scopes"]
    needed = {"scope": transfer["id"], "optional": False, "requires_refresh_token": True}
    scope = ada.make(
        f"clients/{made['id']}/scopes", **{**GOOD["scopes"], "dependent_scopes": [needed]}
    )
    assert good(ada.send("GET", f"clients/{made['id']}"))["client"]["scopes"] == [scope["id"]]
    token = client.log_in(scope=scope["scope_string"])
    assert token["resource_server"] == made["id"]
    client.basic = made["id"], credential(ada, made["id"])
    trade = {"token": token["access_token"]}
    grant = "urn:globus:auth:grant_type:dependent_token"
    (dependent,) = good(client.grant(grant, **trade))
    assert (dependent["resource_server"], dependent["scope"]) == (
        "transfer.api.globus.org",
        TRANSFER,
    )
    good(ada.send("DELETE", f"scopes/{scope['id']}"))
    refused(client.grant(grant, **trade), 401)
    assert redirect_query(client.authorize(scope=scope["scope_string"]))["error"] == "invalid_scope"


def test_a_scope_can_do_without_refresh_tokens(client: PlainClient, ada: Developer) -> None:
    """Also when offline access is asked for."""
    scope = ada.make(
        f"clients/{client.basic[0]}/scopes", **GOOD["scopes"], allows_refresh_token=False
    )
    names = f"openid {scope['scope_string']}"
    token = client.log_in(scope=names, access_type="offline")
    assert "refresh_token" in token
    assert "refresh_token" not in token["other_tokens"][0]


def test_with_a_client_everything_of_it_ends(
    client: PlainClient, ada: Developer, project: str
) -> None:
    """Tokens, consents, scopes, identity."""
    made = ada.make("clients", name="Lab", project=project, public_client=False)
    scope = ada.make(f"clients/{made['id']}/scopes", **GOOD["scopes"])
    client.basic = made["id"], credential(ada, made["id"])
    token = good(client.grant("client_credentials", scope="openid"))["access_token"]
    client.log_in(scope=scope["scope_string"])
    good(ada.send("DELETE", f"clients/{made['id']}"))
    refused(client.get("v2/oauth2/userinfo", token), 401)
    refused(client.grant("client_credentials", scope="openid"), 401)
    refused(ada.send("GET", f"scopes/{scope['id']}"), 404)
    refused(ada.send("GET", f"clients/{made['id']}"), 404)
    assert good(ada.send("GET", "identities", ids=made["id"])) == {"identities": []}
    path = f"identities/{client.sandbox.people[0].id}/consents"
    consents = good(ada.send("GET", path))["consents"]
    assert scope["id"] not in [consent["scope"] for consent in consents]
    numbers = [consent["id"] for consent in consents]
    client.log_in(scope=TRANSFER)
    later = [consent["id"] for consent in good(ada.send("GET", path))["consents"]]
    assert len(later) == len(set(later)) == len(numbers) + 1


def test_a_client_manages_itself_and_its_children(client: PlainClient, bo: Developer) -> None:
    """With its secret, and nobody else's client."""
    parent = portal(client)
    child = parent.make("clients", name="Worker", client_type="client_identity")
    secret = credential(parent, child["id"])
    assert {c["id"] for c in good(parent.send("GET", "clients"))["clients"]} == {
        client.basic[0],
        child["id"],
    }
    worker = service(client, child["id"], secret)
    refused(worker.send("GET", f"clients/{client.basic[0]}"), 403)
    refused(bo.send("DELETE", f"clients/{child['id']}"), 403)
    good(parent.send("PUT", f"clients/{child['id']}", {"client": {"name": "Helper"}}))
    good(worker.send("DELETE", f"clients/{child['id']}"))
    refused(worker.send("GET", "clients"), 401)


def test_an_instance_of_a_native_client_looks_after_itself(
    client: PlainClient, ada: Developer
) -> None:
    """It logs people in, and who manages its template manages it."""
    native = client.sandbox.native_client_id
    body = {"client": {"name": "laptop", "template_id": native}}
    made = good(Developer(client).send("POST", "clients", body))
    key, secret = made["client"]["id"], made["included"]["client_credential"]["secret"]
    client.basic = key, secret
    good(client.grant("client_credentials", scope="openid"))
    assert good(ada.send("GET", f"clients/{key}"))["client"] == made["client"]
    good(service(client, key, secret).send("DELETE", f"clients/{key}"))
    refused(client.grant("client_credentials", scope="openid"), 401)


def test_a_native_client_revokes_the_tokens_of_its_instances(client: PlainClient) -> None:
    """Without a secret, as a program does at a logout; no tokens of other clients."""
    native, others = client.sandbox.native_client_id, client.basic
    body = {"client": {"name": "laptop", "template_id": native}}
    made = good(Developer(client).send("POST", "clients", body))
    client.basic = made["client"]["id"], made["included"]["client_credential"]["secret"]
    own = good(client.grant("client_credentials", scope="openid"))["access_token"]
    client.basic = others
    foreign = good(client.grant("client_credentials", scope="openid"))["access_token"]
    good(client.post("v2/oauth2/token/revoke", token=own, client_id=native))
    refused(client.get("v2/oauth2/userinfo", own), 401)
    refused(client.post("v2/oauth2/token/revoke", token=foreign, client_id=native), 401)
    good(client.get("v2/oauth2/userinfo", foreign))


def test_a_service_account_can_manage_projects(client: PlainClient, ada: Developer) -> None:
    """As one of their administrators, with a token."""
    own = client.basic[0]
    made = ada.make("projects", display_name="Ours", contact_email="x@example.org", admin_ids=[own])
    refused(ada.send("GET", f"projects/{made['id']}"), 403)
    token = good(client.grant("client_credentials", scope=MANAGE))["access_token"]
    account = Developer(client)
    account.headers["Authorization"] = f"Bearer {token}"
    assert good(account.send("GET", "projects"))["projects"] == [made]


def test_everybody_is_in_every_group(ada: Developer, bo: Developer) -> None:
    """The sandbox knows no groups, so theirs are everybody's projects."""
    made = ada.make(
        "projects", display_name="Ours", contact_email="x@example.org", admin_group_ids=[NOBODY]
    )
    assert made["admins"] == {"identities": [], "groups": [{"id": NOBODY}]}
    assert good(bo.send("GET", f"projects/{made['id']}"))["project"] == made


def test_a_reset_forgets_what_was_made(client: PlainClient, ada: Developer, project: str) -> None:
    """And brings back what was changed or deleted."""
    ada.make("clients", name="Lab", project=project, public_client=True)
    own = client.sandbox.seeds.scopes[0]
    good(ada.send("DELETE", f"scopes/{own.id}"))
    good(ada.send("DELETE", f"clients/{client.basic[0]}"))
    client.sandbox.reset()
    again = Developer(client, scope=MANAGE)
    clients = good(again.send("GET", "clients"))["clients"]
    assert {found["id"] for found in clients} == {
        client.basic[0],
        client.sandbox.native_client_id,
    }
    good(again.send("GET", f"scopes/{own.id}"))
    good(client.grant("client_credentials", scope="openid"))
