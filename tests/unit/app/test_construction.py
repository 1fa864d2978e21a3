"""
Making an app: what it takes, and what it refuses at once. No server is asked for any of it.
"""

from __future__ import annotations

import sys
import textwrap
import typing as t
import uuid

import pytest

from globus_core import (
    AccessTokenAuthorizer,
    AuthClient,
    AuthLoginClient,
    ClientApp,
    ConfidentialAppAuthClient,
    GlobusAppConfig,
    NativeAppAuthClient,
    UserApp,
)
from globus_core.exc import GlobusError, GlobusSDKUsageError, PluginUnavailableError
from globus_core.login_flows import CommandLineLoginFlowManager, LoginFlowManager
from globus_core.plugins import PluginManager, get_plugin_manager, set_plugin_manager
from globus_core.scopes import AuthScopes
from globus_core.token_storage import (
    JSONTokenStorage,
    MemoryTokenStorage,
    SQLiteTokenStorage,
    TokenStorage,
)

if t.TYPE_CHECKING:
    import pathlib

CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f01"
SECRET = "not-a-secret-of-anybody"
REDIRECT = "https://app.example.org/callback"


def config(**settings: t.Any) -> GlobusAppConfig:
    """A config with its tokens in memory."""
    settings.setdefault("token_storage", "memory")
    return GlobusAppConfig(**settings)


def user_app(**settings: t.Any) -> UserApp:
    """An app of a native client."""
    return UserApp("tests", client_id=CLIENT_ID, config=config(**settings))


def inner(app: UserApp) -> TokenStorage:
    """The storage behind the checks."""
    return app.token_storage.token_storage


# clients


def test_a_client_id_may_be_a_uuid() -> None:
    """It is kept as text, and makes a native client without a secret, else a confidential one."""
    app = UserApp("tests", client_id=uuid.UUID(CLIENT_ID), config=config())
    assert app.client_id == CLIENT_ID
    assert isinstance(app._login_client, NativeAppAuthClient)
    portal = UserApp(
        "tests",
        client_id=CLIENT_ID,
        client_secret=SECRET,
        config=config(login_redirect_uri=REDIRECT),
    )
    assert isinstance(portal._login_client, ConfidentialAppAuthClient)
    assert SECRET not in repr(portal)


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("kind", [UserApp, ClientApp])
def test_a_client_comes_from_one_place(kind: t.Any, both: bool) -> None:
    """Neither a client nor an id, or both of them, is refused."""
    given = {"client_id": CLIENT_ID, "login_client": NativeAppAuthClient(CLIENT_ID)}
    with pytest.raises(GlobusSDKUsageError, match=r"either 'client_id' or 'login_client'"):
        kind("tests", config=config(), **(given if both else {}))


def test_a_secret_beside_a_login_client_is_warned_of() -> None:
    """It has no effect, and the person who passed it should know."""
    with pytest.warns(UserWarning, match="'client_secret'") as refused:
        UserApp(
            "tests",
            login_client=NativeAppAuthClient(CLIENT_ID),
            client_secret=SECRET,
            config=config(),
        )
    assert SECRET not in str(refused[0].message)


def test_a_login_client_needs_an_id() -> None:
    """An anonymous one cannot log anybody in."""
    with pytest.raises(GlobusSDKUsageError, match="no client id"):
        UserApp("tests", login_client=AuthLoginClient(), config=config())


def test_a_login_client_is_for_the_apps_environment() -> None:
    """The error names both environments."""
    client = NativeAppAuthClient(CLIENT_ID, environment="preview")
    with pytest.raises(GlobusSDKUsageError, match=r"'preview'.*'production'"):
        UserApp("tests", login_client=client, config=config())


def test_a_client_app_needs_a_secret() -> None:
    """Without one it could not get any token."""
    with pytest.raises(GlobusSDKUsageError, match="'client_secret'"):
        ClientApp("tests", client_id=CLIENT_ID, config=config())


def test_a_client_app_needs_a_confidential_client() -> None:
    """A native client has no credentials of its own; no file is made for the refused app."""
    with pytest.raises(GlobusSDKUsageError, match="ConfidentialAppAuthClient"):
        ClientApp("tests", login_client=NativeAppAuthClient(CLIENT_ID), config=config())


def test_a_client_app_has_no_login_flow() -> None:
    """It logs nobody in."""
    with pytest.raises(GlobusSDKUsageError, match="'login_flow_manager'"):
        ClientApp(
            "tests",
            client_id=CLIENT_ID,
            client_secret=SECRET,
            config=config(login_flow_manager="command-line"),
        )


# scopes and clients


def test_every_app_requires_openid() -> None:
    """Whose tokens they are is known from the ID token."""
    assert user_app().scope_requirements == {"auth.globus.org": [AuthScopes.openid]}


