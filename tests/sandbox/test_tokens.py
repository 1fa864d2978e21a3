"""The token endpoint and what can be done with tokens."""

from __future__ import annotations

import base64
import hashlib
import typing as t
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest

from globus_core_sandbox import Sandbox
from tests.sandbox.plain_client import (
    DEPENDENT_GRANT,
    TRANSFER,
    PlainClient,
    good,
    refused,
)

FLOWS = "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/run"
COLLECTION = "d00d71c3-b84e-4029-a6f7-e95c3d2810ba"


def test_there_is_one_token_for_each_resource_server(client: PlainClient) -> None:
    """The first token is for Globus Auth, the others are in other_tokens."""
    data_access = f"https://auth.globus.org/scopes/{COLLECTION}/data_access"
    token = client.log_in(scope=f"{TRANSFER}[*{data_access}] {FLOWS} {data_access} openid email")
    assert token["resource_server"] == "auth.globus.org"
    assert token["scope"] == "openid email"
    assert token["state"] == "a-state"
    assert token["expires_in"] == 172800
    assert token["token_type"] == "Bearer"
    assert {o["resource_server"]: o["scope"] for o in token["other_tokens"]} == {
        "transfer.api.globus.org": TRANSFER,
        "flows.globus.org": FLOWS,
        COLLECTION: data_access,
    }


def test_offline_access_alone_gives_refresh_tokens(client: PlainClient) -> None:
    """Each resource server has its refresh token, with access_type=offline only."""
    online = client.log_in(scope=f"openid {TRANSFER}")
    assert "refresh_token" not in online
    assert "refresh_token" not in online["other_tokens"][0]
    offline = client.log_in(scope=f"openid {TRANSFER}", access_type="offline")
    assert offline["refresh_token"] != offline["other_tokens"][0]["refresh_token"]


def test_without_openid_there_is_no_id_token(client: PlainClient) -> None:
    """The ID token comes with the scope openid only."""
    token = client.log_in(scope=f"email {TRANSFER}")
    assert "id_token" not in token
    assert token["resource_server"] == "auth.globus.org"


def test_the_id_token_says_who_signed_in(client: PlainClient) -> None:
    """Its signature, audience and issuer hold, and its claims are Globus Auth's."""
    token = client.log_in(nonce="a-nonce")
    header = jwt.get_unverified_header(token["id_token"])
    claims = client.verify(token["id_token"])
    person = client.sandbox.people[0]
    half = hashlib.sha512(token["access_token"].encode()).digest()[:32]
    assert header["alg"] == "RS512"
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    assert claims["nonce"] == "a-nonce"
    assert claims["sub"] == person.id
    assert claims["email"] == person.email
    assert claims["name"] == person.name
    assert claims["preferred_username"] == person.username
    assert claims["organization"] == person.organization
    assert claims["identity_provider_display_name"] == "Example Institute"
    assert [entry["sub"] for entry in claims["identity_set"]] == [person.id, *person.linked]
    assert abs(claims["last_authentication"] - client.sandbox.now()) < 60
    assert claims["exp"] - claims["iat"] == 172800


def test_a_rotated_key_is_published_before_the_old_one(client: PlainClient) -> None:
    """After a rotation new tokens have a new key, and older ones can still be checked."""
    before = client.log_in()["id_token"]
    client.sandbox.rotate_keys()
    after = client.log_in()["id_token"]
    kids = [key["kid"] for key in good(client.get("jwk.json"))["keys"]]
    assert kids == [jwt.get_unverified_header(token)["kid"] for token in (after, before)]
    client.verify(before)
    client.verify(after)


def test_a_wrong_verifier_is_refused(client: PlainClient) -> None:
    """PKCE fails with 401 invalid_grant, and a missing verifier with 400."""
    answer = refused(client.exchange(client.code(), code_verifier="x" * 43), 401)
    assert answer["error"] == "invalid_grant"
    answer = refused(client.exchange(client.code(), code_verifier=""), 400)
    assert answer["error"] == "invalid_request"


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "made-up"},
        {"redirect_uri": "http://127.0.0.1:7778/callback"},
    ],
)
def test_a_wrong_code_or_address_is_refused(client: PlainClient, changes: dict[str, t.Any]) -> None:
    """Both are 401 invalid_grant."""
    form = {"code": client.code(), **changes}
    assert refused(client.exchange(**form), 401)["error"] == "invalid_grant"


