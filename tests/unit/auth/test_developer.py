"""
What developers manage: arguments that contradict each other, and how the others travel.
"""

from __future__ import annotations

import copy
import json
import pickle
import typing as t
import uuid

import pytest

from globus_core import (
    MISSING,
    AuthClient,
    ConfidentialAppAuthClient,
    DependentScopeSpec,
    GetClientCredentialsResponse,
    GetClientsResponse,
    GetPoliciesResponse,
    GetProjectsResponse,
    GetScopesResponse,
)
from globus_core.exc import GlobusSDKUsageError
from globus_core.scopes import Scope
from tests.unit.auth import fakes

SOME_ID = "00000000-0000-0000-0000-000000000001"


def body(server: fakes.FakeAuth) -> t.Any:
    """
    The JSON body of the last request.
    """
    return json.loads(server.last.body)


# contradictions


@pytest.mark.parametrize("given", [{}, {"client_id": SOME_ID, "fqdn": "a.example.org"}])
def test_a_client_is_looked_up_in_one_way(
    auth: AuthClient, server: fakes.FakeAuth, given: dict[str, t.Any]
) -> None:
    """
    Before anything is sent.
    """
    with pytest.raises(GlobusSDKUsageError, match="either 'client_id' or 'fqdn'"):
        auth.get_client(**given)
    assert server.sent == []


@pytest.mark.parametrize("given", [{}, {"public_client": False, "client_type": "resource_server"}])
def test_the_kind_of_a_new_client_is_told_in_one_way(
    auth: AuthClient, confidential: ConfidentialAppAuthClient, given: dict[str, t.Any]
) -> None:
    """
    Of a child, too. False is told; it is not the same as nothing.
    """
    with pytest.raises(GlobusSDKUsageError, match="either 'public_client' or 'client_type'"):
        auth.create_client("x", SOME_ID, **given)
    with pytest.raises(GlobusSDKUsageError, match="either 'public_client' or 'client_type'"):
        confidential.create_child_client("x", **given)


@pytest.mark.parametrize("name", ["terms_and_conditions", "privacy_policy"])
def test_both_links_come_together(
    auth: AuthClient, confidential: ConfidentialAppAuthClient, name: str
) -> None:
    """
    In a new client, in a child and in a change, also where one is taken away.
    """
    link: dict[str, t.Any] = {name: "https://example.org"}
    none: dict[str, t.Any] = {name: None}
    calls: list[t.Callable[[], object]] = [
        lambda: auth.create_client("x", SOME_ID, public_client=True, **link),
        lambda: confidential.create_child_client("x", public_client=True, **link),
        lambda: auth.update_client(SOME_ID, **link),
        lambda: auth.update_client(SOME_ID, **none),
    ]
    for call in calls:
        with pytest.raises(GlobusSDKUsageError, match="'privacy_policy' together"):
            call()


@pytest.mark.parametrize(
    "given",
    [
        {"scope_strings": "a", "ids": SOME_ID},
        {"scope_strings": ["a"], "scope_ids": [SOME_ID]},
        {"scope_ids": SOME_ID, "ids": SOME_ID},
    ],
)
def test_scopes_are_looked_up_in_one_way(auth: AuthClient, given: dict[str, t.Any]) -> None:
    """
    Strings or ids; the two names of the ids are not used at once.
    """
    with pytest.raises(GlobusSDKUsageError, match="not both"):
        auth.get_scopes(**given)


# fields


def test_what_is_missing_is_not_sent(auth: AuthClient, server: fakes.FakeAuth) -> None:
    """
    An update of nothing has an empty object; None is null.
    """
    for path, change in (
        ("projects", auth.update_project),
        ("policies", auth.update_policy),
        ("clients", auth.update_client),
        ("scopes", auth.update_scope),
    ):
        server.answer(f"/v2/api/{path}/{SOME_ID}", {})
        change(SOME_ID)
        assert list(body(server).values()) == [{}]
    auth.update_policy(SOME_ID, domain_constraints_include=None, domain_constraints_exclude=[])
    assert body(server)["policy"] == {
        "domain_constraints_include": None,
        "domain_constraints_exclude": [],
    }


