"""Documents, userinfo, identities, providers and consents."""

from __future__ import annotations

import uuid

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.plain_client import TRANSFER, PlainClient, good, refused

VIEW_CONSENTS = "urn:globus:auth:scope:auth.globus.org:view_consents"
IDENTITY_SET = "urn:globus:auth:scope:auth.globus.org:view_identity_set"


@pytest.fixture
def token(client: PlainClient) -> str:
    """
    An access token of the first person.
    """
    return str(client.log_in()["access_token"])


def test_the_configuration_leads_to_working_addresses(client: PlainClient) -> None:
    """All addresses are the sandbox's own, and so is the issuer."""
    configuration = good(client.get(".well-known/openid-configuration"))
    assert configuration["issuer"] == client.sandbox.url.rstrip("/")
    for name in ("authorization", "token", "userinfo", "revocation"):
        assert configuration[f"{name}_endpoint"].startswith(client.sandbox.url)
    key = good(client.session.get(configuration["jwks_uri"], timeout=10))["keys"][0]
    assert (key["kty"], key["alg"], key["use"], key["e"]) == ("RSA", "RS512", "sig", "AQAB")
    assert "d" not in key


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ("openid", {"sub"}),
        ("openid email", {"sub", "email"}),
        (f"openid {IDENTITY_SET}", {"sub", "identity_set"}),
    ],
)
def test_userinfo_depends_on_the_scopes(client: PlainClient, scope: str, names: set[str]) -> None:
    """Nobody learns more than was approved."""
    token = client.log_in(scope=scope)["access_token"]
    assert set(good(client.get("v2/oauth2/userinfo", token))) == names


def test_userinfo_refuses_in_the_shape_of_globus_auth(client: PlainClient) -> None:
    """No token is 401 UNAUTHORIZED, too little of one 403 FORBIDDEN."""
    answer = refused(client.get("v2/oauth2/userinfo"), 401)
    error = answer["errors"][0]
    assert (error["status"], error["code"]) == ("401", "UNAUTHORIZED")
    assert uuid.UUID(error["id"])
    assert answer["error"] == "unauthorized"
    token = client.log_in(scope="email")["access_token"]
    answer = refused(client.get("v2/oauth2/userinfo", token), 403)
    assert answer["errors"][0]["code"] == "FORBIDDEN"


def test_a_token_for_another_service_does_not_open_auth(client: PlainClient) -> None:
    """A Transfer token is 401 here."""
    token = client.log_in(scope=TRANSFER)["access_token"]
    refused(client.get("v2/api/identities", token, usernames="ada@example.org"), 401)


def test_identities_are_found_by_name_and_by_id(client: PlainClient) -> None:
    """Names in any case; unknown ones are just absent, repeated ones come once."""
    token = client.log_in()["access_token"]
    ada, _, bo, *_ = client.sandbox.people
    names = f"ADA@Example.org,{bo.username},ada@example.org,nobody@example.org"
    found = good(client.get("v2/api/identities", token, usernames=names))["identities"]
    assert [person["id"] for person in found] == [ada.id, bo.id]
    ids = f"{bo.id.upper()},{uuid.UUID(int=5)},not-an-id"
    found = good(client.get("v2/api/identities", token, ids=ids))["identities"]
    assert found == [
        {
            "id": bo.id,
            "username": "bo@example.org",
            "name": "Bo Lindqvist",
            "email": "bo@example.org",
            "organization": "Example Institute",
            "identity_provider": bo.identity_provider,
            "identity_type": "login",
            "status": "used",
        }
    ]


def test_a_query_can_be_too_long(client: PlainClient) -> None:
    """As with web servers in front of an API, which read 8 KiB of a request line."""
    token = client.log_in()["access_token"]
    names = ",".join(f"{'x' * 90}{number:05}@example.org" for number in range(100))
    refused(client.get("v2/api/identities", token, usernames=names), 414)


def test_service_identities_can_be_looked_up(client: PlainClient) -> None:
    """A confidential client has an identity."""
    token = client.log_in()["access_token"]
    own = client.sandbox.confidential_client_id
    found = good(client.get("v2/api/identities", token, ids=own))["identities"]
    assert found[0]["username"] == f"{own}@clients.auth.globus.org"
    assert found[0]["identity_type"] == "service"


def test_new_names_can_be_provisioned(client: PlainClient) -> None:
    """Only at known domains; the new identity is unused and stays."""
    token = client.log_in()["access_token"]
    names = "new@example.org,new@nowhere.example"
    query = {"usernames": names, "provision": "true"}
    found = good(client.get("v2/api/identities", token, **query))["identities"]
    assert [(p["username"], p["status"], p["name"]) for p in found] == [
        ("new@example.org", "unused", None)
    ]
    again = good(client.get("v2/api/identities", token, ids=found[0]["id"]))["identities"]
    assert again == found


