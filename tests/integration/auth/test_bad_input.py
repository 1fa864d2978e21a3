"""
What goes wrong in a login ends in one clear typed error, and nothing is sent twice.
"""

from __future__ import annotations

import socket
import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest

from globus_core import (
    AuthAPIError,
    ConfidentialAppAuthClient,
    GlobusAPIError,
    GlobusConnectionError,
    NativeAppAuthClient,
)
from globus_core.exc import LoginDeniedError, NetworkError, StateMismatchError, ValidationError
from tests.integration.auth.settings import AT_ONCE

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from globus_core_sandbox import Sandbox

    Browse = Callable[[str], str]

CALLBACK = "http://127.0.0.1:7777/callback"
TOKEN_PATH = "/v2/oauth2/token"
PAGE = "<!doctype html><title>Guest network</title><p>Please sign in.</p>"
HTML = {"Content-Type": "text/html; charset=utf-8"}


def callback_of(client: NativeAppAuthClient, browse: Browse, **settings: t.Any) -> str:
    """
    Begin a login, approve it, and give the callback.
    """
    client.oauth2_start_flow("openid", redirect_uri=CALLBACK, state=None, **settings)
    return browse(client.oauth2_get_authorize_url())


def code_in(callback: str) -> str:
    """
    The code of a callback.
    """
    return parse_qs(urlsplit(callback).query)["code"][0]


def check(error: GlobusAPIError, status: int, code: str | None, advice: str) -> None:
    """
    Class, status, code and advice of an error, and that all of it is shown to people.
    """
    assert isinstance(error, AuthAPIError)
    assert (error.http_status, error.code) == (status, code)
    assert error.advice is not None
    assert advice in error.advice
    explained = error.explain()
    assert f"What to do: {error.advice}." in explained
    assert f"answered with {status}" in explained
    assert str(status) in str(error)


def test_a_wrong_client_secret(globus_sandbox: Sandbox) -> None:
    """
    The secret is nowhere in the error.
    """
    with (
        ConfidentialAppAuthClient(
            globus_sandbox.confidential_client_id,
            "a-wrong-guess",
            base_url=globus_sandbox.url,
            transport_params=AT_ONCE,
        ) as client,
        pytest.raises(AuthAPIError) as caught,
    ):
        client.oauth2_client_credentials_tokens("openid")
    check(caught.value, 401, "invalid_client", "check the client id and the client secret")
    for text in (str(caught.value), caught.value.explain(), repr(caught.value)):
        assert "a-wrong-guess" not in text
    assert globus_sandbox.count(path=TOKEN_PATH) == 1


def test_a_code_that_was_used(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse
) -> None:
    """
    The second exchange is refused, and sent once.
    """
    code = code_in(callback_of(native, browse))
    assert native.oauth2_exchange_code_for_tokens(code)
    with pytest.raises(AuthAPIError) as caught:
        native.oauth2_exchange_code_for_tokens(code)
    check(caught.value, 401, "invalid_grant", "was used before")
    assert code not in caught.value.explain()
    assert globus_sandbox.count(path=TOKEN_PATH) == 2


def test_a_wrong_verifier(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse
) -> None:
    """
    The code of another flow does not fit.
    """
    code = code_in(callback_of(native, browse))
    native.oauth2_start_flow("openid", redirect_uri=CALLBACK)
    with pytest.raises(AuthAPIError) as caught:
        native.oauth2_exchange_code_for_tokens(code)
    check(caught.value, 401, "invalid_grant", "belongs to another client or login")
    assert globus_sandbox.count(path=TOKEN_PATH) == 1


def test_a_wrong_state(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse
) -> None:
    """
    Nothing is sent, so the code of somebody else is not taken in.
    """
    theirs = callback_of(native, browse)
    ours = native.oauth2_start_flow("openid", redirect_uri=CALLBACK, state=None)
    with pytest.raises(StateMismatchError) as caught:
        ours.exchange_callback(theirs)
    assert str(caught.value) == "the callback's state does not match the state of this login"
    assert "What to do: start the login again" in caught.value.explain()
    assert globus_sandbox.count(path=TOKEN_PATH) == 0


def test_a_denied_login(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse
) -> None:
    """
    With the server's word for it.
    """
    globus_sandbox.deny_next_login()
    flow = native.oauth2_start_flow("openid", redirect_uri=CALLBACK, state=None)
    with pytest.raises(LoginDeniedError) as caught:
        flow.exchange_callback(browse(native.oauth2_get_authorize_url()))
    assert caught.value.error == "access_denied"
    assert str(caught.value).startswith("the login ended with 'access_denied'")
    assert "allow the requested access" in caught.value.explain()
    assert globus_sandbox.count(path=TOKEN_PATH) == 0


