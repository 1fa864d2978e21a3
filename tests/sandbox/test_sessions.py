"""
Sessions: which identities of a person have signed in at a client, when, and with a second factor.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core.testing import Sandbox
from globus_core_auth.sandbox.seeds import PROJECT, Policy, Seeds
from tests.sandbox.plain_client import PlainClient, good, redirect_query

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADA = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"
ADA_AT_SCHOOL = "e5c07b34-8f21-4d96-a3be-50d91f7c62a8"
SCHOOL_ONLY = "0f4a6c1e-73d5-4b89-9e02-c5b17d8a3f60"
NO_SCHOOL = "91c7e2b5-4d08-4f36-8a7e-2d60b9f3c514"
RECENT = "6a0e1f83-52c4-4d7b-8f19-0b3c7e5d2a46"
WITH_MFA = "3b58d7f9-6e12-4c04-b9a5-7f81e2c6d034"


def policy(id: str, **fields: t.Any) -> Policy:
    """A policy of the sandbox's project."""
    return Policy(id=id, project_id=PROJECT, display_name="test", description="", **fields)


POLICIES = (
    policy(SCHOOL_ONLY, domain_constraints_include=("example.edu",)),
    policy(NO_SCHOOL, domain_constraints_exclude=("example.edu",)),
    policy(WITH_MFA, required_mfa=True),
    policy(RECENT, high_assurance=True, authentication_assurance_timeout=3601),
)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that has policies."""
    with Sandbox(seeds=Seeds(policies=POLICIES)) as made:
        yield made


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[PlainClient]:
    """A client of it."""
    plain = PlainClient(sandbox)
    with plain.session:
        yield plain


def log_in(client: PlainClient, **asked: str) -> dict[str, t.Any]:
    """A login whose tokens include one for the portal, which may introspect it."""
    portal = client.sandbox.seeds.scopes[0].scope_string
    return client.log_in(scope=f"openid {portal}", **asked)


def session(client: PlainClient, token: dict[str, t.Any]) -> dict[str, t.Any]:
    """What introspection says of the sign-ins."""
    (for_portal,) = token["other_tokens"]
    form = {"token": for_portal["access_token"], "include": "session_info"}
    answer = good(client.post("v2/oauth2/token/introspect", client.basic, **form))
    return t.cast("dict[str, t.Any]", answer["session_info"]["authentications"])


def times(client: PlainClient, token: dict[str, t.Any]) -> dict[str, int | None]:
    """When each identity has signed in, as the ID token says."""
    claims = client.verify(token["id_token"])
    return {item["sub"]: item["last_authentication"] for item in claims["identity_set"]}


def test_a_login_begins_a_session_with_one_identity(client: PlainClient) -> None:
    """The others of the person have not signed in."""
    token = log_in(client)
    assert session(client, token).keys() == {ADA}
    found = times(client, token)
    assert isinstance(found[ADA], int)
    assert found[ADA_AT_SCHOOL] is None


@pytest.mark.parametrize(
    "asked",
    [
        {"session_required_identities": ADA_AT_SCHOOL},
        {"session_required_single_domain": "example.edu"},
        {"session_required_policies": SCHOOL_ONLY},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_a_required_sign_in_is_added_to_the_session(
    client: PlainClient, asked: dict[str, str]
) -> None:
    """The tokens stay those of the same person, and the first sign-in keeps its time."""
    client.sandbox.advance_clock(-3600)
    first = log_in(client)
    client.sandbox.advance_clock(3600)
    token = log_in(client, **asked)
    claims = client.verify(token["id_token"])
    assert claims["sub"] == ADA
    assert session(client, token).keys() == {ADA, ADA_AT_SCHOOL}
    before, after = times(client, first), times(client, token)
    assert after[ADA] == before[ADA] == claims["last_authentication"]
    assert t.cast("int", after[ADA_AT_SCHOOL]) >= t.cast("int", before[ADA]) + 3600


def test_a_session_ends_with_its_tokens(client: PlainClient) -> None:
    """After a logout, the linked identity is a person of its own."""
    client.log_in()
    client.sandbox.reset()
    token = log_in(client, session_required_identities=ADA_AT_SCHOOL)
    assert client.verify(token["id_token"])["sub"] == ADA_AT_SCHOOL


def test_the_session_of_somebody_else_does_not_go_on(client: PlainClient) -> None:
    """Nor does one with nobody asking for anything of the session."""
    client.log_in()
    dana = next(p for p in client.sandbox.people if p.username == "dana@example.edu")
    token = log_in(client, session_required_identities=dana.id)
    assert session(client, token).keys() == {dana.id}
    assert session(client, log_in(client)).keys() == {ADA}


def test_policies_choose_who_may_sign_in(client: PlainClient) -> None:
    """By domain; a policy that nobody knows is met by nobody."""
    dana = next(p for p in client.sandbox.people if p.username == "dana@example.edu")
    asked = {"session_required_identities": dana.id}
    for policies in (NO_SCHOOL, f"{SCHOOL_ONLY},{NO_SCHOOL}", SCHOOL_ONLY[::-1]):
        answer = client.authorize(**asked, session_required_policies=policies)
        assert redirect_query(answer)["error"] == "access_denied"
    assert "code" in redirect_query(
        client.authorize(**asked, session_required_policies=SCHOOL_ONLY)
    )


@pytest.mark.parametrize(
    "asked", [{"session_required_mfa": "true"}, {"session_required_policies": WITH_MFA}]
)
def test_a_second_factor_is_noted(client: PlainClient, asked: dict[str, str]) -> None:
    """Of the identity that has just signed in, until it signs in without."""
    assert session(client, log_in(client))[ADA]["amr"] is None
    assert session(client, log_in(client, **asked))[ADA]["amr"] == ["mfa"]
    assert session(client, log_in(client))[ADA]["amr"] is None


def test_a_session_is_in_the_state_file(tmp_path: Path) -> None:
    """A renewal after the restart belongs to the same session."""
    file = tmp_path / "state.json"
    asked = {"session_required_mfa": "true", "access_type": "offline"}
    with Sandbox(state_file=file) as sandbox:
        client = PlainClient(sandbox)
        with client.session:
            token = log_in(client, **asked)
            before = session(client, token)
    with Sandbox(state_file=file) as sandbox:
        client = PlainClient(sandbox)
        with client.session:
            assert session(client, token) == before


def evaluations(client: PlainClient, token: dict[str, t.Any], *policies: str) -> dict[str, bool]:
    """What introspection says of policies."""
    (for_portal,) = token["other_tokens"]
    form = {"token": for_portal["access_token"], "authentication_policies": ",".join(policies)}
    answer = good(client.post("v2/oauth2/token/introspect", client.basic, **form))
    found = answer["policy_evaluations"]
    return {policy: found[policy]["evaluation"] for policy in policies}


def test_introspection_evaluates_policies(client: PlainClient) -> None:
    """By the sign-ins of the session; a policy that does not exist is not met."""
    token = log_in(client)
    asked = (SCHOOL_ONLY, NO_SCHOOL, WITH_MFA, ADA)
    assert evaluations(client, token, *asked) == {
        SCHOOL_ONLY: False,
        NO_SCHOOL: True,
        WITH_MFA: False,
        ADA: False,
    }
    token = log_in(client, session_required_policies=WITH_MFA)
    assert evaluations(client, token, WITH_MFA) == {WITH_MFA: True}


def test_a_policy_of_high_assurance_needs_a_recent_sign_in(client: PlainClient) -> None:
    """As old as its timeout at most; other policies have no such limit."""
    token = log_in(client)
    client.sandbox.advance_clock(3600)
    assert evaluations(client, token, RECENT, NO_SCHOOL) == {RECENT: True, NO_SCHOOL: True}
    client.sandbox.advance_clock(2)
    assert evaluations(client, token, RECENT, NO_SCHOOL) == {RECENT: False, NO_SCHOOL: True}
