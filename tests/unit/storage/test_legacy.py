"""
The older adapters: what a response has by resource server, kept as safely as elsewhere.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import stat
import threading
import typing as t

import pytest

from globus_core.exc import GlobusSDKUsageError, ValidationError
from globus_core.testing.stored_tokens import CANARY
from globus_core.token_storage.legacy import (
    FileAdapter,
    MemoryAdapter,
    SimpleJSONFileAdapter,
    SQLiteAdapter,
    StorageAdapter,
)
from globus_core_storage import DamagedStorageWarning, UnusableStorageError

FILES = (SimpleJSONFileAdapter, SQLiteAdapter)
in_files = pytest.mark.parametrize("make", FILES)
LONG_AGO = 1_700_000_000


class Response:
    """A token response, as far as adapters look at it."""

    def __init__(self, *names: str, **changes: t.Any) -> None:
        self.by_resource_server = {name: record(name, **changes) for name in names}


def record(name: str, **changes: t.Any) -> dict[str, t.Any]:
    made = {"resource_server": name, "scope": "openid", "access_token": CANARY}
    return {**made, "refresh_token": None, "expires_at_seconds": 1, "odd": [1], **changes}


def make_in(kind: t.Any, path: pathlib.Path) -> t.Any:
    return kind() if kind is MemoryAdapter else kind(path / "tokens")


@pytest.mark.parametrize("kind", [MemoryAdapter, *FILES])
def test_a_response_is_kept_as_it_was(tmp_path: pathlib.Path, kind: t.Any) -> None:
    """All of its keys, also unknown ones; a refresh replaces what it brings and no more."""
    adapter = make_in(kind, tmp_path)
    assert adapter.get_token_data("a") is None
    adapter.store(Response("a", "b"))
    adapter.on_refresh(Response("b", access_token="newer"))
    assert adapter.get_token_data("a") == record("a")
    assert adapter.get_token_data("b") == record("b", access_token="newer")
    adapter.get_token_data("a")["access_token"] = "changed by its holder"
    assert adapter.get_token_data("a") == record("a")
    assert CANARY not in repr(adapter)
    getattr(adapter, "close", lambda: None)()


@in_files
def test_their_files_are_private_and_named(
    tmp_path: pathlib.Path, make: t.Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the umask, which nobody changes; a bare file name works."""
    monkeypatch.chdir(tmp_path)
    adapter = make("tokens")
    assert adapter.filename == "tokens"
    assert adapter.file_exists() is False
    previous = os.umask(0)
    try:
        adapter.store(Response("a"))
        assert os.umask(0) == 0
    finally:
        os.umask(previous)
    assert adapter.file_exists() is True
    if os.name == "posix":
        files = [entry for entry in tmp_path.rglob("*") if entry.is_file()]
        assert {stat.S_IMODE(entry.stat().st_mode) for entry in files} == {0o600}
    getattr(adapter, "close", lambda: None)()