def test_a_code_works_once_and_its_reuse_ends_its_tokens(client: PlainClient) -> None:
    """Using a code again is refused and revokes what it gave."""
    code = client.code(access_type="offline")
    token = good(client.exchange(code))
    assert client.get("v2/oauth2/userinfo", token["access_token"]).status_code == 200
    assert refused(client.exchange(code), 401)["error"] == "invalid_grant"
    assert client.get("v2/oauth2/userinfo", token["access_token"]).status_code == 401
    refused(client.refresh(token["refresh_token"]), 401)


def test_a_code_goes_stale(client: PlainClient) -> None:
    """Ten minutes by the sandbox's clock are enough."""
    code = client.code()
    client.sandbox.advance_clock(601)
    assert refused(client.exchange(code), 401)["error"] == "invalid_grant"


def test_a_code_belongs_to_its_client(client: PlainClient) -> None:
    """Another client cannot exchange it, and the right one still can."""
    code = client.code()
    form = {"code": code, "redirect_uri": client.redirect_uri, "code_verifier": "x" * 43}
    assert refused(client.grant("authorization_code", **form), 401)["error"] == "invalid_grant"
    good(client.exchange(code))


def test_a_confidential_client_logs_people_in(client: PlainClient) -> None:
    """Its secret stands in for PKCE."""
    confidential = client.sandbox.confidential_client_id
    plain = {"code_challenge": None, "code_challenge_method": None}
    code = client.code(client_id=confidential, **plain)
    token = good(client.grant("authorization_code", code=code, redirect_uri=client.redirect_uri))
    assert client.verify(token["id_token"], confidential)["sub"] == client.sandbox.people[0].id


def test_a_refresh_gives_one_new_token_for_its_resource_server(client: PlainClient) -> None:
    """The refresh token stays the same unless rotation is on."""
    token = client.log_in(scope=f"openid {TRANSFER}", access_type="offline")
    old = token["other_tokens"][0]
    for _ in range(2):
        new = good(client.refresh(old["refresh_token"]))
        assert new["resource_server"] == "transfer.api.globus.org"
        assert new["scope"] == TRANSFER
        assert new["access_token"] != old["access_token"]
        assert new["refresh_token"] == old["refresh_token"]
        assert new["other_tokens"] == []


def test_refresh_tokens_rotate_and_their_reuse_ends_the_chain(client: PlainClient) -> None:
    """An old refresh token is refused and takes its successor along, for this server only."""
    client.sandbox.configure(rotate_refresh_tokens=True)
    first = client.log_in(scope=f"openid {TRANSFER}", access_type="offline")
    second = good(client.refresh(first["refresh_token"]))
    assert second["refresh_token"] != first["refresh_token"]
    assert refused(client.refresh(first["refresh_token"]), 401)["error"] == "invalid_grant"
    refused(client.refresh(second["refresh_token"]), 401)
    assert client.get("v2/oauth2/userinfo", second["access_token"]).status_code == 401
    good(client.refresh(first["other_tokens"][0]["refresh_token"]))


def test_of_many_simultaneous_uses_of_a_rotating_token_one_succeeds(client: PlainClient) -> None:
    """Rotation holds under threads."""
    client.sandbox.configure(rotate_refresh_tokens=True)
    refresh_token = client.log_in(access_type="offline")["refresh_token"]

    def refresh(_: int) -> int:
        plain = PlainClient(client.sandbox)
        with plain.session:
            return plain.refresh(refresh_token).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(refresh, range(6))) == [200] + [401] * 5


def test_a_refresh_token_belongs_to_its_client(client: PlainClient) -> None:
    """Another client cannot use it."""
    refresh_token = client.log_in(access_type="offline")["refresh_token"]
    answer = refused(client.grant("refresh_token", refresh_token=refresh_token), 401)
    assert answer["error"] == "invalid_grant"


