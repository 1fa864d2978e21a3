"""
``globus-core tokens``: between all kinds of storages, verified, and without a token shown.
"""

from __future__ import annotations

import json
import os
import pathlib
import typing as t

import pytest
from globus_sdk.token_storage import (
    JSONTokenStorage as TheirJSON,
)
from globus_sdk.token_storage import (
    SQLiteTokenStorage as TheirSQLite,
)
from globus_sdk.token_storage import (
    TokenStorageData as TheirData,
)

from globus_core.exc import StorageError
from globus_core.testing import make_token
from globus_core.token_storage import (
    EncryptedTokenStorage,
    JSONTokenStorage,
    SQLiteTokenStorage,
    TokenStorage,
)
from globus_core_cli.group import cli
from tests.commands import separate_runner

if t.TYPE_CHECKING:
    from click.testing import Result

CANARY = "canary-Ag4kq0rT7"
A, B = "a.example.org", "b.example.org"
NAMESPACES = ("DEFAULT", "user/production")


def record(name: str, **changes: t.Any) -> t.Any:
    """A record whose tokens must not be shown."""
    secret = {"access_token": f"{CANARY}-{name}", "refresh_token": f"{CANARY}-r-{name}"}
    return make_token(name, **{**secret, **changes})


@pytest.fixture(autouse=True)
def place(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A folder to be in, with a key for what is encrypted."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GLOBUS_CORE_STORAGE_KEY", "0f" * 32)
    monkeypatch.delenv("GLOBUS_CLIENT_ID", raising=False)
    return tmp_path


def run(*line: str, code: int = 0) -> Result:
    """Run the command, and see that nothing shows a token."""
    result = separate_runner().invoke(cli, ["tokens", *line], prog_name="globus-core")
    assert CANARY not in result.stdout + result.stderr
    assert result.exit_code == code, result.stderr
    return result


def filled(kind: t.Any, path: str) -> None:
    """A storage with two tokens in each of two namespaces."""
    for namespace in NAMESPACES:
        with kind(path, namespace=namespace) as storage:
            storage.store_token_data_by_resource_server({n: record(n) for n in (A, B)})


def content(kind: t.Any, path: str) -> dict[str, t.Any]:
    """All that is in a storage."""
    found = {}
    for namespace in NAMESPACES:
        with kind(path, namespace=namespace) as storage:
            found[namespace] = storage.get_token_data_by_resource_server()
    return found


ALL = {namespace: {name: record(name) for name in (A, B)} for namespace in NAMESPACES}
NOTHING: dict[str, t.Any] = {namespace: {} for namespace in NAMESPACES}
KINDS = {
    "json": JSONTokenStorage,
    "sqlite": SQLiteTokenStorage,
    "encrypted": EncryptedTokenStorage,
}


@pytest.mark.parametrize("source", KINDS)
@pytest.mark.parametrize("target", KINDS)
def test_tokens_move_between_all_kinds(place: pathlib.Path, source: str, target: str) -> None:
    """With all their fields and namespaces; a second move has nothing to do."""
    filled(KINDS[source], "from")
    places = f"{source}://{place}/from", f"{target}://{place}/to"
    run("move", *places)

    assert content(KINDS[target], "to") == ALL
    assert content(KINDS[source], "from") == NOTHING
    assert "no tokens" in run("move", *places).stdout
    listed = json.loads(run("list", places[1], "--json").stdout)
    assert [(row["namespace"], row["resource_server"]) for row in listed] == [
        (namespace, name) for namespace in NAMESPACES for name in (A, B)
    ]
    assert {row["refresh_token"] for row in listed} == {"yes"}


@pytest.mark.parametrize("theirs", [TheirJSON, TheirSQLite])
def test_files_of_globus_sdk_are_moved_and_copied_by_their_paths(
    place: pathlib.Path, theirs: t.Any
) -> None:
    """Whatever the file's name is; a copy leaves them for programs that still need them."""
    storage = theirs(str(place / "their tokens#1"))
    data = TheirData(**record(A).to_dict())
    storage.store_token_data_by_resource_server({A: data})
    for options, state in (("--keep",), "copied"), ((), "already there"):
        moved = run("move", "their tokens#1", f"encrypted://{place}/to", "--json", *options)
        assert [row["state"] for row in json.loads(moved.stdout)] == [state]
        assert (storage.get_token_data(A) is None) == (not options)
    storage.close()
    with EncryptedTokenStorage("to") as encrypted:
        assert encrypted.get_token_data(A) == record(A)


def test_a_dry_run_changes_nothing(place: pathlib.Path) -> None:
    """It says what would be done."""
    filled(JSONTokenStorage, "from")
    result = run("move", "from", f"encrypted://{place}/to", "--dry-run")
    assert result.stdout.count("would be moved") == 4
    assert "nothing was changed" in result.stderr
    assert content(JSONTokenStorage, "from") == ALL
    assert not (place / "to").exists()


def test_one_namespace_can_be_moved(place: pathlib.Path) -> None:
    """The others stay."""
    filled(JSONTokenStorage, "from")
    run("move", "from", f"sqlite://{place}/to", "--namespace", NAMESPACES[1])
    assert content(SQLiteTokenStorage, "to") == {**NOTHING, NAMESPACES[1]: ALL[NAMESPACES[1]]}
    assert content(JSONTokenStorage, "from") == {**NOTHING, "DEFAULT": ALL["DEFAULT"]}


