"""
Callbacks: what a flow accepts, and what it refuses before any request.
"""

from __future__ import annotations

import threading
import typing as t
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core import AuthAPIError, NativeAppAuthClient
from globus_core.exc import (
    GlobusSDKUsageError,
    IDTokenError,
    LoginDeniedError,
    LoginFlowError,
    StateMismatchError,
)
from tests.unit.auth import fakes

if t.TYPE_CHECKING:
    from globus_core import ConfidentialAppAuthClient

CALLBACK = "http://127.0.0.1:7777/callback"


def callback(**params: str) -> str:
    """
    A callback's URL.
    """
    return f"{CALLBACK}?{urlencode(params)}"


def test_fresh_state_and_nonce_are_long_and_differ_each_time(native: NativeAppAuthClient) -> None:
    """
    None asks for random ones.
    """
    flows = [native.oauth2_start_flow("openid", state=None, nonce=None) for _ in range(20)]
    assert len({flow.state for flow in flows}) == 20
    assert len({flow.nonce for flow in flows}) == 20
    assert all(len(flow.state) >= 32 and len(str(flow.nonce)) >= 32 for flow in flows)


def test_the_low_level_defaults_are_those_of_the_specification(native: NativeAppAuthClient) -> None:
    """
    The state ``_default``, no nonce, and the flow kept at the client.
    """
    flow = native.oauth2_start_flow("openid")
    assert flow.state == "_default"
    assert "nonce" not in flow.get_authorize_url()
    assert native.current_oauth2_flow_manager is flow


def test_a_flow_shows_no_secret(native: NativeAppAuthClient) -> None:
    """
    Neither verifier, state nor nonce stands in its repr.
    """
    flow = native.oauth2_start_flow("openid", state=None, nonce=None)
    assert flow.verifier is not None
    for secret in (flow.verifier, flow.state, str(flow.nonce)):
        assert secret not in repr(flow)


def test_a_good_callback_is_exchanged(native: NativeAppAuthClient, server: fakes.FakeAuth) -> None:
    """
    By its URL, with the verifier of the flow.
    """
    server.answer(fakes.TOKEN_PATH, fakes.token())
    flow = native.oauth2_start_flow("openid", state=None, redirect_uri=CALLBACK)
    response = flow.exchange_callback(callback(code="a-code", state=flow.state))
    assert response.by_resource_server["auth.globus.org"]["access_token"]
    assert server.last.form == {
        "client_id": fakes.CLIENT_ID,
        "grant_type": "authorization_code",
        "code": "a-code",
        "code_verifier": flow.verifier,
        "redirect_uri": CALLBACK,
    }


class MultiDict(dict[str, t.Any]):
    """
    A mapping as web frameworks have it: one value shown, all of them to be asked for.
    """

    def __getitem__(self, key: str) -> t.Any:
        return super().__getitem__(key)[0]

    def getlist(self, key: str) -> list[str]:
        """
        All values of a key.
        """
        return list(super().__getitem__(key))


@pytest.mark.parametrize(
    "params",
    [
        {"code": "a-code", "state": "mine"},
        {"code": ["a-code"], "state": ["mine"]},
        MultiDict(code=["a-code"], state=["mine"]),
    ],
)
def test_a_callback_may_be_a_mapping(native: NativeAppAuthClient, params: t.Any) -> None:
    """
    Plain, as parse_qs makes it, or of a web framework.
    """
    flow = native.oauth2_start_flow("openid", state="mine")
    assert flow.code_from(params) == "a-code"


@pytest.mark.parametrize(
    "params",
    [
        f"{CALLBACK}?code=one&code=two&state=mine",
        f"{CALLBACK}?code=one&state=mine&state=other",
        {"code": ["one", "two"], "state": ["mine"]},
        MultiDict(code=["one", "two"], state=["mine"]),
    ],
)
def test_a_parameter_that_comes_twice_is_refused(
    native: NativeAppAuthClient, params: t.Any
) -> None:
    """
    RFC 6749 section 3.1: none may.
    """
    flow = native.oauth2_start_flow("openid", state="mine")
    with pytest.raises(LoginFlowError, match=r"repeats '(code|state)'"):
        flow.code_from(params)


@given(st.text())
def test_any_other_state_is_refused(state: str) -> None:
    """
    Before anything else is looked at, and without a request.
    """
    server = fakes.FakeAuth()
    flow = fakes.native(server).oauth2_start_flow("openid", state=None)
    with pytest.raises(StateMismatchError) as caught:
        flow.exchange_callback({"code": "a-code", "state": state, "error": "access_denied"})
    assert flow.state not in str(caught.value)
    assert "start the login again" in caught.value.explain()
    assert not server.sent


