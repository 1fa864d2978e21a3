"""
The URL that a person opens to log in.
"""

from __future__ import annotations

import typing as t
import uuid
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core import NativeAppAuthClient
from globus_core.exc import GlobusSDKUsageError
from globus_core.gare import GlobusAuthorizationParameters
from globus_core.login_flows import LoginFlowManager
from globus_core.scopes import Scope, TransferScopes
from globus_core_auth import _pkce
from tests.unit.auth import fakes

if t.TYPE_CHECKING:
    from globus_core import ConfidentialAppAuthClient

VERIFIER = "v" * 50
CALLBACK = "https://portal.example.org/callback"
LISTS = [
    "session_required_identities",
    "session_required_single_domain",
    "session_required_policies",
]


def query_of(url: str) -> dict[str, str]:
    """
    The query of a URL, in which no parameter may come twice.
    """
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True, strict_parsing=True)
    assert len(pairs) == len(dict(pairs))
    return dict(pairs)


def test_a_native_url_has_what_the_specification_lists(native: NativeAppAuthClient) -> None:
    """
    The whole query of a native flow, to the letter.
    """
    native.oauth2_start_flow("openid email", verifier=VERIFIER, refresh_tokens=True)
    url = native.oauth2_get_authorize_url()
    assert url.startswith("https://auth.example.org/v2/oauth2/authorize?")
    assert query_of(url) == {
        "client_id": fakes.CLIENT_ID,
        "redirect_uri": "https://auth.example.org/v2/web/auth-code",
        "scope": "openid email",
        "state": "_default",
        "response_type": "code",
        "access_type": "offline",
        "code_challenge": _pkce.challenge(VERIFIER),
        "code_challenge_method": "S256",
    }
    assert "scope=openid+email" in url


def test_a_confidential_url_has_what_the_specification_lists(
    confidential: ConfidentialAppAuthClient,
) -> None:
    """
    The whole query of a confidential flow, without PKCE.
    """
    confidential.oauth2_start_flow(CALLBACK, "openid", state="mine")
    assert query_of(confidential.oauth2_get_authorize_url()) == {
        "client_id": fakes.CLIENT_ID,
        "redirect_uri": CALLBACK,
        "scope": "openid",
        "state": "mine",
        "response_type": "code",
        "access_type": "online",
    }


def test_a_confidential_flow_sends_a_challenge_where_pkce_is_switched_on(
    confidential: ConfidentialAppAuthClient,
) -> None:
    """
    RFC 9700 recommends PKCE for confidential clients too.
    """
    flow = confidential.oauth2_start_flow(CALLBACK, pkce=True)
    query = query_of(confidential.oauth2_get_authorize_url())
    assert flow.verifier is not None
    assert query["code_challenge"] == _pkce.challenge(flow.verifier)
    assert query["code_challenge_method"] == "S256"


def test_a_confidential_flow_goes_on_with_the_verifier_of_another_process(
    confidential: ConfidentialAppAuthClient,
) -> None:
    """
    A portal keeps it in the person's session; one of a wrong form is refused.
    """
    first = confidential.oauth2_start_flow(CALLBACK, "openid", pkce=True)
    later = confidential.oauth2_start_flow(CALLBACK, "openid", verifier=first.verifier)
    assert later.verifier == first.verifier
    assert query_of(later.get_authorize_url()) == query_of(first.get_authorize_url())
    assert confidential.oauth2_start_flow(CALLBACK, "openid", verifier=None).verifier is None
    with pytest.raises(GlobusSDKUsageError, match="5 characters"):
        confidential.oauth2_start_flow(CALLBACK, "openid", verifier="short")


def test_a_native_flow_cannot_do_without_pkce(native: NativeAppAuthClient) -> None:
    """
    Switching it off is a usage error.
    """
    with pytest.raises(GlobusSDKUsageError, match="always uses PKCE"):
        native.oauth2_start_flow(pkce=False)


