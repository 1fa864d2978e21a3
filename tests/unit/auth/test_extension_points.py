"""
What programs override or replace about logins and ID tokens is what logins use.
"""

from __future__ import annotations

import time
import typing as t
from datetime import timedelta
from unittest import mock

import pytest

from globus_core import (
    AuthClient,
    GlobusAppConfig,
    IDTokenDecoder,
    NativeAppAuthClient,
    UserApp,
)
from globus_core.exc import IDTokenError
from globus_core.login_flows import CommandLineLoginFlowManager, LoginFlowManager
from globus_core.token_storage import MemoryTokenStorage
from globus_core_auth.id_token import decode_with
from tests.unit.auth import fakes

NEW = fakes.rsa_key(2)
HOUR = 3600


def expired(**changes: t.Any) -> str:
    """
    A token that ended an hour ago.
    """
    now = int(time.time())
    return fakes.id_token(iat=now - 2 * HOUR, exp=now - HOUR, **changes)


# the key and the configuration


class _OwnKey(IDTokenDecoder):
    def get_jwk(self) -> t.Any:
        return NEW.public_key()


class _Passing(IDTokenDecoder):
    asked = 0

    def get_jwk(self) -> t.Any:
        self.asked += 1
        return super().get_jwk()


class _OwnIssuer(IDTokenDecoder):
    def get_openid_configuration(self) -> dict[str, t.Any]:
        return {**super().get_openid_configuration(), "issuer": "https://login.example.com"}


def test_an_overridden_get_jwk_gives_the_key(native: NativeAppAuthClient) -> None:
    """
    No other key is accepted then.
    """
    decoder = _OwnKey(native)
    assert decoder.decode(fakes.id_token(NEW))["sub"] == fakes.IDENTITY
    with pytest.raises(IDTokenError, match="signature"):
        decoder.decode(fakes.id_token())


def test_an_overridden_get_jwk_may_pass_the_servers_key_on(
    server: fakes.FakeAuth, native: NativeAppAuthClient
) -> None:
    """
    The method of the base class gives the key that the token names, of several, of any type.
    """
    keys = (fakes.published(fakes.rsa_key(1), "one"), fakes.published(fakes.ec_key(1), "curve"))
    server.answer(fakes.KEYS_PATH, fakes.key_set(*keys))
    decoder = _Passing(native)
    decoder.decode(fakes.id_token())
    decoder.decode(fakes.id_token(fakes.ec_key(1), "curve", "ES256"))
    assert decoder.asked == 2


@pytest.mark.parametrize("replaced", ["object", "class"])
def test_a_replaced_get_jwk_gives_the_key(native: NativeAppAuthClient, replaced: str) -> None:
    """
    As tests replace methods.
    """
    decoder = IDTokenDecoder(native)
    target = decoder if replaced == "object" else IDTokenDecoder
    with mock.patch.object(target, "get_jwk", return_value=NEW.public_key()):
        decoder.decode(fakes.id_token(NEW))
    decoder.decode(fakes.id_token())


def test_an_overridden_configuration_names_the_issuer(native: NativeAppAuthClient) -> None:
    """
    The keys are those that it names.
    """
    decoder = _OwnIssuer(native)
    for _ in range(2):
        decoder.decode(fakes.id_token(iss="https://login.example.com"))
    with pytest.raises(IDTokenError, match="issued by"):
        decoder.decode(fakes.id_token())


def test_keys_for_an_overridden_configuration_are_fetched_once(
    server: fakes.FakeAuth, native: NativeAppAuthClient
) -> None:
    """
    Though it is asked for at each token.
    """
    decoder = _OwnIssuer(native)
    for _ in range(3):
        decoder.decode(fakes.id_token(iss="https://login.example.com"))
    assert server.count(fakes.KEYS_PATH) == 1


class _OwnMethods(NativeAppAuthClient):
    def get_openid_configuration(self) -> t.Any:
        return fakes.configuration(issuer="https://login.example.com")

    def get_jwk(self, openid_configuration: t.Any = None, *, as_pem: bool = False) -> t.Any:
        assert openid_configuration["issuer"] == "https://login.example.com"
        return NEW.public_key() if as_pem else fakes.key_set(fakes.published(NEW, "one"))


class _OnlyKeys(_OwnMethods):
    def get_jwk(self, openid_configuration: t.Any = None, *, as_pem: bool = False) -> t.Any:
        return NEW.public_key()


@pytest.mark.parametrize("client_class", [_OwnMethods, _OnlyKeys])
def test_methods_that_a_client_overrides_give_configuration_and_keys(
    client_class: type[NativeAppAuthClient], server: fakes.FakeAuth
) -> None:
    """
    Whether they give key sets or keys; nothing is fetched then.
    """
    client = fakes.joined(client_class(fakes.CLIENT_ID, base_url=fakes.BASE_URL), server)
    token = fakes.id_token(NEW, iss="https://login.example.com")
    assert IDTokenDecoder(client).decode(token)["sub"] == fakes.IDENTITY
    assert client.id_token_decoder.decode(token)["sub"] == fakes.IDENTITY
    assert not server.sent