def test_attaching_a_client_adds_its_scopes() -> None:
    """The class's defaults, or those that are named; more can be added later."""
    app = user_app()
    AuthClient(app=app)
    required = {str(scope) for scope in app.scope_requirements["auth.globus.org"]}
    assert required == {"openid", "profile", "email"}
    other = user_app()
    client = AuthClient(app=other, app_scopes=[AuthScopes.view_identities])
    assert client.add_app_scope(AuthScopes.email) is client
    required = {str(scope) for scope in other.scope_requirements["auth.globus.org"]}
    assert required == {"openid", "email", str(AuthScopes.view_identities)}
    assert client.app_name == "tests"


def test_attaching_a_client_twice_or_wrongly_is_refused() -> None:
    """An app, an authorizer and an environment are had once."""
    app = user_app()
    client = AuthClient(app=app)
    with pytest.raises(GlobusSDKUsageError, match="has an app already"):
        client.attach_globus_app(app)
    with pytest.raises(GlobusSDKUsageError, match="authorizer"):
        AuthClient(authorizer=AccessTokenAuthorizer("x")).attach_globus_app(app)
    with pytest.raises(GlobusSDKUsageError, match="authorizer"):
        AuthClient(app=app, authorizer=AccessTokenAuthorizer("x"))
    with pytest.raises(GlobusSDKUsageError, match=r"'production'.*'preview'"):
        AuthClient(app=app, environment="preview")
    with pytest.raises(GlobusSDKUsageError, match="'app_scopes'"):
        AuthClient(app_scopes=[AuthScopes.openid])


# storages


def test_a_storage_is_chosen_by_name(tmp_path: pathlib.Path) -> None:
    """The three default names, each with the file of globus-sdk."""
    assert isinstance(inner(user_app(token_storage="memory")), MemoryTokenStorage)
    for name, kind, file in (
        ("json", JSONTokenStorage, "tokens.json"),
        ("sqlite", SQLiteTokenStorage, "tokens.db"),
    ):
        with user_app(token_storage=name) as app:
            assert isinstance(inner(app), kind)
            assert app.token_storage.describe().location.endswith(f"/tests/{file}")


@pytest.mark.parametrize("url", ["sqlite://{0}/t.db", "json:{0}/t.json", "memory://", "memory:"])
def test_a_storage_is_chosen_by_url(tmp_path: pathlib.Path, url: str) -> None:
    """The scheme is the storage's name, with or without slashes after it."""
    with user_app(token_storage=url.format(tmp_path)) as app:
        location = app.token_storage.describe().location
        assert location.startswith(str(tmp_path)) or url.startswith("memory")


def test_a_storage_may_be_an_object_or_a_provider() -> None:
    """A provider is asked with everything it may need to know."""
    asked: dict[str, t.Any] = {}
    storage = MemoryTokenStorage()

    class Provider:
        @classmethod
        def for_globus_app(cls, **given: t.Any) -> TokenStorage:
            asked.update(given)
            return storage

    assert inner(user_app(token_storage=storage)) is storage
    app = user_app(token_storage=Provider)
    assert inner(app) is storage
    assert asked == {
        "app_name": "tests",
        "config": app.config,
        "client_id": CLIENT_ID,
        "namespace": "DEFAULT",
    }


@pytest.mark.parametrize("name", ["jsn", "mongodb://cache.example.org:27017/0", "C:\\tokens.json"])
def test_an_unknown_storage_is_refused_with_those_that_are_known(name: str) -> None:
    """Nothing falls back silently to a file; what may be secret in a URL is not shown."""
    with pytest.raises(GlobusSDKUsageError, match="unknown token storage") as refused:
        user_app(token_storage=name)
    for known in ("json", "memory", "sqlite"):
        assert known in str(refused.value)
    assert "6379" not in str(refused.value)


def test_a_storage_of_no_kind_is_refused() -> None:
    """Only its type is shown."""
    with pytest.raises(GlobusSDKUsageError, match=r"unsupported token_storage.*type dict"):
        user_app(token_storage={"secret": SECRET})


def test_a_decoder_is_an_object_or_a_provider() -> None:
    """What is neither is refused."""

    class Decoder:
        def decode(self, id_token: str) -> dict[str, t.Any]:
            return {"sub": CLIENT_ID}

    decoder = Decoder()
    assert user_app(id_token_decoder=decoder).token_storage.id_token_decoder is decoder
    with pytest.raises(GlobusSDKUsageError, match="unsupported id_token_decoder"):
        user_app(id_token_decoder=5)


