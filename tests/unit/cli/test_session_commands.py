"""
``globus-core login``, ``whoami`` and ``logout``, and the app that commands of plugins are given.
"""

from __future__ import annotations

import json
import typing as t

import click
import pytest
from click.testing import CliRunner, Result

from globus_core import (
    AuthClient,
    ClientApp,
    ConfidentialAppAuthClient,
    UserApp,
    hookimpl,
)
from globus_core.cli import with_app
from globus_core.exc import GlobusSDKUsageError
from globus_core.globus_app import GlobusAppConfig
from globus_core.plugins import PluginManager, get_plugin_manager, set_plugin_manager
from globus_core.token_storage import JSONTokenStorage, SQLiteTokenStorage
from globus_core_cli.group import cli
from tests.commands import separate_runner
from tests.integration.app.helpers import CountedLogin

if t.TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from globus_core.globus_app import GlobusApp
    from globus_core_sandbox import Sandbox

ADA = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"
AUTH = "auth.globus.org"
TRANSFER_ALL = "urn:globus:auth:scope:transfer.api.globus.org:all"


class Desk:
    """A plugin with a login that needs nobody, and commands that look at their app."""

    apps: list[GlobusApp] = []

    @hookimpl
    def globus_login_flows(self) -> dict[str, t.Any]:
        """Offer the login."""
        return {"by-itself": CountedLogin}

    @hookimpl
    def globus_cli_commands(self) -> dict[str, t.Any]:
        """Offer the commands."""

        @click.command()
        @click.argument("word")
        @with_app(scopes={"transfer.api.globus.org": TRANSFER_ALL})
        def look(app: GlobusApp, word: str) -> None:
            """Show the app."""
            self.apps.append(app)
            click.echo(f"{word} {type(app).__name__} {app.app_name} {app.config.environment}")
            click.echo(" ".join(sorted(app.scope_requirements)))

        @click.command()
        @with_app()
        def greet(app: GlobusApp) -> None:
            """Make a request."""
            click.echo(AuthClient(app=app).userinfo()["name"])

        return {"look": look, "greet": greet}


