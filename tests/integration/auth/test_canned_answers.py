"""
The canned responses of Globus Auth: each method has some, and they look like the sandbox's.
"""

from __future__ import annotations

import typing as t
import uuid

import jwt
import pytest

from globus_core import (
    AccessTokenAuthorizer,
    AuthAPIError,
    AuthClient,
    AuthLoginClient,
    BaseClient,
    ConfidentialAppAuthClient,
    NativeAppAuthClient,
)
from globus_core.scopes import AuthScopes, TransferScopes
from globus_core.testing import (
    RegisteredResponse,
    ResponseList,
    get_last_request,
    get_response_set,
    load_response,
)
from globus_core_auth.canned import RESPONSE_SETS
from globus_core_auth.canned.documents import CLIENT_ID, IDENTITY_ID, PORTAL_ID

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from responses import RequestsMock

    from globus_core_sandbox import Sandbox

    Browse = Callable[[str], str]

CALLBACK = "http://127.0.0.1:7777/callback"
NOWHERE = "https://auth.example.org/"
CLASSES: tuple[type[BaseClient], ...] = (
    AuthClient,
    AuthLoginClient,
    NativeAppAuthClient,
    ConfidentialAppAuthClient,
)
#: methods that send nothing
LOCAL = {"oauth2_start_flow", "oauth2_get_authorize_url"}


def methods(client_class: type) -> set[str]:
    """The public methods of a client beside those of every client, as far as they send."""
    names = {n for n in dir(client_class) if callable(getattr(client_class, n)) and n[0] != "_"}
    return names - set(dir(BaseClient)) - LOCAL


CALLS = [(one, name) for one in CLASSES for name in sorted(methods(one))]
CASES = [(name, case) for name, cases in sorted(RESPONSE_SETS.items()) for case in cases.cases()]


def make_client(client_class: type[BaseClient]) -> t.Any:
    """A client that is nowhere, and has begun a login if it can."""
    if client_class is NativeAppAuthClient:
        native = NativeAppAuthClient(CLIENT_ID, base_url=NOWHERE)
        native.oauth2_start_flow("openid")
        return native
    if client_class is ConfidentialAppAuthClient:
        confidential = ConfidentialAppAuthClient(PORTAL_ID, "made-up", base_url=NOWHERE)
        confidential.oauth2_start_flow(CALLBACK, "openid")
        return confidential
    return client_class(base_url=NOWHERE, authorizer=AccessTokenAuthorizer("made-up"))


def client_for(method: str) -> t.Any:
    """A client that has the method, and can call it."""
    return make_client(next(one for one in reversed(CLASSES) if method in methods(one)))


def test_every_method_has_its_responses_and_no_other() -> None:
    """A new method needs a set, and a set a method."""
    assert {name for _, name in CALLS} == set(RESPONSE_SETS)


@pytest.mark.parametrize(("client_class", "name"), CALLS)
def test_every_method_is_answered(
    client_class: type[BaseClient], name: str, globus_responses: RequestsMock
) -> None:
    """Called with the arguments that the metadata name; nothing goes anywhere else."""
    with make_client(client_class) as client:
        method = getattr(client, name)
        if client_class is AuthLoginClient and name == "oauth2_exchange_code_for_tokens":
            client.current_oauth2_flow_manager = make_client(
                NativeAppAuthClient
            ).current_oauth2_flow_manager  # it cannot start a flow of its own
            load_response(f"auth.{name}")
        told = load_response(method).metadata
        answer = method(**told["args"])
    assert answer is not None
    if "response" in told:
        assert told["response"] == next(iter(answer.data.values()))
    assert get_last_request() is not None
    assert get_response_set(getattr(client_class, name)) is RESPONSE_SETS[name]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_every_case_is_what_it_says(name: str, case: str, globus_responses: RequestsMock) -> None:
    """A refusal is raised with what the metadata tell; other answers are returned."""
    with client_for(name) as client:
        told = load_response(getattr(client, name), case=case).metadata
        args = told.get("args", RESPONSE_SETS[name].lookup("default").metadata["args"])
        if "http_status" not in told:
            getattr(client, name)(**args)
            return
        with pytest.raises(AuthAPIError) as caught:
            getattr(client, name)(**args)
    error = caught.value
    assert error.http_status == told["http_status"]
    if "error_id" in told:
        assert (error.request_id, error.code) == (told["error_id"], told["code"])
        assert error.message == told["message"]
    else:
        assert error.raw_json is not None and error.raw_json["error"] == told["error"]


