"""
The foreign servers start, sign a person in and end, seen by plain HTTP.

Nothing of globus-core is in play: when a login test of this folder fails and
these pass, the fault is ours.
"""

from __future__ import annotations

import base64
import hashlib
import socket
import typing as t
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.servers._browser import call
from tests.servers._process import running_server
from tests.servers.fauxbus import Fauxbus, running_fauxbus
from tests.servers.nanoidp import Nanoidp, running_nanoidp

pytestmark = pytest.mark.full

VERIFIER = "a-verifier-of-the-least-length-that-is-allowed-43"
GROUPS_SCOPE = "urn:globus:auth:scope:groups.api.globus.org:all"


def authorize_url(base: str, client_id: str, redirect_uri: str, scope: str) -> str:
    """Build the URL that a client sends the browser to, with PKCE."""
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": scope,
        "state": "state-of-the-test",
        "nonce": "nonce-of-the-test",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{base}/v2/oauth2/authorize?{urlencode(query)}"


def callback_parameters(url: str) -> dict[str, str]:
    """Take the parameters from the URL to which the browser is sent back."""
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}


def post_token(
    base: str, form: dict[str, str], auth: tuple[str, str] | None = None
) -> tuple[int, dict[str, t.Any]]:
    """Send one form to the token endpoint and give status and document."""
    response = call("POST", f"{base}/v2/oauth2/token", data=form, auth=auth)
    return response.status_code, response.json()


def nanoidp_login(server: Nanoidp) -> dict[str, t.Any]:
    """Sign in with the public client and exchange the code."""
    redirect_uri = "http://127.0.0.1:54321/callback"
    client_id = server.native_client_id
    url = authorize_url(server.base_url, client_id, redirect_uri, "openid email")
    callback = callback_parameters(server.sign_in(url))
    assert callback["state"] == "state-of-the-test"
    status, tokens = post_token(
        server.base_url,
        {
            "grant_type": "authorization_code",
            "client_id": client_id,
            "code": callback["code"],
            "redirect_uri": redirect_uri,
            "code_verifier": VERIFIER,
        },
    )
    assert status == 200, tokens
    return tokens


def nanoidp_refresh(server: Nanoidp, token: str) -> tuple[int, dict[str, t.Any]]:
    """Redeem a refresh token of the public client."""
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return post_token(server.base_url, {**form, "client_id": server.native_client_id})


def is_listening(base_url: str) -> bool:
    """Tell whether something accepts connections there."""
    address = urlsplit(base_url)
    assert address.hostname is not None and address.port is not None
    with socket.socket() as probe:
        probe.settimeout(60)
        return probe.connect_ex((address.hostname, address.port)) == 0


@pytest.mark.parametrize("name", ["fauxbus", "nanoidp"])
def test_issuer_is_the_base_url(name: str, request: pytest.FixtureRequest) -> None:
    """The port that the system chose is the one both servers name as their issuer."""
    server: Fauxbus | Nanoidp = request.getfixturevalue(name)
    document = call("GET", server.base_url + server.discovery_path).json()
    assert document["issuer"] == server.base_url
    assert document["jwks_uri"] == server.base_url + server.jwks_path
    assert document["token_endpoint"] == server.base_url + server.token_path


def test_fauxbus_signs_a_person_in(fauxbus: Fauxbus) -> None:
    """A code for a confidential client brings a token for each resource server."""
    url = authorize_url(
        fauxbus.base_url, fauxbus.client_id, fauxbus.redirect_uri, f"openid {GROUPS_SCOPE}"
    )
    callback = callback_parameters(fauxbus.sign_in(url))
    assert callback["state"] == "state-of-the-test"
    form = {
        "grant_type": "authorization_code",
        "code": callback["code"],
        "redirect_uri": fauxbus.redirect_uri,
        "code_verifier": VERIFIER,
    }
    credentials = (fauxbus.client_id, fauxbus.client_secret)
    status, tokens = post_token(fauxbus.base_url, form, credentials)
    assert status == 200, tokens
    assert tokens["resource_server"] == "auth.globus.org"
    assert [other["scope"] for other in tokens["other_tokens"]] == [GROUPS_SCOPE]
    assert tokens["id_token"].count(".") == 2
    again, error = post_token(fauxbus.base_url, form, credentials)
    assert (again, error["error"]) == (401, "invalid_grant")


