"""
Tokens belong to the server that issued them: where apps look for them. Nothing is sent.
"""

from __future__ import annotations

import json
import typing as t

import pytest

from globus_core import (
    AuthClient,
    ClientApp,
    ConfidentialAppAuthClient,
    GlobusAppConfig,
    NativeAppAuthClient,
    UserApp,
)
from globus_core.config import EnvConfig
from globus_core.exc import LoginRequiredError
from globus_core.testing.stored_tokens import make_token
from globus_core.token_storage import JSONTokenStorage, MemoryTokenStorage, SQLiteTokenStorage

if t.TYPE_CHECKING:
    import pathlib

    from globus_core.globus_app import GlobusApp
    from globus_core.token_storage import TokenStorage

CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f01"
AUTH = "auth.globus.org"
PRODUCTION = "https://auth.globus.org/"
LOCAL = "http://127.0.0.1:8999/"


def app_at(url: str, storage: t.Any = "memory", **settings: t.Any) -> UserApp:
    """An app whose login client is for the server at a URL."""
    return UserApp(
        "tests",
        login_client=NativeAppAuthClient(CLIENT_ID, base_url=url),
        config=GlobusAppConfig(token_storage=storage, **settings),
    )


def namespace(app: GlobusApp) -> str:
    """Where the app keeps its tokens."""
    assert app.token_storage.namespace == app.token_storage.token_storage.namespace
    return app.token_storage.namespace


def test_the_variable_gives_an_app_a_namespace_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same program finds no tokens of the environment's server where it may not send them."""
    with UserApp("tests", client_id=CLIENT_ID) as app:
        tokens = {AUTH: make_token(AUTH, scope="openid", expires_at_seconds=4102444800)}
        app.token_storage.token_storage.store_token_data_by_resource_server(tokens)
        assert namespace(app) == "DEFAULT"
        assert not app.login_required()
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", LOCAL)
        with UserApp("tests", client_id=CLIENT_ID) as app:
            assert namespace(app) == "DEFAULT@http://127.0.0.1:8999"
            assert app.login_required()
    with UserApp("tests", client_id=CLIENT_ID) as app:
        assert not app.login_required()


@pytest.mark.parametrize("scheme", ["json", "sqlite"])
def test_a_file_holds_the_tokens_of_many_servers(scheme: str, tmp_path: pathlib.Path) -> None:
    """Chosen by URL; each app finds its own, and old records are those of the environment."""
    url = f"{scheme}://{tmp_path.as_posix()}/tokens"
    kind = JSONTokenStorage if scheme == "json" else SQLiteTokenStorage
    with kind(tmp_path / "tokens") as old:
        old.store_token_data_by_resource_server({AUTH: make_token(AUTH, access_token="old")})
    for server in (LOCAL, "https://auth.example.org/", PRODUCTION):
        with app_at(server, url) as app:
            storage = app.token_storage.token_storage
            data = storage.get_token_data(AUTH)
            assert (None if data is None else data.access_token) == (
                "old" if server == PRODUCTION else None
            )
            storage.store_token_data_by_resource_server({AUTH: make_token(AUTH)})


def test_a_client_app_has_its_own_namespace_at_each_server() -> None:
    """The client's namespace, and the server's name."""
    client = ConfidentialAppAuthClient(CLIENT_ID, "not-a-secret", base_url=LOCAL)
    config = GlobusAppConfig(token_storage="memory")
    with ClientApp("tests", login_client=client, config=config) as app:
        assert namespace(app) == f"client:{CLIENT_ID}@http://127.0.0.1:8999"