@pytest.mark.parametrize(
    "given", [SOME_ID, uuid.UUID(SOME_ID), [SOME_ID], {uuid.UUID(SOME_ID)}, iter([SOME_ID])]
)
def test_one_value_or_several_of_any_kind_are_a_list(
    auth: AuthClient, server: fakes.FakeAuth, given: t.Any
) -> None:
    """
    Sets and generators as well.
    """
    server.answer("/v2/api/projects", {})
    auth.create_project("x", "x@example.org", admin_ids=given)
    assert body(server)["project"]["admin_ids"] == [SOME_ID]


@pytest.mark.parametrize("further", [None, MISSING, {}])
def test_further_fields_may_be_none(
    auth: AuthClient, server: fakes.FakeAuth, further: t.Any
) -> None:
    """
    None, MISSING and nothing are the same there, and in a query.
    """
    server.answer("/v2/api/clients", {"clients": []})
    auth.create_client("x", SOME_ID, public_client=True, additional_fields=further)
    given = {"name": "x", "project": SOME_ID, "public_client": True}
    assert body(server) == {"client": given}
    auth.get_clients(query_params=further)
    assert server.last.query == {}


def test_readers_take_further_parameters_in_both_ways(
    auth: AuthClient, server: fakes.FakeAuth
) -> None:
    """
    By keyword, and as a dict, which wins.
    """
    readers: dict[str, t.Callable[..., object]] = {
        "projects": auth.get_projects,
        f"projects/{SOME_ID}": lambda **p: auth.get_project(SOME_ID, **p),
        "policies": auth.get_policies,
        f"policies/{SOME_ID}": lambda **p: auth.get_policy(SOME_ID, **p),
        "clients": auth.get_clients,
        f"clients/{SOME_ID}": lambda **p: auth.get_client(client_id=SOME_ID, **p),
        f"clients/{SOME_ID}/credentials": lambda **p: auth.get_client_credentials(SOME_ID, **p),
        "scopes": auth.get_scopes,
        f"scopes/{SOME_ID}": lambda **p: auth.get_scope(SOME_ID, **p),
    }
    for path, read in readers.items():
        server.answer(f"/v2/api/{path}", {})
        read(query_params={"a": "1"}, a="2", b=["3", "4"])
        assert (server.last.path, server.last.query) == (f"/v2/api/{path}", {"a": "1", "b": "3,4"})


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (GetProjectsResponse, "projects"),
        (GetPoliciesResponse, "policies"),
        (GetClientsResponse, "clients"),
        (GetClientCredentialsResponse, "credentials"),
        (GetScopesResponse, "scopes"),
    ],
)
def test_lists_are_iterated(
    auth: AuthClient, server: fakes.FakeAuth, kind: t.Any, key: str
) -> None:
    """
    Over their own key, or over another one that is named.
    """
    server.answer("/", {key: [{"id": "a"}, {"id": "b"}], "other": ["c"]})
    answer = auth.get("/")
    assert [item["id"] for item in kind(answer)] == ["a", "b"]
    assert list(kind(answer, iter_key="other")) == ["c"]


def test_a_new_secret_is_hidden_in_texts(auth: AuthClient, server: fakes.FakeAuth) -> None:
    """
    Wherever it stands in the answer; one that is null is shown as that.
    """
    path = f"/v2/api/clients/{SOME_ID}/credentials"
    secrets = [{"secret": "s3cret"}, {"secret": None}]
    server.answer(path, {"credential": {"secret": "s3cret"}, "included": secrets})
    answer = auth.create_client_credential(SOME_ID, "main")
    assert answer["credential"]["secret"] == "s3cret"
    assert json.loads(str(answer)) == {
        "credential": {"secret": "***"},
        "included": [{"secret": "***"}, {"secret": None}],
    }


# DependentScopeSpec


def test_a_specification_is_the_body_that_a_scope_needs(
    auth: AuthClient, server: fakes.FakeAuth
) -> None:
    """
    Both ways of writing one.
    """
    full = {"scope": SOME_ID, "optional": True, "requires_refresh_token": False}
    written = (
        DependentScopeSpec(uuid.UUID(SOME_ID), True, False),
        DependentScopeSpec(SOME_ID, optional=True),
        DependentScopeSpec(scope=SOME_ID, optional=True, requires_refresh_token=False),
    )
    server.answer(f"/v2/api/clients/{SOME_ID}/scopes", {})
    auth.create_scope(SOME_ID, "n", "d", "s", dependent_scopes=iter((*written, full)))
    assert body(server)["scope"]["dependent_scopes"] == [full] * 4