def test_the_canned_id_token_is_genuine(globus_responses: RequestsMock) -> None:
    """It is checked against the canned keys as a real one is."""
    with NativeAppAuthClient(CLIENT_ID) as client:
        client.oauth2_start_flow("openid profile email", state="_default")
        load_response(client.oauth2_exchange_code_for_tokens)
        load_response(client.get_jwk)
        claims = client.oauth2_exchange_code_for_tokens("made-up").decode_id_token()
    assert (claims["sub"], claims["aud"]) == (IDENTITY_ID, CLIENT_ID)


def test_canned_answers_look_like_the_sandbox_s(wire_answers: dict[str, t.Any]) -> None:
    """The same members, with values of the same kind, for every method."""
    assert set(wire_answers) == set(RESPONSE_SETS)
    different = {
        name: (shape(canned_body(name)), shape(answer))
        for name, answer in wire_answers.items()
        if not alike(shape(canned_body(name)), shape(answer))
    }
    assert different == {}


def test_a_canned_id_token_looks_like_the_sandbox_s(wire_answers: dict[str, t.Any]) -> None:
    """The same claims."""
    ours = claims_of(canned_body("oauth2_exchange_code_for_tokens"))
    theirs = claims_of(wire_answers["oauth2_exchange_code_for_tokens"])
    assert alike(shape(ours), shape(theirs))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"a": 1}, {"a": "1"}),
        ({"a": 1}, {}),
        ({}, {"a": 1}),
        ([1], {"a": 1}),
        ({"a": [{"b": 1}]}, {"a": [{"c": 1}]}),
        (True, 1),
    ],
)
def test_the_comparison_sees_what_differs(ours: t.Any, theirs: t.Any) -> None:
    """Otherwise it would say nothing."""
    assert not alike(shape(ours), shape(theirs))


def canned_body(name: str) -> t.Any:
    """What the method itself gives of the default case: the last body."""
    answer = RESPONSE_SETS[name].lookup("default")
    if isinstance(answer, ResponseList):
        answer = answer.responses[-1]
    assert isinstance(answer, RegisteredResponse)
    return answer.json


def claims_of(tokens: t.Any) -> t.Any:
    """The claims of a response's ID token."""
    return jwt.decode(tokens["id_token"], options={"verify_signature": False})


