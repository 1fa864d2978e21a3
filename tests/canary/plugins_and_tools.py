"""
Scenarios: plugins that raise with secrets in their messages, the command line, and the objects
that carry no secret of their own.
"""

from __future__ import annotations

import json
import typing as t

import click
import pytest
from click.testing import CliRunner

import globus_core
from globus_core import (
    AccessTokenAuthorizer,
    ArrayResponse,
    BaseClient,
    GlobusAppConfig,
    GlobusHTTPResponse,
    IdentityMap,
    IterableResponse,
    NativeAppAuthClient,
    client_class,
    compose,
    hookimpl,
    lazy_exports,
    paging,
    service_names,
)
from globus_core._log import LazyLogger
from globus_core.cli import (
    Output,
    complete_offered,
    offered,
    with_app,
    with_app_maker,
    with_output,
)
from globus_core.exc import ErrorFacts, GlobusError
from globus_core.gare import has_gares, is_gare, to_gare, to_gares
from globus_core.identities import MemoryIdentityCache, SQLiteIdentityCache
from globus_core.plugins import PluginManager, get_plugin_manager
from globus_core.printable import safe_repr
from globus_core.response import IterableJSONAPIResponse
from globus_core.transport import RequestsTransport, RetryConfig
from globus_core_cli.group import cli
from tests.canary.echo_server import echoing
from tests.canary.logins_and_tokens import a_sandbox
from tests.integration.app.helpers import CountedLogin
from tests.integration.transport.scripted import Answer

if t.TYPE_CHECKING:
    from tests.canary.watch import Watch

ONCE = RetryConfig(max_retries=0)


class Talkative:
    """
    A plugin each of whose hooks raises, with a secret in the message as libraries write it.

    :param message: the message
    """

    def __init__(self, message: str) -> None:
        self._message = message

    def _raise(self) -> t.NoReturn:
        try:
            raise KeyError(self._message)
        except KeyError as error:
            raise RuntimeError(self._message, {"args": self._message}) from error

    @hookimpl
    def globus_before_request(self, event: t.Any) -> None:
        """Raise."""
        self._raise()

    @hookimpl
    def globus_after_response(self, event: t.Any) -> None:
        """Raise."""
        self._raise()

    @hookimpl
    def globus_token_event(self, event: t.Any) -> None:
        """Raise."""
        self._raise()

    @hookimpl
    def globus_translate_error(self, error: t.Any) -> t.Any:
        """Raise."""
        self._raise()

    @hookimpl
    def globus_retry_checks(self) -> t.Any:
        """Give a check that raises."""
        return [lambda context: self._raise()]

    @hookimpl
    def globus_normalize_identity(self, key: str) -> t.Any:
        """Raise."""
        self._raise()

    @hookimpl
    def globus_resolve_identities(self, keys: t.Any) -> t.Any:
        """Raise."""
        self._raise()

    @hookimpl
    def globus_enrich_identity(self, identity: t.Any) -> t.Any:
        """Raise."""
        self._raise()

    @hookimpl
    def globus_environments(self) -> t.Any:
        """Raise."""
        self._raise()

    @hookimpl
    def globus_cli_commands(self) -> t.Any:
        """Raise."""
        self._raise()

    @hookimpl
    def globus_clients(self) -> t.Any:
        """Raise."""
        self._raise()

    @hookimpl
    def globus_token_storages(self) -> t.Any:
        """Raise."""
        self._raise()


def talkative_plugins(watch: Watch) -> None:
    """What is reported of them: in the log, the record, an error and on the command line."""
    make = watch.secrets.make
    messages = (
        f"401 for Authorization: Bearer {make('a token')}",
        f"no such thing at https://vault:{make('a password')}@vault.example.org/x?y",
        f"GET /token?access_token={make('a token')}&code={make('a code')} failed",
        f"got {{'refresh_token': '{make('a token')}', 'client_secret': '{make('a secret')}'}}",
        json.dumps({"id_token": make("an ID token"), "password": make("a password")}),
    )
    for message in messages:
        for strict in (False, True):
            watch.scenario = f"a talkative plugin, strict {strict}"
            manager = get_plugin_manager() if not strict else PluginManager(strict=True)
            name = f"talkative{messages.index(message)}"
            watch.attempt(manager.register, Talkative(message), name)
            before = globus_core.plugins.set_plugin_manager(manager)
            _use_all_hooks(watch)
            _command_line(watch)
            for record in manager.records():
                watch.show(record, holds_tokens=True)  # the plugin itself, which knows more
                watch.text("a record", f"{record.reports} {record.traceback} {record.reason}")
            globus_core.plugins.set_plugin_manager(before)
            if not strict:
                manager.unregister(name)


