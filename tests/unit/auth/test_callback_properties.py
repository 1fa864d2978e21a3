"""
Callbacks of any form: a code, or one typed error, and no request before it.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core.exc import (
    GlobusSDKUsageError,
    LoginDeniedError,
    LoginFlowError,
    StateMismatchError,
)
from tests.unit.auth import fakes

if t.TYPE_CHECKING:
    from globus_core import NativeAppAuthClient
    from globus_core_auth import GlobusOAuthFlowManager

CALLBACK = "http://127.0.0.1:7777/callback"
NAMES = st.sampled_from(
    ["code", "state", "error", "error_description", "error_uri", "iss", "scope", "id_token"]
)
VALUES = st.sampled_from(["mine", "a-code", "", "access_denied", fakes.ISSUER]) | st.text(
    st.characters(exclude_categories=()), max_size=10
)


def flow_of(server: fakes.FakeAuth) -> GlobusOAuthFlowManager:
    """
    A flow with the state ``mine``.
    """
    return fakes.native(server).oauth2_start_flow("openid", state="mine")


def outcome(flow: GlobusOAuthFlowManager, callback: t.Any) -> str | None:
    """
    The code of a callback; None if it ended with the one kind of error that there is.
    """
    try:
        code = flow.code_from(callback)
    except LoginFlowError as error:
        assert str(flow.verifier) not in str(error)
        assert len(str(error)) < 2000
        assert error.__context__ is None
        return None
    assert isinstance(code, str)
    assert code
    return code


def encoded(text: str) -> str:
    """
    Text in a query, lone surrogates included.
    """
    return quote(text, safe="", errors="surrogatepass")


@settings(max_examples=150)
@given(pairs=st.lists(st.tuples(NAMES, VALUES), max_size=6), raw=st.booleans())
def test_parameters_of_any_kind_give_a_code_or_one_typed_error(
    pairs: list[tuple[str, str]], raw: bool
) -> None:
    """
    A code comes out only if state, error and issuer allow it, and each came once.
    """
    server = fakes.FakeAuth()
    query = "&".join(f"{name}={encoded(value)}" for name, value in pairs)
    found = outcome(flow_of(server), query if raw else f"{CALLBACK}?{query}")
    params = dict(pairs)
    good = (
        len(params) == len(pairs)
        and params.get("state") == "mine"
        and params.get("iss") in (None, fakes.ISSUER)
        and not params.get("error")
        and bool(params.get("code"))
    )
    assert (found is not None) is good
    assert {sent.path for sent in server.sent} <= {fakes.CONFIGURATION_PATH}


@settings(max_examples=150)
@given(st.text(st.characters(exclude_categories=())) | st.binary())
def test_any_text_is_a_code_or_one_typed_error(text: str | bytes) -> None:
    """
    As a whole callback, and behind the right state.
    """
    server = fakes.FakeAuth()
    assert outcome(flow_of(server), text) is None
    assert not server.sent
    if isinstance(text, str):
        outcome(flow_of(server), f"{CALLBACK}?state=mine&{text}")
    else:
        outcome(flow_of(server), b"state=mine&" + text)


any_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.binary(max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.tuples(inner),
    max_leaves=3,
)


@settings(max_examples=100)
@given(st.dictionaries(NAMES | st.binary(max_size=3) | st.none(), any_value, max_size=5))
def test_any_mapping_is_a_code_or_one_typed_error(params: dict[t.Any, t.Any]) -> None:
    """
    Frameworks and tests hand over all kinds.
    """
    outcome(flow_of(fakes.FakeAuth()), params)


@pytest.mark.parametrize("callback", [None, 7, ["code", "x"], object(), {("a", "b")}])
def test_what_is_no_callback_is_a_usage_error(native: NativeAppAuthClient, callback: t.Any) -> None:
    """
    It is the program's mistake, not the person's.
    """
    with pytest.raises(GlobusSDKUsageError, match="a callback is a URL or a mapping"):
        native.oauth2_start_flow("openid").code_from(callback)


class GetAll(Mapping[str, str]):
    """
    A mapping as other frameworks have it: every pair is there, ``getall`` gives all of a name.
    """

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self._pairs = pairs

    def __getitem__(self, key: str) -> str:
        return self.getall(key)[0]

    def __iter__(self) -> t.Iterator[str]:
        return iter([name for name, _ in self._pairs])

    def __len__(self) -> int:
        return len(self._pairs)

    def getall(self, key: str) -> list[str]:
        """
        All values of a key.
        """
        return [value for name, value in self._pairs if name == key]


@pytest.mark.parametrize(
    "callback",
    [
        "code=a-code&state=mine",
        "?code=a-code&state=mine",
        b"code=a-code&state=mine",
        f"  {CALLBACK}?code=a-code&state=mine\n",
        f"{CALLBACK}?code=a-code&state=mine#_=_",
        {"code": "a-code", "state": "mine", "error": None, "iss": None},
        {"code": ["a-code"], "state": ["mine"], "error": [None], "error_description": []},
        {b"code": b"a-code", b"state": [b"mine"]},
        GetAll(("code", "a-code"), ("state", "mine")),
    ],
)
def test_a_callback_comes_in_the_form_that_a_program_has(
    native: NativeAppAuthClient, callback: t.Any
) -> None:
    """
    URL, query, bytes, or a mapping in which None is a parameter that did not come.
    """
    assert native.oauth2_start_flow("openid", state="mine").code_from(callback) == "a-code"


def test_a_value_that_comes_twice_in_another_kind_of_mapping_is_refused(
    native: NativeAppAuthClient,
) -> None:
    """
    Though the mapping shows one of them only.
    """
    callback = GetAll(("code", "one"), ("code", "two"), ("state", "mine"))
    with pytest.raises(LoginFlowError, match="repeats 'code'"):
        native.oauth2_start_flow("openid", state="mine").code_from(callback)


def test_what_a_server_says_cannot_write_on_a_terminal(native: NativeAppAuthClient) -> None:
    """
    Escape sequences and texts without end are tamed in the message, and kept beside it.
    """
    said = "\x1b[2J\r\ngo to evil" + "x" * 5000
    query = urlencode({"state": "mine", "error": "no\x1b[2J", "error_description": said})
    with pytest.raises(LoginDeniedError) as caught:
        native.oauth2_start_flow("openid", state="mine").code_from(query)
    assert caught.value.error_description == said
    assert str(caught.value).isprintable()
    assert "go to evil" in str(caught.value)
    assert len(str(caught.value)) < 1000


# RFC 9207


@pytest.fixture
def promising(server: fakes.FakeAuth, native: NativeAppAuthClient) -> NativeAppAuthClient:
    """
    A client of a server that promises to say in each callback who it is.
    """
    promise = {"authorization_response_iss_parameter_supported": True}
    server.answer(fakes.CONFIGURATION_PATH, fakes.configuration(**promise))
    return native


def test_a_promised_issuer_must_come(
    promising: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    Else the callback of another server would pass by leaving it out; the code is not sent.
    """
    flow = promising.oauth2_start_flow("openid", state="mine")
    for callback in (
        {"code": "a-code", "state": "mine"},
        {"code": "a-code", "state": "mine", "iss": None},
    ):
        with pytest.raises(LoginFlowError, match="lacks the issuer"):
            flow.exchange_callback(callback)
    with pytest.raises(LoginFlowError, match="comes from the server ''"):
        flow.exchange_callback("code=a-code&state=mine&iss=")
    server.answer(fakes.TOKEN_PATH, fakes.token())
    assert flow.exchange_callback({"code": "a-code", "state": "mine", "iss": fakes.ISSUER})
    assert server.count(fakes.TOKEN_PATH) == 1


