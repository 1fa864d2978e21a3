"""
Every method of the Auth clients over HTTP: the request in full, and the shape of the answer.
"""

from __future__ import annotations

import typing as t
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest

from globus_core import (
    AccessTokenAuthorizer,
    AuthClient,
    AuthLoginClient,
    BaseClient,
    ConfidentialAppAuthClient,
    DependentScopeSpec,
    NativeAppAuthClient,
)
from globus_core.scopes import AuthScopes, TransferScopes
from tests.integration.auth.settings import AT_ONCE
from tests.integration.auth.wire import sent

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from globus_core_sandbox import Sandbox

    Browse = Callable[[str], str]
    Test = t.TypeVar("Test", bound=Callable[..., None])

CALLBACK = "http://127.0.0.1:7777/callback"
AUTH = "auth.globus.org"
TOKEN_PATH = "/v2/oauth2/token"
DEPENDENT_GRANT = "urn:globus:auth:grant_type:dependent_token"
CLASSES = (AuthClient, AuthLoginClient, NativeAppAuthClient, ConfidentialAppAuthClient)
PROJECT_KEYS = {
    *("id", "display_name", "project_name", "contact_email"),
    *("admin_ids", "admin_group_ids", "admins"),
}
POLICY_KEYS = {
    *("id", "project_id", "display_name", "description", "high_assurance"),
    *("authentication_assurance_timeout", "required_mfa"),
    *("domain_constraints_include", "domain_constraints_exclude"),
}
CLIENT_KEYS = {
    *("id", "name", "project", "parent_client", "public_client", "client_type", "visibility"),
    *("grant_types", "scopes", "fqdns", "redirect_uris", "links", "required_idp"),
    *("preselect_idp", "prompt_for_named_grant", "userinfo_from_effective_identity"),
}
CREDENTIAL_KEYS = {"id", "name", "client", "created", "secret"}
SCOPE_KEYS = {
    *("id", "scope_string", "name", "description", "client", "advertised"),
    *("allows_refresh_token", "required_domains", "dependent_scopes"),
}

COVERED: set[str] = set()


def covers(*methods: str) -> Callable[[Test], Test]:
    """
    Note which methods a test drives, each by the class that defines it for users.
    """
    COVERED.update(methods)
    return lambda test: test


def public_methods() -> set[str]:
    """
    The methods of the Auth clients, each named by the first of the classes that has it.
    """
    seen: dict[str, str] = {}
    for owner in CLASSES:
        own = {n for n in dir(owner) if not n.startswith("_") and callable(getattr(owner, n))}
        for name in own - set(dir(BaseClient)):
            seen.setdefault(name, f"{owner.__name__}.{name}")
    # both have one, with parameters of their own
    return {*seen.values(), "ConfidentialAppAuthClient.oauth2_start_flow"}


def test_every_method_is_driven_over_http() -> None:
    """A new method needs a test in this module, marked with its name."""
    assert public_methods() - COVERED == set()
    assert COVERED - public_methods() == set()


def access_token(sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse) -> str:
    """
    An access token of the first person, for all of Auth's API.
    """
    scopes = ["openid", "profile", "email", *AuthScopes]
    flow = native.oauth2_start_flow(scopes, redirect_uri=CALLBACK, state=None)
    tokens = flow.exchange_callback(browse(native.oauth2_get_authorize_url()))
    return str(tokens.by_resource_server[AUTH]["access_token"])


@pytest.fixture(params=[AuthClient, AuthLoginClient])
def auth(
    request: pytest.FixtureRequest,
    globus_sandbox: Sandbox,
    native: NativeAppAuthClient,
    browse: Browse,
) -> Iterator[AuthClient]:
    """
    A client with an access token: AuthClient, and the login client that extends it.
    """
    authorizer = AccessTokenAuthorizer(access_token(globus_sandbox, native, browse))
    with request.param(
        base_url=globus_sandbox.url, authorizer=authorizer, transport_params=AT_ONCE
    ) as client:
        yield client