def test_client_credentials_give_tokens_for_the_client_itself(client: PlainClient) -> None:
    """They are for the service identity and cannot be refreshed."""
    token = good(client.grant("client_credentials", scope=f"openid profile {TRANSFER}"))
    user = good(client.get("v2/oauth2/userinfo", token["access_token"]))
    own = client.sandbox.confidential_client_id
    assert user["preferred_username"] == f"{own}@clients.auth.globus.org"
    assert user["sub"] == own
    assert "refresh_token" not in token
    assert token["other_tokens"][0]["resource_server"] == "transfer.api.globus.org"


@pytest.mark.parametrize(
    "auth",
    [
        ("b83d5e07-41fc-4a92-8e6d-f09c7ab21564", "wrong"),
        ("nobody", "x"),
        ("\u00e9", "\u00e9"),
        None,
    ],
)
def test_wrong_client_credentials_are_401(
    client: PlainClient, auth: tuple[str, str] | None
) -> None:
    """Wrong secret, unknown client, bytes that are no text, nothing at all: invalid_client."""
    form = {"grant_type": "client_credentials", "scope": "openid"}
    assert refused(client.post("v2/oauth2/token", auth, **form), 401)["error"] == "invalid_client"


def test_a_native_client_has_no_client_credentials(client: PlainClient) -> None:
    """It cannot authenticate, so the grant is not for it."""
    form = {"grant_type": "client_credentials", "client_id": client.sandbox.native_client_id}
    refused(client.post("v2/oauth2/token", **form, scope="openid"), 401)


@pytest.mark.parametrize("scope", ["made-up", "", None])
def test_client_credentials_need_a_known_scope(client: PlainClient, scope: str | None) -> None:
    """Anything else is 400 invalid_scope."""
    answer = refused(client.grant("client_credentials", scope=scope), 400)
    assert answer["error"] == "invalid_scope"


def test_an_unknown_grant_is_refused(client: PlainClient) -> None:
    """It is 400 unsupported_grant_type."""
    assert refused(client.grant("password"), 400)["error"] == "unsupported_grant_type"


def test_tokens_expire_by_the_clock_of_the_sandbox(client: PlainClient) -> None:
    """Moving the clock lets a token expire; the Date header moves along."""
    client.sandbox.configure(access_token_lifetime=3600)
    token = client.log_in(access_type="offline")
    assert token["expires_in"] == 3600
    before = client.get("v2/oauth2/userinfo", token["access_token"])
    client.sandbox.advance_clock(3601)
    after = client.get("v2/oauth2/userinfo", token["access_token"])
    assert (before.status_code, after.status_code) == (200, 401)
    assert before.headers["Date"] != after.headers["Date"]
    new = good(client.refresh(token["refresh_token"]))
    good(client.get("v2/oauth2/userinfo", new["access_token"]))


def test_a_revoked_token_is_not_active(client: PlainClient) -> None:
    """Revocation answers that the token is not active, even for a made-up one."""
    token = client.log_in(access_type="offline")
    native = client.sandbox.native_client_id
    for value in (token["access_token"], "made-up"):
        answer = client.post("v2/oauth2/token/revoke", token=value, client_id=native)
        assert good(answer) == {"active": False}
    refused(client.get("v2/oauth2/userinfo", token["access_token"]), 401)
    good(client.refresh(token["refresh_token"]))


def test_revoking_a_refresh_token_ends_its_access_tokens(client: PlainClient) -> None:
    """All tokens of the same grant go, those for other servers stay."""
    token = client.log_in(scope=f"openid {TRANSFER}", access_type="offline")
    native = client.sandbox.native_client_id
    form = {"token": token["refresh_token"], "client_id": native}
    good(client.post("v2/oauth2/token/revoke", **form))
    refused(client.refresh(token["refresh_token"]), 401)
    refused(client.get("v2/oauth2/userinfo", token["access_token"]), 401)
    good(client.refresh(token["other_tokens"][0]["refresh_token"]))


def test_introspection_tells_its_clients_about_a_token(client: PlainClient) -> None:
    """The holder sees everything it asks for."""
    token = good(client.grant("client_credentials", scope="openid email"))["access_token"]
    form = {"token": token, "include": "session_info,identity_set"}
    answer = good(client.post("v2/oauth2/token/introspect", client.basic, **form))
    own = client.sandbox.confidential_client_id
    assert answer["active"] is True
    assert answer["scope"] == "openid email"
    assert answer["aud"] == ["auth.globus.org", own]
    assert answer["sub"] == own
    assert answer["exp"] - answer["iat"] == 172800
    assert answer["identity_set"] == [own]
    assert list(answer["session_info"]["authentications"]) == [own]