def test_a_decoder_needs_no_more_of_a_client_than_its_keys_and_id() -> None:
    """
    A stand-in has two methods and an id.
    """

    class Stub:
        client_id = fakes.CLIENT_ID

        def get_openid_configuration(self) -> dict[str, t.Any]:
            return fakes.configuration()

        def get_jwk(self, openid_configuration: t.Any, as_pem: bool) -> t.Any:
            return NEW.public_key()

    assert IDTokenDecoder(Stub()).decode(fakes.id_token(NEW))["sub"] == fakes.IDENTITY


@pytest.mark.parametrize("replaced", ["object", "class"])
def test_a_replaced_get_jwk_of_a_client_is_called(
    native: NativeAppAuthClient, replaced: str
) -> None:
    """
    As tests replace methods; the decoder and responses use it.
    """
    target = native if replaced == "object" else AuthClient
    with mock.patch.object(target, "get_jwk", return_value=NEW.public_key()) as get_jwk:
        IDTokenDecoder(native).decode(fakes.id_token(NEW))
    get_jwk.assert_called_once()


# what is set on a decoder


def test_the_options_are_the_callers_object(native: NativeAppAuthClient) -> None:
    """
    What is changed in it later has an effect.
    """
    options: dict[str, t.Any] = {}
    decoder = IDTokenDecoder(native, jwt_options=options)
    assert decoder.jwt_options is options
    options["verify_aud"] = False
    decoder.decode(fakes.id_token(aud="another"))


def test_a_leeway_may_be_a_timedelta(native: NativeAppAuthClient) -> None:
    """
    Every check that compares times takes it.
    """
    decoder = IDTokenDecoder(native, jwt_leeway=timedelta(hours=3))
    decoder.decode(expired(auth_time=int(time.time()) - HOUR), max_age=60)
    decoder.jwt_leeway = timedelta(seconds=5)
    with pytest.raises(IDTokenError, match="leeway 5 seconds"):
        decoder.decode(expired())