@pytest.mark.parametrize("value", [None, False, "true", 1])
def test_an_issuer_that_is_not_promised_may_be_left_out(
    native: NativeAppAuthClient, server: fakes.FakeAuth, value: t.Any
) -> None:
    """
    Only ``true`` is a promise (RFC 9207 section 3).
    """
    promise = {"authorization_response_iss_parameter_supported": value}
    server.answer(fakes.CONFIGURATION_PATH, fakes.configuration(**promise))
    flow = native.oauth2_start_flow("openid", state="mine")
    assert flow.code_from({"code": "a-code", "state": "mine"}) == "a-code"


def test_without_the_servers_word_no_code_is_exchanged(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    Whether an issuer is due is not guessed.
    """
    server.answer(fakes.CONFIGURATION_PATH, {}, status=404)
    server.answer(fakes.TOKEN_PATH, fakes.token())
    flow = native.oauth2_start_flow("openid", state="mine")
    from globus_core import AuthAPIError

    with pytest.raises(AuthAPIError):
        flow.exchange_callback("code=a-code&state=mine")
    assert server.count(fakes.TOKEN_PATH) == 0


def test_a_callback_of_another_login_needs_no_network(
    promising: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    The state is looked at first.
    """
    flow = promising.oauth2_start_flow("openid", state="mine")
    for callback in ("state=other&code=a-code", "state=other&error=access_denied", "code=a-code"):
        with pytest.raises(StateMismatchError):
            flow.exchange_callback(callback)
    assert not server.sent


@pytest.mark.parametrize("answer", ["error=access_denied", "code=a-code", ""])
def test_an_answer_of_another_server_is_not_believed(
    promising: NativeAppAuthClient, server: fakes.FakeAuth, answer: str
) -> None:
    """
    RFC 9207 section 2.4: neither a yes nor a no.
    """
    flow = promising.oauth2_start_flow("openid", state="mine")
    for iss, what in (
        ("&iss=https://evil.example", "comes from the server 'https://evil.example'"),
        ("&iss=" + "x" * 10_000, r"comes from the server 'xxx.*\.\.\."),
        ("&iss=", "comes from the server ''"),
        ("", "lacks the issuer"),
        (f"&iss={fakes.ISSUER}&iss={fakes.ISSUER}", "repeats"),
    ):
        with pytest.raises(LoginFlowError, match=what) as caught:
            flow.exchange_callback(f"{answer}&state=mine{iss}")
        assert type(caught.value) is LoginFlowError
        assert len(str(caught.value)) < 700
    assert {sent.path for sent in server.sent} == {fakes.CONFIGURATION_PATH}


def test_a_refusal_of_the_right_server_is_believed(promising: NativeAppAuthClient) -> None:
    """
    A bare query may have addresses in it.
    """
    flow = promising.oauth2_start_flow("openid", state="mine")
    with pytest.raises(LoginDeniedError):
        flow.exchange_callback(f"state=mine&error=access_denied&iss={fakes.ISSUER}")
    with pytest.raises(LoginFlowError, match="neither a code nor an error"):
        flow.exchange_callback(f"state=mine&iss={fakes.ISSUER}")
