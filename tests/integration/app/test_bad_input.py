"""
What goes wrong outside of the app, each as one clear typed error.
"""

from __future__ import annotations

import socket
import typing as t

import pytest

from globus_core import NativeAppAuthClient, UserApp
from globus_core.exc import GlobusAPIError, GlobusError, LoginDeniedError, NetworkError
from globus_core.globus_app import GlobusAppConfig
from globus_core.login_flows import CommandLineLoginFlowManager
from globus_core.token_storage import MemoryTokenStorage
from globus_core.transport import RetryConfig
from tests.integration.app.helpers import CountedLogin, logins, stored, user_app

if t.TYPE_CHECKING:
    import pathlib

    from globus_core_sandbox import Sandbox

HTML = "<html><body>Campus portal: please accept the terms of use</body></html>"


class TypedCode(CommandLineLoginFlowManager):
    """The command-line flow with a person who types something made up."""

    def prompt_for_code(self) -> str:
        """Type it."""
        return "a-code-that-was-never-issued"


def test_a_token_file_that_is_cut_short_is_set_aside(
    sandbox: Sandbox, tmp_path: pathlib.Path
) -> None:
    """The app warns with the file's name, logs in anew, and the file is whole again."""
    path = tmp_path / "tokens.json"
    path.write_text('{"data": {"DEF', encoding="utf-8")
    path.chmod(0o600)
    with pytest.warns(UserWarning, match=r"tokens\.json' is damaged"):
        app = user_app(sandbox, storage=f"json:{path}")
    with app:
        app.login()
        assert logins(app) == 1
    with user_app(sandbox, storage=f"json:{path}") as app:
        assert not app.login_required()


@pytest.mark.parametrize("sends_html", [False, True], ids=["error page", "success page"])
def test_a_server_that_answers_html_at_login(sandbox: Sandbox, sends_html: bool) -> None:
    """A page in the place of tokens is told as such; nothing is stored."""
    sandbox.fail("/v2/oauth2/token", status=200 if sends_html else 404, body=HTML, times=None)
    with user_app(sandbox) as app:
        with pytest.raises(GlobusError) as refused:
            app.login()
        assert stored(app) is None
    text = refused.value.explain()
    assert "text/html" in text if sends_html else isinstance(refused.value, GlobusAPIError)
    assert "What to do" in text


def test_a_server_that_is_down_at_login() -> None:
    """The error names the address, and what to look at."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        client = NativeAppAuthClient(
            "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f01",
            base_url=f"http://127.0.0.1:{port}/",
            retry_config=RetryConfig(max_retries=0),
        )
        config = GlobusAppConfig(
            token_storage=MemoryTokenStorage(), login_flow_manager=TypedCode(client)
        )
        with (
            UserApp("tests", login_client=client, config=config) as app,
            pytest.raises(NetworkError, match=str(port)) as down,
        ):
            app.login()
        client.close()
    assert down.value.advice


def test_a_made_up_code_is_refused_with_advice(sandbox: Sandbox) -> None:
    """The command-line flow hands the server's refusal on as a typed error."""
    with (
        user_app(sandbox, login_flow_manager=TypedCode) as app,
        pytest.raises(GlobusAPIError) as refused,
    ):
        app.login()
    assert refused.value.code == "invalid_grant"
    assert refused.value.advice


def test_a_denied_login_says_who_refused_and_why(sandbox: Sandbox) -> None:
    """The next attempt starts afresh and succeeds."""
    with user_app(sandbox) as app:
        sandbox.deny_next_login()
        with pytest.raises(LoginDeniedError) as denied:
            app.login()
        assert denied.value.error == "access_denied"
        assert denied.value.error_description
        assert denied.value.advice
        app.login()
        assert isinstance(app._login_flow_manager, CountedLogin)
