"""
Every kind of login and token, over HTTP against the sandbox.
"""

from __future__ import annotations

import time
import typing as t

import pytest

from globus_core import AccessTokenAuthorizer, AuthAPIError, AuthClient, IDTokenDecoder
from globus_core.scopes import AuthScopes, GroupsScopes, Scope, TransferScopes

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from globus_core import (
        ConfidentialAppAuthClient,
        NativeAppAuthClient,
        OAuthAuthorizationCodeResponse,
    )
    from globus_core_sandbox import Sandbox

    Browse = Callable[[str], str]

CALLBACK = "http://127.0.0.1:7777/callback"
AUTH, TRANSFER = "auth.globus.org", "transfer.api.globus.org"
TOKEN_PATH = "/v2/oauth2/token"
WHO = ["openid", "profile", "email"]


def log_in(
    client: NativeAppAuthClient, browse: Browse, scopes: t.Any = None, **settings: t.Any
) -> OAuthAuthorizationCodeResponse:
    """
    Log in through the safe door: fresh state, fresh nonce, the whole callback checked.
    """
    flow = client.oauth2_start_flow(
        scopes, redirect_uri=CALLBACK, state=None, nonce=None, **settings
    )
    return flow.exchange_callback(browse(client.oauth2_get_authorize_url()))


@pytest.fixture
def api(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse
) -> Iterator[Callable[..., AuthClient]]:
    """
    Makes clients with the access token of a login for some scopes.
    """
    made: list[AuthClient] = []

    def make(*scopes: t.Any) -> AuthClient:
        token = log_in(native, browse, [*WHO, *scopes]).by_resource_server[AUTH]
        authorizer = AccessTokenAuthorizer(token["access_token"])
        made.append(AuthClient(base_url=globus_sandbox.url, authorizer=authorizer))
        return made[-1]

    yield make
    for client in made:
        client.close()


def test_a_native_login_brings_tokens_and_a_checked_id_token(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse
) -> None:
    """
    With the default scopes: who the person is, and Transfer.
    """
    response = log_in(native, browse, refresh_tokens=True)
    tokens = response.by_resource_server
    assert set(tokens) == {AUTH, TRANSFER}
    assert all(token["refresh_token"] for token in tokens.values())
    assert abs(tokens[AUTH]["expires_at_seconds"] - time.time() - 172800) < 60
    assert response.by_scopes[str(TransferScopes.all)] == tokens[TRANSFER]
    claims = response.decode_id_token()
    assert claims["sub"] == globus_sandbox.people[0].id
    assert claims["aud"] == globus_sandbox.native_client_id
    assert {"nonce", "at_hash"} <= claims.keys()


def test_a_native_login_by_a_code_that_is_copied(
    native: NativeAppAuthClient, browse: Browse
) -> None:
    """
    The older way: the page shows the code, and the program asks for it.
    """
    native.oauth2_start_flow("openid")
    shown = browse(native.oauth2_get_authorize_url())
    assert "/v2/web/auth-code?" in shown
    code = native.oauth2_start_flow("openid").code_from(shown)
    with pytest.raises(AuthAPIError):
        native.oauth2_exchange_code_for_tokens(code)  # a new flow has another verifier
    flow = native.oauth2_start_flow("openid")
    code = flow.code_from(browse(native.oauth2_get_authorize_url()))
    assert native.oauth2_exchange_code_for_tokens(f" {code}\n")["state"] == "_default"


@pytest.mark.parametrize("pkce", [False, True])
def test_a_confidential_login(
    confidential: ConfidentialAppAuthClient, browse: Browse, pkce: bool
) -> None:
    """
    With and without PKCE.
    """
    flow = confidential.oauth2_start_flow(CALLBACK, WHO, state=None, nonce=None, pkce=pkce)
    response = flow.exchange_callback(browse(confidential.oauth2_get_authorize_url()))
    assert response.by_resource_server[AUTH]["refresh_token"] is None
    assert response.decode_id_token()["aud"] == confidential.client_id


def test_a_login_asks_for_a_certain_person(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse
) -> None:
    """
    By the session parameters of the authorize URL.
    """
    person = globus_sandbox.people[3]
    flow = native.oauth2_start_flow("openid", redirect_uri=CALLBACK, state=None)
    url = native.oauth2_get_authorize_url(session_required_identities=[person.id])
    assert flow.exchange_callback(browse(url)).decode_id_token()["sub"] == person.id