def test_a_flow_has_the_challenge_of_its_verifier(native: NativeAppAuthClient) -> None:
    """
    The one in its URL.
    """
    flow = native.oauth2_start_flow(
        "openid", verifier="dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    )
    assert flow.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert f"code_challenge={flow.challenge}" in flow.get_authorize_url()


def test_a_flow_without_pkce_has_no_challenge(confidential: t.Any) -> None:
    """
    As it has no verifier.
    """
    assert confidential.oauth2_start_flow("https://example.org/", "openid").challenge is None


# logins of apps


class _Typist(CommandLineLoginFlowManager):
    """A person who pastes a code; the answer of the server has what the test makes of the nonce."""

    server: fakes.FakeAuth
    made: t.Callable[..., str]

    def print_authorize_url(self, authorize_url: str) -> None:
        from urllib.parse import parse_qs, urlsplit

        nonce = parse_qs(urlsplit(authorize_url).query)["nonce"][0]
        token = fakes.token(id_token=type(self).made(nonce=nonce))
        self.server.answer(fakes.TOKEN_PATH, token)

    def prompt_for_code(self) -> str:
        return "a-code"


class _AsInGlobusSDK(LoginFlowManager):
    """Starts and ends the login through the client, and knows no nonce."""

    def run_login_flow(self, auth_parameters: t.Any) -> t.Any:
        self.login_client.oauth2_start_flow(requested_scopes=auth_parameters.required_scopes)
        self.login_client.oauth2_get_authorize_url()
        return self.login_client.oauth2_exchange_code_for_tokens("a-code")


def app_of(
    client: NativeAppAuthClient,
    manager: LoginFlowManager,
    decoder: IDTokenDecoder | None = None,
) -> UserApp:
    """
    An app with tokens in memory.
    """
    config = GlobusAppConfig(
        login_flow_manager=manager,
        token_storage=MemoryTokenStorage(),
        id_token_decoder=decoder,
    )
    return UserApp("flows", login_client=client, config=config)


def typist(
    client: NativeAppAuthClient, server: fakes.FakeAuth, made: t.Callable[..., str]
) -> _Typist:
    """
    A person whose login ends with a token that a function makes.
    """
    kind = type("_OneTypist", (_Typist,), {"server": server, "made": staticmethod(made)})
    manager: _Typist = kind(client)
    return manager


def identity_of(app: UserApp) -> str | None:
    """
    Whose tokens the app has.
    """
    data = app.token_storage.get_token_data("auth.globus.org")
    return None if data is None else data.identity_id


def test_the_leeway_of_the_apps_decoder_counts_in_its_logins(
    server: fakes.FakeAuth, native: NativeAppAuthClient
) -> None:
    """
    A token that ended an hour ago logs in where a day is allowed, and only there.
    """
    patient = IDTokenDecoder(native, jwt_leeway=24 * HOUR)
    with app_of(native, typist(native, server, expired), patient) as app:
        app.login()
        assert identity_of(app) == fakes.IDENTITY
    with (
        app_of(native, typist(native, server, expired)) as app,
        pytest.raises(IDTokenError, match="expired"),
    ):
        app.login()


def test_the_apps_decoder_counts_in_logins_of_other_managers(
    server: fakes.FakeAuth, native: NativeAppAuthClient
) -> None:
    """
    Those that start a flow by themselves, as managers written for globus-sdk do.
    """
    server.answer(fakes.TOKEN_PATH, fakes.token(id_token=expired()))
    patient = IDTokenDecoder(native, jwt_leeway=24 * HOUR)
    with app_of(native, _AsInGlobusSDK(native), patient) as app:
        app.login()
        assert identity_of(app) == fakes.IDENTITY


class _Noting(NativeAppAuthClient):
    codes: t.ClassVar[list[str]] = []
    grants: t.ClassVar[list[str]] = []

    def oauth2_exchange_code_for_tokens(self, auth_code: str) -> t.Any:
        self.codes.append(auth_code)
        return super().oauth2_exchange_code_for_tokens(auth_code)

    def oauth2_token(self, form_data: t.Any, **options: t.Any) -> t.Any:
        self.grants.append(form_data["grant_type"])
        return super().oauth2_token(form_data, **options)


def test_a_login_goes_through_the_overridden_methods_of_the_client(server: fakes.FakeAuth) -> None:
    """
    They get the code and the form, and nothing that globus-sdk does not pass.
    """
    kind = type("_Own", (_Noting,), {"codes": [], "grants": []})
    client: t.Any = fakes.joined(kind(fakes.CLIENT_ID, base_url=fakes.BASE_URL), server)
    with app_of(client, typist(client, server, fakes.id_token)) as app:
        app.login()
        assert identity_of(app) == fakes.IDENTITY
    assert client.codes == ["a-code"]
    assert client.grants == ["authorization_code"]


def test_the_nonce_is_checked_in_a_login_through_overridden_methods(
    server: fakes.FakeAuth,
) -> None:
    """
    It travels on the flow.
    """
    kind = type("_Own", (_Noting,), {"codes": [], "grants": []})
    client: t.Any = fakes.joined(kind(fakes.CLIENT_ID, base_url=fakes.BASE_URL), server)

    def of_another(nonce: str) -> str:
        return fakes.id_token(nonce="another login's")

    with (
        app_of(client, typist(client, server, of_another)) as app,
        pytest.raises(IDTokenError, match="nonce"),
    ):
        app.login()


@pytest.mark.parametrize("replaced", ["object", "class"])
def test_a_login_takes_the_response_of_a_replaced_exchange(
    server: fakes.FakeAuth, native: NativeAppAuthClient, replaced: str
) -> None:
    """
    As tests replace it; nothing is sent to the token endpoint.
    """
    server.answer(fakes.TOKEN_PATH, fakes.token(id_token=fakes.id_token()))
    response = native.oauth2_token({"grant_type": "made_up"})
    server.sent.clear()
    target = native if replaced == "object" else NativeAppAuthClient
    with (
        mock.patch.object(target, "oauth2_exchange_code_for_tokens", return_value=response) as done,
        app_of(native, typist(native, server, fakes.id_token)) as app,
    ):
        app.login()
        assert identity_of(app) == fakes.IDENTITY
    assert done.call_args.args[-1] == "a-code"
    assert server.count(fakes.TOKEN_PATH) == 0


def test_an_exchange_takes_the_response_of_a_replaced_token_request(
    server: fakes.FakeAuth, native: NativeAppAuthClient
) -> None:
    """
    It may be a stand-in.
    """
    native.oauth2_start_flow("openid")
    with mock.patch.object(native, "oauth2_token") as oauth2_token:
        assert native.oauth2_exchange_code_for_tokens("a-code") is oauth2_token.return_value
    assert oauth2_token.call_args.args[0]["code"] == "a-code"
    assert server.count(fakes.TOKEN_PATH) == 0


def test_a_decoder_of_another_class_is_told_what_it_takes() -> None:
    """One that takes anything is told everything; the nonce is compared in any case."""
    told: list[dict[str, t.Any]] = []

    class Anything:
        def decode(self, id_token: str, **expected: t.Any) -> dict[str, t.Any]:
            told.append(expected)
            return {"nonce": "one"}

    class Ages:
        def decode(self, id_token: str, *, max_age: float) -> dict[str, t.Any]:
            told.append({"max_age": max_age})
            return {"nonce": "one"}

    for decoder in (Anything(), Ages()):
        assert decode_with(decoder, "a-token", nonce="one", max_age=5) == {"nonce": "one"}
        with pytest.raises(IDTokenError, match="nonce"):
            decode_with(decoder, "a-token", nonce="two", max_age=5)
    assert told[0] == {"nonce": "one", "max_age": 5}
    assert told[2] == {"max_age": 5}