@pytest.fixture
def project(globus_sandbox: Sandbox) -> str:
    """
    The id of the first person's project.
    """
    return globus_sandbox.seeds.projects[0].id


@pytest.fixture
def portal(globus_sandbox: Sandbox) -> str:
    """
    The id of the project's confidential client.
    """
    return globus_sandbox.confidential_client_id


# OpenID Connect


@covers("AuthClient.get_openid_configuration", "AuthClient.get_jwk")
def test_the_openid_documents(globus_sandbox: Sandbox, auth: AuthClient) -> None:
    """
    Public, so no credentials are sent; the keys are those that the configuration names.
    """
    configuration = auth.get_openid_configuration()
    sent(configuration, "GET", "/.well-known/openid-configuration", scheme=None)
    assert configuration["jwks_uri"] == f"{globus_sandbox.url}jwk.json"
    assert configuration["id_token_signing_alg_values_supported"] == ["RS512"]
    (key,) = auth.get_jwk(configuration)["keys"]
    assert (key["kty"], key["alg"], key["use"], key["e"]) == ("RSA", "RS512", "sig", "AQAB")
    assert auth.get_jwk(as_pem=True).key_size == 2048


@covers("AuthClient.userinfo")
def test_userinfo(globus_sandbox: Sandbox, auth: AuthClient) -> None:
    """
    All that the scopes allow.
    """
    answer = auth.userinfo()
    sent(answer, "GET", "/v2/oauth2/userinfo")
    assert answer["sub"] == globus_sandbox.people[0].id
    assert {"name", "preferred_username", "email", "identity_set"} <= set(answer.data)


# identities


@covers("AuthClient.get_identities")
def test_identities(globus_sandbox: Sandbox, auth: AuthClient) -> None:
    """
    Lists travel joined by commas; ``provision`` only with names.
    """
    ada, _, bo, *_ = globus_sandbox.people
    answer = auth.get_identities(usernames=[ada.username, bo.username])
    query = {"usernames": f"{ada.username},{bo.username}", "provision": "false"}
    sent(answer, "GET", "/v2/api/identities", query=query)
    assert [person["id"] for person in answer] == [ada.id, bo.id]
    answer = auth.get_identities(ids=uuid.UUID(bo.id), include="identity_provider")
    query = {"ids": bo.id, "include": "identity_provider"}
    sent(answer, "GET", "/v2/api/identities", query=query)
    assert answer["included"]["identity_providers"][0]["id"] == bo.identity_provider


@covers("AuthClient.get_identity_providers")
def test_identity_providers(auth: AuthClient) -> None:
    """
    By domain, and by id.
    """
    answer = auth.get_identity_providers(domains=["example.org", "example.edu"])
    query = {"domains": "example.org,example.edu"}
    sent(answer, "GET", "/v2/api/identity_providers", query=query)
    ids = [provider["id"] for provider in answer]
    answer = auth.get_identity_providers(ids=ids)
    sent(answer, "GET", "/v2/api/identity_providers", query={"ids": ",".join(ids)})
    assert set(next(iter(answer))) == {"id", "name", "short_name", "alternative_names", "domains"}


@covers("AuthClient.get_consents")
def test_consents(globus_sandbox: Sandbox, auth: AuthClient) -> None:
    """
    Without an identity, those of the caller.
    """
    ada = globus_sandbox.people[0]
    for answer in (auth.get_consents(all=True), auth.get_consents(ada.id, all=True)):
        path = f"/v2/api/identities/{ada.id}/consents"
        sent(answer, "GET", path, query={"all": "True"})
        assert all(consent["effective_identity"] == ada.id for consent in answer)


# projects and policies