def test_other_tokens_in_the_way_are_replaced_only_on_demand(place: pathlib.Path) -> None:
    """Until then nothing at all is moved."""
    filled(JSONTokenStorage, "from")
    other = record(B, access_token=f"{CANARY}-other")
    target = SQLiteTokenStorage("to")
    target.store_token_data_by_resource_server({B: other})
    line = ("move", "from", f"sqlite://{place}/to")
    result = run(*line, code=1)
    assert "another one is there" in result.stdout
    assert "--replace" in result.stderr
    assert content(JSONTokenStorage, "from") == ALL
    assert target.get_token_data_by_resource_server() == {B: other}
    assert run(*line, "--replace").stdout.count("replaced") == 1
    assert content(SQLiteTokenStorage, "to") == ALL
    target.close()


def test_a_name_means_the_storage_of_an_app(place: pathlib.Path) -> None:
    """Which app, its client id says, by an option or by the variable."""
    path = place / "home" / ".globus" / "app" / "x" / "portal" / "tokens.json"
    filled(JSONTokenStorage, str(path))
    of_app = ("--client-id", "x", "--app-name", "portal")
    run("move", "json", "encrypted", *of_app)
    assert content(EncryptedTokenStorage, str(path.with_name("tokens.encrypted"))) == ALL
    assert run("list", "encrypted", *of_app).stdout.count("example.org") == 8
    assert "needs --client-id" in run("list", "json", code=2).stderr


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        (("list", "nosuch"), 2, "unknown token storage 'nosuch'"),
        (("list", "nosuch:///x"), 2, "unknown token storage 'nosuch'"),
        (("list", "json://host/x"), 2, "has a path and nothing else"),
        (("move", "a", "json:a"), 2, "the same place"),
        (("list", "other"), 1, "is not a token file"),
        (("list", "encrypted:a"), 1, "globus-core tokens move"),
        (("list", "sealed"), 2, "is encrypted; write 'keyring://"),
    ],
)
def test_what_cannot_be_used_is_refused(line: tuple[str, ...], code: int, says: str) -> None:
    """And stays as it is."""
    filled(JSONTokenStorage, "a")
    filled(EncryptedTokenStorage, "sealed")
    pathlib.Path("other").write_text(json.dumps({"text": CANARY}))
    assert says in run(*line, code=code).stderr
    assert content(JSONTokenStorage, "a") == ALL


@pytest.mark.parametrize("at", range(1, 9))
def test_a_move_that_breaks_off_is_repeated(
    place: pathlib.Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it breaks off, each token is in one of the storages, and then all are in one."""
    filled(JSONTokenStorage, "from")
    line = ("move", "from", f"encrypted://{place}/to")
    with monkeypatch.context() as patch:
        left = [at]

        def counting(real: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
            def step(*args: t.Any) -> t.Any:
                left[0] -= 1
                if not left[0]:
                    raise StorageError("no space left")
                return real(*args)

            return step

        store = EncryptedTokenStorage.store_token_data_by_resource_server
        patch.setattr(EncryptedTokenStorage, "store_token_data_by_resource_server", counting(store))
        patch.setattr(JSONTokenStorage, "replace", counting(JSONTokenStorage.replace))
        assert "no space left" in run(*line, code=1).stderr
    here, there = content(JSONTokenStorage, "from"), content(EncryptedTokenStorage, "to")
    for namespace in NAMESPACES:
        assert {**here[namespace], **there[namespace]} == ALL[namespace]
    run(*line)
    assert content(EncryptedTokenStorage, "to") == ALL
    assert content(JSONTokenStorage, "from") == NOTHING


def test_a_token_that_is_renewed_meanwhile_is_moved_as_it_is_then(
    place: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is removed only if it is what was stored."""
    JSONTokenStorage("from").store_token_data_by_resource_server({A: record(A)})
    newer = record(A, access_token=f"{CANARY}-newer")
    replace = JSONTokenStorage.replace
    renewed: list[int] = []

    def renewing(self: JSONTokenStorage, *args: t.Any) -> bool:
        if not renewed:
            renewed.append(1)
            self.store_token_data_by_resource_server({A: newer})
        return replace(self, *args)

    monkeypatch.setattr(JSONTokenStorage, "replace", renewing)
    run("move", "from", f"encrypted://{place}/to")
    assert EncryptedTokenStorage("to").get_token_data(A) == newer
    assert JSONTokenStorage("from").get_token_data(A) is None


def test_what_does_not_come_back_is_not_removed(
    place: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a storage that forgets a field."""
    filled(JSONTokenStorage, "from")
    read = EncryptedTokenStorage.get_token_data

    def forgetful(self: t.Any, server: str) -> t.Any:
        data = read(self, server)
        if data is not None:
            data.refresh_token = None
        return data

    monkeypatch.setattr(EncryptedTokenStorage, "get_token_data", forgetful)
    result = run("move", "from", f"encrypted://{place}/to", code=1)
    assert "did not come back as it was stored" in result.stderr
    assert content(JSONTokenStorage, "from") == ALL


def test_a_storage_that_lists_no_namespaces_is_moved_by_its_own(
    place: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one of a third party may be."""
    filled(JSONTokenStorage, "from")
    monkeypatch.setattr(JSONTokenStorage, "namespaces", TokenStorage.namespaces)
    run("move", "from", f"encrypted://{place}/to")
    assert content(EncryptedTokenStorage, "to") == {**NOTHING, "DEFAULT": ALL["DEFAULT"]}
    assert os.path.exists("from")
