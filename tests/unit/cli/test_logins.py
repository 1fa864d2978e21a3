"""
``globus-core logins``, and the warning before a login or a session ends.
"""

from __future__ import annotations

import json
import os
import pathlib
import time
import typing as t

import pytest
from click.testing import Result

from globus_core import UserApp, hookimpl
from globus_core.exc import StorageError
from globus_core.globus_app import GlobusAppConfig
from globus_core.plugins import PluginManager, get_plugin_manager, set_plugin_manager
from globus_core.token_storage import JSONTokenStorage, TokenStorageData
from globus_core_cli._login_end import end_of
from globus_core_cli.group import cli
from tests.commands import separate_runner

if t.TYPE_CHECKING:
    from collections.abc import Iterator

ADA = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"
CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f02"
AUTH = "auth.globus.org"
TRANSFER = "transfer.api.globus.org"
DAY = 86400


@pytest.fixture(autouse=True)
def manager() -> Iterator[PluginManager]:
    """Plugins of this test alone."""
    previous = set_plugin_manager(PluginManager())
    yield get_plugin_manager()
    set_plugin_manager(previous)


def invoke(*arguments: str, **variables: str) -> Result:
    """Run a command in this process."""
    return separate_runner().invoke(
        cli,
        list(arguments),
        prog_name="globus-core",
        env={"GLOBUS_CLIENT_ID": CLIENT_ID, **variables},
    )


def record(resource_server: str = AUTH, *, age: float = 0, **fields: t.Any) -> TokenStorageData:
    """
    The tokens of a login.

    :param age: how long ago they were renewed, in seconds
    """
    given: dict[str, t.Any] = {
        "identity_id": ADA,
        "scope": "openid profile email",
        "access_token": "an access token",
        "refresh_token": "a refresh token",
        "expires_at_seconds": int(time.time() - age) + 2 * DAY,
        "token_type": "Bearer",
        "extra": {
            "last_authentication": int(time.time() - age),
            "preferred_username": "ada@example.org",
        },
    }
    return TokenStorageData(resource_server=resource_server, **{**given, **fields})


def log_in(
    *records: TokenStorageData, name: str = "globus-core", storage: str = "json", **settings: t.Any
) -> None:
    """Store tokens as an app does."""
    config = GlobusAppConfig(token_storage=storage, **settings)
    with UserApp(name, client_id=CLIENT_ID, config=config) as app:
        app.token_storage.token_storage.store_token_data_by_resource_server(
            {data.resource_server: data for data in records}
        )


def known() -> list[dict[str, t.Any]]:
    """The logins as JSON."""
    result = invoke("logins", "--json")
    assert result.exit_code == 0, result.output
    return t.cast("list[dict[str, t.Any]]", json.loads(result.stdout))


# logins


def test_without_logins_there_are_none() -> None:
    """Which is no failure, and creates no folder."""
    assert known() == []
    assert invoke("logins").stdout == "no logins\n"
    assert not (pathlib.Path.home() / ".globus").exists()