@covers("AuthClient.get_project", "AuthClient.get_projects")
def test_projects_are_read(auth: AuthClient, project: str) -> None:
    """
    One, or all that the person manages.
    """
    one = auth.get_project(uuid.UUID(project))
    sent(one, "GET", f"/v2/api/projects/{project}")
    assert set(one["project"]) == PROJECT_KEYS
    every = auth.get_projects(query_params={"page": "1"}, extra="2")
    sent(every, "GET", "/v2/api/projects", query={"page": "1", "extra": "2"})
    assert list(every) == [one["project"]]


@covers("AuthClient.create_project", "AuthClient.update_project", "AuthClient.delete_project")
def test_a_project_from_its_beginning_to_its_end(globus_sandbox: Sandbox, auth: AuthClient) -> None:
    """
    What is left out is not sent; administrators are always a list.
    """
    ada, _, bo, *_ = globus_sandbox.people
    made = auth.create_project("Lab", "lab@example.org", admin_ids=uuid.UUID(ada.id))
    given = {"display_name": "Lab", "contact_email": "lab@example.org", "admin_ids": [ada.id]}
    sent(made, "POST", "/v2/api/projects", body={"project": given})
    document = made["project"]
    assert document.items() >= {**given, "project_name": "Lab", "admin_group_ids": None}.items()
    assert document["admins"]["identities"][0]["username"] == ada.username
    path = f"/v2/api/projects/{document['id']}"
    group = uuid.UUID(int=9)
    changed = auth.update_project(
        document["id"], admin_ids=(one.id for one in (ada, bo)), admin_group_ids=[group]
    )
    body = {"project": {"admin_ids": [ada.id, bo.id], "admin_group_ids": [str(group)]}}
    sent(changed, "PUT", path, body=body)
    assert changed["project"].items() >= {**body["project"], "display_name": "Lab"}.items()
    gone = auth.delete_project(document["id"])
    sent(gone, "DELETE", path)
    assert gone.data == changed.data
    assert document["id"] not in [one["id"] for one in auth.get_projects()]


@covers(
    *("AuthClient.create_policy", "AuthClient.get_policy", "AuthClient.get_policies"),
    *("AuthClient.update_policy", "AuthClient.delete_policy"),
)
def test_a_policy_from_its_beginning_to_its_end(auth: AuthClient, project: str) -> None:
    """
    None is null and an empty list is one; both differ from what is left out.
    """
    made = auth.create_policy(
        project_id=project,
        display_name="Staff",
        description="Staff only",
        high_assurance=True,
        authentication_assurance_timeout=600,
        required_mfa=True,
        domain_constraints_include=("example.org",),
        domain_constraints_exclude=None,
    )
    given: dict[str, t.Any] = {
        "project_id": project,
        "display_name": "Staff",
        "description": "Staff only",
        "high_assurance": True,
        "authentication_assurance_timeout": 600,
        "required_mfa": True,
        "domain_constraints_include": ["example.org"],
        "domain_constraints_exclude": None,
    }
    sent(made, "POST", "/v2/api/policies", body={"policy": given})
    key = made["policy"]["id"]
    assert made["policy"] == {**given, "id": key}
    assert set(made["policy"]) == POLICY_KEYS
    path = f"/v2/api/policies/{key}"
    changed = auth.update_policy(key, domain_constraints_include=[], required_mfa=False)
    changes = {"domain_constraints_include": [], "required_mfa": False}
    sent(changed, "PUT", path, body={"policy": changes})
    one, every = auth.get_policy(key), auth.get_policies()
    sent(one, "GET", path)
    sent(every, "GET", "/v2/api/policies")
    assert changed.data == one.data == {"policy": {**made["policy"], **changes}}
    assert list(every) == [one["policy"]]
    gone = auth.delete_policy(key)
    sent(gone, "DELETE", path)
    assert list(auth.get_policies()) == []


# clients


