"""
Logging in at fauxbus, a server that imitates Globus Auth and that we did not write.

The confidential client's whole way: code and tokens, the client's own tokens,
introspection, revocation, and what each mistake turns into.
"""

from __future__ import annotations

import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest

from globus_core import (
    AccessTokenAuthorizer,
    AuthAPIError,
    AuthClient,
    ConfidentialAppAuthClient,
    GlobusAPIError,
)
from globus_core.exc import GlobusSDKUsageError, StateMismatchError
from tests.servers.fauxbus import Fauxbus

pytestmark = pytest.mark.full

AUTH = "auth.globus.org"
GROUPS = "groups.api.globus.org"
GROUPS_SCOPE = f"urn:globus:auth:scope:{GROUPS}:all"


@pytest.fixture
def client(fauxbus: Fauxbus) -> ConfidentialAppAuthClient:
    """The confidential client whose login fauxbus knows."""
    return ConfidentialAppAuthClient(
        fauxbus.client_id, fauxbus.client_secret, base_url=fauxbus.base_url
    )


@pytest.fixture
def other_client(fauxbus: Fauxbus) -> ConfidentialAppAuthClient:
    """A second client, to which none of the first one's tokens belong."""
    return ConfidentialAppAuthClient(
        fauxbus.other_client_id, fauxbus.other_client_secret, base_url=fauxbus.base_url
    )


def sign_in(
    server: Fauxbus, client: ConfidentialAppAuthClient, *scopes: str, state: str = "_default"
) -> dict[str, str]:
    """Begin a login, sign the person in and give the parameters of the callback."""
    client.oauth2_start_flow(server.redirect_uri, requested_scopes=list(scopes), state=state)
    callback = urlsplit(server.sign_in(client.oauth2_get_authorize_url()))
    assert callback._replace(query="").geturl() == server.redirect_uri
    return {key: values[0] for key, values in parse_qs(callback.query).items()}


def own_token(client: ConfidentialAppAuthClient, scope: str = GROUPS_SCOPE) -> str:
    """Get an access token of the client itself."""
    tokens = client.oauth2_client_credentials_tokens(requested_scopes=scope)
    (only,) = tokens.by_resource_server.values()
    token: str = only["access_token"]
    return token


def oauth_error(error: GlobusAPIError) -> str:
    """Take the OAuth 2 error code from an error's document."""
    document = t.cast("dict[str, str]", error.raw_json)
    return document["error"]


def test_the_id_token_names_the_person_who_signed_in(
    fauxbus: Fauxbus, client: ConfidentialAppAuthClient
) -> None:
    """The signed claims are checked against fauxbus's key and are about the person."""
    callback = sign_in(fauxbus, client, "openid", "email")
    tokens = client.oauth2_exchange_code_for_tokens(callback["code"])
    claims = tokens.decode_id_token()
    assert claims["sub"] == fauxbus.identity_id
    assert claims["aud"] == fauxbus.client_id
    assert claims["iss"] == fauxbus.base_url
    assert claims["email"] == fauxbus.email


def test_a_whole_callback_is_checked_and_exchanged(
    fauxbus: Fauxbus, client: ConfidentialAppAuthClient
) -> None:
    """Fresh state, nonce and verifier go out, come back and fit, `at_hash` (RS512) as well."""
    flow = client.oauth2_start_flow(
        fauxbus.redirect_uri, requested_scopes="openid", state=None, nonce=None, pkce=True
    )
    tokens = flow.exchange_callback(fauxbus.sign_in(flow.get_authorize_url()))
    assert tokens.decode_id_token()["nonce"] == flow.nonce


def test_the_callback_of_another_login_is_refused(
    fauxbus: Fauxbus, client: ConfidentialAppAuthClient
) -> None:
    """A code that arrives with the state of another login is not exchanged."""
    flows = [
        client.oauth2_start_flow(fauxbus.redirect_uri, requested_scopes="openid", state=None)
        for _ in range(2)
    ]
    with pytest.raises(StateMismatchError):
        flows[0].exchange_callback(fauxbus.sign_in(flows[1].get_authorize_url()))