def test_there_are_many_synthetic_people(client: PlainClient) -> None:
    """Hundred at a time by name, and the same ones by id."""
    token = client.log_in()["access_token"]
    names, ids = client.sandbox.synthetic_usernames(100), client.sandbox.synthetic_ids(100)
    by_name = good(client.get("v2/api/identities", token, usernames=",".join(names)))
    by_id = good(client.get("v2/api/identities", token, ids=",".join(ids)))
    assert by_name == by_id
    assert [person["username"] for person in by_name["identities"]] == names
    last = good(client.get("v2/api/identities", token, usernames="user10000@example.org"))
    none = good(client.get("v2/api/identities", token, usernames="user10001@example.org"))
    assert (len(last["identities"]), len(none["identities"])) == (1, 0)


@pytest.mark.parametrize(
    "query",
    [{}, {"usernames": "a@example.org", "ids": "x"}, {"ids": ",".join(["x"] * 101)}],
)
def test_impossible_lookups_are_400(client: PlainClient, query: dict[str, str]) -> None:
    """None or both lists, or too many keys."""
    token = client.log_in()["access_token"]
    answer = refused(client.get("v2/api/identities", token, **query), 400)
    assert answer["errors"][0]["code"] == "INVALID_PARAMETERS"


def test_a_client_may_look_people_up_with_its_secret(client: PlainClient) -> None:
    """Basic credentials do as well as a token; wrong ones do not."""
    url = client.sandbox.url + "v2/api/identities"
    query = {"usernames": "ada@example.org"}
    assert len(good(requests.get(url, query, auth=client.basic, timeout=10))["identities"]) == 1
    refused(requests.get(url, query, auth=(client.basic[0], "wrong"), timeout=10), 401)


def test_providers_are_found_by_domain_and_by_id(client: PlainClient) -> None:
    """One of both must be given."""
    token = client.log_in()["access_token"]
    path = "v2/api/identity_providers"
    found = good(client.get(path, token, domains="example.edu"))["identity_providers"]
    assert [provider["name"] for provider in found] == ["Example University"]
    assert good(client.get(path, token, ids=found[0]["id"]))["identity_providers"] == found
    refused(client.get(path, token), 400)


def test_consents_mirror_what_was_approved(client: PlainClient) -> None:
    """A dependency hangs below its parent; an optional one can be revoked alone."""
    data_access = "https://auth.globus.org/scopes/d00d71c3-b84e-4029-a6f7-e95c3d2810ba/data_access"
    scope = f"openid {VIEW_CONSENTS} {TRANSFER}[*{data_access}]"
    for _ in range(2):
        token = client.log_in(scope=scope)["access_token"]
    path = f"v2/api/identities/{client.sandbox.people[0].id}/consents"
    consents = {c["scope_name"]: c for c in good(client.get(path, token))["consents"]}
    parent, child = consents[TRANSFER], consents[data_access]
    assert len(consents) == 4
    assert parent["dependency_path"] == [parent["id"]]
    assert child["dependency_path"] == [parent["id"], child["id"]]
    assert (parent["atomically_revocable"], child["atomically_revocable"]) == (False, True)
    assert parent["client"] == client.sandbox.native_client_id
    assert good(client.get(path, token, all="True"))["consents"] == list(consents.values())


def test_foreign_consents_stay_hidden(client: PlainClient) -> None:
    """Other people's consents, and all clients' without the scope for it, are 403."""
    token = client.log_in(scope="openid")["access_token"]
    own, other = client.sandbox.people[0].id, client.sandbox.people[2].id
    refused(client.get(f"v2/api/identities/{other}/consents", token), 403)
    refused(client.get(f"v2/api/identities/{own}/consents", token, all="True"), 403)


def test_unknown_paths_and_methods_answer_in_json(client: PlainClient) -> None:
    """404 and 405 have the usual shape."""
    assert refused(client.get("v2/nothing"), 404)["errors"][0]["code"] == "NOT_FOUND"
    assert refused(client.post("jwk.json"), 405)["errors"][0]["code"] == "METHOD_NOT_ALLOWED"


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=st.text(max_size=40))
def test_no_text_breaks_a_lookup_or_a_login(client: PlainClient, token: str, text: str) -> None:
    """Whatever is asked for, the answer is never a server error."""
    query = {"usernames": text, "provision": "true"}
    statuses = [
        client.get("v2/api/identities", token, **query).status_code,
        client.authorize(scope=text, state=text, login_hint=text).status_code,
        client.authorize(redirect_uri=text, client_id=text).status_code,
        client.post("v2/oauth2/token", grant_type=text, client_id=text).status_code,
        client.exchange(text, code_verifier=text, redirect_uri=text).status_code,
    ]
    assert max(statuses) < 500