def test_without_scopes_the_default_ones_are_asked_for(native: NativeAppAuthClient) -> None:
    """
    Who the person is, and Transfer.
    """
    native.oauth2_start_flow()
    scope = query_of(native.oauth2_get_authorize_url())["scope"]
    assert scope == f"openid profile email {TransferScopes.all}"


def test_scopes_may_be_objects_strings_or_both(native: NativeAppAuthClient) -> None:
    """
    They are joined by spaces, dependencies in brackets.
    """
    nested = Scope("a").with_dependency(Scope("b", optional=True))
    native.oauth2_start_flow([nested, "c d"])
    assert query_of(native.oauth2_get_authorize_url())["scope"] == "a[*b] c d"


def test_empty_scopes_are_a_usage_error(native: NativeAppAuthClient) -> None:
    """
    A login for nothing is a mistake.
    """
    with pytest.raises(GlobusSDKUsageError):
        native.oauth2_start_flow("")


def test_session_parameters_travel_as_the_specification_says(native: NativeAppAuthClient) -> None:
    """
    Lists with commas, strings as they are, truth in lower case, unset ones not at all.
    """
    native.oauth2_start_flow("openid")
    one, two = uuid.UUID(int=1), uuid.UUID(int=2)
    query = query_of(
        native.oauth2_get_authorize_url(
            session_required_identities=[one, str(two)],
            session_required_single_domain="a.example,b.example",
            session_required_policies=one,
            session_required_mfa=True,
            session_message="Sign in again, please",
            prompt="login",
        )
    )
    assert query["session_required_identities"] == f"{one},{two}"
    assert query["session_required_single_domain"] == "a.example,b.example"
    assert query["session_required_policies"] == str(one)
    assert query["session_required_mfa"] == "true"
    assert query["session_message"] == "Sign in again, please"
    assert query["prompt"] == "login"


def test_unset_session_parameters_are_left_out(native: NativeAppAuthClient) -> None:
    """
    None and MISSING are the same here; False is not.
    """
    native.oauth2_start_flow("openid")
    query = query_of(
        native.oauth2_get_authorize_url(
            session_required_mfa=False, session_message=None, session_required_identities=None
        )
    )
    assert query["session_required_mfa"] == "false"
    assert not {"session_message", "session_required_identities", "prompt"} & query.keys()


@pytest.mark.parametrize(
    "asked",
    [
        {"session_required_identities": [], "session_required_policies": ""},
        {"session_required_single_domain": [""], "session_message": ""},
        {"session_required_identities": (), "session_required_policies": ()},
    ],
)
@pytest.mark.parametrize("by_mapping", [True, False])
def test_session_parameters_without_a_value_are_left_out(
    native: NativeAppAuthClient, asked: dict[str, t.Any], by_mapping: bool
) -> None:
    """
    By keyword or in ``query_params``, which may take one away; an empty state is not of a session.
    """
    native.oauth2_start_flow("openid", state="")
    given: dict[str, t.Any] = {"query_params": asked} if by_mapping else asked
    query = query_of(native.oauth2_get_authorize_url(**given, session_required_mfa=True))
    assert {name for name in query if name.startswith("session_")} == {"session_required_mfa"}
    assert query["state"] == ""


def test_query_params_win_over_keywords_and_those_over_the_flow(
    native: NativeAppAuthClient,
) -> None:
    """
    What is nearest to the call counts; None takes a parameter away.
    """
    native.oauth2_start_flow("openid", prefill_named_grant="laptop")
    query = query_of(
        native.oauth2_get_authorize_url(
            login_hint="ada@example.org",
            prompt="none",
            query_params={"prompt": "login", "scope": "email", "prefill_named_grant": None},
        )
    )
    assert query["login_hint"] == "ada@example.org"
    assert query["prompt"] == "login"
    assert query["scope"] == "email"
    assert "prefill_named_grant" not in query


