"""
Scenarios: logins, renewals, token storages and ID tokens, going well and going wrong.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import pickle
import sqlite3
import sys
import tempfile
import time
import typing as t
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest

from globus_core import (
    AuthClient,
    BaseClient,
    ClientApp,
    ClientCredentialsAuthorizer,
    ConfidentialAppAuthClient,
    GlobusAppConfig,
    IDTokenDecoder,
    NativeAppAuthClient,
    RefreshTokenAuthorizer,
    TransferClient,
    UserApp,
)
from globus_core.gare import GlobusAuthorizationParameters
from globus_core.globus_app import TokenApp
from globus_core.globus_app.config import resolve_by_login_flow
from globus_core.login_flows import (
    AutoLoginFlowManager,
    CommandLineLoginFlowManager,
    LocalServerLoginFlowManager,
)
from globus_core.testing import HeadlessBrowser, Sandbox, SandboxControl
from globus_core.token_storage import (
    HasRefreshTokensValidator,
    JSONTokenStorage,
    MemoryTokenStorage,
    NotExpiredValidator,
    ScopeRequirementsValidator,
    SQLiteTokenStorage,
    TokenStorage,
    TokenStorageData,
    TokenValidationContext,
    UnchangingIdentityIDValidator,
    ValidatingTokenStorage,
)
from globus_core.transport import RetryConfig
from tests.integration.app.helpers import AUTH, TRANSFER, CountedLogin, expire, user_app

if t.TYPE_CHECKING:
    from tests.canary.watch import Watch

AT_ONCE: dict[str, t.Any] = {"retry_backoff": lambda _: 0.0, "http_timeout": 5}
CONSENT = {
    "code": "ConsentRequired",
    "authorization_parameters": {"required_scopes": ["openid"], "session_message": "why"},
}
BACK = "http://127.0.0.1:1"


@contextlib.contextmanager
def a_sandbox(watch: Watch) -> t.Iterator[Sandbox]:
    """A sandbox to which every client goes, with a client secret to look for."""
    with pytest.MonkeyPatch.context() as patch, Sandbox() as sandbox:
        patch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", sandbox.url)
        watch.secrets.add("the sandbox's client secret", sandbox.confidential_client_secret)
        for shown in (sandbox, SandboxControl(sandbox.url)):
            watch.text("the sandbox", repr(shown))
        yield sandbox
        watch.text("the journal", sandbox.journal())


def code_of(watch: Watch, url: str) -> str:
    """The callback of a login that is approved at once, whose code is a secret."""
    browser = HeadlessBrowser()
    import requests

    callback = requests.get(url, allow_redirects=False, timeout=60).headers["Location"]
    watch.show(browser)
    code = parse_qs(urlsplit(callback).query)["code"][0]
    watch.secrets.add("an authorization code", code)
    return callback


def grants_at_the_sandbox(watch: Watch) -> None:
    """Every grant as it should be, then with what was spent, and what its answers show."""
    with a_sandbox(watch) as sandbox:
        native = NativeAppAuthClient(sandbox.native_client_id, transport_params=AT_ONCE)
        portal = ConfidentialAppAuthClient(
            sandbox.confidential_client_id,
            sandbox.confidential_client_secret,
            transport_params=AT_ONCE,
        )
        for client, options in (
            (native, {"redirect_uri": BACK, "state": None}),
            (portal, {"redirect_uri": BACK, "pkce": True, "nonce": None}),
        ):
            flow = client.oauth2_start_flow(refresh_tokens=True, **options)
            callback = code_of(watch, flow.get_authorize_url())
            watch.failing(flow.exchange_callback, callback.replace("state=", "state=x"))
            watch.failing(flow.code_from, f"{callback}&code=again")
            watch.failing(flow.code_from, callback.replace("code=", "iss=https://x.org&kode="))
            watch.failing(flow.code_from, callback.replace("code=", "error=bad&kode="))
            watch.failing(flow.code_from, f"http://[{callback}")
            tokens = flow.exchange_callback(callback)
            watch.show(tokens, holds_tokens=True)
            watch.text("tokens by scope", f"{tokens.by_scopes} {tokens.by_scopes!r}")
            watch.text("tokens by server", f"{tokens.by_resource_server} {vars(tokens)}")
            watch.text("scopes granted", f"{tokens.requested_scopes} {tokens.granted_scopes}")
            watch.text("scopes amiss", f"{tokens.missing_scopes} {tokens.extra_scopes}")
            _about_tokens(watch, client, tokens)
            watch.failing(flow.exchange_callback, callback)
            watch.failing(flow.exchange_code_for_tokens, flow.code_from(callback))
        watch.show(portal.oauth2_client_credentials_tokens(), holds_tokens=True)
        sandbox.fail("/v2/oauth2/token", kind=next(iter(sandbox.fault_kinds())))
        watch.attempt(portal.oauth2_client_credentials_tokens)
        wrong = ConfidentialAppAuthClient(
            sandbox.confidential_client_id, watch.secrets.make("a wrong client secret")
        )
        watch.failing(wrong.oauth2_client_credentials_tokens)
        watch.attempt(wrong.oauth2_token_introspect, watch.secrets.make("a token"))
        for one in (native, portal, wrong):
            one.close()


def _about_tokens(watch: Watch, client: t.Any, tokens: t.Any) -> None:
    token = tokens.by_resource_server[AUTH]
    watch.attempt(tokens.decode_id_token)
    refreshed = client.oauth2_refresh_token(token["refresh_token"])
    watch.show(refreshed, holds_tokens=True)
    if hasattr(client, "oauth2_token_introspect"):
        watch.show(client.oauth2_token_introspect(token["access_token"]))
        watch.show(client.oauth2_validate_token(token["access_token"]))
        watch.attempt(client.oauth2_get_dependent_tokens, token["access_token"])
    _id_token_in_trouble(watch, client, tokens["id_token"], token["access_token"])
    watch.show(client.oauth2_revoke_token(refreshed["access_token"]))
    watch.attempt(client.oauth2_refresh_token, token["refresh_token"] + "x")


def _id_token_in_trouble(watch: Watch, client: t.Any, good: str, access_token: str) -> None:
    head, payload, signature = good.split(".")
    decoder = watch.show(IDTokenDecoder(client))
    watch.attempt(decoder.decode, good, access_token=access_token)
    bad = [
        f"{head}.{payload}",
        f"{head}.{payload}.{signature[::-1]}",
        f"{head}.{payload[::-1]}.{signature}",
        f"{payload}.{head}.{signature}",
        f"{payload}.{payload}.{signature}",
        f"{good}\ud800",
        watch.secrets.make("an ID token that is none"),
    ]
    for token in bad:
        watch.failing(decoder.decode, token)
        watch.attempt(decoder.decode, token, verify_signature=False)
    watch.failing(decoder.decode, good, nonce="another")
    watch.failing(decoder.decode, good, verify_audience="another")
    watch.failing(decoder.decode, good, access_token=watch.secrets.make("an access token"))
    watch.failing(IDTokenDecoder(AuthClient()).decode, good)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jwt.api_jwt.datetime", _Later)
        watch.attempt(decoder.decode, good)
    decoder.store_openid_configuration({"issuer": "https://other.example.org", "jwks_uri": "x:"})
    watch.failing(decoder.decode, good)
    decoder.store_openid_configuration({})
    watch.failing(decoder.decode, good)
    decoder.store_jwk(object())
    watch.attempt(decoder.decode, good)
    watch.attempt(decoder.get_openid_configuration)
    watch.show(decoder.get_jwt_audience())
    watch.show(decoder.get_jwk())


class _Later:
    """The clock of the library that checks ID tokens, a month ahead."""

    @staticmethod
    def now(tz: t.Any = None) -> t.Any:
        """A month ahead."""
        import datetime

        return datetime.datetime.now(tz) + datetime.timedelta(days=31)


def renewals(watch: Watch) -> None:
    """Authorizers that renew, that fail, and that another process holds up."""
    with a_sandbox(watch) as sandbox, tempfile.TemporaryDirectory() as folder:
        client = ConfidentialAppAuthClient(
            sandbox.confidential_client_id,
            sandbox.confidential_client_secret,
            transport_params=AT_ONCE,
        )
        client.retry_config = RetryConfig(max_retries=0)
        flow = client.oauth2_start_flow(BACK, "openid", refresh_tokens=True)
        tokens = flow.exchange_callback(code_of(watch, flow.get_authorize_url()))
        token = tokens.by_resource_server[AUTH]
        storage = JSONTokenStorage(pathlib.Path(folder, "t.json"))
        storage.store_token_response(tokens)
        soon = int(time.time()) + 30
        by_refresh = RefreshTokenAuthorizer(
            token["refresh_token"],
            client,
            access_token=token["access_token"],
            expires_at=soon,
            token_storage=storage,
            resource_server=AUTH,
        )
        by_client = ClientCredentialsAuthorizer(client, "openid")
        for authorizer in (by_refresh, by_client):
            watch.show(authorizer)
            user = AuthClient(authorizer=authorizer, transport_params=AT_ONCE)
            authorizer.expires_at, authorizer._valid_until = soon, 0.0
            sandbox.fail("/v2/oauth2/token", status=400, body={"error": "invalid_grant"})
            watch.attempt(user.userinfo)  # goes on with what it has, and warns
            authorizer.handle_missing_authorization()
            sandbox.fail("/v2/oauth2/token", drop=True)
            watch.attempt(user.userinfo)
            authorizer.handle_refused_header(authorizer._header)
            watch.attempt(user.userinfo)
            sandbox.fail("/v2/oauth2/userinfo", status=401)
            watch.attempt(user.userinfo)
            user.close()
        by_refresh.handle_missing_authorization()
        with storage.renewal_lock(AUTH):
            watch.failing(by_refresh.get_authorization_header)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(storage, "_write", _no_space)
            patch.setattr(by_refresh, "_storage", storage)
            watch.failing(by_refresh.get_authorization_header)
        watch.failing(RefreshTokenAuthorizer, token["refresh_token"], BaseClient(base_url="x:"))
        watch.failing(
            RefreshTokenAuthorizer, token["refresh_token"], client, access_token="only this"
        )
        client.close()


def _no_space(*args: t.Any) -> None:
    from globus_core.exc import StorageError

    raise StorageError("no space")


def storages(watch: Watch) -> None:
    """Each storage: used, damaged with tokens in it, with a wrong record, and locked."""
    make = watch.secrets.make
    data = TokenStorageData(
        "a.example.org",
        None,
        "s",
        make("a stored token"),
        make("a stored refresh token"),
        1,
        None,
        extra={"id_token": make("a stored ID token")},
    )
    watch.show(data, holds_tokens=True)
    for field in ("access_token", "refresh_token"):
        watch.failing(TokenStorageData.from_dict, {**data.to_dict(), field: [make("in a list")]})
        wrong = {**data.to_dict(), "expires_at_seconds": make("a token in the wrong place")}
        watch.failing(TokenStorageData.from_dict, wrong)
    watch.failing(TokenStorageData.from_dict, make("a token alone"))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for storage in (
            MemoryTokenStorage(),
            JSONTokenStorage(folder / "t.json"),
            SQLiteTokenStorage(folder / "t.db"),
        ):
            watch.show(storage)
            storage.store_token_data_by_resource_server({"a.example.org": data})
            watch.text("a stored record", repr(storage.get_token_data_by_resource_server()))
            watch.text("a stored record", repr(storage.get_token_data("a.example.org")))
            watch.show(storage)  # after reading, which keeps what was read
            watch.show(storage.describe())
            storage.remove_token_data("a.example.org")
            storage.close()
        watch.failing(MemoryTokenStorage.from_url, f"memory://u:{make('a password')}@host")
        for kind in (JSONTokenStorage, SQLiteTokenStorage):
            url = f"x://u:{make('a password')}@host/p?password={make('a password')}"
            watch.failing(kind.from_url, url)
        _damaged(watch, folder)
        _damaged_database(watch, folder, data)


def _damaged(watch: Watch, folder: pathlib.Path) -> None:
    token = watch.secrets.make("a token in a damaged file")
    head = '{"format_version": "2.0", "globus-sdk.version": "4.9.0", "data": '
    record = f'"resource_server": "a", "access_token": "{token}"'
    texts = [
        token,
        f'{{"access_token": "{token}"',
        f'["{token}"]',
        f'{{"format_version": "{token}", "globus-sdk.version": "4"}}',
        f'{head}"{token}"}}',
        f'{head}{{"DEFAULT": {{"a": "{token}"}}}}}}',
        f'{head}{{"DEFAULT": {{"a": {{{record}}}}}}}}}',
        f'{head}{{"DEFAULT": {{"a": {{{record}, "scope": ["{token}"]}}}}}}}}',
    ]
    for number, text in enumerate(texts):
        path = folder / f"damaged{number}.json"
        path.write_text(text)
        path.chmod(0o600)
        import os

        os.utime(path, (1_700_000_000, 1_700_000_000))
        storage = JSONTokenStorage(path)
        watch.attempt(storage.get_token_data, "a")
        watch.attempt(storage.get_token_data_by_resource_server)
        watch.attempt(storage.remove_token_data, "a")
    (folder / "d.db").write_bytes(bytes(16) + f"lost {token}".encode() * 300)
    watch.attempt(SQLiteTokenStorage(folder / "d.db").get_token_data, "a")


def _damaged_database(watch: Watch, folder: pathlib.Path, data: TokenStorageData) -> None:
    token = watch.secrets.make("a token in a wrong record")
    path = folder / "wrong.db"
    with SQLiteTokenStorage(path, connect_params={"timeout": 0.05}) as storage:
        storage.store_token_data_by_resource_server({"a.example.org": data})
        for text in (f"{{{token}", json.dumps({"access_token": [token]}), json.dumps([token])):
            connection = sqlite3.connect(path)
            with connection:
                connection.execute("UPDATE token_storage SET token_data_json = ?", (text,))
            watch.attempt(storage.get_token_data, "a.example.org")
            connection.execute("BEGIN IMMEDIATE")
            watch.failing(storage.store_token_data_by_resource_server, {"a.example.org": data})
            connection.close()


def validation(watch: Watch) -> None:
    """Each thing that a validating storage can find fault with."""
    make = watch.secrets.make
    data = TokenStorageData("a", None, "s", make("a validated token"), None, 1, "Bearer")
    inner = MemoryTokenStorage()
    from globus_core.scopes import Scope

    context = TokenValidationContext(prior_identity_id="one", token_data_identity_id="two")
    watch.show(context)
    nobody = TokenValidationContext(prior_identity_id="one", token_data_identity_id=None)
    for validator in (
        HasRefreshTokensValidator(),
        NotExpiredValidator(),
        UnchangingIdentityIDValidator(),
        ScopeRequirementsValidator({"a": [Scope("other")]}, None),
    ):
        watch.show(validator)
        watch.attempt(validator.before_store, {"a": data}, context)
        watch.attempt(validator.before_store, {"a": data}, nobody)
        watch.attempt(validator.after_retrieve, {"a": data}, context)
        storage = ValidatingTokenStorage(inner, validators=[validator])
        watch.show(storage)
        watch.attempt(storage.store_token_data_by_resource_server, {"a": data})
        inner.store_token_data_by_resource_server({"a": data})
        watch.attempt(storage.get_token_data, "a")
        watch.attempt(storage.get_token_data_by_resource_server)
        watch.failing(storage.get_token_data, "nothing")
        watch.show(storage.describe())
        storage.remove_token_data("a")


def apps(watch: Watch) -> None:
    """Apps: a login, a refused one, one that a service asks for, and a logout that fails."""
    with a_sandbox(watch) as sandbox:
        storage = MemoryTokenStorage()
        app = user_app(
            sandbox, storage=storage, request_refresh_tokens=True, auto_redrive_gares=True
        )
        with app, AuthClient(app=app, transport_params=AT_ONCE) as auth:
            watch.show(app)
            watch.failing(pickle.dumps, app)
            watch.show(app.config, holds_tokens=True)
            sandbox.deny_next_login()
            watch.failing(app.login)
            sandbox.fail("/v2/oauth2/token", status=400, body={"error": "invalid_grant"})
            watch.failing(app.login)
            app.login()
            watch.text("stored", repr(storage.get_token_data_by_resource_server()))
            sandbox.fail("/v2/oauth2/userinfo", status=403, body=CONSENT)
            watch.attempt(auth.userinfo)
            _identities(watch, auth, sandbox)
            expire(app)
            app._authorizer_factory.clear_cache()
            sandbox.fail("/v2/oauth2/token", status=500, times=None)
            sandbox.fail("/v2/oauth2/token/revoke", status=500, times=None)
            app._login_client.retry_config = RetryConfig(max_retries=0)
            watch.attempt(auth.userinfo)
            failures = app.logout()
            assert failures
            for failure in failures:
                watch.show(failure)
                watch.error(failure.error)
        sandbox.clear_faults()
        _app_without_refresh_tokens(watch, sandbox)
        _client_app(watch, sandbox)


def _app_without_refresh_tokens(watch: Watch, sandbox: Sandbox) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        user_app(sandbox, storage=f"json:{folder}/tokens.json") as app,
    ):
        resolve_by_login_flow(app, LookupError("no token"))
        watch.show(app._authorizer_factory, holds_tokens=True)
        watch.show(app)
        watch.show(app.get_authorizer(AUTH))
        watch.text("what renews", app.renews_by)
        watch.show(app.get_authorizer_without_login(AUTH))


def _identities(watch: Watch, auth: AuthClient, sandbox: Sandbox) -> None:
    from globus_core import IdentityMap

    for status in (200, 401, 500):
        found = IdentityMap(auth)
        if status != 200:
            sandbox.fail("/v2/api/identities", status=status, times=None)
            auth.retry_config = RetryConfig(max_retries=0)
        resolution = watch.attempt(found.prefetch, ["ada@example.org", "nobody@example.org"])
        watch.show(resolution)
        watch.attempt(resolution.raise_for_failure)
        watch.show(watch.attempt(found.get, "ada@example.org"))
        watch.show(watch.attempt(found.resolve_many, ["ada@example.org", "bo@example.org"]))
        watch.attempt(found.__getitem__, "bo@example.org")
        found.add("bo@example.org")
        for _, answer in found.resolve_iter(["bo@example.org", "nobody@example.org"]):
            watch.text("an answer of a stream", repr(answer))
        found.add("7c2f6a14-5b1f-4d35-9f43-8a0f1f6f2b11")
        watch.text("what is not looked up yet", [found.unresolved_ids, found.unresolved_usernames])
        watch.text("an identity map", repr(found))
        sandbox.clear_faults()
    watch.show(auth.get_consents(sandbox.people[0].id).to_forest())


def _client_app(watch: Watch, sandbox: Sandbox) -> None:
    config = GlobusAppConfig(token_storage="memory")
    secret = sandbox.confidential_client_secret
    with ClientApp(
        "a", client_id=sandbox.confidential_client_id, client_secret=secret, config=config
    ) as app:
        watch.show(app)
        watch.text("what renews", app.renews_by)
        app.login()
        _consents(watch, sandbox, app)
        app.logout()
    wrong = watch.secrets.make("a wrong client secret")
    with ClientApp(
        "a", client_id=sandbox.confidential_client_id, client_secret=wrong, config=config
    ) as app:
        watch.failing(app.login)
        watch.attempt(UserApp, login_client=app._login_client, client_secret=wrong)
        watch.failing(UserApp, client_secret=wrong)
    for name in ("other", f"redis://u:{wrong}@host/0", f"memory://{wrong}", ""):
        broken = GlobusAppConfig(token_storage=name)
        watch.failing(UserApp, client_id=sandbox.native_client_id, config=broken)
    _urls_with_passwords(watch, sandbox.native_client_id, wrong)


def _consents(watch: Watch, sandbox: Sandbox, app: ClientApp) -> None:
    """A service wants a consent, of an app that can log in and of one that cannot."""
    header = app.get_authorizer(AUTH).get_authorization_header() or ""
    token = header.removeprefix("Bearer ")
    with TokenApp("a", tokens={TRANSFER: token}) as other:
        for each in (app, other):
            with TransferClient(app=each, base_url=sandbox.service_url("transfer")) as transfer:
                sandbox.fail("/transfer/v0.10/task_list", status=403, body=CONSENT)
                watch.attempt(transfer.task_list)
                watch.failing(transfer.for_collections, "here", "there")


def _urls_with_passwords(watch: Watch, client_id: str, password: str) -> None:
    """Settings that are URLs: storages, caches, services and proxies."""
    from globus_core import IdentityMap
    from globus_core.exc import GlobusError
    from globus_core.origins import setting

    for url in (
        f"json://u:{password}@host/0",
        f"sqlite://u:{password}@host/0?password={password}",
        f"redis://:{password}@host:1/0?k={password}&x#{password}",
        f"postgresql://u:{password}@host:1/0?k={password}&x#{password}",
        f"vault:u:{password}@host",
        f"memory:?password={password}",
    ):
        config = GlobusAppConfig(token_storage=url, login_redirect_uri=f"https://h/?x={password}")
        watch.show(config, holds_tokens=True)
        watch.text("a setting", setting(url))
        watch.attempt(UserApp, client_id=client_id, config=config)
        watch.attempt(IdentityMap, AuthClient(), cache=url)
    for variable, url in (
        ("GLOBUS_SDK_SERVICE_URL_AUTH", f"https://u:{password}@127.0.0.1:9/"),
        ("GLOBUS_SDK_SERVICE_URL_AUTH", f'"https://u:{password}@127.0.0.1:9/"'),
        ("ALL_PROXY", f"socks5://u:{password}@127.0.0.1:9"),
        ("HTTPS_PROXY", f"nonsense://u:{password}@127.0.0.1:9"),
    ):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(variable, url)
            try:
                with AuthClient(retry_config=RetryConfig(max_retries=0)) as client:
                    watch.show(client, holds_tokens=True)
                    watch.attempt(client.get, "/x")
            except GlobusError as error:
                watch.text("refused", error.explain())


def _at_a_terminal(watch: Watch, client: t.Any, asked: GlobusAuthorizationParameters) -> None:
    """The race of browser and terminal, which either of them wins."""
    screen, line = os.openpty()
    with open(line, encoding="utf-8") as terminal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", terminal)
        browser = AutoLoginFlowManager(client, open_browser=HeadlessBrowser().open)
        watch.show(browser.run_login_flow(asked), holds_tokens=True)
        closed = AutoLoginFlowManager(client, open_browser=lambda _: False)
        os.write(screen, f"{watch.secrets.make('a pasted code')}\n".encode())
        watch.failing(closed.run_login_flow, asked)
        hasty = AutoLoginFlowManager(client, open_browser=lambda _: True, timeout=0.01)
        watch.failing(hasty.run_login_flow, asked)
    os.close(screen)


class AtTerminal(StringIO):
    """An input that says that it is a terminal."""

    def isatty(self) -> bool:
        """It says so."""
        return True


def login_flows(watch: Watch) -> None:
    """The ways to log in, with good codes, bad codes and none."""
    asked = GlobusAuthorizationParameters(required_scopes=["openid"])
    with a_sandbox(watch) as sandbox, pytest.MonkeyPatch.context() as patch:
        client = NativeAppAuthClient(sandbox.native_client_id, transport_params=AT_ONCE)
        prompt = watch.show(CommandLineLoginFlowManager(client, redirect_uri=BACK))
        urls: list[str] = []
        patch.setattr(prompt, "print_authorize_url", urls.append)
        patch.setattr(prompt, "prompt_for_code", lambda: code_of(watch, urls[-1]))
        watch.show(prompt.run_login_flow(asked), holds_tokens=True)
        bad = watch.secrets.make("a code that was typed")
        for typed in (bad, f"{BACK}/?code={bad}&state=other", f"{BACK}/?error={bad[:0]}no", ""):
            patch.setattr(prompt, "prompt_for_code", lambda typed=typed: typed)
            watch.failing(prompt.run_login_flow, asked)
        for plain in (CommandLineLoginFlowManager(client), AutoLoginFlowManager(client)):
            watch.show(plain)
            for source in (AtTerminal(f"{bad}\n"), AtTerminal(""), StringIO(f"{bad}\n")):
                patch.setattr(sys, "stdin", source)
                watch.failing(plain.run_login_flow, asked)
        browser = LocalServerLoginFlowManager(client, open_browser=HeadlessBrowser().open)
        watch.show(browser.run_login_flow(asked), holds_tokens=True)
        sandbox.deny_next_login()
        watch.failing(browser.run_login_flow, asked)
        for url in (f"vault://u:{bad}@host", f"vault://host?key={bad}"):
            config = GlobusAppConfig(token_storage=url)
            nobody = AutoLoginFlowManager.for_globus_app("tests", client, config)
            watch.failing(nobody.run_login_flow, asked)
        if os.name == "posix":
            _at_a_terminal(watch, client, asked)
        hasty = LocalServerLoginFlowManager(client, open_browser=lambda _: True, timeout=0.01)
        watch.failing(hasty.run_login_flow, asked)
        none = LocalServerLoginFlowManager(client, open_browser=lambda _: False)
        watch.failing(none.run_login_flow, asked)
        client.close()


SCENARIOS = (grants_at_the_sandbox, renewals, storages, validation, apps, login_flows)

__all__ = ["SCENARIOS", "CountedLogin", "TokenStorage"]