@pytest.mark.parametrize("rotate", [False, True])
def test_a_refresh_brings_a_new_access_token(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse, rotate: bool
) -> None:
    """
    And a new refresh token where the server rotates them; then the old one is dead.
    """
    globus_sandbox.configure(rotate_refresh_tokens=rotate)
    old = log_in(native, browse, "openid", refresh_tokens=True).by_resource_server[AUTH]
    new = native.oauth2_refresh_token(old["refresh_token"]).by_resource_server[AUTH]
    assert new["access_token"] != old["access_token"]
    if not rotate:
        assert new["refresh_token"] in (None, old["refresh_token"])
        assert native.oauth2_refresh_token(old["refresh_token"])
        return
    assert new["refresh_token"] not in (None, old["refresh_token"])
    with pytest.raises(AuthAPIError) as caught:
        native.oauth2_refresh_token(old["refresh_token"])
    assert (caught.value.http_status, caught.value.code) == (401, "invalid_grant")


def test_client_credentials_bring_tokens_of_the_client(
    confidential: ConfidentialAppAuthClient,
) -> None:
    """
    Never with a refresh token.
    """
    response = confidential.oauth2_client_credentials_tokens(["openid", TransferScopes.all])
    assert set(response.by_resource_server) == {AUTH, TRANSFER}
    assert {token["refresh_token"] for token in response.by_resource_server.values()} == {None}
    assert response.decode_id_token()["sub"] == confidential.client_id


def portal_scope(sandbox: Sandbox) -> str:
    """
    The scope that the sandbox's portal offers to others.
    """
    return sandbox.seeds.scopes[0].scope_string


def test_dependent_tokens_and_introspection(
    globus_sandbox: Sandbox,
    native: NativeAppAuthClient,
    confidential: ConfidentialAppAuthClient,
    browse: Browse,
) -> None:
    """
    A service looks at the token that it got, and exchanges it for those it needs.
    """
    scope = portal_scope(globus_sandbox)
    tokens = log_in(native, browse, ["openid", scope]).by_resource_server
    received = tokens[globus_sandbox.confidential_client_id]["access_token"]
    facts = confidential.oauth2_token_introspect(received, include=["session_info", "identity_set"])
    assert facts["active"] is True
    assert facts["sub"] == globus_sandbox.people[0].id
    assert {"session_info", "identity_set"} <= facts.data.keys()
    assert confidential.oauth2_validate_token(received)["active"] is True
    dependent = confidential.oauth2_get_dependent_tokens(received, refresh_tokens=True)
    assert list(dependent.by_resource_server) == [TRANSFER]
    narrowed = confidential.oauth2_get_dependent_tokens(received, scope=TransferScopes.all)
    assert str(TransferScopes.all) in narrowed.by_scopes


def test_a_dependent_token_without_consent_is_a_typed_error(
    globus_sandbox: Sandbox,
    native: NativeAppAuthClient,
    confidential: ConfidentialAppAuthClient,
    browse: Browse,
) -> None:
    """
    It names the scopes to consent to, in the form that a login takes.
    """
    from globus_core.gare import to_gare

    scope = portal_scope(globus_sandbox)
    tokens = log_in(native, browse, [scope]).by_resource_server
    received = tokens[globus_sandbox.confidential_client_id]["access_token"]
    wanted = GroupsScopes.view_my_groups_and_memberships
    with pytest.raises(AuthAPIError) as caught:
        confidential.oauth2_get_dependent_tokens(received, scope=[wanted])
    assert caught.value.http_status == 403
    requirement = to_gare(caught.value)
    assert requirement is not None
    assert requirement.authorization_parameters.required_scopes


def test_a_revoked_token_is_dead(
    native: NativeAppAuthClient, confidential: ConfidentialAppAuthClient, browse: Browse
) -> None:
    """
    Access and refresh tokens alike; revoking twice is no error.
    """
    token = log_in(native, browse, "openid", refresh_tokens=True).by_resource_server[AUTH]
    for _ in range(2):
        assert native.oauth2_revoke_token(token["access_token"])["active"] is False
    assert confidential.oauth2_validate_token(token["access_token"])["active"] is False
    native.oauth2_revoke_token(token["refresh_token"])
    with pytest.raises(AuthAPIError) as caught:
        native.oauth2_refresh_token(token["refresh_token"])
    assert caught.value.code == "invalid_grant"


def test_ten_logins_of_one_client_fetch_the_keys_once(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse
) -> None:
    """
    The keys are the client's, not the response's.
    """
    for _ in range(10):
        log_in(native, browse, "openid").decode_id_token()
    assert globus_sandbox.count(path="/.well-known/openid-configuration") == 1
    assert globus_sandbox.count(path="/jwk.json") == 1


def test_keys_that_the_server_rotates_are_followed(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse
) -> None:
    """
    One more fetch, and tokens of the key before stay good.
    """
    before = log_in(native, browse, "openid")
    assert before.decode_id_token()
    globus_sandbox.rotate_keys()
    assert log_in(native, browse, "openid").decode_id_token()
    assert before.decode_id_token()
    assert globus_sandbox.count(path="/jwk.json") == 2