def test_a_flow_must_be_started_first(native: NativeAppAuthClient) -> None:
    """
    Neither the URL nor the exchange works without one.
    """
    with pytest.raises(GlobusSDKUsageError, match="oauth2_start_flow"):
        native.oauth2_get_authorize_url()
    with pytest.raises(GlobusSDKUsageError, match="oauth2_start_flow"):
        native.oauth2_exchange_code_for_tokens("a-code")


def test_a_native_flow_needs_a_client_id(server: fakes.FakeAuth) -> None:
    """
    An empty one is refused before anybody opens a browser.
    """
    with pytest.raises(GlobusSDKUsageError, match="client id"):
        NativeAppAuthClient("", base_url=fakes.BASE_URL).oauth2_start_flow()


#: what a person or a program could write, and what means something in a URL
any_text = st.text(max_size=20) | st.sampled_from(
    [
        "",
        " ",
        "&",
        "a=b&c=d",
        "#",
        "a#b",
        "?",
        "%",
        "%20",
        "+",
        "a b",
        "\n",
        "\0",
        "/",
        "é",
        "🎓",
        ",",
        "None",
    ]
)


@settings(max_examples=80)
@given(
    own=st.fixed_dictionaries(
        {"redirect_uri": any_text, "state": any_text, "nonce": any_text},
        optional={"prefill_named_grant": any_text},
    ),
    asked=st.dictionaries(
        st.sampled_from(["session_message", "prompt", "login_hint", *LISTS]), any_text
    ),
    by_mapping=st.booleans(),
    others=st.dictionaries(
        st.text(min_size=1, max_size=8).map(lambda name: f"x-{name}"), any_text, max_size=3
    ),
)
def test_parameters_survive_any_text(
    own: dict[str, str], asked: dict[str, str], by_mapping: bool, others: dict[str, str]
) -> None:
    """
    Whatever is put in comes out of the URL at the other end, through every door.

    Only a session parameter without a value is left out.
    """
    client = NativeAppAuthClient(fakes.CLIENT_ID, base_url=fakes.BASE_URL)
    flow = client.oauth2_start_flow("openid", **own)  # type: ignore[arg-type]
    door: dict[str, t.Any] = (
        {"query_params": {**asked, **others}} if by_mapping else {**asked, "query_params": others}
    )
    for method in (client.oauth2_get_authorize_url, flow.get_authorize_url):
        url = method(**door)
        assert url.isascii()
        assert "#" not in url
        assert " " not in url
        query = query_of(url)
        for name, text in {**own, **asked, **others}.items():
            assert query.get(name) == (text or None if name.startswith("session_") else text)
        assert query["code_challenge_method"] == "S256"


@settings(max_examples=60)
@given(
    values=st.lists(any_text.filter(lambda text: "," not in text), min_size=1, max_size=4),
    name=st.sampled_from(LISTS),
    kind=st.sampled_from([list, tuple, iter, ",".join]),
)
def test_several_values_travel_alike_in_whatever_form_they_come(
    values: list[str], name: str, kind: t.Callable[[list[str]], t.Any]
) -> None:
    """
    A list, a tuple, an iterator or one string with commas.
    """
    client = NativeAppAuthClient(fakes.CLIENT_ID, base_url=fakes.BASE_URL)
    client.oauth2_start_flow("openid")
    url = client.oauth2_get_authorize_url(**t.cast("t.Any", {name: kind(values)}))
    assert query_of(url).get(name) == (",".join(values) or None)