@pytest.fixture
def vault(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> t.Iterator[None]:
    """A plugin that offers storages, one of which needs something that is not installed."""
    module = tmp_path / "campus_vault_plugin.py"
    module.write_text(
        textwrap.dedent(
            """
            from globus_core import hookimpl

            EXTRA = "vault"

            class Bare:
                pass

            @hookimpl
            def globus_token_storages():
                return {"vault": "campus_vault_storage:Vault", "bare": Bare}
            """
        ),
        encoding="utf-8",
    )
    storage = tmp_path / "campus_vault_storage.py"
    storage.write_text("import campus_vault_driver\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    import importlib

    previous = set_plugin_manager(PluginManager())
    get_plugin_manager().register(importlib.import_module("campus_vault_plugin"), "vault")
    yield
    set_plugin_manager(previous)
    sys.modules.pop("campus_vault_plugin", None)


@pytest.mark.usefixtures("vault")
def test_a_storage_whose_extra_is_missing_is_refused() -> None:
    """What was asked for by name is an error that says what is missing; others work on."""
    with pytest.raises(PluginUnavailableError, match="campus_vault_driver") as refused:
        user_app(token_storage="vault")
    assert "vault" in str(refused.value)
    assert isinstance(inner(user_app()), MemoryTokenStorage)


@pytest.mark.usefixtures("vault")
def test_a_storage_without_urls_says_so() -> None:
    """A provider need not know URLs, nor be one."""
    with pytest.raises(GlobusSDKUsageError, match="'bare' cannot be selected by a URL"):
        user_app(token_storage="bare://x")
    with pytest.raises(GlobusSDKUsageError, match="unsupported token_storage"):
        user_app(token_storage="bare")


def test_without_discovery_an_app_is_a_clear_error() -> None:
    """The default plugins arrive through entry points only."""
    import globus_core.globus_app as room

    vars(room).pop("ClientApp", None)  # pyright: ignore[reportAttributeAccessIssue]
    previous = set_plugin_manager(PluginManager(select="none"))
    try:
        with pytest.raises(ImportError, match="plugin discovery is switched off"):
            getattr(room, "ClientApp")  # noqa: B009
    finally:
        set_plugin_manager(previous)


def test_a_plugin_that_failed_is_named_beside_an_unknown_storage() -> None:
    """It may be the one that would have offered the storage."""
    from globus_core.plugins.discovery import EntryPoint, scan

    broken = EntryPoint("globus_core.plugins", "campus", "no_such_module", "campus-vault", "1.0")
    previous = set_plugin_manager(PluginManager(lambda: [*scan(), broken]))
    try:
        with (
            pytest.warns(UserWarning, match="campus"),
            pytest.raises(GlobusSDKUsageError, match="campus@campus-vault"),
        ):
            user_app(token_storage="campus")
    finally:
        set_plugin_manager(previous)


# login flows


def test_a_login_flow_is_chosen_by_name_object_or_provider() -> None:
    """None is the command line."""
    for chosen in (None, "command-line", CommandLineLoginFlowManager):
        flow = user_app(login_flow_manager=chosen)._login_flow_manager
        assert isinstance(flow, CommandLineLoginFlowManager)
    manager = CommandLineLoginFlowManager(NativeAppAuthClient(CLIENT_ID))
    assert user_app(login_flow_manager=manager)._login_flow_manager is manager
    assert isinstance(
        user_app(
            login_flow_manager="local-server", request_refresh_tokens=True
        )._login_flow_manager,
        LoginFlowManager,
    )


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ("pigeon", r"unknown login flow 'pigeon'; known here: auto, command-line, local-server"),
        (5, "unsupported login_flow_manager: an object of type int"),
        (LoginFlowManager, "unsupported login_flow_manager"),
    ],
)
def test_a_login_flow_that_cannot_be_is_refused_when_the_app_is_made(
    chosen: t.Any, message: str
) -> None:
    """Not only at the first login, which may be months later."""
    with pytest.raises(GlobusSDKUsageError, match=message):
        user_app(login_flow_manager=chosen)


def test_the_local_server_takes_native_clients_and_its_own_address_only() -> None:
    """Through an app, a redirect URI or a secret contradict it."""
    with pytest.raises(GlobusSDKUsageError, match="login_redirect_uri"):
        user_app(login_flow_manager="local-server", login_redirect_uri=REDIRECT)
    with pytest.raises(GlobusSDKUsageError, match="native client"):
        UserApp(
            "tests",
            client_id=CLIENT_ID,
            client_secret=SECRET,
            config=config(login_flow_manager="local-server"),
        )


def test_the_command_line_needs_a_redirect_uri_for_a_confidential_client() -> None:
    """The page that shows a code is for native clients."""
    with pytest.raises(GlobusSDKUsageError, match="login_redirect_uri"):
        UserApp("tests", client_id=CLIENT_ID, client_secret=SECRET, config=config())


def test_the_error_of_a_setting_is_one_of_ours_and_a_value_error() -> None:
    """One except clause catches them all."""
    with pytest.raises(GlobusError):
        user_app(token_storage="nowhere")
    with pytest.raises(ValueError):
        user_app(token_storage="nowhere")