@pytest.fixture
def refused_url() -> str:
    """
    An address at which nobody listens.
    """
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    return f"http://127.0.0.1:{port}/"


def test_a_server_that_is_down(refused_url: str) -> None:
    """
    The error names the address and says what to try, for tokens and for keys.
    """
    with NativeAppAuthClient("an-id", base_url=refused_url, transport_params=AT_ONCE) as client:
        client.oauth2_start_flow("openid")
        for call in (
            lambda: client.oauth2_exchange_code_for_tokens("a-code"),
            client.get_openid_configuration,
        ):
            with pytest.raises(GlobusConnectionError) as caught:
                call()
            address = urlsplit(refused_url).netloc
            assert str(caught.value) == f"{address} refused the connection"
            assert "whether the server is running" in caught.value.explain()


def test_a_web_page_with_status_200(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse
) -> None:
    """
    As a network with a login page of its own answers; the code is not sent again.
    """
    code = code_in(callback_of(native, browse))
    globus_sandbox.fail(TOKEN_PATH, status=200, body=PAGE, headers=HTML, times=None)
    with pytest.raises(ValidationError, match="JSON object, got 'text/html") as caught:
        native.oauth2_exchange_code_for_tokens(code)
    assert "no proxy is in the way" in caught.value.explain()
    assert globus_sandbox.count(path=TOKEN_PATH, grant_type="authorization_code") == 1


@pytest.mark.parametrize("status", [403, 500, 502])
def test_a_web_page_with_an_error_status(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse, status: int
) -> None:
    """
    Its title is told, its text is not; the code is not sent again.
    """
    code = code_in(callback_of(native, browse))
    globus_sandbox.fail(TOKEN_PATH, status=status, body=PAGE, headers=HTML, times=None)
    with pytest.raises(AuthAPIError) as caught:
        native.oauth2_exchange_code_for_tokens(code)
    check(caught.value, status, None, "check the proxy settings")
    assert "'Guest network'" in str(caught.value)
    assert "Please sign in" not in caught.value.explain()
    assert globus_sandbox.count(path=TOKEN_PATH, grant_type="authorization_code") == 1


def test_a_web_page_instead_of_keys(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse
) -> None:
    """
    Of the configuration, too.
    """
    response = native.oauth2_exchange_code_for_tokens(code_in(callback_of(native, browse)))
    globus_sandbox.fail("/.well-known/*", status=200, body=PAGE, headers=HTML)
    with pytest.raises(ValidationError, match="OpenID configuration is not a JSON object"):
        response.decode_id_token()
    assert response.decode_id_token()


@pytest.mark.parametrize("grant", ["authorization_code", "refresh_token"])
def test_a_connection_that_breaks_is_not_tried_again(
    globus_sandbox: Sandbox, native: NativeAppAuthClient, browse: Browse, grant: str
) -> None:
    """
    The request may have arrived, and what it spends works once.
    """
    spent = code_in(callback_of(native, browse, refresh_tokens=True))
    send: Callable[[str], t.Any] = native.oauth2_exchange_code_for_tokens
    if grant == "refresh_token":
        spent = send(spent).by_resource_server["auth.globus.org"]["refresh_token"]
        send = native.oauth2_refresh_token
    globus_sandbox.fail(TOKEN_PATH, drop=True, times=None)
    with pytest.raises(NetworkError) as caught:
        send(spent)
    assert spent not in str(caught.value)
    assert globus_sandbox.count(path=TOKEN_PATH, grant_type=grant) == 1


def test_what_can_be_repeated_is_repeated(
    globus_sandbox: Sandbox, confidential: ConfidentialAppAuthClient
) -> None:
    """
    Client credentials spend nothing.
    """
    globus_sandbox.fail(TOKEN_PATH, status=500, times=2)
    assert confidential.oauth2_client_credentials_tokens("openid")
    assert globus_sandbox.count(path=TOKEN_PATH, grant_type="client_credentials") == 3


def test_scopes_that_do_not_exist(
    globus_sandbox: Sandbox, confidential: ConfidentialAppAuthClient
) -> None:
    """
    Typing errors are named as the likely cause.
    """
    with pytest.raises(AuthAPIError) as caught:
        confidential.oauth2_client_credentials_tokens("opennid")
    check(caught.value, 400, "invalid_scope", "typos")
    assert globus_sandbox.count(path=TOKEN_PATH) == 1


def test_a_refresh_token_that_is_none(globus_sandbox: Sandbox, native: NativeAppAuthClient) -> None:
    """
    A new login is what helps.
    """
    with pytest.raises(AuthAPIError) as caught:
        native.oauth2_refresh_token("made-up-refresh-token")
    check(caught.value, 401, "invalid_grant", "log in again")
    assert globus_sandbox.count(path=TOKEN_PATH) == 1