def test_logins_of_all_apps_storages_servers_and_namespaces_are_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the order of servers and apps, with person, storage and end."""
    log_in(record(), record(TRANSFER))
    log_in(record(), name="Nightly Copy", storage="sqlite")
    log_in(record(), environment="preview", storage="sqlite")
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", "http://127.0.0.1:1/")
    log_in(record())
    found = known()
    assert [(one["server"], one["app"], one["storage"]) for one in found] == [
        ("http://127.0.0.1:1", "globus-core", "json"),
        ("https://auth.globus.org", "globus-core", "json"),
        ("https://auth.globus.org", "nightly-copy", "sqlite"),
        ("https://auth.preview.globus.org", "globus-core", "sqlite"),
    ]
    assert found[1]["resource_servers"] == [AUTH, TRANSFER]
    assert {one["client_id"] for one in found} == {CLIENT_ID}
    assert {one["person"] for one in found} == {"ada@example.org"}
    assert "ada@example.org" in invoke("logins").stdout


def test_a_login_shows_no_token() -> None:
    """Neither as text nor as JSON."""
    log_in(record())
    assert "token" not in invoke("logins").stdout
    assert "an access token" not in invoke("logins", "--json").stdout


def test_a_person_whose_name_is_not_known_is_shown_by_id() -> None:
    """As of a login by another program."""
    log_in(record(extra={"preferred_username": 5}))
    assert known()[0]["person"] == ADA


def test_control_characters_in_a_name_do_not_reach_the_terminal() -> None:
    """A file may hold anything."""
    log_in(record(extra={"preferred_username": "ada\x1b[31m\n@example.org"}))
    assert "\x1b" not in invoke("logins").stdout


def test_a_login_ends_with_its_last_token() -> None:
    """A refresh token ends after half a year without use, an access token as it says."""
    log_in(record(age=10 * DAY), record(TRANSFER, age=20 * DAY), name="a")
    log_in(record(age=3 * DAY, refresh_token=None), name="b")
    first, second = known()
    assert first["ends_by"] == "refresh token"
    assert abs(first["ends_at_seconds"] - (time.time() + 170 * DAY)) < 60
    assert second["ends_by"] == "access token"
    assert second["ends"].startswith("ended 2")


def test_a_session_can_end_before_its_tokens() -> None:
    """Where somebody says how old a sign-in may be."""
    log_in(record(age=3 * DAY))
    result = invoke("logins", "--json", GLOBUS_CORE_SESSION_LIFETIME="10d")
    (login,) = json.loads(result.stdout)
    assert login["ends_by"] == "session"
    assert abs(login["ends_at_seconds"] - (time.time() + 7 * DAY)) < 60


def test_a_service_account_has_no_end() -> None:
    """Its secret renews everything."""
    namespace = f"client:{CLIENT_ID}"
    log_in(record())
    (path,) = pathlib.Path.home().rglob("tokens.json")
    document = json.loads(path.read_text("utf-8"))
    document["data"] = {namespace: document["data"]["DEFAULT"]}
    path.write_text(json.dumps(document), "utf-8")
    (login,) = known()
    assert login["ends"].startswith("never")
    assert login["ends_at_seconds"] is None


def test_what_cannot_be_read_is_named_and_the_rest_is_listed() -> None:
    """A file of another format, and what is no token file at all."""
    log_in(record())
    log_in(record(), name="other")
    folder = pathlib.Path.home() / ".globus" / "app" / CLIENT_ID
    (folder / "other" / "tokens.json").write_text('{"format_version": "9"}', "utf-8")
    (folder / "a-file").write_text("", "utf-8")
    (folder / "globus-core" / "xtokens.json").write_text("", "utf-8")
    (folder / "globus-core" / "-tokens.json").write_text("", "utf-8")
    result = invoke("logins", "--json")
    assert result.exit_code == 1
    assert [one["app"] for one in json.loads(result.stdout)] == ["globus-core"]
    assert "Error: json: " in result.stderr
    assert "other" in result.stderr


@pytest.mark.parametrize("storage", ["json", "sqlite"])
def test_a_damaged_file_is_named_and_stays_where_it_is(storage: str) -> None:
    """A list changes nothing; the app itself renames it at its next login."""
    log_in(record(), storage=storage)
    (path,) = pathlib.Path.home().rglob("tokens.*[bn]")
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * 200 + content[300:-10])
    damaged = path.read_bytes()
    result = invoke("logins")
    assert result.exit_code == 1
    assert "is damaged" in result.stderr
    assert path.read_bytes() == damaged
    assert not [*path.parent.glob("*.damaged*")]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_folders_that_may_not_be_read_are_left_out() -> None:
    """They belong to somebody else."""
    log_in(record())
    folder = pathlib.Path.home() / ".globus" / "app"
    folder.chmod(0)
    try:
        assert known() == []
    finally:
        folder.chmod(0o700)


def test_storages_of_plugins_can_be_listed_too(manager: PluginManager) -> None:
    """By a class method; a storage without it is left out."""

    class Storage:
        @classmethod
        def stored_by_apps(cls) -> Iterator[t.Any]:
            from globus_core.token_storage import MemoryTokenStorage

            storage = MemoryTokenStorage(namespace="x@https://auth.example.org")
            storage.store_token_data_by_resource_server({AUTH: record()})
            yield CLIENT_ID, "notebook", "production", storage

    class Plugin:
        @hookimpl
        def globus_token_storages(self) -> dict[str, t.Any]:
            return {"cupboard": Storage}

    manager.register(Plugin(), "cupboard")
    (login,) = known()
    assert (login["server"], login["app"], login["storage"]) == (
        "https://auth.example.org",
        "notebook",
        "cupboard",
    )


# the warning


@pytest.mark.parametrize(
    ("age", "lifetime", "said"),
    [
        (8 * DAY + 60, "10d", "the session ends in 1 day, at 2"),
        (9 * DAY + 3700, "10d", "the session ends in 22 hours, at 2"),
        (11 * DAY, "10d", "the session ended at 2"),
        (178 * DAY, "", "the login ends in 1 day, at 2"),
    ],
)
def test_commands_warn_days_before_a_login_or_session_ends(
    age: float, lifetime: str, said: str
) -> None:
    """On standard error, with the command to run; the output stays JSON."""
    log_in(record(age=age))
    result = invoke("session", "show", "--offline", "--json", GLOBUS_CORE_SESSION_LIFETIME=lifetime)
    assert result.exit_code == 0
    assert result.stderr.startswith(said)
    assert "run 'globus-core" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    json.loads(result.stdout)


@pytest.mark.parametrize(
    ("data", "lifetime"),
    [
        (record(age=6 * DAY), "10d"),
        (record(age=6 * DAY), ""),
        (record(age=DAY, refresh_token=None), ""),
        (record(age=6 * DAY, extra={"last_authentication": "x"}), "1d"),
    ],
    ids=["later", "no lifetime", "access token", "unknown sign-in"],
)
def test_there_is_no_warning_long_before_or_of_what_is_not_known(
    data: TokenStorageData, lifetime: str
) -> None:
    """An access token alone never lasts for days."""
    log_in(data)
    result = invoke("session", "show", "--offline", GLOBUS_CORE_SESSION_LIFETIME=lifetime)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_storage_that_fails_after_a_command_is_no_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The command has succeeded, and nothing is known of the end."""
    log_in(record(age=178 * DAY))

    def fail(*_: object) -> t.NoReturn:
        raise StorageError("the disk is gone")

    monkeypatch.setattr(JSONTokenStorage, "get_token_data", fail)
    result = invoke("session", "show", "--offline")
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_lifetime_that_is_none_is_wrong_usage() -> None:
    """Before the command does anything."""
    log_in(record())
    result = invoke("session", "show", "--offline", GLOBUS_CORE_SESSION_LIFETIME="soon")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "GLOBUS_CORE_SESSION_LIFETIME: 'soon' is not a length of time" in result.stderr
    assert invoke("logins", GLOBUS_CORE_SESSION_LIFETIME="soon").exit_code == 2


def test_the_first_end_counts() -> None:
    """Of the session and of what renews the tokens."""
    data = record(age=170 * DAY)
    assert end_of(data, None)[1] == "refresh token"
    assert end_of(data, 175 * DAY)[1] == "session"
    assert end_of(data, 365 * DAY)[1] == "refresh token"


def test_a_session_is_as_young_as_its_latest_sign_in() -> None:
    """Of any identity, since policies look for one that has signed in lately."""
    data = record(age=20 * DAY)
    data.extra["authentications"] = {"another": int(time.time()) - DAY, "damaged": "x"}
    end, by = end_of(data, 10 * DAY)
    assert by == "session"
    assert abs(end - time.time() - 9 * DAY) < 60


def test_storages_whose_packages_are_not_installed_are_left_out(manager: PluginManager) -> None:
    """Nobody can have a login in one of them here, so there is nothing to complain about."""

    class Gone:
        @hookimpl
        def globus_token_storages(self) -> dict[str, str]:
            return {"gone": "no_such_package.storage:Storage"}

    manager.register(Gone(), "gone")
    result = invoke("logins")
    assert (result.exit_code, result.stderr) == (0, "")