def test_userinfo_tells_of_the_person_and_the_linked_identity(
    fauxbus: Fauxbus, client: ConfidentialAppAuthClient
) -> None:
    """The person's access token opens userinfo, with every identity of the account."""
    callback = sign_in(fauxbus, client, "openid", "profile")
    tokens = client.oauth2_exchange_code_for_tokens(callback["code"])
    authorizer = AccessTokenAuthorizer(tokens.by_resource_server[AUTH]["access_token"])
    info = AuthClient(base_url=fauxbus.base_url, authorizer=authorizer).userinfo()
    assert info["sub"] == fauxbus.identity_id
    assert info["preferred_username"] == fauxbus.username
    assert [one["sub"] for one in info["identity_set"]] == [
        fauxbus.identity_id,
        fauxbus.linked_identity_id,
    ]


def test_the_state_comes_back_as_it_was_sent(
    fauxbus: Fauxbus, client: ConfidentialAppAuthClient
) -> None:
    """What a state contains is the application's affair and survives the way there and back."""
    state = "a state & its=signs /?"
    assert sign_in(fauxbus, client, "openid", state=state)["state"] == state


def test_a_code_serves_once(fauxbus: Fauxbus, client: ConfidentialAppAuthClient) -> None:
    """The second exchange of one code is refused."""
    callback = sign_in(fauxbus, client, "openid")
    client.oauth2_exchange_code_for_tokens(callback["code"])
    with pytest.raises(AuthAPIError) as refused:
        client.oauth2_exchange_code_for_tokens(callback["code"])
    assert refused.value.http_status == 401
    assert oauth_error(refused.value) == "invalid_grant"


def test_a_client_gets_tokens_of_its_own(
    fauxbus: Fauxbus, client: ConfidentialAppAuthClient
) -> None:
    """Client credentials for two services give a token for each."""
    tokens = client.oauth2_client_credentials_tokens(requested_scopes=["profile", GROUPS_SCOPE])
    assert set(tokens.by_resource_server) == {AUTH, GROUPS}
    described = client.oauth2_token_introspect(tokens.by_resource_server[GROUPS]["access_token"])
    assert described["active"] is True
    assert described["sub"] == described["client_id"] == fauxbus.client_id
    assert described["scope"] == GROUPS_SCOPE


def test_introspection_describes_another_clients_token(
    fauxbus: Fauxbus, client: ConfidentialAppAuthClient, other_client: ConfidentialAppAuthClient
) -> None:
    """A service learns about a token it was handed whose token it is."""
    described = other_client.oauth2_token_introspect(own_token(client))
    assert described["active"] is True
    assert described["client_id"] == fauxbus.client_id


def test_introspection_of_an_unknown_token_says_no_more_than_inactive(
    client: ConfidentialAppAuthClient,
) -> None:
    """A token that was never issued is inactive, and that is not an error."""
    assert client.oauth2_token_introspect("never-issued").data == {"active": False}


def test_a_revoked_token_is_inactive(client: ConfidentialAppAuthClient) -> None:
    """Revocation reaches the server, and revoking again is no error."""
    token = own_token(client)
    assert client.oauth2_revoke_token(token)["active"] is False
    assert client.oauth2_token_introspect(token)["active"] is False
    assert client.oauth2_revoke_token(token)["active"] is False


def test_a_foreign_token_is_not_revoked(
    client: ConfidentialAppAuthClient, other_client: ConfidentialAppAuthClient
) -> None:
    """Revoking another client's token looks like success and changes nothing."""
    token = own_token(client)
    assert other_client.oauth2_revoke_token(token)["active"] is False
    assert client.oauth2_token_introspect(token)["active"] is True