@covers("AuthClient.get_client", "AuthClient.get_clients")
def test_clients_are_read(auth: AuthClient, globus_sandbox: Sandbox, portal: str) -> None:
    """
    By id, by domain name, or all.
    """
    one = auth.get_client(client_id=uuid.UUID(portal))
    sent(one, "GET", f"/v2/api/clients/{portal}")
    assert set(one["client"]) == CLIENT_KEYS
    by_name = auth.get_client(fqdn="portal.example.org")
    sent(by_name, "GET", "/v2/api/clients", query={"fqdn": "portal.example.org"})
    assert by_name.data == one.data
    every = auth.get_clients()
    sent(every, "GET", "/v2/api/clients")
    assert {client["id"] for client in every} == {portal, globus_sandbox.native_client_id}


@covers("AuthClient.create_client", "AuthClient.update_client", "AuthClient.delete_client")
def test_a_client_from_its_beginning_to_its_end(
    globus_sandbox: Sandbox, auth: AuthClient, project: str
) -> None:
    """
    Both links go under ``links``; further fields win.
    """
    provider = globus_sandbox.seeds.identity_providers[0].id
    made = auth.create_client(
        "Portal",
        uuid.UUID(project),
        client_type="confidential_client",
        visibility="public",
        redirect_uris="https://portal.example.org/callback",
        terms_and_conditions="https://portal.example.org/terms",
        privacy_policy="https://portal.example.org/privacy",
        required_idp=uuid.UUID(provider),
        preselect_idp=provider,
        additional_fields={"name": "Portal 2", "prompt_for_named_grant": True},
    )
    given = {
        "name": "Portal 2",
        "project": project,
        "client_type": "confidential_client",
        "visibility": "public",
        "redirect_uris": ["https://portal.example.org/callback"],
        "links": {
            "terms_and_conditions": "https://portal.example.org/terms",
            "privacy_policy": "https://portal.example.org/privacy",
        },
        "required_idp": provider,
        "preselect_idp": provider,
        "prompt_for_named_grant": True,
    }
    sent(made, "POST", "/v2/api/clients", body={"client": given})
    document = made["client"]
    assert document.items() >= given.items()
    assert document["grant_types"] == ["authorization_code", "client_credentials", "refresh_token"]
    path = f"/v2/api/clients/{document['id']}"
    changed = auth.update_client(
        document["id"],
        name="Door",
        visibility="private",
        redirect_uris=iter([CALLBACK]),
        terms_and_conditions=None,
        privacy_policy=None,
        required_idp=None,
        preselect_idp=None,
        additional_fields={"prompt_for_named_grant": False},
    )
    changes = {
        "name": "Door",
        "visibility": "private",
        "redirect_uris": [CALLBACK],
        "links": {"terms_and_conditions": None, "privacy_policy": None},
        "required_idp": None,
        "preselect_idp": None,
        "prompt_for_named_grant": False,
    }
    sent(changed, "PUT", path, body={"client": changes})
    assert changed.data == {"client": {**document, **changes}}
    gone = auth.delete_client(document["id"])
    sent(gone, "DELETE", path)
    assert gone.data == changed.data
    assert document["id"] not in [one["id"] for one in auth.get_clients()]


@pytest.mark.parametrize(
    ("is_public", "kind"),
    [(True, "public_installed_client"), (False, "hybrid_confidential_client_resource_server")],
)
def test_the_kind_of_a_client_can_be_told_by_one_flag(
    auth: AuthClient, project: str, is_public: bool, kind: str
) -> None:
    """
    The server makes a client type of it.
    """
    made = auth.create_client("Tool", project, public_client=is_public)
    given = {"name": "Tool", "project": project, "public_client": is_public}
    sent(made, "POST", "/v2/api/clients", body={"client": given})
    assert (made["client"]["public_client"], made["client"]["client_type"]) == (is_public, kind)