@pytest.mark.parametrize("door", ["client", "client mapping", "flow", "flow mapping"])
def test_session_parameters_travel_alike_through_every_door(
    confidential: ConfidentialAppAuthClient, door: str
) -> None:
    """
    By keyword or in a mapping, at the client or at the flow.
    """
    flow = confidential.oauth2_start_flow(CALLBACK, "openid")
    one, two = uuid.UUID(int=1), uuid.UUID(int=2)
    asked: dict[str, t.Any] = {
        "session_required_identities": [one, two],
        "session_required_single_domain": ("a.example", "b.example"),
        "session_required_policies": str(one),
        "session_required_mfa": True,
        "session_message": "Sign in again, please",
        "prompt": "login",
        "login_hint": "ada@example.org",
        "nonce": None,
    }
    method = (
        confidential.oauth2_get_authorize_url
        if door.startswith("client")
        else flow.get_authorize_url
    )
    url = method(query_params=asked) if door.endswith("mapping") else method(**asked)
    query = query_of(url)
    assert {name: query.get(name) for name in asked} == {
        "session_required_identities": f"{one},{two}",
        "session_required_single_domain": "a.example,b.example",
        "session_required_policies": str(one),
        "session_required_mfa": "true",
        "session_message": "Sign in again, please",
        "prompt": "login",
        "login_hint": "ada@example.org",
        "nonce": None,
    }


def test_scopes_in_a_mapping_are_joined_by_spaces(native: NativeAppAuthClient) -> None:
    """
    As they are everywhere else.
    """
    flow = native.oauth2_start_flow("openid")
    url = flow.get_authorize_url({"scope": [TransferScopes.all, "email"]})
    assert query_of(url)["scope"] == f"{TransferScopes.all} email"


def test_a_login_flow_asks_for_what_a_service_demands(native: NativeAppAuthClient) -> None:
    """
    All of it, in the same form, with fresh state and nonce and with PKCE.
    """

    class Asks(LoginFlowManager):
        def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any:
            return self.start_flow(auth_parameters, CALLBACK)

    wanted = GlobusAuthorizationParameters(
        session_message="Sign in again, please",
        session_required_identities=["a", "b"],
        session_required_policies=["p", "q"],
        session_required_single_domain=["a.example", "b.example"],
        session_required_mfa=False,
        required_scopes=["openid", "email"],
        prompt="login",
    )
    flow, url = Asks(native).run_login_flow(wanted)
    query = query_of(url)
    assert {name: text for name, text in query.items() if name.startswith(("session", "p"))} == {
        "session_message": "Sign in again, please",
        "session_required_identities": "a,b",
        "session_required_policies": "p,q",
        "session_required_single_domain": "a.example,b.example",
        "session_required_mfa": "false",
        "prompt": "login",
    }
    assert query["scope"] == "openid email"
    assert (query["state"], query["nonce"]) == (flow.state, flow.nonce)
    assert min(len(flow.state), len(flow.nonce)) >= 32
    assert query["code_challenge"] == _pkce.challenge(flow.verifier)


@pytest.mark.parametrize("name", ["code_challenge", "code_challenge_method"])
@pytest.mark.parametrize("value", ["plain", None])
def test_pkce_cannot_be_taken_out_of_a_url(
    native: NativeAppAuthClient,
    confidential: ConfidentialAppAuthClient,
    name: str,
    value: str | None,
) -> None:
    """
    Neither by another value nor by none; whoever has a verifier of their own starts with it.
    """
    native.oauth2_start_flow("openid")
    with pytest.raises(GlobusSDKUsageError, match=name):
        native.oauth2_get_authorize_url(query_params={name: value})
    with pytest.raises(GlobusSDKUsageError, match=name):
        native.oauth2_get_authorize_url(**t.cast("t.Any", {name: value}))
    confidential.oauth2_start_flow(CALLBACK, "openid")
    url = confidential.oauth2_get_authorize_url(query_params={name: value})
    assert query_of(url).get(name) == value


def test_text_that_no_url_can_carry_is_a_usage_error(native: NativeAppAuthClient) -> None:
    """
    It names the parameter, and does not show what was in it.
    """
    native.oauth2_start_flow("openid", state="hush\ud800")
    with pytest.raises(GlobusSDKUsageError, match="'state'") as caught:
        native.oauth2_get_authorize_url()
    assert "hush" not in str(caught.value)
    assert caught.value.__context__ is None
