"""
Every request as it goes over the wire: method, path, fields, headers.
"""

from __future__ import annotations

import base64
import typing as t
import uuid

import pytest

from globus_core import AuthClient, AuthLoginClient
from globus_core.exc import GlobusSDKUsageError
from globus_core.scopes import Scope
from tests.unit.auth import fakes

if t.TYPE_CHECKING:
    from globus_core import ConfidentialAppAuthClient, NativeAppAuthClient

DEPENDENT_GRANT = "urn:globus:auth:grant_type:dependent_token"
BASIC = "Basic " + base64.b64encode(f"{fakes.CLIENT_ID}:{fakes.CLIENT_SECRET}".encode()).decode()
FORM = "application/x-www-form-urlencoded"


def expect(server: fakes.FakeAuth, method: str, path: str, authorization: str | None) -> fakes.Sent:
    """
    The last request, which must be this one.
    """
    sent = server.last
    assert (sent.method, sent.path, sent.authorization) == (method, path, authorization)
    assert sent.headers["Accept"] == "application/json"
    return sent


# tokens


def test_a_native_refresh_names_the_client_in_the_form(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    And sends no Authorization header.
    """
    server.answer(fakes.TOKEN_PATH, fakes.token())
    native.oauth2_refresh_token("a-refresh-token")
    sent = expect(server, "POST", fakes.TOKEN_PATH, None)
    assert sent.headers["Content-Type"] == FORM
    assert sent.form == {
        "client_id": fakes.CLIENT_ID,
        "grant_type": "refresh_token",
        "refresh_token": "a-refresh-token",
    }


def test_a_confidential_refresh_names_the_client_in_the_header(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    And not in the body.
    """
    server.answer(fakes.TOKEN_PATH, fakes.token())
    confidential.oauth2_refresh_token("a-refresh-token", body_params={"scope": "openid"})
    assert expect(server, "POST", fakes.TOKEN_PATH, BASIC).form == {
        "grant_type": "refresh_token",
        "refresh_token": "a-refresh-token",
        "scope": "openid",
    }


def test_client_credentials_send_scopes_joined_by_spaces(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    Strings, objects, several; further fields win.
    """
    server.answer(fakes.TOKEN_PATH, fakes.token())
    confidential.oauth2_client_credentials_tokens([Scope("a"), "b"])
    assert expect(server, "POST", fakes.TOKEN_PATH, BASIC).form == {
        "grant_type": "client_credentials",
        "scope": "a b",
    }
    confidential.oauth2_client_credentials_tokens("a", body_params={"scope": "c"})
    assert server.last.form["scope"] == "c"


def test_dependent_tokens_send_what_is_asked_for(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    The token alone, or with scopes, offline access and further fields.
    """
    server.answer(fakes.TOKEN_PATH, [])
    assert confidential.oauth2_get_dependent_tokens("a-token").by_resource_server == {}
    assert expect(server, "POST", fakes.TOKEN_PATH, BASIC).form == {
        "grant_type": DEPENDENT_GRANT,
        "token": "a-token",
    }
    confidential.oauth2_get_dependent_tokens(
        "a-token", refresh_tokens=True, scope=["a", "b"], additional_params={"extra": "1"}
    )
    assert server.last.form == {
        "grant_type": DEPENDENT_GRANT,
        "token": "a-token",
        "scope": "a b",
        "access_type": "offline",
        "extra": "1",
    }


def test_dependent_tokens_take_one_scope_object_and_specifications(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    Both ways of asking work, but not at once.
    """

    class Specification:
        scope = "a"

    server.answer(fakes.TOKEN_PATH, [])
    confidential.oauth2_get_dependent_tokens("a-token", scope=Scope("a"))
    assert server.last.form["scope"] == "a"
    confidential.oauth2_get_dependent_tokens("a-token", requested_scopes=[Specification(), "b"])
    assert server.last.form["scope"] == "a b"
    with pytest.raises(GlobusSDKUsageError, match="not both"):
        confidential.oauth2_get_dependent_tokens("a-token", scope="a", requested_scopes=["b"])


def test_any_grant_can_be_sent(native: NativeAppAuthClient, server: fakes.FakeAuth) -> None:
    """
    With body_params on top.
    """
    server.answer(fakes.TOKEN_PATH, fakes.token())
    native.oauth2_token({"grant_type": "x", "a": "1"}, body_params={"a": "2", "b": True})
    assert server.last.form == {
        "client_id": fakes.CLIENT_ID,
        "grant_type": "x",
        "a": "2",
        "b": "True",
    }


def test_revoking_names_the_client_where_no_header_does(
    native: NativeAppAuthClient, confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    Native and bare login clients in the form, confidential ones in the header.
    """
    path = "/v2/oauth2/token/revoke"
    server.answer(path, {"active": False})
    assert native.oauth2_revoke_token("a-token")["active"] is False
    assert expect(server, "POST", path, None).form == {
        "token": "a-token",
        "client_id": fakes.CLIENT_ID,
    }
    confidential.oauth2_revoke_token("a-token", body_params={"token_type_hint": "access_token"})
    assert expect(server, "POST", path, BASIC).form == {
        "token": "a-token",
        "token_type_hint": "access_token",
    }
    bare = fakes.joined(AuthLoginClient(fakes.CLIENT_ID, base_url=fakes.BASE_URL), server)
    bare.oauth2_revoke_token("a-token")
    assert expect(server, "POST", path, None).form["client_id"] == fakes.CLIENT_ID


def test_introspection_goes_into_the_body(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    ``include`` is one field, joined by commas; a query can be added.
    """
    path = "/v2/oauth2/token/introspect"
    server.answer(path, {"active": False})
    confidential.oauth2_token_introspect("a-token")
    assert expect(server, "POST", path, BASIC).form == {"token": "a-token"}
    confidential.oauth2_token_introspect(
        "a-token", include=["session_info", "identity_set"], query_params={"q": "1"}
    )
    assert server.last.form == {"token": "a-token", "include": "session_info,identity_set"}
    assert server.last.query == {"q": "1"}


def test_introspection_asks_about_policies(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    One id or several, and further fields, which win.
    """
    policies: list[uuid.UUID | str] = [uuid.UUID(fakes.CLIENT_ID), fakes.IDENTITY]
    server.answer("/v2/oauth2/token/introspect", {"active": False})
    confidential.oauth2_token_introspect("a-token", authentication_policies=policies)
    assert server.last.form["authentication_policies"] == f"{fakes.CLIENT_ID},{fakes.IDENTITY}"
    confidential.oauth2_token_introspect(
        "a-token", authentication_policies=fakes.IDENTITY, additional_fields={"token": "b", "x": 1}
    )
    assert server.last.form == {
        "token": "b",
        "authentication_policies": fakes.IDENTITY,
        "x": "1",
    }


def test_validation_asks_with_the_token_alone(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    The endpoint beside introspection.
    """
    path = "/v2/oauth2/token/validate"
    server.answer(path, {"active": True})
    assert confidential.oauth2_validate_token("a-token")["active"] is True
    assert expect(server, "POST", path, BASIC).form == {"token": "a-token"}


def test_a_native_instance_is_made_from_its_template(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    A JSON body, no credentials.
    """
    server.answer("/v2/api/clients", {"client": {}})
    native.create_native_app_instance(uuid.UUID(int=1), "laptop")
    sent = expect(server, "POST", "/v2/api/clients", None)
    assert sent.headers["Content-Type"] == "application/json"
    assert sent.body.replace(" ", "") == (
        '{"client":{"template_id":"00000000-0000-0000-0000-000000000001","name":"laptop"}}'
    )


# OpenID Connect


def test_userinfo_sends_the_token(auth: AuthClient, server: fakes.FakeAuth) -> None:
    """
    As a Bearer header.
    """
    server.answer("/v2/oauth2/userinfo", {"sub": fakes.IDENTITY})
    assert auth.userinfo()["sub"] == fakes.IDENTITY
    expect(server, "GET", "/v2/oauth2/userinfo", "Bearer a-token")


def test_public_documents_are_asked_for_without_credentials(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    Configuration and keys are for everybody, and keys may be on another host.
    """
    assert confidential.get_openid_configuration()["issuer"] == fakes.ISSUER
    expect(server, "GET", fakes.CONFIGURATION_PATH, None)
    assert list(confidential.get_jwk()) == ["keys"]
    expect(server, "GET", fakes.KEYS_PATH, None)


def test_the_first_key_comes_as_a_key_object(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    From a configuration that is given, the configuration is not fetched.
    """
    given = native.get_openid_configuration()
    key = native.get_jwk(given, as_pem=True)
    assert key.public_numbers() == fakes.rsa_key(1).public_key().public_numbers()
    assert native.get_jwk(fakes.configuration(), as_pem=True)
    assert server.count(fakes.CONFIGURATION_PATH) == 1


@pytest.mark.parametrize("document", [{"keys": []}, {}, [], "no JSON", {"keys": [{"kty": "RSA"}]}])
def test_a_key_set_without_keys_is_a_typed_error(
    native: NativeAppAuthClient, server: fakes.FakeAuth, document: t.Any
) -> None:
    """
    With advice, and without a foreign exception.
    """
    from globus_core.exc import ValidationError

    server.answer(fakes.KEYS_PATH, document)
    with pytest.raises(ValidationError, match="no key") as caught:
        native.get_jwk(as_pem=True)
    assert "What to do: check that the URL" in caught.value.explain()


# identities


def test_identities_are_looked_up_by_name_or_by_id(
    auth: AuthClient, server: fakes.FakeAuth
) -> None:
    """
    Joined by commas; ``provision`` goes with names only.
    """
    path = "/v2/api/identities"
    server.answer(path, {"identities": [{"id": fakes.IDENTITY}]})
    found = auth.get_identities(usernames=["ada@example.org", "bo@example.org"])
    assert [identity["id"] for identity in found] == [fakes.IDENTITY]
    assert expect(server, "GET", path, "Bearer a-token").query == {
        "usernames": "ada@example.org,bo@example.org",
        "provision": "false",
    }
    auth.get_identities(usernames="ada@example.org", provision=True)
    assert server.last.query["provision"] == "true"
    auth.get_identities(ids=uuid.UUID(fakes.IDENTITY), include=["a", "b"], query_params={"c": "d"})
    assert server.last.query == {"ids": fakes.IDENTITY, "include": "a,b", "c": "d"}


def test_names_and_ids_at_once_warn_and_are_both_sent(
    auth: AuthClient, server: fakes.FakeAuth
) -> None:
    """
    The service has the last word.
    """
    server.answer("/v2/api/identities", {"identities": []})
    with pytest.warns(UserWarning, match="not by both"):
        auth.get_identities(usernames="ada@example.org", ids=fakes.IDENTITY)
    assert {"usernames", "ids"} <= server.last.query.keys()


def test_providers_are_looked_up_by_domain_or_by_id(
    auth: AuthClient, server: fakes.FakeAuth
) -> None:
    """
    Both at once is a usage error, neither a warning.
    """
    path = "/v2/api/identity_providers"
    server.answer(path, {"identity_providers": []})
    assert list(auth.get_identity_providers(domains=["a.example", "b.example"])) == []
    assert expect(server, "GET", path, "Bearer a-token").query == {"domains": "a.example,b.example"}
    auth.get_identity_providers(ids=fakes.IDENTITY)
    assert server.last.query == {"ids": fakes.IDENTITY}
    with pytest.raises(GlobusSDKUsageError, match="not both"):
        auth.get_identity_providers(domains="a.example", ids=fakes.IDENTITY)
    with pytest.warns(UserWarning, match="neither"):
        auth.get_identity_providers()
    assert server.last.query == {}


def test_consents_are_those_of_an_identity_or_of_the_caller(
    auth: AuthClient, server: fakes.FakeAuth
) -> None:
    """
    Without an identity the caller's own is asked for first.
    """
    path = f"/v2/api/identities/{fakes.IDENTITY}/consents"
    server.answer(path, {"consents": []})
    server.answer("/v2/oauth2/userinfo", {"sub": fakes.IDENTITY})
    auth.get_consents(uuid.UUID(fakes.IDENTITY), all=True)
    assert expect(server, "GET", path, "Bearer a-token").query == {"all": "True"}
    assert list(auth.get_consents()) == []
    assert server.last.query == {"all": "False"}
    assert [sent.path for sent in server.sent][-2:] == ["/v2/oauth2/userinfo", path]


# errors


def test_the_id_of_all_sub_documents_is_the_request_id(
    auth: AuthClient, server: fakes.FakeAuth
) -> None:
    """
    Auth has no other place for it.
    """
    from globus_core import AuthAPIError

    body = {
        "errors": [{"status": "403", "id": "6f02", "code": "FORBIDDEN", "detail": "Too old"}],
        "authorization_parameters": {"session_message": "Log in again"},
    }
    server.answer("/v2/oauth2/userinfo", body, status=403)
    with pytest.raises(AuthAPIError) as caught:
        auth.userinfo()
    error = caught.value
    assert (error.code, error.message, error.request_id) == ("FORBIDDEN", "Too old", "6f02")
    assert error.authorization_parameters == {"session_message": "Log in again"}
    assert "a-token" not in error.explain()


def test_no_secret_stands_in_the_error_of_a_token_request(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    Neither header nor form shows, even where the server echoes them.
    """
    import traceback

    from globus_core import AuthAPIError

    refresh_token = "-".join(["a", "secret", "refresh", "token"])  # a traceback shows this line
    body = {"error": "invalid_grant", "error_description": f"no {refresh_token} here"}
    server.answer(fakes.TOKEN_PATH, body, status=401)
    with pytest.raises(AuthAPIError) as caught:
        confidential.oauth2_refresh_token(refresh_token)
    shown = "".join(traceback.format_exception(caught.value)) + caught.value.explain()
    assert caught.value.code == "invalid_grant"
    for secret in (refresh_token, fakes.CLIENT_SECRET, BASIC.removeprefix("Basic ")):
        assert secret not in shown