def test_an_id_token_of_another_clock_says_by_how_much(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse
) -> None:
    """
    A server that is ahead by an hour issues tokens from the future.
    """
    from globus_core.exc import IDTokenError

    globus_sandbox.advance_clock(3600)
    with pytest.raises(IDTokenError, match=r"valid only in 3[56]") as caught:
        log_in(native, browse, "openid")
    assert (caught.value.claim, caught.value.reason) == ("iat", "not_yet_valid")
    assert "clock" in caught.value.explain()


# the API


def test_userinfo_tells_what_the_scopes_allow(
    globus_sandbox: Sandbox, api: Callable[..., AuthClient]
) -> None:
    """
    With the linked identities for the scope that shows them.
    """
    person = globus_sandbox.people[0]
    info = api(AuthScopes.view_identity_set).userinfo()
    assert (info["sub"], info["email"]) == (person.id, person.email)
    assert info["identity_set"][0]["sub"] == person.id


def test_a_call_without_credentials_is_a_typed_error(native: NativeAppAuthClient) -> None:
    """
    With what to do.
    """
    with pytest.raises(AuthAPIError) as caught:
        native.userinfo()
    assert caught.value.http_status == 401
    assert "What to do: make the client with an app or an authorizer" in caught.value.explain()


def test_identities_are_found_by_name_and_by_id(
    globus_sandbox: Sandbox, api: Callable[..., AuthClient]
) -> None:
    """
    Unknown names are left out, unless they are to be created.
    """
    people = globus_sandbox.people[:3]
    auth = api(AuthScopes.view_identities)
    by_name = auth.get_identities(usernames=[person.username for person in people])
    assert [found["id"] for found in by_name] == [person.id for person in people]
    by_id = auth.get_identities(ids=(person.id for person in people))
    assert [found["username"] for found in by_id] == [person.username for person in people]
    assert list(auth.get_identities(usernames="nobody@example.org")) == []
    (made,) = auth.get_identities(usernames="nobody@example.org", provision=True)
    assert made["status"] == "unused"


def test_identity_providers_are_found_by_domain_and_by_id(
    globus_sandbox: Sandbox, api: Callable[..., AuthClient]
) -> None:
    """
    Both ways lead to the same.
    """
    auth = api(AuthScopes.view_identities)
    (found,) = auth.get_identity_providers(domains="example.org")
    assert found["domains"] == ["example.org"]
    assert list(auth.get_identity_providers(ids=[found["id"]])) == [found]


def test_consents_form_a_forest(globus_sandbox: Sandbox, api: Callable[..., AuthClient]) -> None:
    """
    What was asked for is met, what was not is missing, and all of it can be drawn.
    """
    scope = Scope(portal_scope(globus_sandbox))
    auth = api(scope, TransferScopes.all.with_dependency(GroupsScopes.all.with_optional(True)))
    forest = auth.get_consents().to_forest()
    assert forest.meets_scope_requirements(["openid", scope.with_dependency(TransferScopes.all)])
    assert forest.meets_scope_requirements(TransferScopes.all.with_dependency(GroupsScopes.all))
    assert not forest.meets_scope_requirements(scope.with_dependency(GroupsScopes.all))
    assert {tree.max_depth for tree in forest.trees} == {1, 2}
    drawn = str(forest)
    assert f"└── *{GroupsScopes.all.scope_string} (consent " in drawn
    assert len(drawn.splitlines()) == len(forest.nodes)


def test_all_consents_need_their_scope(
    globus_sandbox: Sandbox, api: Callable[..., AuthClient]
) -> None:
    """
    Without ``view_consents`` a typed error, with it those of other clients as well.
    """
    identity = globus_sandbox.people[0].id
    with pytest.raises(AuthAPIError) as caught:
        api().get_consents(identity, all=True)
    assert caught.value.http_status == 403
    everything = api(AuthScopes.view_consents).get_consents(identity, all=True)
    assert everything.to_forest().meets_scope_requirements(AuthScopes.view_consents)


def test_an_access_token_that_has_expired_is_refused(
    globus_sandbox: Sandbox, api: Callable[..., AuthClient]
) -> None:
    """
    By the sandbox's clock.
    """
    auth = api()
    assert auth.userinfo()
    globus_sandbox.advance_clock(172_800 + 1)
    with pytest.raises(AuthAPIError) as caught:
        auth.userinfo()
    assert caught.value.http_status == 401


def test_a_decoder_of_the_documents_alone(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse
) -> None:
    """
    A service without a client of its own checks ID tokens by configuration and audience.
    """
    response = log_in(native, browse, "openid")
    configuration = native.get_openid_configuration()
    decoder = IDTokenDecoder(native, openid_configuration=configuration.data)
    claims = decoder.decode(response["id_token"], verify_audience=globus_sandbox.native_client_id)
    assert claims == response.decode_id_token()
