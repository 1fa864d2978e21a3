"""
``globus-core token`` with a stored token that is still good: what it prints, and what it leaves to
the complete command.
"""

from __future__ import annotations

import json
import os
import time
import typing as t

import pytest

from globus_core.service_clients import client_class
from globus_core.token_storage import JSONTokenStorage, SQLiteTokenStorage, TokenStorageData
from globus_core_cli import stored_token
from globus_core_cli.group import cli
from globus_core_cli.stored_token import print_stored
from globus_core_storage import reading
from tests.commands import separate_runner
from tests.unit.cli.commands import run

if t.TYPE_CHECKING:
    import pathlib

CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f02"
SERVER = "transfer.api.globus.org"
SCOPE = "urn:globus:auth:scope:transfer.api.globus.org:all"
TOKEN = "not-a-token-of-anybody"
STORAGES: dict[str, t.Any] = {"json": JSONTokenStorage, "sqlite": SQLiteTokenStorage}
READ: dict[str, t.Any] = {"json": reading.read_json, "sqlite": reading.read_sqlite}


class Config:
    """What a storage wants to know of an app."""

    environment = "production"


def record(seconds: float = 3600, **changes: t.Any) -> TokenStorageData:
    """A token that is good for so long."""
    fields: dict[str, t.Any] = {
        "resource_server": SERVER,
        "identity_id": None,
        "scope": SCOPE,
        "access_token": TOKEN,
        "refresh_token": "not-a-refresh-token-of-anybody",
        "expires_at_seconds": int(time.time() + seconds),
        "token_type": "Bearer",
    }
    return TokenStorageData(**{**fields, **changes})


@pytest.fixture(autouse=True)
def _home(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home with nothing in it, and a client id."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GLOBUS_CLIENT_ID", CLIENT_ID)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)


def store(kind: str = "json", *, namespace: str = "DEFAULT", **changes: t.Any) -> t.Any:
    """Store a token as a login does."""
    made = STORAGES[kind].for_globus_app(CLIENT_ID, "globus-core", Config(), namespace)
    data = record(**changes)
    made.store_token_data_by_resource_server({data.resource_server: data})
    made.close()
    return made