@covers(
    "AuthClient.create_client_credential",
    "AuthClient.get_client_credentials",
    "AuthClient.delete_client_credential",
)
def test_a_credential_from_its_beginning_to_its_end(auth: AuthClient, portal: str) -> None:
    """
    The secret is in the first answer only, and not in its text.
    """
    path = f"/v2/api/clients/{portal}/credentials"
    made = auth.create_client_credential(uuid.UUID(portal), "main")
    sent(made, "POST", path, body={"credential": {"name": "main"}})
    credential = made["credential"]
    assert set(credential) == CREDENTIAL_KEYS
    assert (credential["name"], credential["client"]) == ("main", portal)
    assert credential["secret"] not in f"{made} {made!r}"
    every = auth.get_client_credentials(portal)
    sent(every, "GET", path)
    assert {**credential, "secret": None} in list(every)
    gone = auth.delete_client_credential(portal, uuid.UUID(credential["id"]))
    sent(gone, "DELETE", f"{path}/{credential['id']}")
    assert gone["credential"] == {**credential, "secret": None}
    assert credential["id"] not in [one["id"] for one in auth.get_client_credentials(portal)]


# scopes


@covers("AuthClient.get_scope", "AuthClient.get_scopes")
def test_scopes_are_read(globus_sandbox: Sandbox, auth: AuthClient) -> None:
    """
    One, by strings, by ids under both names, or those of one's clients.
    """
    own = globus_sandbox.seeds.scopes[0]
    one = auth.get_scope(uuid.UUID(own.id))
    sent(one, "GET", f"/v2/api/scopes/{own.id}")
    assert set(one["scope"]) == SCOPE_KEYS
    assert one["scope"]["scope_string"] == own.scope_string
    transfer = str(TransferScopes.all)
    named = auth.get_scopes(scope_strings=[own.scope_string, transfer, "unknown"])
    strings = f"{own.scope_string},{transfer},unknown"
    sent(named, "GET", "/v2/api/scopes", query={"scope_strings": strings})
    ids = [scope["id"] for scope in named]
    assert [scope["scope_string"] for scope in named] == [own.scope_string, transfer]
    assert one["scope"]["dependent_scopes"][0] == {
        "scope": ids[1],
        "optional": False,
        "requires_refresh_token": False,
    }
    for answer in (auth.get_scopes(ids=ids), auth.get_scopes(ids)):
        sent(answer, "GET", "/v2/api/scopes", query={"ids": ",".join(ids)})
        assert list(answer) == list(named)
    mine = auth.get_scopes()
    sent(mine, "GET", "/v2/api/scopes")
    assert list(mine) == [one["scope"]]


@covers("AuthClient.create_scope", "AuthClient.update_scope", "AuthClient.delete_scope")
def test_a_scope_from_its_beginning_to_its_end(auth: AuthClient, portal: str) -> None:
    """
    Dependencies are specifications, or the same as dicts.
    """
    (transfer,) = auth.get_scopes(scope_strings=TransferScopes.all.scope_string)
    made = auth.create_scope(
        uuid.UUID(portal),
        "Manage",
        "Manage it",
        "manage",
        required_domains=("example.org",),
        dependent_scopes=(DependentScopeSpec(transfer["id"], True, False),),
        advertised=True,
        allows_refresh_token=False,
    )
    needed = {"scope": transfer["id"], "optional": True, "requires_refresh_token": False}
    given = {
        "name": "Manage",
        "description": "Manage it",
        "scope_suffix": "manage",
        "required_domains": ["example.org"],
        "dependent_scopes": [needed],
        "advertised": True,
        "allows_refresh_token": False,
    }
    sent(made, "POST", f"/v2/api/clients/{portal}/scopes", body={"scope": given})
    document = made["scope"]
    given.pop("scope_suffix")
    text = f"https://auth.globus.org/scopes/{portal}/manage"
    assert document == {**given, "id": document["id"], "client": portal, "scope_string": text}
    path = f"/v2/api/scopes/{document['id']}"
    plain = {**needed, "requires_refresh_token": True}
    changed = auth.update_scope(
        document["id"], scope_suffix="manage_all", dependent_scopes=[plain], required_domains=[]
    )
    changes: dict[str, t.Any] = {"dependent_scopes": [plain], "required_domains": []}
    sent(changed, "PUT", path, body={"scope": {**changes, "scope_suffix": "manage_all"}})
    assert changed["scope"] == {**document, **changes, "scope_string": f"{text}_all"}
    gone = auth.delete_scope(document["id"])
    sent(gone, "DELETE", path)
    assert gone.data == changed.data
    assert document["id"] not in [one["id"] for one in auth.get_scopes()]


