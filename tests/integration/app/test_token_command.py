"""
``globus-core token`` where a token has to be had first: from a renewal, a login, or not at all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import typing as t

import pytest

from globus_core import NativeAppAuthClient, hookimpl
from globus_core.plugins import PluginManager, get_plugin_manager, set_plugin_manager
from globus_core.token_storage import JSONTokenStorage
from globus_core_cli.group import cli
from tests.commands import separate_runner
from tests.integration.app.helpers import TRANSFER, TRANSFER_ALL, CountedLogin
from tests.integration.app.terminal import PATIENCE, Terminal, code_at

if t.TYPE_CHECKING:
    import pathlib

    from click.testing import Result

    from globus_core_sandbox import Sandbox

START = "from globus_core_cli import main; main()"


class Logins:
    """A login that needs nobody."""

    @hookimpl
    def globus_login_flows(self) -> dict[str, t.Any]:
        """Offer the login."""
        return {"by-itself": CountedLogin}


@pytest.fixture(autouse=True)
def _person(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    """A person with a home and a client id, whose server is the sandbox."""
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GLOBUS_CLIENT_ID", sandbox.native_client_id)
    monkeypatch.delenv("GLOBUS_CLIENT_SECRET", raising=False)


@pytest.fixture
def _logged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person has logged in, with Transfer."""
    monkeypatch.setenv("GLOBUS_CORE_LOGIN_FLOW", "by-itself")
    previous = set_plugin_manager(PluginManager())
    get_plugin_manager().register(Logins(), "logins")
    assert invoke("login", "--scope", TRANSFER_ALL).exit_code == 0
    set_plugin_manager(previous)
    monkeypatch.delenv("GLOBUS_CORE_LOGIN_FLOW")


def invoke(*arguments: str) -> Result:
    """Run a command in this process, without a terminal."""
    return separate_runner().invoke(cli, list(arguments), prog_name="globus-core")


def storage(sandbox: Sandbox) -> JSONTokenStorage:
    """The file of the command."""

    class Config:
        environment = "production"

    made: JSONTokenStorage = JSONTokenStorage.for_globus_app(
        sandbox.native_client_id,
        "globus-core",
        Config(),
        f"DEFAULT@{sandbox.url.rstrip('/')}",
    )
    return made


def let_expire(sandbox: Sandbox, *, refresh: bool = True) -> None:
    """The stored token of Transfer is past its end, and perhaps cannot be renewed."""
    file = storage(sandbox)
    data = file.get_token_data(TRANSFER)
    assert data is not None
    data.expires_at_seconds = int(time.time()) - 60
    if not refresh:
        data.refresh_token = None
    file.store_token_data_by_resource_server({TRANSFER: data})