@in_files
def test_objects_on_one_file_lose_nothing(tmp_path: pathlib.Path, make: t.Any) -> None:
    """Threads, each with an object of its own, store at once."""

    def store(number: int) -> None:
        adapter = make(tmp_path / "tokens")
        for turn in range(5):
            adapter.store(Response(f"{number}-{turn}"))
        getattr(adapter, "close", lambda: None)()

    threads = [threading.Thread(target=store, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    adapter = make(tmp_path / "tokens")
    assert len(adapter.get_by_resource_server()) == 20
    getattr(adapter, "close", lambda: None)()


@in_files
def test_a_damaged_file_is_moved_aside(tmp_path: pathlib.Path, make: t.Any) -> None:
    """It reads as no token, with a warning that names where it is now."""
    path = tmp_path / "tokens"
    path.write_bytes(bytes(16) + b"damaged " * 1000)
    os.utime(path, (LONG_AGO, LONG_AGO))
    adapter = make(path)
    with pytest.warns(DamagedStorageWarning, match="damaged-1"):
        assert adapter.get_token_data("a") is None
    adapter.store(Response("a"))
    assert adapter.get_token_data("a") == record("a")
    getattr(adapter, "close", lambda: None)()


def test_the_json_adapter_writes_version_1(tmp_path: pathlib.Path) -> None:
    """Without namespaces, and with what others have put into the file."""
    path = tmp_path / "tokens"
    adapter = SimpleJSONFileAdapter(str(path))
    adapter.store(Response("a"))
    document = json.loads(path.read_text())
    assert {key: document[key] for key in ("format_version", "by_rs")} == {
        "format_version": "1.0",
        "by_rs": {"a": record("a")},
    }
    assert "data" not in document
    path.write_text(json.dumps({**document, "later": 1}))
    adapter.store(Response("b"))
    document = json.loads(path.read_text())
    assert (document["later"], set(document["by_rs"])) == (1, {"a", "b"})
    assert adapter.format_version == "1.0"
    assert adapter.supported_versions == ("1.0",)


def test_the_json_adapter_refuses_a_later_version(tmp_path: pathlib.Path) -> None:
    """By an error that is a ValueError, as before."""
    path = tmp_path / "tokens"
    path.write_text('{"format_version": "2.0", "globus-sdk.version": "4", "data": {}}')
    with pytest.raises(UnusableStorageError, match=r"only 1\.0"):
        SimpleJSONFileAdapter(path).get_token_data("a")


@pytest.mark.parametrize("where", ["a file", "memory"])
def test_the_sqlite_adapter_keeps_tokens_and_configuration(
    tmp_path: pathlib.Path, where: str
) -> None:
    """By namespace, from any thread."""
    adapter = SQLiteAdapter(":memory:" if where == "memory" else tmp_path / "t", namespace="n")
    adapter.store_config("c", {"a": [1]})
    assert list(adapter.iter_namespaces(include_config_namespaces=True)) == ["n"]
    thread = threading.Thread(target=adapter.store, args=(Response("a", "b"),))
    thread.start()
    thread.join(60)
    assert list(adapter.iter_namespaces()) == ["n"]
    assert list(adapter.iter_namespaces(include_config_namespaces=True)) == ["n"]
    assert adapter.read_config("c") == {"a": [1]}
    assert adapter.remove_tokens_for_resource_server("a") is True
    assert adapter.remove_tokens_for_resource_server("a") is False
    assert adapter.get_by_resource_server() == {"b": record("b")}
    assert adapter.remove_config("c") is True
    assert adapter.read_config("c") is None
    adapter.close()


def test_namespaces_of_other_programs_may_have_slashes(tmp_path: pathlib.Path) -> None:
    """The adapter of globus-sdk took any text, and programs have used it."""
    with contextlib.closing(SQLiteAdapter(tmp_path / "t", namespace="user/production")) as adapter:
        adapter.store_config("name", {"a": 1})
        assert adapter.read_config("name") == {"a": 1}
        assert list(adapter.iter_namespaces(include_config_namespaces=True)) == ["user/production"]


@pytest.mark.parametrize("where", [":memory:", "t"])
def test_the_sqlite_adapter_names_what_it_cannot_store(tmp_path: pathlib.Path, where: str) -> None:
    """A lone surrogate in a name is a usage error."""
    place = where if where == ":memory:" else tmp_path / where
    with contextlib.closing(SQLiteAdapter(place)) as adapter:
        adapter.store_config("name", {})
        with pytest.raises(GlobusSDKUsageError, match="lone surrogate"):
            adapter.read_config("\ud800")
        with pytest.raises(GlobusSDKUsageError, match="lone surrogate"):
            adapter.store_config("\ud800", {})


def test_a_database_that_is_not_there_is_empty(tmp_path: pathlib.Path) -> None:
    """Reading and removing make no file."""
    adapter = SQLiteAdapter(tmp_path / "t")
    assert adapter.get_by_resource_server() == {}
    assert adapter.read_config("c") is None
    assert list(adapter.iter_namespaces(include_config_namespaces=True)) == []
    assert adapter.remove_config("c") is False
    assert adapter.remove_tokens_for_resource_server("a") is False
    assert adapter.file_exists() is False
    adapter.close()


def test_a_wrong_record_is_an_error_that_shows_nothing_of_it(tmp_path: pathlib.Path) -> None:
    """Neither in its text nor in its cause."""
    adapter = SQLiteAdapter(tmp_path / "t")
    adapter.store(Response("a"))
    adapter.store_config("c", {})
    for table, column in (("token", "token"), ("config", "config")):
        adapter._database.change(f"UPDATE {table}_storage SET {column}_data_json = ?", "{" + CANARY)
    for read in (
        lambda: adapter.get_token_data("a"),
        adapter.get_by_resource_server,
        lambda: adapter.read_config("c"),
    ):
        with pytest.raises(ValidationError, match="not a JSON object") as caught:
            read()
        assert CANARY not in str(caught.value)
        assert caught.value.__context__ is None
    adapter.close()


def test_an_adapter_of_ones_own_says_what_it_cannot_do() -> None:
    """And a refresh is stored by whatever stores."""
    with pytest.raises(NotImplementedError, match="StorageAdapter cannot store"):
        StorageAdapter().on_refresh(Response("a"))
    with pytest.raises(NotImplementedError, match="FileAdapter cannot read"):
        FileAdapter().get_token_data("a")
    with FileAdapter().user_only_umask():
        assert os.umask(0o177) == 0o177
