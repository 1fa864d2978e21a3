"""
Token responses: how tokens are found in them, and that they hide what is secret.
"""

from __future__ import annotations

import copy
import json
import logging
import pickle
import pprint
import time
import typing as t
from email.utils import formatdate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core import IDTokenDecoder
from globus_core.exc import GlobusSDKUsageError, IDTokenError, ValidationError
from globus_core.scopes import Scope
from globus_core_auth.token_responses import OAuthTokenResponse, Token
from globus_core_auth.tokens_by_scopes import TokensByScopes
from tests.unit.auth import fakes

if t.TYPE_CHECKING:
    from globus_core import ConfidentialAppAuthClient, NativeAppAuthClient

TRANSFER = "transfer.api.globus.org"
TRANSFER_ALL = "urn:globus:auth:scope:transfer.api.globus.org:all"
SECRETS = ("made-up-access-token", "made-up-refresh-token", "made-up-transfer-token")


def two_tokens(**changes: t.Any) -> fakes.Document:
    """
    A response with a token for Auth and one for Transfer.
    """
    other = fakes.token(
        access_token="made-up-transfer-token",
        scope=TRANSFER_ALL,
        resource_server=TRANSFER,
        other_tokens=None,
    )
    return fakes.token(
        refresh_token="made-up-refresh-token", other_tokens=[other], state="_default", **changes
    )