@pytest.mark.usefixtures("_logged_in")
def test_an_expired_token_is_renewed_once_for_all_processes(sandbox: Sandbox) -> None:
    """And each of them prints the new one."""
    let_expire(sandbox)
    before = sandbox.count(grant_type="refresh_token")
    started = [
        subprocess.Popen(
            [sys.executable, "-c", START, "token", "transfer"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    printed = [each.communicate(timeout=PATIENCE) for each in started]
    now = storage(sandbox).get_token_data(TRANSFER)
    assert now is not None
    assert printed == [(f"{now.access_token}\n", "")] * 4
    assert sandbox.count(grant_type="refresh_token") == before + 1


@pytest.mark.usefixtures("_logged_in")
def test_a_token_that_ends_too_early_is_renewed(sandbox: Sandbox) -> None:
    """If a new one is good for longer; else one error says for how long it would be."""
    lifetime = sandbox.access_token_lifetime
    first = json.loads(invoke("token", "transfer", "--json").stdout)
    file = storage(sandbox)
    data = file.get_token_data(TRANSFER)
    assert data is not None
    data.expires_at_seconds = int(time.time()) + 600
    file.store_token_data_by_resource_server({TRANSFER: data})
    second = json.loads(invoke("token", "transfer", "--json", "--min-valid", "20m").stdout)
    assert second["access_token"] != first["access_token"]
    assert second["expires_at_seconds"] > time.time() + 1200
    result = invoke("token", "transfer", "--min-valid", f"{lifetime + 3600}s")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"no token is good for {lifetime + 3600}" in result.stderr


@pytest.mark.usefixtures("_logged_in")
@pytest.mark.parametrize(
    "arguments",
    [
        ["groups"],
        ["search.api.globus.org"],
        ["transfer", "--scope", "urn:globus:auth:scope:transfer.api.globus.org:gateway"],
    ],
)
def test_a_token_that_takes_a_login_is_exit_code_4(arguments: list[str]) -> None:
    """Without a terminal nobody is asked, and nothing is printed on standard output."""
    result = invoke("token", *arguments)
    assert (result.exit_code, result.stdout) == (4, "")
    assert "log" in result.stderr


@pytest.mark.usefixtures("_logged_in")
def test_an_expired_token_that_cannot_be_renewed_is_exit_code_4(sandbox: Sandbox) -> None:
    """A login without refresh tokens ends with its access token."""
    let_expire(sandbox, refresh=False)
    result = invoke("token", "transfer")
    assert (result.exit_code, result.stdout) == (4, "")


@pytest.mark.usefixtures("_logged_in")
def test_a_login_that_was_revoked_elsewhere_is_exit_code_4(sandbox: Sandbox) -> None:
    """The server refuses the refresh token."""
    let_expire(sandbox)
    data = storage(sandbox).get_token_data(TRANSFER)
    assert data is not None
    assert data.refresh_token is not None
    with NativeAppAuthClient(sandbox.native_client_id) as client:
        client.oauth2_revoke_token(data.refresh_token)
    result = invoke("token", "transfer")
    assert (result.exit_code, result.stdout) == (4, "")


@pytest.mark.usefixtures("_logged_in")
def test_a_missing_token_names_the_command_that_logs_in() -> None:
    """A plain login would not ask for it."""
    assert "run 'globus-core token groups' in a terminal" in invoke("token", "groups").stderr


def test_an_unknown_resource_server_needs_a_scope() -> None:
    """What to ask for is not known."""
    result = invoke("token", "files.example.org")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "--scope" in result.stderr


def test_a_mistyped_service_is_answered_with_the_nearest_one() -> None:
    """As a mistyped command is."""
    result = invoke("token", "tranfer")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Did you mean 'transfer'?" in result.stderr


def test_a_service_with_many_resource_servers_is_wrong_usage() -> None:
    """Each endpoint has its own."""
    result = invoke("token", "gcs")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "resource server of its own" in result.stderr


def test_a_client_of_a_job_gets_tokens_for_itself(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stored, so that the next command asks for none."""
    monkeypatch.setenv("GLOBUS_CLIENT_ID", sandbox.confidential_client_id)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", sandbox.confidential_client_secret)
    printed = {invoke("token", "transfer").stdout for _ in range(2)}
    assert len(printed) == 1
    assert sandbox.count(grant_type="client_credentials", status=200) == 1
    document = json.loads(invoke("token", "transfer", "--json").stdout)
    assert document["scope"] == TRANSFER_ALL


def test_tokens_given_to_a_job_that_do_not_suffice_are_exit_code_4(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The program cannot log in."""
    monkeypatch.setenv("GLOBUS_TOKENS", json.dumps({TRANSFER: "not-a-token-of-anybody"}))
    assert invoke("token", "transfer").stdout == "not-a-token-of-anybody\n"
    result = invoke("token", "groups")
    assert (result.exit_code, result.stdout) == (4, "")


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX")
def test_in_a_terminal_it_logs_in_and_only_the_token_is_captured(
    sandbox: Sandbox, tmp_path: pathlib.Path
) -> None:
    """The link and the question go to the terminal, the token where the shell wants it."""
    captured = tmp_path / "captured"
    code = f"""
import os, sys
script = '{sys.executable} -c "{START}" token transfer > {captured}; echo ended with $?'
os.execv("/bin/sh", ["sh", "-c", script])
"""
    with Terminal(code, SSH_CONNECTION="192.0.2.1 22 192.0.2.2 22") as terminal:
        address = terminal.wait_for(r"(http://\S+/v2/oauth2/authorize\S+)")[1]
        terminal.wait_for("code")
        terminal.type(f"{code_at(address)}\n")
        assert terminal.wait_for(r"ended with (\d+)")[1] == "0"
    token = storage(sandbox).get_token_data(TRANSFER)
    assert token is not None
    assert captured.read_text() == f"{token.access_token}\n"
