"""
Logging in at nanoidp, a strict OpenID provider that we did not write.

The native application's whole way: code with PKCE, refresh tokens that change
with each use, and the end of the login when an old one comes back.
"""

from __future__ import annotations

import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest

from globus_core import (
    AuthAPIError,
    AuthClient,
    ConfidentialAppAuthClient,
    GlobusAPIError,
    IDTokenDecoder,
    NativeAppAuthClient,
    RefreshTokenAuthorizer,
)
from globus_core.exc import IDTokenError
from tests.servers.nanoidp import Nanoidp

pytestmark = pytest.mark.full

AUTH = "auth.globus.org"
REDIRECT_URI = "http://127.0.0.1:45678/callback"


@pytest.fixture
def client(nanoidp: Nanoidp) -> NativeAppAuthClient:
    """The native client whose login nanoidp knows."""
    return NativeAppAuthClient(nanoidp.native_client_id, base_url=nanoidp.base_url)


@pytest.fixture
def confidential(nanoidp: Nanoidp) -> ConfidentialAppAuthClient:
    """The confidential client whose login nanoidp knows."""
    return ConfidentialAppAuthClient(
        nanoidp.client_id, nanoidp.client_secret, base_url=nanoidp.base_url
    )


def code_of(server: Nanoidp, client: NativeAppAuthClient | ConfidentialAppAuthClient) -> str:
    """Sign the person in to the flow that a client has started and give the code."""
    callback = urlsplit(server.sign_in(client.oauth2_get_authorize_url()))
    return parse_qs(callback.query)["code"][0]


def log_in(server: Nanoidp, client: NativeAppAuthClient) -> dict[str, t.Any]:
    """Log the person in and give what is known of the token for Auth."""
    client.oauth2_start_flow(
        requested_scopes=["openid", "email"], redirect_uri=REDIRECT_URI, refresh_tokens=True
    )
    tokens = client.oauth2_exchange_code_for_tokens(code_of(server, client))
    return dict(tokens.by_resource_server[AUTH])


def oauth_error(error: GlobusAPIError) -> str:
    """Take the OAuth 2 error code from an error's document."""
    document = t.cast("dict[str, str]", error.raw_json)
    return document["error"]


def test_the_redirect_uri_of_globus_serves_by_default(
    nanoidp: Nanoidp, client: NativeAppAuthClient
) -> None:
    """Without a redirect URI the page that shows the code is named, at the client's own server."""
    client.oauth2_start_flow(requested_scopes="openid")
    callback = nanoidp.sign_in(client.oauth2_get_authorize_url())
    assert callback.startswith(f"{nanoidp.base_url}/v2/web/auth-code?")


def test_an_id_token_signed_with_another_algorithm_is_checked(
    nanoidp: Nanoidp, client: NativeAppAuthClient
) -> None:
    """The advertised algorithm and the advertised place of the keys are the ones used."""
    client.oauth2_start_flow(requested_scopes="openid", redirect_uri=REDIRECT_URI)
    tokens = client.oauth2_exchange_code_for_tokens(code_of(nanoidp, client))
    claims = tokens.decode_id_token()
    assert claims["sub"] == nanoidp.username
    assert claims["aud"] == nanoidp.native_client_id
    assert claims["iss"] == nanoidp.base_url


def test_a_whole_callback_is_checked_and_exchanged(
    nanoidp: Nanoidp, client: NativeAppAuthClient
) -> None:
    """Fresh state and nonce go out, come back and fit, and so does `at_hash` (RS256)."""
    flow = client.oauth2_start_flow(
        requested_scopes="openid", redirect_uri=REDIRECT_URI, state=None, nonce=None
    )
    tokens = flow.exchange_callback(nanoidp.sign_in(flow.get_authorize_url()))
    assert tokens.decode_id_token()["nonce"] == flow.nonce


def test_a_new_signing_key_is_found(nanoidp: Nanoidp, client: NativeAppAuthClient) -> None:
    """A client that knows the old keys checks an ID token that was signed with a new one."""
    for _ in range(2):
        flow = client.oauth2_start_flow(
            requested_scopes="openid", redirect_uri=REDIRECT_URI, nonce=None
        )
        tokens = flow.exchange_callback(nanoidp.sign_in(flow.get_authorize_url()))
        assert tokens.decode_id_token()["sub"] == nanoidp.username
        nanoidp.rotate_keys()