def complete(*arguments: str) -> str:
    """What the complete command prints."""
    result = separate_runner().invoke(cli, ["token", *arguments])
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize("kind", STORAGES)
@pytest.mark.parametrize(
    "arguments",
    [
        ["transfer"],
        [SERVER],
        ["transfer", "--header"],
        ["--json", "transfer"],
        ["transfer", "--json", "--header"],
        ["--scope", SCOPE, "transfer", "--min-valid=10m"],
    ],
)
def test_it_prints_what_the_complete_command_prints(
    kind: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """By service or resource server, as text, header or JSON, from both kinds of file."""
    store(kind)
    arguments = [*arguments, "--token-storage", kind]
    assert print_stored(arguments)
    printed = capsys.readouterr()
    assert printed.err == ""
    assert TOKEN in printed.out
    assert printed.out == complete(*arguments)


def test_a_database_in_use_is_read_too(capsys: pytest.CaptureFixture[str]) -> None:
    """With what is in its write-ahead log only."""
    made = store("sqlite")
    newer = record(access_token="a-newer-token")
    made.store_token_data_by_resource_server({SERVER: newer})
    try:
        assert print_stored(["transfer", "--token-storage", "sqlite"])
        assert capsys.readouterr().out == "a-newer-token\n"
    finally:
        made.close()


def test_tokens_of_a_namespace_an_app_a_server_and_a_url_are_told_apart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the options and variables of all commands do it."""
    store(namespace="other", access_token="of-the-namespace")
    store(namespace="DEFAULT@http://127.0.0.1:9", access_token="of-the-server")
    by_url = JSONTokenStorage(tmp_path / "x.json")
    by_url.store_token_data_by_resource_server({SERVER: record(access_token="of-the-url")})
    assert not print_stored(["transfer"])
    assert print_stored(["transfer", "--namespace", "other"])
    assert print_stored(["transfer", "--token-storage", f"json://{tmp_path}/x.json"])
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", "http://127.0.0.1:9/")
    assert print_stored(["transfer"])
    assert not print_stored(["transfer", "--app-name", "another"])
    printed = capsys.readouterr().out.split()
    assert printed == ["of-the-namespace", "of-the-url", "of-the-server"]


def test_the_client_of_a_job_has_its_own_tokens(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not those of a person with the same client."""
    store(access_token="of-the-person")
    store(namespace=f"client:{CLIENT_ID}", access_token="of-the-client")
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", "not-a-secret-of-anybody")
    assert print_stored(["transfer"])
    assert capsys.readouterr().out == "of-the-client\n"


def test_tokens_given_to_a_job_come_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the file that GLOBUS_TOKENS_FILE names, if it says until when they are good."""
    store()
    given = {SERVER: {"access_token": "given", "expires_at_seconds": int(time.time()) + 600}}
    path = tmp_path / "tokens"
    path.touch(mode=0o600)
    path.write_text(json.dumps(given), encoding="utf-8")
    monkeypatch.setenv("GLOBUS_TOKENS_FILE", str(path))
    assert print_stored(["transfer"])
    assert capsys.readouterr().out == "given\n"
    assert not print_stored(["transfer", "--min-valid", "1h"])
    assert not print_stored(["groups"])
    path.write_text(json.dumps({SERVER: "given"}), encoding="utf-8")
    assert not print_stored(["transfer"])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["groups"],
        ["transfer", "--min-valid", "2h"],
        ["transfer", "--min-valid", "soon"],
        ["transfer", "--scope", "urn:globus:auth:scope:transfer.api.globus.org:gateway"],
        ["transfer", "--token-storage", "memory"],
        ["transfer", "--token-storage", "json://host/x"],
        ["transfer", "--client-id", "another"],
        ["transfer", "--environment", "nowhere"],
        ["transfer", "groups"],
        ["transfer", "--help"],
        ["transfer", "--min-valid"],
        ["--header=1", "transfer"],
        ["--", "transfer"],
    ],
)
def test_everything_else_is_left_to_the_complete_command(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without any output of its own."""
    store()
    assert not print_stored(arguments)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("kind", STORAGES)
@pytest.mark.parametrize("what", ["others", "damaged", "missing", "link", "record"])
def test_a_file_that_is_not_as_usual_is_left_to_the_storage(
    kind: str, what: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which repairs it, or says what is wrong."""
    path = store(kind)._path
    if what == "others":
        os.chmod(path, 0o644)
    elif what == "missing":
        os.unlink(path)
    elif what == "link":
        os.rename(path, tmp_path / "elsewhere")
        os.symlink(tmp_path / "elsewhere", path)
    else:
        with open(path, "r+b") as file:
            content = file.read()
            changed = content.replace(b'"access_token"', b'"access_tokem"')
            file.seek(0)
            file.write(changed if what == "record" else content[: len(content) // 3])
            file.truncate()
    assert not print_stored(["transfer", "--token-storage", kind])
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(os.name != "posix", reason="modes and owners are those of POSIX")
@pytest.mark.parametrize("kind", STORAGES)
def test_a_file_that_somebody_else_could_use_is_left_to_the_storage(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever somebody else may do with it, and whoever owns it."""
    path = store(kind)._path
    read = READ[kind]
    for right in (0o040, 0o020, 0o010, 0o004, 0o002, 0o001):
        os.chmod(path, 0o600 | right)
        assert read(path, "DEFAULT", SERVER) is None
    os.chmod(path, 0o600)
    assert read(path, "DEFAULT", SERVER) is not None
    owner = os.geteuid()
    for other in (owner - 1, owner + 1):
        monkeypatch.setattr(os, "geteuid", lambda other=other: other)
        assert read(path, "DEFAULT", SERVER) is None


@pytest.mark.skipif(os.name != "posix", reason="a link needs no rights there")
def test_a_link_that_comes_after_the_look_at_the_file_is_not_followed(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could lead to a file that is written at the same time."""
    path = store()._path
    (tmp_path / "link").symlink_to(path)
    monkeypatch.setattr(reading, "_is_private", lambda path: True)
    assert reading.read_json(path, "DEFAULT", SERVER) is not None
    assert reading.read_json(str(tmp_path / "link"), "DEFAULT", SERVER) is None


def test_a_database_that_was_just_changed_is_not_taken_to_be_at_rest(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next change could have the same time."""
    path = store("sqlite")._path
    modes: list[str] = []
    queried = reading._queried

    def note(path: str, key: tuple[str, str], mode: str) -> t.Any:
        modes.append(mode)
        return queried(path, key, mode)

    monkeypatch.setattr(reading, "_queried", note)
    for changed in (time.time() - 3600, time.time() + 3600):
        os.utime(path, (changed, changed))
        assert reading.read_sqlite(path, "DEFAULT", SERVER) is not None
    assert modes == ["mode=ro&immutable=1", "mode=rw"]


@pytest.mark.parametrize("variable", ["GLOBUS_CORE_PLUGINS", "GLOBUS_CORE_PLUGINS_BLOCKED"])
def test_a_selection_of_plugins_is_left_to_the_complete_command(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plugin with the storages may be blocked."""
    store()
    monkeypatch.setenv(variable, "storage")
    assert not print_stored(["transfer"])


def test_the_resource_servers_of_services_are_those_of_their_clients() -> None:
    """The table saves importing the clients."""
    servers = {name: client_class(name).resource_server for name in stored_token.RESOURCE_SERVERS}
    assert servers == stored_token.RESOURCE_SERVERS


@pytest.mark.parametrize("kind", STORAGES)
def test_few_modules_are_imported(kind: str) -> None:
    """Neither click, nor pluggy, nor regular expressions, nor the package sqlite3."""
    store(kind)
    code = (
        "import os, sys; before = set(sys.modules)\n"
        "leave = os._exit\n"
        "os._exit = lambda code: (print(*set(sys.modules) - before), sys.stdout.flush(), "
        "leave(code))\n"
        "from globus_core_cli import main; main()"
    )
    done = run("token", "transfer", "--token-storage", kind, start=code)
    token, modules = done.stdout.splitlines()
    assert (token, done.returncode, done.stderr) == (TOKEN, 0, "")
    loaded = set(modules.split())
    heavy = {"click", "pluggy", "re", "enum", "json", "sqlite3", "logging", "typing", "subprocess"}
    assert not loaded & heavy
    assert sum(name.startswith("globus_core") for name in loaded) <= 30