@pytest.fixture(autouse=True)
def _desk(globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The sandbox as Globus Auth, its native client, and the plugin of this module."""
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", globus_sandbox.url)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", globus_sandbox.native_client_id)
    monkeypatch.setenv("GLOBUS_CORE_LOGIN_FLOW", "by-itself")
    monkeypatch.setattr(Desk, "apps", [])
    previous = set_plugin_manager(PluginManager())
    get_plugin_manager().register(Desk(), "desk")
    yield
    set_plugin_manager(previous)


def invoke(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli, list(arguments), prog_name="globus-core")


def shown(*arguments: str) -> dict[str, t.Any]:
    """What a command prints as JSON."""
    result = separate_runner().invoke(cli, [*arguments, "--json"], prog_name="globus-core")
    return t.cast("dict[str, t.Any]", json.loads(result.stdout))


# login, whoami, logout


def test_a_session_from_login_to_logout() -> None:
    """Before, during and after: who it is, which tokens, until when, where, how protected."""
    nobody = invoke("whoami")
    assert nobody.exit_code == 4
    assert "not logged in" in nobody.output

    login = invoke("login")
    assert login.exit_code == 0, login.output
    assert login.output.startswith(f"logged in as ada@example.org ({ADA})\n")
    assert "auth.globus.org: until 2" in login.output
    assert "readable by its owner only" in login.output

    known = shown("whoami")
    assert (known["logged_in"], known["identity_id"], known["name"]) == (True, ADA, "Ada Kestrel")
    (token,) = known["tokens"]
    assert (token["resource_server"], token["scope"]) == (AUTH, "openid profile email")
    assert (token["expired"], token["renewable"]) == (False, True)
    assert known["storage"]["location"].endswith("tokens.json")

    logout = invoke("logout")
    assert (logout.exit_code, logout.output) == (0, "logged out of auth.globus.org\n")
    assert invoke("whoami").exit_code == 4
    again = invoke("logout")
    assert (again.exit_code, again.output) == (0, "nobody was logged in\n")


def test_a_second_login_asks_nobody(globus_sandbox: Sandbox) -> None:
    """Unless it is forced, or asks for more."""
    assert invoke("login").exit_code == 0
    logins = globus_sandbox.count(path="/v2/oauth2/authorize")
    assert invoke("login").exit_code == 0
    assert globus_sandbox.count(path="/v2/oauth2/authorize") == logins
    assert invoke("login", "--force").exit_code == 0
    known = shown("login", "--scope", TRANSFER_ALL)
    assert [t["resource_server"] for t in known["tokens"]] == [AUTH, "transfer.api.globus.org"]
    assert globus_sandbox.count(path="/v2/oauth2/authorize") == logins + 2


def test_whoami_logs_nobody_in_and_offline_asks_nobody(globus_sandbox: Sandbox) -> None:
    """What is stored is shown without a request; the name is not known then."""
    assert invoke("login").exit_code == 0
    globus_sandbox.reset()
    known = shown("whoami", "--offline")
    assert (known["logged_in"], known["identity_id"], known["username"]) == (True, ADA, None)
    assert globus_sandbox.count() == 0


def test_whoami_says_why_globus_auth_did_not_confirm_it(globus_sandbox: Sandbox) -> None:
    """A server that is broken, or does not know the client, says nothing about the login."""
    assert invoke("login").exit_code == 0
    for status, body in ((503, {}), (500, {"error": "invalid_grant"})):
        globus_sandbox.fail(path="/v2/oauth2/userinfo", status=status, body=body, times=100)
        result = invoke("whoami")
        assert result.exit_code == 0
        assert f"logged in as {ADA}" in result.output
        assert "could not confirm this: " in result.output
        assert "trouble" in shown("whoami")
        globus_sandbox.clear_faults()
    globus_sandbox.fail(path="/v2/oauth2/userinfo", status=401, times=100)
    refused = {"error": "invalid_client"}
    globus_sandbox.fail(path="/v2/oauth2/token", status=401, body=refused, times=100)
    assert "could not confirm this: " in invoke("whoami").output
    globus_sandbox.clear_faults()
    assert "could not confirm" not in invoke("whoami").output


def test_a_login_that_has_ended_is_none(globus_sandbox: Sandbox) -> None:
    """After a definite no everybody agrees: whoami, login, programs, and what is stored."""
    assert invoke("login").exit_code == 0
    globus_sandbox.reset()
    assert shown("whoami", "--offline")["logged_in"]
    result = invoke("whoami")
    assert result.exit_code == 4
    assert "not logged in" in result.output
    assert "Globus Auth refused the stored tokens: " in result.output
    with UserApp("globus-core", client_id=globus_sandbox.native_client_id) as app:
        assert app.token_storage.token_storage.get_token_data(AUTH) is None
        assert app.login_required()
    assert shown("whoami", "--offline")["logged_in"] is False


@pytest.mark.parametrize("scopes", [["openid"], ["openid", "profile", "email"]])
def test_the_login_of_a_program_is_enough_to_read(
    globus_sandbox: Sandbox, scopes: list[str]
) -> None:
    """It requested no refresh tokens; nobody is asked to log in."""
    config = GlobusAppConfig(login_flow_manager=CountedLogin)
    client_id = globus_sandbox.native_client_id
    with UserApp("program", client_id=client_id, config=config) as app:
        app.add_scope_requirements({AUTH: scopes})
        app.login()
    logins = globus_sandbox.count(path="/v2/oauth2/authorize")
    known = shown("whoami", "--app-name", "program")
    assert (known["logged_in"], known["identity_id"]) == (True, ADA)
    assert known["username"] == ("ada@example.org" if "profile" in scopes else None)
    assert shown("whoami", "--offline", "--app-name", "program")["logged_in"]
    assert invoke("consents", "--app-name", "program").exit_code == 0
    found = invoke("identities", "resolve", "--app-name", "program", "bo@example.org")
    assert (found.exit_code, "Bo Lindqvist" in found.output) == (0, True)
    assert globus_sandbox.count(path="/v2/oauth2/authorize") == logins
    assert invoke("greet", "--app-name", "program").exit_code == 0
    assert globus_sandbox.count(path="/v2/oauth2/authorize") == logins + 1


@pytest.mark.parametrize(
    ("arguments", "further"),
    [
        (["consents"], ""),
        (["consents", "--all"], f" urn:globus:auth:scope:{AUTH}:view_consents"),
        (["identities", "resolve", "bo@example.org"], ""),
    ],
)
def test_a_command_that_reads_logs_in_for_no_more_than_it_needs(
    arguments: list[str], further: str
) -> None:
    """Nobody is logged in; the login asks for openid, and for what this command needs."""
    assert invoke(*arguments).exit_code == 0
    (token,) = shown("whoami", "--offline")["tokens"]
    assert set(token["scope"].split()) == {"openid", *further.split()}


def test_an_access_token_that_is_not_known_is_no_login(globus_sandbox: Sandbox) -> None:
    """It cannot be renewed, so a 401 is the last word; commands that need a login log in again."""
    config = GlobusAppConfig(login_flow_manager=CountedLogin)
    with UserApp("program", client_id=globus_sandbox.native_client_id, config=config) as app:
        AuthClient(app=app).userinfo()
    globus_sandbox.reset()
    result = invoke("whoami", "--app-name", "program")
    assert result.exit_code != 0
    assert result.output.startswith("not logged in")
    assert "Globus Auth refused the stored tokens: " in result.output
    assert invoke("consents", "--app-name", "program").exit_code == 0
    assert globus_sandbox.count(path="/v2/oauth2/authorize") == 1
    assert invoke("whoami", "--app-name", "program").exit_code == 0


def test_given_tokens_that_are_not_known_are_no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job's access token that Globus Auth refuses."""
    monkeypatch.delenv("GLOBUS_CLIENT_ID")
    monkeypatch.setenv("GLOBUS_TOKENS", json.dumps({AUTH: "unknown"}))
    result = invoke("whoami")
    assert result.exit_code != 0
    assert "Globus Auth refused the stored tokens: " in result.output


def test_whoami_offline_asks_nothing_for_a_client_with_a_secret(
    globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it has some tokens and not others."""
    client_id = globus_sandbox.confidential_client_id
    secret = globus_sandbox.confidential_client_secret
    monkeypatch.setenv("GLOBUS_CLIENT_ID", client_id)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", secret)
    with ClientApp("globus-core", client_id=client_id, client_secret=secret) as app:
        app.add_scope_requirements({"transfer.api.globus.org": TRANSFER_ALL})
        app.login()
        app.token_storage.token_storage.remove_token_data(AUTH)
    sent = globus_sandbox.count()
    known = shown("whoami", "--offline")
    assert (known["logged_in"], known["client_id"]) == (True, client_id)
    assert globus_sandbox.count() == sent


def test_login_logs_in_again_where_the_stored_login_has_ended(globus_sandbox: Sandbox) -> None:
    """It is not content with tokens that only look good."""
    assert invoke("login").exit_code == 0
    globus_sandbox.reset()
    known = shown("login")
    assert (known["logged_in"], known["name"]) == (True, "Ada Kestrel")
    assert globus_sandbox.count(path="/v2/oauth2/authorize") == 1
    assert invoke("whoami").exit_code == 0


def test_logout_says_what_could_not_be_revoked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is removed all the same, and the exit code tells."""
    assert invoke("login").exit_code == 0

    def refuse(self: object, token: str, **_: t.Any) -> t.NoReturn:
        raise GlobusSDKUsageError("the network is down")

    monkeypatch.setattr("globus_core_auth.AuthLoginClient.oauth2_revoke_token", refuse)
    result = invoke("logout")
    assert result.exit_code == 1
    assert "logged out of auth.globus.org" in result.output
    for kind in ("access", "refresh"):
        told = f"the {kind} token of auth.globus.org was not revoked: the network is down"
        assert told in result.output
    assert invoke("whoami").exit_code == 4


def test_a_denied_login_is_an_error_with_advice(globus_sandbox: Sandbox) -> None:
    """One text, exit code 1, nothing stored."""
    globus_sandbox.deny_next_login()
    result = invoke("login")
    assert result.exit_code == 1
    assert "access_denied" in result.output
    assert "What to do: start the login again" in result.output
    assert invoke("whoami").exit_code == 4


def test_logins_in_several_namespaces_are_apart() -> None:
    """One storage, two logins; logging out of one leaves the other."""
    assert invoke("login", "--namespace", "work").exit_code == 0
    assert invoke("whoami").exit_code == 4
    assert invoke("whoami", "--namespace", "work").exit_code == 0
    assert invoke("logout").output == "nobody was logged in\n"
    assert invoke("whoami", "--namespace", "work").exit_code == 0


def test_a_storage_is_chosen_by_url(globus_sandbox: Sandbox, tmp_path: pathlib.Path) -> None:
    """In the default namespace and in another one, each for the server in use."""
    server = globus_sandbox.url.rstrip("/")
    path = tmp_path / "tokens.db"
    for namespace in ("DEFAULT", "work"):
        options = ("--token-storage", f"sqlite://{path.as_posix()}", "--namespace", namespace)
        assert shown("login", *options)["storage"]["location"] == str(path)
        with SQLiteTokenStorage(path, namespace=f"{namespace}@{server}") as storage:
            assert list(storage.get_token_data_by_resource_server()) == [AUTH]


def test_a_program_finds_the_tokens_of_a_login_on_the_command_line(
    globus_sandbox: Sandbox,
) -> None:
    """Same client, same app name: nobody is asked again."""
    assert invoke("login", "--app-name", "reports").exit_code == 0
    with UserApp("reports", client_id=globus_sandbox.native_client_id) as app:
        assert isinstance(app.token_storage.token_storage, JSONTokenStorage)
        AuthClient(app=app)
        assert not app.login_required()


def test_a_storage_that_nobody_offers_is_named() -> None:
    """Whatever the namespace."""
    for namespace in ("DEFAULT", "work"):
        result = invoke("login", "--token-storage", "vault", "--namespace", namespace)
        assert result.exit_code == 2
        assert "unknown token storage 'vault'" in result.output


# with_app


def test_a_command_of_a_plugin_is_given_its_app() -> None:
    """With the scopes that it names; its own arguments are none the worse."""
    result = invoke("look", "hello", "--app-name", "reports")
    assert result.output == (
        "hello UserApp reports production\nauth.globus.org transfer.api.globus.org\n"
    )
    assert invoke("look", "x", "--environment", "preview").output.startswith(
        "x UserApp globus-core preview\n"
    )
    assert isinstance(Desk.apps[0], UserApp)


def test_a_request_of_a_command_logs_in_where_that_is_needed() -> None:
    """As in any program with an app."""
    assert invoke("greet").output == "Ada Kestrel\n"
    assert shown("whoami", "--offline")["tokens"][0]["renewable"]


def test_with_a_client_secret_the_app_acts_for_itself(
    globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The secret comes from the environment alone, and is nowhere shown."""
    secret = globus_sandbox.confidential_client_secret
    monkeypatch.setenv("GLOBUS_CLIENT_ID", globus_sandbox.confidential_client_id)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", secret)
    result = invoke("login")
    assert result.exit_code == 0
    assert f"{globus_sandbox.confidential_client_id}@clients" in result.output
    assert secret not in result.output
    invoke("look", "x")
    assert isinstance(Desk.apps[-1], ClientApp)


@pytest.mark.parametrize("by_option", [True, False])
def test_credentials_of_jobs_are_found_as_programs_find_them(
    globus_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: pathlib.Path,
    by_option: bool,
) -> None:
    """In a file here; the id that the option names belongs to the secret."""
    secret, client_id = tmp_path / "secret", globus_sandbox.confidential_client_id
    secret.touch(mode=0o600)
    secret.write_text(globus_sandbox.confidential_client_secret)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET_FILE", str(secret))
    monkeypatch.setenv("GLOBUS_CLIENT_ID", "not this one" if by_option else client_id)
    options = ["--client-id", client_id] if by_option else []
    assert shown("login", *options)["client_id"] == client_id
    secret.unlink()
    refused = invoke("login", *options)
    assert refused.exit_code == 1
    assert "GLOBUS_CLIENT_SECRET_FILE" in refused.output


def test_given_tokens_serve_commands_without_a_client_id(
    globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are used as they are, and logging in is nobody's business then."""
    with ConfidentialAppAuthClient(
        globus_sandbox.confidential_client_id, globus_sandbox.confidential_client_secret
    ) as client:
        got = client.oauth2_client_credentials_tokens("openid profile email")
    monkeypatch.delenv("GLOBUS_CLIENT_ID")
    monkeypatch.setenv("GLOBUS_TOKENS", json.dumps({AUTH: got["access_token"]}))
    assert invoke("whoami").exit_code == 0
    assert invoke("greet").exit_code == 0
    assert "x TokenApp globus-core" in invoke("look", "x").output


def test_a_missing_login_is_named_with_its_namespace(
    monkeypatch: pytest.MonkeyPatch, globus_sandbox: Sandbox
) -> None:
    """The command in the error logs in where the one that failed has looked."""
    monkeypatch.delenv("GLOBUS_CORE_LOGIN_FLOW")
    result = invoke("greet", "--namespace", "my work")
    assert result.exit_code == 4
    wanted = "globus-core login --client-id {} --namespace 'my work'"
    assert wanted.format(globus_sandbox.native_client_id) in " ".join(result.output.split())


def test_without_a_client_id_the_way_to_one_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no built-in client; the error says where to register one."""
    monkeypatch.delenv("GLOBUS_CLIENT_ID")
    for command in (["login"], ["whoami"], ["logout"], ["look", "x"]):
        result = invoke(*command)
        assert result.exit_code == 2
        for word in ("--client-id", "GLOBUS_CLIENT_ID", "https://app.globus.org/settings"):
            assert word in result.output


def test_the_help_needs_no_client_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the options and the variables."""
    monkeypatch.delenv("GLOBUS_CLIENT_ID")
    result = invoke("look", "--help")
    assert result.exit_code == 0
    for word in ("--client-id", "--namespace", "--token-storage", "--environment", "--login-flow"):
        assert word in result.output