def test_fauxbus_fails_on_demand(fauxbus: Fauxbus) -> None:
    """An armed failure answers once, and the request after it is served."""
    fauxbus.fail_next(fauxbus.jwks_path, 503, headers={"Retry-After": "1"})
    url = fauxbus.base_url + fauxbus.jwks_path
    answers = [call("GET", url), call("GET", url)]
    assert [answer.status_code for answer in answers] == [503, 200]
    assert answers[0].headers["Retry-After"] == "1"


def test_nanoidp_answers_on_the_paths_of_globus(nanoidp: Nanoidp) -> None:
    """A login on Globus Auth's paths gets a token document that Globus Auth could send."""
    tokens = nanoidp_login(nanoidp)
    assert tokens["resource_server"] == "auth.globus.org"
    assert tokens["other_tokens"] == []
    assert tokens["scope"] == "openid email"
    assert tokens["id_token"].count(".") == 2
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    info = call("GET", f"{nanoidp.base_url}/v2/oauth2/userinfo", headers=bearer).json()
    assert (info["sub"], info["email"]) == (nanoidp.username, nanoidp.email)


def test_nanoidp_ends_the_login_when_a_refresh_token_comes_back(nanoidp: Nanoidp) -> None:
    """A refresh token serves once; its second use takes its successor with it."""
    first = nanoidp_login(nanoidp)["refresh_token"]
    status, renewed = nanoidp_refresh(nanoidp, first)
    assert status == 200, renewed
    assert renewed["refresh_token"] != first
    for token in (first, renewed["refresh_token"]):
        status, error = nanoidp_refresh(nanoidp, token)
        assert (status, error["error"]) == (400, "invalid_grant")


def test_nanoidp_refuses_a_wrong_password(nanoidp: Nanoidp) -> None:
    """Who does not know the password gets the login page again and no code."""
    url = authorize_url(nanoidp.base_url, nanoidp.client_id, nanoidp.redirect_uri, "openid")
    answer = call("POST", url, data={"username": nanoidp.username, "password": "a guess"})
    assert "Location" not in answer.headers


def test_nanoidp_publishes_the_old_key_with_the_new_one(nanoidp: Nanoidp) -> None:
    """After a rotation the key set has a new key in front and still the one before."""
    url = nanoidp.base_url + nanoidp.jwks_path
    before = [key["kid"] for key in call("GET", url).json()["keys"]]
    nanoidp.rotate_keys()
    after = [key["kid"] for key in call("GET", url).json()["keys"]]
    assert after[0] not in before
    assert before[0] in after


@pytest.mark.parametrize("run", [running_fauxbus, running_nanoidp])
@pytest.mark.parametrize("leave_by", [None, KeyboardInterrupt])
@pytest.mark.usefixtures("fauxbus", "nanoidp")
def test_nothing_listens_after_the_block(
    run: t.Callable[[Path], t.ContextManager[Fauxbus | Nanoidp]],
    leave_by: type[BaseException] | None,
    tmp_path: Path,
) -> None:
    """However the block is left, the server's process is over and its port is free."""
    base_url = ""
    try:
        with run(tmp_path) as server:
            base_url = server.base_url
            assert is_listening(base_url)
            if leave_by is not None:
                raise leave_by
    except KeyboardInterrupt:
        assert leave_by is KeyboardInterrupt
    assert not is_listening(base_url)


@pytest.mark.usefixtures("fauxbus")
def test_a_server_that_does_not_start_shows_what_it_wrote(tmp_path: Path) -> None:
    """The reason of the failure is the server's own complaint."""
    log = tmp_path / "fauxbus.log"
    with (
        pytest.raises(
            pytest.fail.Exception, match=r"(?s)code 2\n.*unrecognized arguments: --no-such"
        ),
        running_server("fauxbus", "--no-such-option", log=log),
    ):
        pass
