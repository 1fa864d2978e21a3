"""
The URL that a person opens to log in.
"""

from __future__ import annotations

import typing as t
import uuid
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core.exc import GlobusSDKUsageError
from globus_core.scopes import Scope, TransferScopes
from globus_core_auth import pkce
from tests.unit.auth import fakes

if t.TYPE_CHECKING:
    from globus_core import ConfidentialAppAuthClient, NativeAppAuthClient

VERIFIER = "v" * 50
CALLBACK = "https://portal.example.org/callback"


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
        "code_challenge": pkce.challenge(VERIFIER),
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
    assert query["code_challenge"] == pkce.challenge(flow.verifier)
    assert query["code_challenge_method"] == "S256"


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
    from globus_core import NativeAppAuthClient

    with pytest.raises(GlobusSDKUsageError, match="client id"):
        NativeAppAuthClient("", base_url=fakes.BASE_URL).oauth2_start_flow()


@given(state=st.text(), label=st.text(min_size=1), hint=st.text(), uri=st.text(min_size=1))
def test_parameters_survive_any_text(state: str, label: str, hint: str, uri: str) -> None:
    """
    Whatever is put in comes out of the URL at the other end.
    """
    from globus_core import NativeAppAuthClient

    client = NativeAppAuthClient(fakes.CLIENT_ID, base_url=fakes.BASE_URL)
    client.oauth2_start_flow("openid", redirect_uri=uri, state=state, prefill_named_grant=label)
    url = client.oauth2_get_authorize_url(query_params={"login_hint": hint})
    assert url.isascii()
    query = query_of(url)
    assert (query["state"], query["prefill_named_grant"]) == (state, label)
    assert (query["login_hint"], query["redirect_uri"]) == (hint, uri)