def test_a_missing_state_is_refused(native: NativeAppAuthClient) -> None:
    """
    It is as wrong as another one.
    """
    flow = native.oauth2_start_flow("openid", state=None)
    with pytest.raises(StateMismatchError):
        flow.code_from(callback(code="a-code"))


def test_a_state_that_is_no_text_is_refused_and_nothing_leaks(native: NativeAppAuthClient) -> None:
    """
    Lone surrogates cannot be encoded, other types not be compared.
    """
    flow = native.oauth2_start_flow("openid", state=None)
    for state in ("\ud800", 7, None):
        with pytest.raises(StateMismatchError):
            flow.code_from({"code": "a-code", "state": state})


def test_state_is_compared_in_constant_time(
    native: NativeAppAuthClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    By hmac.compare_digest, not by ``==``.
    """
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return True

    monkeypatch.setattr("hmac.compare_digest", compare)
    flow = native.oauth2_start_flow("openid", state="mine")
    flow.code_from({"code": "a-code", "state": "mine"})
    assert compared == [(b"mine", b"mine")]


def test_an_error_is_a_denied_login(native: NativeAppAuthClient) -> None:
    """
    With the server's words and what to do.
    """
    flow = native.oauth2_start_flow("openid", state="mine")
    url = callback(state="mine", error="access_denied", error_description="The person said no")
    with pytest.raises(LoginDeniedError) as caught:
        flow.exchange_callback(url)
    assert caught.value.error == "access_denied"
    assert caught.value.error_description == "The person said no"
    assert str(caught.value) == "the login ended with 'access_denied': The person said no"
    assert "allow the requested access" in caught.value.explain()


def test_a_callback_without_code_and_error_is_refused(native: NativeAppAuthClient) -> None:
    """
    An empty code is none.
    """
    flow = native.oauth2_start_flow("openid", state="mine")
    for url in (callback(state="mine"), callback(state="mine", code="")):
        with pytest.raises(LoginFlowError, match="neither a code nor an error"):
            flow.code_from(url)


def test_a_callback_that_is_no_url_is_refused(native: NativeAppAuthClient) -> None:
    """
    A foreign ValueError does not leak.
    """
    with pytest.raises(LoginFlowError, match="not a URL"):
        native.oauth2_start_flow("openid").code_from("http://[::1?code=x")


def test_a_callback_of_another_server_is_refused(native: NativeAppAuthClient) -> None:
    """
    RFC 9207: its ``iss`` is another; our own passes.
    """
    flow = native.oauth2_start_flow("openid", state="mine")
    assert flow.code_from(callback(code="a-code", state="mine", iss=fakes.ISSUER)) == "a-code"
    with pytest.raises(LoginFlowError, match=r"'https://evil\.example'"):
        flow.code_from(callback(code="a-code", state="mine", iss="https://evil.example"))


def test_a_flow_is_used_once(native: NativeAppAuthClient, server: fakes.FakeAuth) -> None:
    """
    A second good callback is a usage error and sends nothing.
    """
    server.answer(fakes.TOKEN_PATH, fakes.token())
    flow = native.oauth2_start_flow("openid", state="mine")
    flow.exchange_callback(callback(code="a-code", state="mine"))
    with pytest.raises(GlobusSDKUsageError, match="already been used"):
        flow.exchange_callback(callback(code="another", state="mine"))
    assert server.count(fakes.TOKEN_PATH) == 1


def test_a_flow_that_has_brought_tokens_takes_no_callback(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    Nor does one whose exchange failed half way; a code that was mistyped may be typed again.
    """
    flow = native.oauth2_start_flow("openid", state="mine")
    server.answer(fakes.TOKEN_PATH, {"error": "invalid_grant"}, status=401)
    with pytest.raises(AuthAPIError):
        flow.exchange_code_for_tokens("mistyped")
    server.answer(fakes.TOKEN_PATH, fakes.token())
    assert flow.exchange_code_for_tokens("a-code")
    with pytest.raises(GlobusSDKUsageError, match="already been used"):
        flow.exchange_callback(callback(code="a-code", state="mine"))
    assert server.count(fakes.TOKEN_PATH) == 2


def test_threads_with_one_callback_exchange_it_once(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    A person who clicks twice sends two requests to a portal.
    """
    server.answer(fakes.TOKEN_PATH, fakes.token())
    flow = native.oauth2_start_flow("openid", state="mine")
    everybody = threading.Barrier(6)
    outcomes: list[str] = []

    def arrive() -> None:
        everybody.wait(30)
        try:
            flow.exchange_callback(callback(code="a-code", state="mine"))
            outcomes.append("tokens")
        except GlobusSDKUsageError:
            outcomes.append("refused")

    threads = [threading.Thread(target=arrive) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["refused"] * 5 + ["tokens"]
    assert server.count(fakes.TOKEN_PATH) == 1


def test_a_callback_of_somebody_else_does_not_use_up_the_flow(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    Else anybody could spoil a login.
    """
    server.answer(fakes.TOKEN_PATH, fakes.token())
    flow = native.oauth2_start_flow("openid", state="mine")
    with pytest.raises(StateMismatchError):
        flow.exchange_callback(callback(code="a-code", state="theirs"))
    assert flow.exchange_callback(callback(code="a-code", state="mine"))


def test_the_nonce_of_the_id_token_is_checked(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    The right one passes, another and none do not.
    """
    for nonce, accepted in (("mine", True), ("other", False), (None, False)):
        flow = native.oauth2_start_flow("openid", nonce="mine")
        assert "nonce=mine" in flow.get_authorize_url()
        server.answer(fakes.TOKEN_PATH, fakes.token(id_token=fakes.id_token(nonce=nonce)))
        if accepted:
            assert flow.exchange_code_for_tokens("a-code")
            continue
        with pytest.raises(IDTokenError) as caught:
            flow.exchange_code_for_tokens("a-code")
        assert caught.value.claim == "nonce"


def test_a_nonce_cannot_be_evaded_by_leaving_out_the_id_token(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    The code of a login without ``openid`` would bring none.
    """
    server.answer(fakes.TOKEN_PATH, fakes.token())
    with pytest.raises(IDTokenError, match="no ID token") as caught:
        native.oauth2_start_flow("openid", nonce=None).exchange_code_for_tokens("a-code")
    assert caught.value.claim == "nonce"
    assert native.oauth2_start_flow("email", nonce=None).exchange_code_for_tokens("a-code")


def test_an_exchange_that_a_program_overrides_is_called_by_flows(server: fakes.FakeAuth) -> None:
    """
    Also by a flow that is no longer the client's current one; its own verifier is sent.
    """

    class Client(NativeAppAuthClient):
        codes: t.ClassVar[list[str]] = []

        def oauth2_exchange_code_for_tokens(self, auth_code: str) -> t.Any:
            self.codes.append(auth_code)
            return super().oauth2_exchange_code_for_tokens(auth_code)

    server.answer(fakes.TOKEN_PATH, fakes.token())
    client = fakes.joined(Client(fakes.CLIENT_ID, base_url=fakes.BASE_URL), server)
    flows = [client.oauth2_start_flow("openid", state="mine") for _ in range(2)]
    for number, flow in enumerate(flows):
        flow.exchange_callback(callback(code=f"code-{number}", state="mine"))
        assert server.last.form["code_verifier"] == flow.verifier
    assert client.codes == ["code-0", "code-1"]
    assert client.current_oauth2_flow_manager is flows[1]


def test_flows_of_two_clients_may_be_nested(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    The exchange of one may log in by another, whose flow is its own current one.
    """

    class Client(NativeAppAuthClient):
        def oauth2_exchange_code_for_tokens(self, auth_code: str) -> t.Any:
            native.oauth2_exchange_code_for_tokens("inner")
            return super().oauth2_exchange_code_for_tokens(auth_code)

    server.answer(fakes.TOKEN_PATH, fakes.token())
    client = fakes.joined(Client(fakes.CLIENT_ID, base_url=fakes.BASE_URL), server)
    native.oauth2_start_flow("openid")
    client.oauth2_start_flow("openid", state="mine").exchange_callback("code=outer&state=mine")
    sent = [sent.form["code"] for sent in server.sent if sent.path == fakes.TOKEN_PATH]
    assert sent == ["inner", "outer"]


def test_a_pasted_code_loses_the_spaces_around_it(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    People copy codes from a page.
    """
    server.answer(fakes.TOKEN_PATH, fakes.token())
    confidential.oauth2_start_flow(CALLBACK, "openid")
    confidential.oauth2_exchange_code_for_tokens("  a-code\n")
    assert server.last.form == {
        "grant_type": "authorization_code",
        "code": "a-code",
        "redirect_uri": CALLBACK,
    }


@pytest.mark.parametrize("code", ["cod\u00e9", "a\ud800", "\u2018a-code\u2019"])
def test_what_can_be_no_code_is_not_sent(
    native: NativeAppAuthClient, server: fakes.FakeAuth, code: str
) -> None:
    """
    A terminal or a word processor has changed it; the error does not show it.
    """
    native.oauth2_start_flow("openid")
    with pytest.raises(LoginFlowError, match="copy it again") as caught:
        native.oauth2_exchange_code_for_tokens(code)
    assert code not in str(caught.value)
    assert not server.sent