# logins and tokens


@covers(
    "AuthLoginClient.oauth2_get_authorize_url",
    "AuthLoginClient.oauth2_exchange_code_for_tokens",
    "AuthLoginClient.oauth2_refresh_token",
    "AuthLoginClient.oauth2_revoke_token",
    "NativeAppAuthClient.oauth2_start_flow",
)
def test_a_native_client_from_login_to_revocation(
    native: NativeAppAuthClient, browse: Browse
) -> None:
    """
    The client names itself in every form, and no header does.
    """
    flow = native.oauth2_start_flow(
        "openid", redirect_uri=CALLBACK, refresh_tokens=True, verifier="v" * 43
    )
    url = native.oauth2_get_authorize_url(session_required_mfa=False, login_hint="ada@example.org")
    query = parse_qs(urlsplit(url).query)
    assert urlsplit(url).path == "/v2/oauth2/authorize"
    assert query.items() >= {"access_type": ["offline"], "code_challenge_method": ["S256"]}.items()
    code = flow.code_from(browse(url))
    tokens = native.oauth2_exchange_code_for_tokens(code)
    client_id = str(native.client_id)
    form = {
        "client_id": client_id,
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": "v" * 43,
        "redirect_uri": CALLBACK,
    }
    sent(tokens, "POST", TOKEN_PATH, scheme=None, form=form)
    refresh_token = tokens["refresh_token"]
    refreshed = native.oauth2_refresh_token(refresh_token)
    form = {
        "client_id": client_id,
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
    }
    sent(refreshed, "POST", TOKEN_PATH, scheme=None, form=form)
    revoked = native.oauth2_revoke_token(refresh_token)
    form = {"client_id": client_id, "token": refresh_token}
    sent(revoked, "POST", f"{TOKEN_PATH}/revoke", scheme=None, form=form)
    assert revoked.data == {"active": False}


@covers("AuthLoginClient.oauth2_token")
def test_any_grant_by_the_base_of_login_clients(globus_sandbox: Sandbox) -> None:
    """
    It knows nothing of credentials, so the form says all.
    """
    client_id = globus_sandbox.confidential_client_id
    with AuthLoginClient(
        client_id, base_url=globus_sandbox.url, transport_params=AT_ONCE
    ) as client:
        form = {
            "grant_type": "client_credentials",
            "scope": "openid",
            "client_id": client_id,
            "client_secret": globus_sandbox.confidential_client_secret,
        }
        tokens = client.oauth2_token(form)
        sent(tokens, "POST", TOKEN_PATH, scheme=None, form=form)


@covers("NativeAppAuthClient.create_native_app_instance")
def test_an_instance_of_a_native_client(native: NativeAppAuthClient) -> None:
    """
    Made without credentials; its own come along, and do not show.
    """
    assert native.client_id is not None
    made = native.create_native_app_instance(uuid.UUID(native.client_id), "laptop")
    body = {"client": {"name": "laptop", "template_id": native.client_id}}
    sent(made, "POST", "/v2/api/clients", scheme=None, body=body)
    document = made["client"]
    assert set(document) == CLIENT_KEYS
    assert (document["parent_client"], document["project"]) == (native.client_id, None)
    assert document["public_client"] is False
    credential = made["included"]["client_credential"]
    assert (credential["name"], credential["client"]) == ("laptop", document["id"])
    assert credential["secret"] not in str(made)