def test_an_environment_has_its_own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its URL may be any; a program of that environment uses the plain namespace."""
    monkeypatch.setattr(EnvConfig, "_registry", dict(EnvConfig._registry))

    class Campus(EnvConfig):
        envname = "campus"
        domain = "example.org"
        auth_url = LOCAL
        server_aliases = ("https://login.example.org",)

    for url in (LOCAL, "https://login.example.org/"):
        client = NativeAppAuthClient(CLIENT_ID, base_url=url, environment="campus")
        config = GlobusAppConfig(token_storage="memory", environment="campus")
        assert namespace(UserApp("tests", login_client=client, config=config)) == "DEFAULT"


def objects(folder: pathlib.Path, **settings: t.Any) -> list[TokenStorage]:
    """A storage object of each kind."""
    return [
        MemoryTokenStorage(**settings),
        JSONTokenStorage(folder / "tokens.json", **settings),
        SQLiteTokenStorage(folder / "tokens.db", **settings),
    ]


def test_a_storage_object_is_that_of_its_first_app(tmp_path: pathlib.Path) -> None:
    """The program that passed it in sees the app's tokens through it, and it is not closed."""
    for storage in objects(tmp_path):
        app = app_at(LOCAL, storage)
        assert app.token_storage.token_storage is storage
        assert namespace(app) == storage.namespace == "DEFAULT@http://127.0.0.1:8999"
        assert app_at(LOCAL, storage).token_storage.token_storage is storage
        storage.close()


def test_a_storage_object_is_not_used_for_two_servers(tmp_path: pathlib.Path) -> None:
    """Whichever app is first, the other has an object of its own for the same place."""
    for servers in ((LOCAL, PRODUCTION), (PRODUCTION, LOCAL)):
        for storage in objects(tmp_path):
            first, second = (app_at(server, storage) for server in servers)
            token = make_token(AUTH, access_token=servers[0])
            first.token_storage.token_storage.store_token_data_by_resource_server({AUTH: token})
            kept = second.token_storage.token_storage
            assert kept.get_token_data(AUTH) is None or storage.describe().shared
            kept.store_token_data_by_resource_server({AUTH: make_token(AUTH)})
            assert storage.get_token_data(AUTH) == token
            third = app_at(servers[1], storage)
            assert third.token_storage.token_storage.get_token_data(AUTH) == make_token(AUTH)
            for app in (second, third):
                app.close()
            storage.close()


def test_a_namespace_that_was_chosen_is_the_programs_word(tmp_path: pathlib.Path) -> None:
    """It is used at each server."""
    for storage in objects(tmp_path, namespace="mine"):
        for server in (LOCAL, PRODUCTION):
            app = app_at(server, storage)
            assert app.token_storage.token_storage is storage
            assert namespace(app) == "mine"
        storage.close()


def test_the_files_format_is_the_same(tmp_path: pathlib.Path) -> None:
    """The server is part of the namespace's name, and of nothing else."""
    path = tmp_path / "tokens.json"
    with app_at(LOCAL, f"json:{path}") as app:
        app.token_storage.token_storage.store_token_data_by_resource_server(
            {AUTH: make_token(AUTH)}
        )
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["format_version"] == "2.0"
    assert list(document["data"]) == ["DEFAULT@http://127.0.0.1:8999"]
    assert document["data"]["DEFAULT@http://127.0.0.1:8999"][AUTH] == make_token(AUTH).to_dict()


def test_an_auth_client_uses_the_server_of_its_app() -> None:
    """The app's tokens go to the server that issued them, unless the program names another."""
    with app_at(LOCAL) as app:
        assert app.service_url("auth") == AuthClient(app=app).base_url == LOCAL
        assert AuthClient(app=app, base_url=PRODUCTION).base_url == PRODUCTION
        assert app.service_url("transfer") is None
    with UserApp("tests", client_id=CLIENT_ID) as app:
        assert AuthClient(app=app).base_url == PRODUCTION


def test_no_command_is_named_that_would_log_in_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It does not know of a server that only the program knows."""
    for url, known in ((LOCAL, False), (PRODUCTION, True)):
        with app_at(url, "json") as app, pytest.raises(LoginRequiredError) as caught:
            app.login()
        assert (caught.value.command is not None) is known
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", LOCAL)
    with app_at(LOCAL, "json") as app, pytest.raises(LoginRequiredError) as caught:
        app.login()
    assert caught.value.command is not None