def test_a_code_is_worthless_without_its_verifier(
    nanoidp: Nanoidp, client: NativeAppAuthClient
) -> None:
    """Who steals a code and begins a flow of their own cannot exchange it."""
    client.oauth2_start_flow(requested_scopes="openid", redirect_uri=REDIRECT_URI)
    code = code_of(nanoidp, client)
    thief = NativeAppAuthClient(nanoidp.native_client_id, base_url=nanoidp.base_url)
    thief.oauth2_start_flow(requested_scopes="openid", redirect_uri=REDIRECT_URI)
    with pytest.raises(AuthAPIError) as refused:
        thief.oauth2_exchange_code_for_tokens(code)
    assert oauth_error(refused.value) == "invalid_grant"


def test_each_refresh_brings_a_new_refresh_token(
    nanoidp: Nanoidp, client: NativeAppAuthClient
) -> None:
    """Three renewals in a row each use the refresh token of the one before."""
    seen = [log_in(nanoidp, client)["refresh_token"]]
    for _ in range(3):
        renewed = client.oauth2_refresh_token(seen[-1])
        seen.append(renewed.by_resource_server[AUTH]["refresh_token"])
    assert len(set(seen)) == 4


def test_an_old_refresh_token_ends_the_login(nanoidp: Nanoidp, client: NativeAppAuthClient) -> None:
    """After the reuse of a spent refresh token its successor is refused as well."""
    first = log_in(nanoidp, client)["refresh_token"]
    second = client.oauth2_refresh_token(first).by_resource_server[AUTH]["refresh_token"]
    for token in (first, second):
        with pytest.raises(AuthAPIError) as refused:
            client.oauth2_refresh_token(token)
        assert oauth_error(refused.value) == "invalid_grant"
        assert token not in f"{refused.value} {refused.value!r}"


def test_the_refresh_authorizer_follows_the_rotation(
    nanoidp: Nanoidp, client: NativeAppAuthClient
) -> None:
    """Two renewals through one authorizer succeed: it keeps the token it was given last."""
    known = log_in(nanoidp, client)
    authorizer = RefreshTokenAuthorizer(known["refresh_token"], client)
    info = AuthClient(base_url=nanoidp.base_url, authorizer=authorizer)
    assert info.userinfo()["sub"] == nanoidp.username
    assert authorizer.handle_missing_authorization()
    assert info.userinfo()["sub"] == nanoidp.username


def test_a_revoked_refresh_token_is_refused(nanoidp: Nanoidp, client: NativeAppAuthClient) -> None:
    """The empty answer to a revocation is a success, and the token is dead after it."""
    token = log_in(nanoidp, client)["refresh_token"]
    assert client.oauth2_revoke_token(token).http_status == 200
    with pytest.raises(AuthAPIError) as refused:
        client.oauth2_refresh_token(token)
    assert oauth_error(refused.value) == "invalid_grant"


def test_a_confidential_login_works_there_too(
    nanoidp: Nanoidp, confidential: ConfidentialAppAuthClient
) -> None:
    """A secret sent by Basic header exchanges the code, and introspection knows the token."""
    confidential.oauth2_start_flow(nanoidp.redirect_uri, requested_scopes="openid")
    code = code_of(nanoidp, confidential)
    tokens = confidential.oauth2_exchange_code_for_tokens(code)
    described = confidential.oauth2_token_introspect(
        tokens.by_resource_server[AUTH]["access_token"]
    )
    assert described["active"] is True
    assert described["username"] == nanoidp.username


def test_a_confidential_login_with_every_check(
    nanoidp: Nanoidp, confidential: ConfidentialAppAuthClient
) -> None:
    """PKCE beside the secret, fresh state and nonce, the whole callback, and then a refresh."""
    flow = confidential.oauth2_start_flow(
        nanoidp.redirect_uri, "openid", state=None, nonce=None, pkce=True, refresh_tokens=True
    )
    tokens = flow.exchange_callback(nanoidp.sign_in(flow.get_authorize_url()))
    claims = tokens.decode_id_token()
    assert (claims["nonce"], claims["aud"]) == (flow.nonce, nanoidp.client_id)
    old = tokens.by_resource_server[AUTH]
    new = confidential.oauth2_refresh_token(old["refresh_token"]).by_resource_server[AUTH]
    assert new["access_token"] != old["access_token"]