def test_a_specification_says_what_it_is() -> None:
    """
    Its attributes follow its items; a Scope gives its string.
    """
    spec = DependentScopeSpec(Scope("a").with_dependency(Scope("b")))
    assert (spec.scope, spec.optional, spec.requires_refresh_token) == ("a", False, False)
    assert repr(spec) == "DependentScopeSpec('a', optional=False, requires_refresh_token=False)"
    spec["optional"] = True
    assert spec.optional is True
    assert isinstance(spec, dict)


def test_a_specification_can_be_copied_and_pickled() -> None:
    """
    And stays one.
    """
    spec = DependentScopeSpec("a", True, True)
    for twin in (copy.copy(spec), copy.deepcopy(spec), pickle.loads(pickle.dumps(spec))):
        assert type(twin) is DependentScopeSpec
        assert twin == spec


def test_specifications_name_the_scopes_of_dependent_tokens(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    By their strings alone.
    """
    server.answer(fakes.TOKEN_PATH, [])
    wanted = [DependentScopeSpec("a"), DependentScopeSpec(Scope("b"), optional=True)]
    confidential.oauth2_get_dependent_tokens("a-token", requested_scopes=wanted)
    assert server.last.form["scope"] == "a b"


# ids in paths

CALLS_WITH_AN_ID: list[tuple[str, tuple[str, ...], str]] = [
    ("get_consents", (), "/v2/api/identities/{}/consents"),
    ("get_project", (), "/v2/api/projects/{}"),
    ("update_project", (), "/v2/api/projects/{}"),
    ("delete_project", (), "/v2/api/projects/{}"),
    ("get_policy", (), "/v2/api/policies/{}"),
    ("update_policy", (), "/v2/api/policies/{}"),
    ("delete_policy", (), "/v2/api/policies/{}"),
    ("update_client", (), "/v2/api/clients/{}"),
    ("delete_client", (), "/v2/api/clients/{}"),
    ("get_client_credentials", (), "/v2/api/clients/{}/credentials"),
    ("create_client_credential", ("name",), "/v2/api/clients/{}/credentials"),
    ("delete_client_credential", (SOME_ID,), f"/v2/api/clients/{{}}/credentials/{SOME_ID}"),
    ("create_scope", ("name", "text", "suffix"), "/v2/api/clients/{}/scopes"),
    ("get_scope", (), "/v2/api/scopes/{}"),
    ("update_scope", (), "/v2/api/scopes/{}"),
    ("delete_scope", (), "/v2/api/scopes/{}"),
]


@pytest.mark.parametrize(("name", "more", "path"), CALLS_WITH_AN_ID)
def test_an_id_stays_one_segment_of_the_path(
    auth: AuthClient, server: fakes.FakeAuth, name: str, more: tuple[str, ...], path: str
) -> None:
    """
    So no method acts on another object than its own kind, and none on a whole collection.
    """
    encoded = path.format("..%2Fclients%2Fvictim%3Fa%3Db")
    server.answer(encoded, {})
    getattr(auth, name)("../clients/victim?a=b", *more)
    assert server.last.path == encoded
    sent = len(server.sent)
    for nothing in ("", ".", "..", None, MISSING):
        if (name, nothing) != ("get_consents", None):  # the identity of the token
            with pytest.raises(GlobusSDKUsageError):
                getattr(auth, name)(nothing, *more)
    assert len(server.sent) == sent


def test_a_client_or_credential_id_stays_one_segment_too(
    auth: AuthClient, server: fakes.FakeAuth
) -> None:
    """
    Given by name, or as the second one.
    """
    paths = ["/v2/api/clients/..%2Fx", f"/v2/api/clients/{SOME_ID}/credentials/..%2Fx"]
    for path in paths:
        server.answer(path, {})
    auth.get_client(client_id="../x")
    auth.delete_client_credential(SOME_ID, "../x")
    assert [sent.path for sent in server.sent] == paths