@pytest.mark.parametrize("step", ["exchange", "own tokens", "introspect", "revoke"])
def test_a_wrong_secret_is_an_error_without_the_secret(fauxbus: Fauxbus, step: str) -> None:
    """Every call with a wrong secret is refused, and no text of the error repeats it."""
    secret = "a-secret-that-is-wrong"
    impostor = ConfidentialAppAuthClient(fauxbus.client_id, secret, base_url=fauxbus.base_url)
    calls: dict[str, t.Callable[[], object]] = {
        "exchange": lambda: impostor.oauth2_exchange_code_for_tokens(
            sign_in(fauxbus, impostor, "openid")["code"]
        ),
        "own tokens": lambda: own_token(impostor),
        "introspect": lambda: impostor.oauth2_token_introspect("any-token"),
        "revoke": lambda: impostor.oauth2_revoke_token("any-token"),
    }
    with pytest.raises(AuthAPIError) as refused:
        calls[step]()
    assert refused.value.http_status == 401
    assert oauth_error(refused.value) == "invalid_client"
    assert secret not in f"{refused.value} {refused.value!r}"


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.oauth2_refresh_token("a-refresh-token"),
        lambda client: client.oauth2_validate_token("a-token"),
        lambda client: client.oauth2_get_dependent_tokens("a-token"),
        lambda client: client.oauth2_token_introspect("a-token", include="session_info"),
        lambda client: client.oauth2_client_credentials_tokens("openid"),
    ],
    ids=["refresh", "validate", "dependent tokens", "introspection with more", "openid alone"],
)
def test_what_fauxbus_does_not_know_is_a_typed_error(
    client: ConfidentialAppAuthClient, call: t.Callable[[ConfidentialAppAuthClient], object]
) -> None:
    """Its honest 501 arrives with its code, from the path and the grant that Globus has."""
    with pytest.raises(AuthAPIError) as refused:
        call(client)
    assert refused.value.http_status == 501
    assert refused.value.code == "NOT_IMPLEMENTED"


def test_session_parameters_do_not_disturb_a_login(
    fauxbus: Fauxbus, client: ConfidentialAppAuthClient
) -> None:
    """What a session is asked for goes along, and the callback is checked as ever."""
    flow = client.oauth2_start_flow(fauxbus.redirect_uri, "openid", state=None, nonce=None)
    url = client.oauth2_get_authorize_url(
        session_message="a message & its=signs #1",
        session_required_identities=[fauxbus.identity_id],
        login_hint=fauxbus.username,
    )
    tokens = flow.exchange_callback(fauxbus.sign_in(url))
    assert tokens.decode_id_token()["sub"] == fauxbus.identity_id
    with pytest.raises(GlobusSDKUsageError, match="already been used"):
        flow.exchange_callback({"code": "another", "state": flow.state})


def test_ten_logins_fetch_the_keys_once(
    fauxbus: Fauxbus, client: ConfidentialAppAuthClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The configuration and the key set, each one time, for ten responses and their ID tokens."""
    asked: list[str] = []
    real_get = client.get

    def get(path: str, **arguments: t.Any) -> t.Any:
        asked.append(urlsplit(path).path)
        return real_get(path, **arguments)

    monkeypatch.setattr(client, "get", get)
    for _ in range(10):
        flow = client.oauth2_start_flow(fauxbus.redirect_uri, "openid", state=None, nonce=None)
        flow.exchange_callback(fauxbus.sign_in(flow.get_authorize_url())).decode_id_token()
    assert sorted(asked) == sorted([fauxbus.discovery_path, fauxbus.jwks_path])


def test_a_passing_failure_is_retried(fauxbus: Fauxbus, client: ConfidentialAppAuthClient) -> None:
    """Introspection that meets one 503 answers after the retry."""
    token = own_token(client)
    fauxbus.fail_next(
        fauxbus.introspect_path, 503, headers={"Retry-After": "0"}, body={"error": "busy"}
    )
    assert client.oauth2_token_introspect(token)["active"] is True