def _use_all_hooks(watch: Watch) -> None:
    with echoing() as server:
        server.fixed = Answer(400, {"error": "invalid_grant"})
        client = NativeAppAuthClient("id", base_url=server.url, retry_config=ONCE)
        watch.attempt(client.oauth2_refresh_token, watch.secrets.make("a refresh token"))
        watch.attempt(IdentityMap(client).prefetch, ["ada", "bo@example.org"])
        watch.attempt(client_class, "nothing")
        watch.attempt(service_names)
        # Called when a plugin is imported, which has happened long ago in a busy test process.
        watch.attempt(lazy_exports, "globus_core_auth", {"client": ("AuthClient",)})
        watch.attempt(compose.select, "globus_token_storages", "nothing", what="token storage")
        client.close()


def _command_line(watch: Watch) -> None:
    runner = CliRunner()
    for arguments in (["plugins"], ["plugins", "--json"], ["--help"], ["nothing"]):
        result = runner.invoke(cli, arguments)
        watch.text(f"globus-core {' '.join(arguments)}", result.output)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            watch.error(result.exception)


def copying_translator(watch: Watch) -> None:
    """What a translator copies out of a body is relieved of secrets as well."""

    class Copying:  # here, so that its decorator too is seen to be called
        """A translator that makes facts of whatever the error holds."""

        @hookimpl(tryfirst=True)
        def globus_translate_error(self, error: t.Any) -> ErrorFacts:
            """All of the body, and the headers."""
            told = f"{error.text} {dict(error.headers)}"
            return ErrorFacts(code=told, message=told, advice=told, request_id=told)

    get_plugin_manager().register(Copying(), "copying")
    with echoing() as server:
        token = AccessTokenAuthorizer(watch.secrets.make("an access token"))
        with BaseClient(base_url=server.url, authorizer=token, retry_config=ONCE) as client:
            for style in ("oauth2", "page", "text", "headers", "gare"):
                server.style = style
                watch.failing(client.get, "a")
            server.style, server.status = "gare", 403
            try:
                client.get("a")
            except globus_core.GlobusAPIError as error:
                for one in (to_gare(error), *to_gares([error]), error.info, *error.errors):
                    watch.show(one)
                    watch.text("fields", repr(vars(one)))
                assert is_gare(error) and has_gares([error])


def demo(watch: Watch) -> None:
    """All that the demo prints."""
    result = CliRunner().invoke(cli, ["demo"])
    assert result.exit_code == 0, result.output
    watch.text("the demo", result.output)


class ByItself:
    """A plugin with a login that needs nobody."""

    @hookimpl
    def globus_login_flows(self) -> dict[str, t.Any]:
        """Offer it."""
        return {"by-itself": CountedLogin}