def test_introspection_hides_foreign_and_dead_tokens(client: PlainClient) -> None:
    """They are just not active; a wrong secret is 401."""
    foreign = client.log_in()["access_token"]
    for value in (foreign, "made-up"):
        answer = client.post("v2/oauth2/token/introspect", client.basic, token=value)
        assert good(answer) == {"active": False}
    wrong = (client.sandbox.confidential_client_id, "wrong")
    refused(client.post("v2/oauth2/token/introspect", wrong, token=foreign), 401)


def test_validation_says_yes_or_no(client: PlainClient) -> None:
    """Every client may ask whether a token is usable."""
    token = client.log_in()["access_token"]
    form = {"client_id": client.sandbox.native_client_id}
    assert good(client.post("v2/oauth2/token/validate", token=token, **form)) == {"active": True}
    client.sandbox.advance_clock(172801)
    answer = client.post("v2/oauth2/token/validate", client.basic, token=token)
    assert good(answer) == {"active": False}


def _portal_scope(sandbox: Sandbox) -> str:
    return sandbox.seeds.scopes[0].scope_string


def _portal_token(client: PlainClient, extra: str = "") -> str:
    token = client.log_in(scope=_portal_scope(client.sandbox) + extra)
    assert token["resource_server"] == client.sandbox.confidential_client_id
    return str(token["access_token"])


def test_a_service_trades_its_token_for_dependent_ones(client: PlainClient) -> None:
    """The answer is a bare list, for what the person approved along with the service."""
    tokens = good(client.grant(DEPENDENT_GRANT, token=_portal_token(client)))
    assert [(token["resource_server"], token["scope"]) for token in tokens] == [
        ("transfer.api.globus.org", TRANSFER)
    ]
    assert "other_tokens" not in tokens[0]
    assert "refresh_token" not in tokens[0]


def test_dependent_tokens_can_be_refreshed(client: PlainClient) -> None:
    """With offline access there are refresh tokens, for the service."""
    form = {"token": _portal_token(client), "access_type": "offline", "scope": TRANSFER}
    token = good(client.grant(DEPENDENT_GRANT, **form))[0]
    new = good(client.grant("refresh_token", refresh_token=token["refresh_token"]))
    assert new["resource_server"] == "transfer.api.globus.org"


def test_a_missing_dependent_consent_is_403(client: PlainClient) -> None:
    """The body names the scopes that were not approved; a login with them helps."""
    groups = "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships"
    form = {"token": _portal_token(client), "scope": f"{TRANSFER} {groups}"}
    answer = refused(client.grant(DEPENDENT_GRANT, **form), 403)
    assert answer["error"] == "dependent_consent_required"
    assert answer["errors"][0]["code"] == "DEPENDENT_CONSENT_REQUIRED"
    assert answer["errors"][0]["unapproved_scopes"] == [groups]
    form["token"] = _portal_token(client, f"[{groups}]")
    assert len(good(client.grant(DEPENDENT_GRANT, **form))) == 2


def test_dependent_tokens_die_with_the_token_they_came_from(client: PlainClient) -> None:
    """Revoking the service's token revokes what was derived from it."""
    portal = _portal_token(client)
    token = good(client.grant(DEPENDENT_GRANT, token=portal))[0]["access_token"]
    native = client.sandbox.native_client_id
    good(client.post("v2/oauth2/token/revoke", token=portal, client_id=native))
    answer = client.post("v2/oauth2/token/validate", client.basic, token=token)
    assert good(answer) == {"active": False}
    refused(client.grant(DEPENDENT_GRANT, token=portal), 401)


def test_only_the_service_itself_can_trade_a_token(client: PlainClient) -> None:
    """A token for somebody else is invalid_grant."""
    token = client.log_in()["access_token"]
    assert refused(client.grant(DEPENDENT_GRANT, token=token), 401)["error"] == "invalid_grant"