def shape(value: t.Any) -> t.Any:
    """A document with the kinds of its values; ids as keys are all one."""
    if isinstance(value, dict):
        return {_plain_key(key): shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return None if value is None else type(value).__name__


def _plain_key(key: str) -> str:
    try:
        return f"<{type(uuid.UUID(key)).__name__}>"
    except ValueError:
        return key


def alike(one: t.Any, other: t.Any) -> bool:
    """Whether two shapes are one: null may stand for any value, an empty list for any list."""
    if one is None or other is None:
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return set(one) == set(other) and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return all(alike(a, b) for a in one for b in other)
    return bool(one == other)


@pytest.fixture
def wire_answers(
    globus_sandbox: Sandbox,
    native: NativeAppAuthClient,
    confidential: ConfidentialAppAuthClient,
    browse: Browse,
) -> Iterator[dict[str, t.Any]]:
    """What the sandbox answers each method."""
    of_person, tokens = _log_in(native, browse, [*_OF_AUTH, TransferScopes.all])
    received, _ = _log_in(native, browse, [globus_sandbox.seeds.scopes[0].scope_string])
    refresh = native.oauth2_refresh_token(_log_in(native, browse, _OF_AUTH, offline=True)[1][0])
    authorizer = AccessTokenAuthorizer(of_person)
    with AuthClient(base_url=globus_sandbox.url, authorizer=authorizer) as auth:
        answers = {**_about_people(auth, globus_sandbox), **_of_developers(auth, globus_sandbox)}
    own = confidential.oauth2_client_credentials_tokens(TransferScopes.all)
    native_id = str(native.client_id)
    yield {
        **answers,
        "oauth2_exchange_code_for_tokens": tokens[1],
        "oauth2_refresh_token": refresh.data,
        "oauth2_token": refresh.data,
        "oauth2_client_credentials_tokens": own.data,
        "oauth2_get_dependent_tokens": confidential.oauth2_get_dependent_tokens(received).data,
        "oauth2_token_introspect": confidential.oauth2_token_introspect(received).data,
        "oauth2_validate_token": confidential.oauth2_validate_token(own["access_token"]).data,
        "create_child_client": confidential.create_child_client("a", public_client=False).data,
        "create_native_app_instance": native.create_native_app_instance(native_id, "a").data,
        "oauth2_revoke_token": native.oauth2_revoke_token(of_person).data,
    }


_OF_AUTH = ["openid", "profile", "email", *AuthScopes]


def _log_in(
    native: NativeAppAuthClient, browse: Browse, scopes: t.Any, *, offline: bool = False
) -> tuple[str, tuple[str, t.Any]]:
    """The access token; the refresh token, and the whole answer."""
    flow = native.oauth2_start_flow(scopes, redirect_uri=CALLBACK, refresh_tokens=offline)
    answer = flow.exchange_callback(browse(native.oauth2_get_authorize_url()))
    return answer["access_token"], (answer.get("refresh_token", ""), answer.data)


def _about_people(auth: AuthClient, sandbox: Sandbox) -> dict[str, t.Any]:
    return {
        "get_openid_configuration": auth.get_openid_configuration().data,
        "get_jwk": auth.get_jwk(),
        "userinfo": auth.userinfo().data,
        "get_identities": auth.get_identities(ids=sandbox.people[0].id).data,
        "get_identity_providers": auth.get_identity_providers(domains="example.org").data,
        "get_consents": auth.get_consents().data,
    }


def _of_developers(auth: AuthClient, sandbox: Sandbox) -> dict[str, t.Any]:
    person, portal = sandbox.people[0].id, sandbox.confidential_client_id
    project = auth.create_project("a", "a@example.org", admin_ids=person)
    key = project["project"]["id"]
    policy = auth.create_policy(project_id=key, display_name="a", description="a")
    policy_id = policy["policy"]["id"]
    client = auth.create_client("a", key, public_client=False)
    client_id = client["client"]["id"]
    credential = auth.create_client_credential(portal, "a")
    scope = auth.create_scope(portal, "a", "a", "a")
    scope_id = scope["scope"]["id"]
    answers: dict[str, t.Any] = {
        "create_project": project,
        "get_project": auth.get_project(key),
        "get_projects": auth.get_projects(),
        "update_project": auth.update_project(key, display_name="b"),
        "create_policy": policy,
        "get_policy": auth.get_policy(policy_id),
        "get_policies": auth.get_policies(),
        "update_policy": auth.update_policy(policy_id, display_name="b"),
        "delete_policy": auth.delete_policy(policy_id),
        "create_client": client,
        "get_client": auth.get_client(client_id=client_id),
        "get_clients": auth.get_clients(),
        "update_client": auth.update_client(client_id, name="b"),
        "create_client_credential": credential,
        "get_client_credentials": auth.get_client_credentials(portal),
        "delete_client_credential": auth.delete_client_credential(
            portal, credential["credential"]["id"]
        ),
        "create_scope": scope,
        "get_scope": auth.get_scope(scope_id),
        "get_scopes": auth.get_scopes(),
        "update_scope": auth.update_scope(scope_id, name="b"),
        "delete_scope": auth.delete_scope(scope_id),
        "delete_client": auth.delete_client(client_id),
        "delete_project": auth.delete_project(key),
    }
    return {name: answer.data for name, answer in answers.items()}