def test_a_client_gets_tokens_of_its_own_and_gives_them_back(
    nanoidp: Nanoidp, confidential: ConfidentialAppAuthClient
) -> None:
    """Client credentials, introspection, revocation by Basic header, introspection again."""
    tokens = confidential.oauth2_client_credentials_tokens("profile")
    known = tokens.by_resource_server[AUTH]
    assert (known["scope"], known["refresh_token"]) == ("profile", None)
    described = confidential.oauth2_token_introspect(known["access_token"])
    assert (described["active"], described["client_id"]) == (True, nanoidp.client_id)
    assert confidential.oauth2_revoke_token(known["access_token"]).http_status == 200
    assert confidential.oauth2_token_introspect(known["access_token"]).data == {"active": False}


def test_what_only_globus_has_is_a_typed_error(confidential: ConfidentialAppAuthClient) -> None:
    """Neither the grant for dependent tokens nor ``token/validate`` belongs to OAuth 2."""
    with pytest.raises(AuthAPIError) as refused:
        confidential.oauth2_get_dependent_tokens("a-token")
    assert (refused.value.http_status, refused.value.code) == (400, "unsupported_grant_type")
    with pytest.raises(AuthAPIError) as refused:
        confidential.oauth2_validate_token("a-token")
    assert refused.value.http_status == 404


@pytest.mark.parametrize("step", ["own tokens", "introspect", "revoke", "refresh"])
def test_a_wrong_secret_is_an_error_without_the_secret(nanoidp: Nanoidp, step: str) -> None:
    """Every call with a wrong secret is refused, and no text of the error repeats it."""
    secret = "a-secret-that-is-wrong"
    impostor = ConfidentialAppAuthClient(nanoidp.client_id, secret, base_url=nanoidp.base_url)
    calls: dict[str, t.Callable[[], object]] = {
        "own tokens": lambda: impostor.oauth2_client_credentials_tokens("profile"),
        "introspect": lambda: impostor.oauth2_token_introspect("any-token"),
        "revoke": lambda: impostor.oauth2_revoke_token("any-token"),
        "refresh": lambda: impostor.oauth2_refresh_token("any-token"),
    }
    with pytest.raises(AuthAPIError) as refused:
        calls[step]()
    assert (refused.value.http_status, oauth_error(refused.value)) == (401, "invalid_client")
    assert secret not in f"{refused.value} {refused.value!r}"


def test_an_id_token_that_was_altered_or_is_for_another_client_is_refused(
    nanoidp: Nanoidp, client: NativeAppAuthClient, confidential: ConfidentialAppAuthClient
) -> None:
    """A real token of a real server, with one letter changed, and in the wrong hands."""
    flow = client.oauth2_start_flow("openid", redirect_uri=REDIRECT_URI, state=None, nonce=None)
    token = flow.exchange_callback(nanoidp.sign_in(flow.get_authorize_url()))["id_token"]
    assert IDTokenDecoder(client).decode(token)["sub"] == nanoidp.username
    head, payload, signature = token.split(".")
    changed = f"{head}.{payload[:-2]}{'A' if payload[-2] != 'A' else 'B'}{payload[-1]}.{signature}"
    with pytest.raises(IDTokenError):
        IDTokenDecoder(client).decode(changed)
    with pytest.raises(IDTokenError) as refused:
        IDTokenDecoder(confidential).decode(token)
    assert refused.value.claim == "aud"


def test_a_scope_nobody_knows_is_a_typed_error(confidential: ConfidentialAppAuthClient) -> None:
    """An unknown scope is refused with OAuth 2's own code."""
    with pytest.raises(AuthAPIError) as refused:
        confidential.oauth2_client_credentials_tokens(requested_scopes="unheard-of")
    assert refused.value.http_status == 400
    assert oauth_error(refused.value) == "invalid_scope"