@pytest.fixture
def respond(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> t.Callable[[t.Any], OAuthTokenResponse]:
    """
    Makes the response to a refresh out of a body.
    """

    def refresh(body: t.Any) -> OAuthTokenResponse:
        server.answer(fakes.TOKEN_PATH, body)
        return native.oauth2_refresh_token("made-up-refresh-token")

    return refresh


def test_tokens_are_found_by_resource_server(respond: t.Any) -> None:
    """
    With the keys and the moment of expiry that the specification names.
    """
    before = time.time()
    tokens = respond(two_tokens()).by_resource_server
    assert list(tokens) == ["auth.globus.org", TRANSFER]
    expires = tokens["auth.globus.org"].pop("expires_at_seconds")
    assert isinstance(expires, int)
    assert int(before) + 3600 <= expires <= time.time() + 3600
    assert tokens["auth.globus.org"] == {
        "scope": "openid email",
        "access_token": "made-up-access-token",
        "refresh_token": "made-up-refresh-token",
        "token_type": "Bearer",
        "resource_server": "auth.globus.org",
    }
    assert tokens[TRANSFER]["refresh_token"] is None


def test_of_two_tokens_for_one_resource_server_the_later_wins(respond: t.Any) -> None:
    """
    As in globus-sdk.
    """
    later = fakes.token(access_token="later", other_tokens=None)
    tokens = respond(fakes.token(other_tokens=[later])).by_resource_server
    assert tokens["auth.globus.org"]["access_token"] == "later"


def test_tokens_are_found_by_scope(respond: t.Any) -> None:
    """
    A mapping from each single scope; a key may name several scopes of one token.
    """
    response = respond(two_tokens())
    by_scopes = response.by_scopes
    assert sorted(by_scopes) == sorted(["openid", "email", TRANSFER_ALL])
    assert len(by_scopes) == 3
    assert by_scopes[TRANSFER_ALL] == response.by_resource_server[TRANSFER]
    assert by_scopes["email openid"] == response.by_resource_server["auth.globus.org"]
    assert "openid" in by_scopes
    assert "profile" not in by_scopes
    assert by_scopes.scope_map == dict(by_scopes)


@pytest.mark.parametrize("key", ["", " ", "profile", "openid profile", f"openid {TRANSFER_ALL}", 7])
def test_other_keys_are_key_errors(respond: t.Any, key: t.Any) -> None:
    """
    Unknown, empty, of several tokens, or no text.
    """
    with pytest.raises(KeyError):
        respond(two_tokens()).by_scopes[key]


def test_by_scopes_can_be_called(respond: t.Any) -> None:
    """
    Then it gives all tokens with any of the scopes, by resource server.
    """
    by_scopes = respond(two_tokens()).by_scopes
    assert list(by_scopes("openid profile")) == ["auth.globus.org"]
    assert list(by_scopes([Scope(TRANSFER_ALL), "email"])) == ["auth.globus.org", TRANSFER]
    assert list(by_scopes(Scope(TRANSFER_ALL).with_dependency(Scope("x")))) == [TRANSFER]
    assert by_scopes("profile") == by_scopes([]) == {}


def test_text_and_repr_hide_what_is_secret(respond: t.Any) -> None:
    """
    What is shown is still of use, and JSON.
    """
    response = respond(two_tokens(id_token="made.up.id-token"))
    shown = json.loads(str(response))
    assert shown["by_resource_server"][TRANSFER]["scope"] == TRANSFER_ALL
    assert shown["id_token"] is True
    assert json.loads(str(response.by_scopes)).keys() == {"openid", "email", TRANSFER_ALL}
    for text in (str(response), repr(response), str(response.by_scopes), repr(response.by_scopes)):
        for secret in (*SECRETS, "made.up.id-token"):
            assert secret not in text


def test_responses_can_be_pickled_without_their_client(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    The tokens come along; the client's secret, which the request carried, does not.
    """
    server.answer(fakes.TOKEN_PATH, two_tokens())
    response = confidential.oauth2_client_credentials_tokens("openid")
    pickled = pickle.dumps(response)
    assert confidential.authorizer is not None
    header = confidential.authorizer.get_authorization_header()
    assert header is not None
    assert header.encode() not in pickled
    copy = pickle.loads(pickled)
    assert type(copy) is type(response)
    assert copy.by_resource_server == response.by_resource_server
    assert copy["state"] == "_default"
    with pytest.raises(GlobusSDKUsageError, match="no client"):
        copy.decode_id_token()


@pytest.mark.parametrize("field", ["access_token", "scope", "resource_server"])
def test_a_missing_key_is_named(respond: t.Any, field: str) -> None:
    """
    In one ValidationError, at the top and below.
    """
    for body in (
        fakes.token(**{field: None}),
        fakes.token(other_tokens=[fakes.token(**{field: None})]),
        fakes.token(**{field: 7}),
    ):
        with pytest.raises(ValidationError, match=repr(field)) as caught:
            respond(body)
        assert "made-up" not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        [],
        None,
        "<html>Sign in to the network</html>",
        '{"cut off',
        {"other_tokens": {}},
        fakes.token(other_tokens=["x"]),
        fakes.token(expires_in="soon"),
        fakes.token(expires_in=True),
        fakes.token(expires_in=10**400),
        json.dumps(fakes.token(expires_in=float("inf"))),
        json.dumps(fakes.token(expires_in=float("nan"))),
    ],
)
def test_other_bodies_are_validation_errors(respond: t.Any, body: t.Any) -> None:
    """
    One typed error, whatever came with status 200.
    """
    with pytest.raises(ValidationError, match="token"):
        respond(body)


def test_a_body_that_is_no_json_says_what_to_do(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    Something else than Globus Auth answered.
    """
    server.answer(fakes.TOKEN_PATH, "<html></html>", content_type="text/html")
    with pytest.raises(ValidationError, match="'text/html'") as caught:
        native.oauth2_refresh_token("made-up-refresh-token")
    assert "What to do: check that the URL is that of Globus Auth" in caught.value.explain()


def test_absent_parts_have_defaults(respond: t.Any) -> None:
    """
    No lifetime is one of no seconds, no other tokens are none.
    """
    body = fakes.token(expires_in=None, token_type=None, other_tokens=None)
    (token,) = respond(body).by_resource_server.values()
    assert token["expires_at_seconds"] <= time.time()
    assert token["token_type"] is None


def test_a_dependent_response_is_an_array(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    Of tokens for several resource servers; it has no ID token.
    """
    server.answer(
        fakes.TOKEN_PATH,
        [fakes.token(other_tokens=None), fakes.token(resource_server=TRANSFER)],
    )
    response = confidential.oauth2_get_dependent_tokens("a-token")
    assert list(response.by_resource_server) == ["auth.globus.org", TRANSFER]
    with pytest.raises(NotImplementedError):
        response.decode_id_token()
    server.answer(fakes.TOKEN_PATH, fakes.token())
    with pytest.raises(ValidationError, match="array"):
        confidential.oauth2_get_dependent_tokens("a-token")


def test_the_id_token_of_a_response_is_decoded(respond: t.Any, server: fakes.FakeAuth) -> None:
    """
    With keys that are fetched, given, or given with settings.
    """
    response = respond(fakes.token(id_token=fakes.id_token()))
    assert response.decode_id_token()["sub"] == fakes.IDENTITY
    fetched = len(server.sent)
    key = fakes.rsa_key(1).public_key()
    late = respond(fakes.token(id_token=fakes.id_token(exp=int(time.time()) - 1000)))
    given = {"openid_configuration": fakes.configuration(), "jwk": key}
    assert late.decode_id_token(**given, jwt_params={"leeway": 2000})
    assert late.decode_id_token(**given, jwt_params={"verify_exp": False})
    assert len(server.sent) == fetched + 1
    with pytest.raises(GlobusSDKUsageError, match="openid_configuration"):
        late.decode_id_token(jwk=key)


def test_a_response_without_id_token_says_how_to_get_one(respond: t.Any) -> None:
    """
    By the scope ``openid``.
    """
    with pytest.raises(IDTokenError, match="'openid'"):
        respond(fakes.token()).decode_id_token()


def test_ten_token_responses_cost_two_fetches(respond: t.Any, server: fakes.FakeAuth) -> None:
    """
    The client keeps configuration and keys for all of them.
    """
    for _ in range(10):
        assert respond(fakes.token(id_token=fakes.id_token())).decode_id_token()
    assert server.count(fakes.CONFIGURATION_PATH) == server.count(fakes.KEYS_PATH) == 1


def test_a_key_that_is_given_serves_that_response_only(respond: t.Any) -> None:
    """
    The client's own key store stays as it is.
    """
    response = respond(fakes.token(id_token=fakes.id_token()))
    other = fakes.rsa_key(2).public_key()
    with pytest.raises(IDTokenError):
        response.decode_id_token(fakes.configuration(issuer="https://x.example"), other)
    assert response.decode_id_token()


@pytest.mark.parametrize(
    ("ahead", "lifetime", "counted"),
    [
        (0, 3600, 0),
        (40, 3600, 0),
        (-40, 3600, 0),
        (900, 3600, 900),
        (-900, 3600, -900),
        (86400 * 400, 3600, 86400 * 400),
        (-3000, 3600, 0),
        (-86400 * 400, 3600, 0),
        (900, None, 0),
    ],
    ids=str,
)
def test_where_clocks_differ_the_servers_is_counted_from(
    native: NativeAppAuthClient,
    server: fakes.FakeAuth,
    ahead: int,
    lifetime: int | None,
    counted: int,
) -> None:
    """
    By more than a minute; unless the new token would soon count as expired by the clock here.
    """
    date = formatdate(time.time() + ahead, usegmt=True)
    server.answer(fakes.TOKEN_PATH, fakes.token(expires_in=lifetime), Date=date)
    before = int(time.time())
    tokens = native.oauth2_refresh_token("made-up").by_resource_server
    end = tokens["auth.globus.org"]["expires_at_seconds"]
    assert -2 <= end - (before + (lifetime or 0) + counted) <= time.time() - before + 2


@pytest.mark.parametrize("date", ["", "soon", "Thu, 99 Foo 2024 25:61:61 GMT", "0"])
def test_a_date_that_is_none_is_not_looked_at(
    native: NativeAppAuthClient, server: fakes.FakeAuth, date: str
) -> None:
    """
    As if it were not there.
    """
    server.answer(fakes.TOKEN_PATH, fakes.token(), Date=date)
    tokens = native.oauth2_refresh_token("made-up").by_resource_server
    assert abs(tokens["auth.globus.org"]["expires_at_seconds"] - time.time() - 3600) < 60


# what was asked for, and what was granted


def test_granted_missing_and_extra_scopes_are_told_apart(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    What depends on a scope does not count; an optional scope may be declined.
    """
    server.answer(fakes.TOKEN_PATH, two_tokens())
    response = confidential.oauth2_client_credentials_tokens(
        ["openid", "profile", Scope("x", optional=True), "email[y]"]
    )
    assert response.requested_scopes == ("openid", "profile", "x", "email")
    assert response.granted_scopes == ("openid", "email", TRANSFER_ALL)
    assert response.missing_scopes == ("profile",)
    assert response.extra_scopes == (TRANSFER_ALL,)
    copied = pickle.loads(pickle.dumps(response))
    assert copied.missing_scopes == ("profile",)


def test_after_a_refresh_nobody_knows_what_was_asked_for(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    Unless the refresh names scopes itself (RFC 6749 section 6).
    """
    server.answer(fakes.TOKEN_PATH, two_tokens())
    response = native.oauth2_refresh_token("made-up-refresh-token")
    assert response.granted_scopes == ("openid", "email", TRANSFER_ALL)
    assert response.requested_scopes is response.missing_scopes is response.extra_scopes is None
    narrower = native.oauth2_refresh_token("made-up-refresh-token", body_params={"scope": "email"})
    assert narrower.missing_scopes == ()
    assert narrower.extra_scopes == ("openid", TRANSFER_ALL)


def test_a_scope_that_goes_without_saying_is_what_was_asked_for(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    As RFC 6749 section 5.1 lets a server do; with several tokens it is not known whose it is.
    """
    server.answer(fakes.TOKEN_PATH, fakes.token(scope=None))
    response = confidential.oauth2_client_credentials_tokens(["openid", "email[y]", "*x"])
    assert response.by_resource_server["auth.globus.org"]["scope"] == "openid email x"
    assert response.by_scopes["x"]["access_token"] == "made-up-access-token"
    assert response.missing_scopes == response.extra_scopes == ()
    server.answer(fakes.TOKEN_PATH, fakes.token(scope=None, other_tokens=[fakes.token()]))
    with pytest.raises(ValidationError, match="lacks 'scope'"):
        confidential.oauth2_client_credentials_tokens("openid")
    server.answer(fakes.TOKEN_PATH, {**fakes.token(), "scope": None})
    with pytest.raises(ValidationError, match="lacks 'scope'"):
        confidential.oauth2_client_credentials_tokens("openid")


def test_a_response_class_of_a_program_need_not_know_what_was_asked_for(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    Where the answer names its scopes, as Globus Auth does.
    """

    class Own(OAuthTokenResponse):
        def __init__(self, response: t.Any) -> None:
            super().__init__(response)

    server.answer(fakes.TOKEN_PATH, two_tokens())
    form = {"grant_type": "client_credentials", "scope": "openid"}
    response = confidential.oauth2_token(form, response_class=Own)
    assert type(response) is Own
    assert response.extra_scopes == ("email", TRANSFER_ALL)


def test_a_login_knows_what_it_asked_for(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    The exchange of the code does not say it, the flow does.
    """
    server.answer(fakes.TOKEN_PATH, two_tokens())
    native.oauth2_start_flow(["openid", Scope(TRANSFER_ALL), "urn:example:other"])
    response = native.oauth2_exchange_code_for_tokens("made-up-code")
    assert response.missing_scopes == ("urn:example:other",)
    assert response.extra_scopes == ("email",)


def logged_in(
    native: NativeAppAuthClient, server: fakes.FakeAuth, **changes: t.Any
) -> OAuthTokenResponse:
    """
    The response of a login with a nonce.
    """
    answer = fakes.token(id_token=fakes.id_token(nonce="mine", **changes))
    server.answer(fakes.TOKEN_PATH, answer)
    native.oauth2_start_flow("openid", nonce="mine")
    return native.oauth2_exchange_code_for_tokens("made-up-code")


def test_an_id_token_is_verified_once_in_a_login(
    native: NativeAppAuthClient, server: fakes.FakeAuth, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    By the decoder that logins, apps and the response share.
    """
    signatures = fakes.verifications(monkeypatch)
    response = logged_in(native, server)
    decoder = IDTokenDecoder.for_globus_app(app_name="a", config=None, login_client=native)
    claims = response.verified_claims(decoder)
    assert claims is not None
    assert claims["nonce"] == "mine"
    assert response.decode_id_token() == claims
    assert len(signatures) == 1


def test_claims_are_reused_by_the_same_decoder_only(
    native: NativeAppAuthClient, server: fakes.FakeAuth, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Another one may check in another way; what one caller changes no other sees.
    """
    response = logged_in(native, server)
    signatures = fakes.verifications(monkeypatch)
    assert response.verified_claims(IDTokenDecoder(native)) is None
    assert response.decode_id_token(jwt_params={"leeway": 10.0})
    assert len(signatures) == 1
    response.decode_id_token().clear()
    assert response.decode_id_token()["sub"] == fakes.IDENTITY
    assert copy.copy(response).verified_claims(native.id_token_decoder) is None


def test_claims_are_not_reused_once_the_token_has_expired(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    Within the leeway it is good still, and is checked each time.
    """
    response = logged_in(native, server, exp=int(time.time()) - 5)
    assert response.verified_claims(native.id_token_decoder) is None
    assert response.decode_id_token()["sub"] == fakes.IDENTITY


def test_a_decoder_of_another_class_is_an_apps_own(native: NativeAppAuthClient) -> None:
    """
    It may check in another way, so the client's own is not put in its place.
    """

    class Own(IDTokenDecoder):
        pass

    made = Own.for_globus_app(app_name="a", config=None, login_client=native)
    assert type(made) is Own
    assert made.get_jwt_audience() == fakes.CLIENT_ID


# nothing secret shows


@pytest.mark.parametrize(
    "show",
    [
        str,
        repr,
        format,
        pprint.pformat,
        lambda response: f"{response!s:>10}",
        lambda response: repr(vars(response)),
        lambda response: pprint.pformat(vars(response)),
        lambda response: str(response.by_resource_server),
        lambda response: pprint.pformat(response.by_resource_server, width=20),
        lambda response: repr(response.by_resource_server[TRANSFER]),
        lambda response: "%s" % response.by_resource_server[TRANSFER],  # noqa: UP031
        lambda response: pprint.pformat(response.by_scopes),
        lambda response: repr(vars(response.by_scopes)),
        lambda response: repr(dict(response.by_scopes)),
        lambda response: repr(response.by_scopes("openid")),
    ],
)
def test_no_way_of_showing_a_response_shows_a_token(respond: t.Any, show: t.Any) -> None:
    """
    Nor those of showing the tokens by resource server or by scope.
    """
    shown = show(respond(two_tokens(id_token="made.up.id-token")))
    for secret in (*SECRETS, "made.up.id-token"):
        assert secret not in shown


def test_logging_a_response_logs_no_token(respond: t.Any, caplog: pytest.LogCaptureFixture) -> None:
    """
    Whether the response or the tokens are the argument.
    """
    response = respond(two_tokens())
    with caplog.at_level(logging.INFO):
        logging.getLogger("example").info("%s %r", response, response.by_resource_server)
    assert "(hidden)" in caplog.text
    assert not any(secret in caplog.text for secret in SECRETS)


def test_a_token_is_a_dict_that_programs_can_store(respond: t.Any) -> None:
    """
    Only showing it hides anything.
    """
    tokens = respond(two_tokens()).by_resource_server
    written = json.loads(json.dumps(tokens))
    assert written == tokens
    assert written[TRANSFER]["access_token"] == "made-up-transfer-token"
    assert pickle.loads(pickle.dumps(tokens)) == tokens
    assert isinstance(tokens[TRANSFER], dict)


scope_names = st.sampled_from(["openid", "email", "a", "b", "c", "urn:x:y"])
tokens_of = st.dictionaries(
    st.sampled_from(["one", "two", "three"]),
    st.lists(scope_names, max_size=4).map(" ".join),
    max_size=3,
)


@settings(max_examples=100)
@given(tokens_of, st.text(alphabet="abc* ", max_size=6) | st.lists(scope_names).map(" ".join))
def test_tokens_by_scopes_are_those_whose_scopes_they_are(
    granted: dict[str, str], key: str
) -> None:
    """
    As a mapping it finds the one token that has all scopes of a key, called it finds those with
    any of them; other keys are KeyErrors.
    """
    tokens = {server: Token(resource_server=server, scope=s) for server, s in granted.items()}
    by_scopes = TokensByScopes(tokens)
    single = {scope for scopes in granted.values() for scope in scopes.split()}
    assert set(by_scopes) == single
    assert len(by_scopes) == len(single)
    for scope in by_scopes:
        assert scope in by_scopes[scope]["scope"].split()
        assert by_scopes[scope] in by_scopes(scope).values()
    if key in by_scopes:
        assert all(by_scopes[scope] is by_scopes[key] for scope in key.split())
    else:
        with pytest.raises(KeyError):
            by_scopes[key]