class Checked:
    """A plugin with a check that reports a secret in each way."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    @hookimpl
    def globus_doctor_checks(self) -> dict[str, t.Any]:
        """Offer it."""
        return {"checked": self._check}

    def _check(self, report: t.Any) -> None:
        report.hide(self._secret)
        report.doing(self._secret)
        report.ok(self._secret)
        report.note(f"token={self._secret}", self._secret)
        report.skip(f"{report.offline} {report.app()} {self._secret}")
        report.note(f"{report.environment} {report.client_id}")
        report.problem(self._secret, self._secret)
        report.problem_of(GlobusError(f"{self._secret}; {self._secret}"))
        raise RuntimeError(self._secret)


def session_commands(watch: Watch) -> None:
    """All that login, whoami, logout and a command with an app print, going well or wrong."""
    get_plugin_manager().register(ByItself(), "by-itself")

    @click.command()
    @click.option(
        "--cache",
        default="memory",
        callback=offered("globus_identity_caches", "cache"),
        shell_complete=complete_offered("globus_identity_caches"),
    )
    @with_output()
    @with_app(scopes={"auth.globus.org": "openid"})
    def show(app: t.Any, output: Output, cache: str) -> None:
        output.note(f"{watch.show(app)}")
        output.table(("app", "config"), [(app, app.config)], empty="no app")

    @click.command()
    @with_app_maker()
    def make(make_app: t.Callable[[], t.Any]) -> None:
        click.echo(f"{watch.show(make_app())}")

    vault = f"x://u:{watch.secrets.make('a password')}@vault.example.org/x"
    with a_sandbox(watch) as sandbox, pytest.MonkeyPatch.context() as patch:

        def run(command: click.Command, *arguments: str) -> None:
            result = CliRunner().invoke(command, arguments)
            watch.text(f"globus-core {' '.join(arguments)}", result.output)
            if result.exception is not None:
                watch.error(result.exception)

        patch.setenv("GLOBUS_CORE_LOGIN_FLOW", "by-itself")
        patch.setenv("GLOBUS_CLIENT_ID", sandbox.native_client_id)
        commands = [["login"], ["whoami"], ["whoami", "--json"], ["logout", "--json"]]
        commands[1:1] = [["session", "show", "--debug"], ["session", "update", "--mfa", "-v"]]
        for arguments in (*commands, ["login", "--token-storage", vault, "--namespace", "x"]):
            run(cli, *arguments)
        run(cli, "login")
        get_plugin_manager().register(Checked(watch.secrets.make("a check's secret")), "checked")
        run(cli, "doctor")
        run(cli, "doctor", "--json")
        run(cli, "logins")
        run(cli, "logins", "--json")
        sandbox.reset()
        for arguments in commands[1:]:
            run(cli, *arguments)
        sandbox.fail("/v2/oauth2/token", kind=next(iter(sandbox.fault_kinds())))
        run(cli, "login")
        patch.setenv("GLOBUS_CLIENT_ID", sandbox.confidential_client_id)
        for secret in (sandbox.confidential_client_secret, watch.secrets.make("a client secret")):
            patch.setenv("GLOBUS_CLIENT_SECRET", secret)
            run(show)
            run(make)
            for arguments in commands:
                run(cli, *arguments)
            run(cli, "doctor")


def answers(watch: Watch) -> None:
    """Responses and pages: their ``repr``, and what of the request travels with them."""
    token = watch.secrets.make("an access token")
    with echoing() as server:
        with BaseClient(base_url=server.url, authorizer=AccessTokenAuthorizer(token)) as client:
            server.fixed = Answer(200, {"data": [{"a": 1}], "marker": None, "has_next_page": False})
            got = client.get("a", query_params={"token": watch.secrets.make("a query token")})
            array = Answer(200, [1, 2])
            for one in (
                got,
                GlobusHTTPResponse(got),
                IterableResponse(got, iter_key="data"),
                IterableJSONAPIResponse(got),
                client.paginated,
                client.transport,
                client.retry_config,
                RetryConfig(max_total=None),
            ):
                watch.show(one)
            server.fixed = array
            listed = watch.show(ArrayResponse(client.get("a")))
            watch.text("an array", list(listed))
            for kind in (
                paging.MarkerPaginator,
                paging.JSONAPIPaginator,
                paging.NextTokenPaginator,
            ):
                server.fixed = Answer(200, {"data": [1], "has_next_page": False})
                pages = kind(
                    lambda *_, **__: IterableJSONAPIResponse(client.get("a")),
                    items_key="data",
                    client_args=(token,),
                    client_kwargs={"query_params": {"token": token}},
                )
                watch.text("a paginator", repr(pages))
                watch.text("pages", repr(list(pages)))
                for name in ("marker", "next_token"):
                    watch.text("a position", repr(getattr(pages, name, None)))
        transport = watch.show(RequestsTransport())
        transport.close()
    watch.show(GlobusAppConfig())


def half_made(watch: Watch) -> None:
    """An object of a plugin whose constructor failed after it took a token."""

    class HalfMade:
        def __init__(self, token: str) -> None:
            self._token = token

        @safe_repr
        def __repr__(self) -> str:
            return f"{self._token} of {self.owner}"  # type: ignore[attr-defined]  # never set

    shown = repr(HalfMade(watch.secrets.make("a token")))
    watch.text("an object that is not complete", shown)
    LazyLogger("globus_core.canary").info("made: %s", shown)


def caches(watch: Watch) -> None:
    """Identity caches, which are chosen by URLs as storages are."""
    password = watch.secrets.make("a password")
    for kind in (MemoryIdentityCache, SQLiteIdentityCache):
        watch.failing(kind.from_url, f"x://u:{password}@host/p?password={password}")
    for name in (f"x://u:{password}@host", f"sqlite://u:{password}@host/p"):
        with a_sandbox(watch):
            watch.failing(IdentityMap, None, cache=name)
    watch.failing(IdentityMap, None, cache={password}.__iter__())
    cache = MemoryIdentityCache()
    watch.show(cache)
    watch.show(cache.describe())


SCENARIOS = (
    talkative_plugins,
    half_made,
    copying_translator,
    demo,
    session_commands,
    answers,
    caches,
)