@covers("ConfidentialAppAuthClient.oauth2_start_flow")
def test_a_confidential_login(confidential: ConfidentialAppAuthClient, browse: Browse) -> None:
    """
    The header names the client, the form does not.
    """
    flow = confidential.oauth2_start_flow(CALLBACK, "openid")
    code = flow.code_from(browse(confidential.oauth2_get_authorize_url()))
    tokens = confidential.oauth2_exchange_code_for_tokens(code)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    sent(tokens, "POST", TOKEN_PATH, scheme="Basic", form=form)


@covers(
    "ConfidentialAppAuthClient.oauth2_client_credentials_tokens",
    "ConfidentialAppAuthClient.oauth2_token_introspect",
    "ConfidentialAppAuthClient.oauth2_validate_token",
)
def test_a_client_of_its_own(confidential: ConfidentialAppAuthClient) -> None:
    """
    Its token, and what the server says of it.
    """
    tokens = confidential.oauth2_client_credentials_tokens(["openid", "email"])
    form = {"grant_type": "client_credentials", "scope": "openid email"}
    sent(tokens, "POST", TOKEN_PATH, scheme="Basic", form=form)
    token = tokens["access_token"]
    seen = confidential.oauth2_token_introspect(token, include=["session_info", "identity_set"])
    form = {"token": token, "include": "session_info,identity_set"}
    sent(seen, "POST", f"{TOKEN_PATH}/introspect", scheme="Basic", form=form)
    assert seen["active"] is True
    assert seen["identity_set"] == [confidential.client_id]
    valid = confidential.oauth2_validate_token(token)
    sent(valid, "POST", f"{TOKEN_PATH}/validate", scheme="Basic", form={"token": token})
    assert valid.data == {"active": True}


@covers("ConfidentialAppAuthClient.oauth2_get_dependent_tokens")
def test_dependent_tokens(
    globus_sandbox: Sandbox,
    native: NativeAppAuthClient,
    confidential: ConfidentialAppAuthClient,
    browse: Browse,
) -> None:
    """
    All of them, or those that specifications ask for.
    """
    flow = native.oauth2_start_flow(
        globus_sandbox.seeds.scopes[0].scope_string, redirect_uri=CALLBACK
    )
    tokens = flow.exchange_callback(browse(native.oauth2_get_authorize_url()))
    received = tokens["access_token"]
    form = {"grant_type": DEPENDENT_GRANT, "token": received}
    every = confidential.oauth2_get_dependent_tokens(received)
    sent(every, "POST", TOKEN_PATH, scheme="Basic", form=form)
    wanted = [DependentScopeSpec(TransferScopes.all)]
    some = confidential.oauth2_get_dependent_tokens(
        received, requested_scopes=wanted, refresh_tokens=True
    )
    form |= {"scope": str(TransferScopes.all), "access_type": "offline"}
    sent(some, "POST", TOKEN_PATH, scheme="Basic", form=form)
    assert set(some.by_resource_server) == {"transfer.api.globus.org"}


@covers("ConfidentialAppAuthClient.create_child_client")
def test_a_child_of_a_confidential_client(confidential: ConfidentialAppAuthClient) -> None:
    """
    Made with the parent's own credentials, in no project.
    """
    made = confidential.create_child_client(
        "Worker",
        client_type="client_identity",
        visibility="private",
        redirect_uris=CALLBACK,
        terms_and_conditions="https://example.org/terms",
        privacy_policy="https://example.org/privacy",
    )
    given = {
        "name": "Worker",
        "client_type": "client_identity",
        "visibility": "private",
        "redirect_uris": [CALLBACK],
        "links": {
            "terms_and_conditions": "https://example.org/terms",
            "privacy_policy": "https://example.org/privacy",
        },
    }
    sent(made, "POST", "/v2/api/clients", scheme="Basic", body={"client": given})
    belongs = {"parent_client": confidential.client_id, "project": None}
    assert made["client"].items() >= {**given, **belongs, "public_client": False}.items()
