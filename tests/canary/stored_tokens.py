"""
Scenarios: the older adapters of token storage, and token files in trouble.
"""

from __future__ import annotations

import json
import os
import pathlib
import tempfile
import threading
import types
import typing as t

import pytest

from globus_core.token_storage import (
    JSONTokenStorage,
    SQLiteTokenStorage,
    TokenStorageData,
    ValidatingTokenStorage,
)
from globus_core.token_storage.legacy import (
    FileAdapter,
    MemoryAdapter,
    SimpleJSONFileAdapter,
    SQLiteAdapter,
)

if t.TYPE_CHECKING:
    from tests.canary.watch import Watch

LONG_AGO = 1_700_000_000


def _response(watch: Watch) -> t.Any:
    record = {
        "resource_server": "a",
        "scope": "openid",
        "access_token": watch.secrets.make("a token in an adapter"),
        "refresh_token": watch.secrets.make("a refresh token in an adapter"),
        "expires_at_seconds": 1,
    }
    return types.SimpleNamespace(by_resource_server={"a": record})


def older_adapters(watch: Watch) -> None:
    """Each of them: used, with a wrong record, and with a damaged file."""
    response = _response(watch)
    watch.failing(FileAdapter().store, response)
    watch.failing(FileAdapter().get_token_data, "a")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        in_json, in_sqlite = SimpleJSONFileAdapter(folder / "t"), SQLiteAdapter(folder / "t.db")
        in_memory = SQLiteAdapter(":memory:")
        for adapter in (MemoryAdapter(), in_json, in_sqlite, in_memory):
            adapter.store(response)
            adapter.on_refresh(response)
            watch.show(adapter, holds_tokens=True)
            adapter.get_token_data("a")
        assert in_json.get_by_resource_server()
        assert in_json.file_exists()
        for database in (in_sqlite, in_memory):
            _configuration(watch, database)
            for text in ("{" + watch.secrets.make("a token alone"), "[]"):
                for table in ("token", "config"):
                    database._database.change(
                        f"UPDATE {table}_storage SET {table}_data_json = ?", text
                    )
                watch.failing(database.get_token_data, "a")
                watch.failing(database.get_by_resource_server)
                watch.failing(database.read_config, "colours")
            database.remove_config("colours")
            database.remove_tokens_for_resource_server("a")
            database.close()
        token = watch.secrets.make("a token in an older file")
        for text in (token, json.dumps({"by_rs": token}), json.dumps({"format_version": token})):
            _write(folder / "t", text)
            watch.attempt(in_json.get_token_data, "a")
            watch.attempt(in_json.store, response)


def _configuration(watch: Watch, database: SQLiteAdapter) -> None:
    database.store_config("colours", {"sky": watch.secrets.make("what a program configures")})
    assert database.read_config("colours")
    assert list(database.iter_namespaces(include_config_namespaces=True)) == ["DEFAULT"]
    watch.failing(database.store_config, "colours", {"sky": object()})


def _write(path: pathlib.Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o600)
    os.utime(path, (LONG_AGO, LONG_AGO))


def files_in_trouble(watch: Watch) -> None:
    """Links, other people's files, no locks, locks that are not free, modes that stay."""
    from globus_core_storage import _file_lock, file

    data = TokenStorageData("a", None, "s", watch.secrets.make("a token in trouble"), None, 1, None)
    tokens = {"a": data}
    for number, kind in enumerate((JSONTokenStorage, SQLiteTokenStorage)):
        with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
            folder = pathlib.Path(name)
            storage = kind(folder / "t")
            storage.store_token_data_by_resource_server(tokens)
            _renewal_that_takes_long(watch, storage)
            ValidatingTokenStorage(storage).sweep()
            storage.store_token_data_by_resource_server(tokens)
            patch.setattr(file, "WRITE_LOCK_SECONDS", 0.01)
            patch.setattr(storage, "_timeout", 0.01, raising=False)
            with storage._write_lock(str(folder / "t")):
                watch.failing(storage.store_token_data_by_resource_server, tokens)
            (folder / "link").symlink_to(folder.parent / f"elsewhere-{number}")
            watch.failing(kind(folder / "link").store_token_data_by_resource_server, tokens)
            patch.setattr(_file_lock, "_lock", _no_locks)
            storage.store_token_data_by_resource_server(tokens)
            (folder / "t").chmod(0o644)
            patch.setattr(os, "chmod", _no_locks)
            storage.get_token_data("a")
            someone = os.geteuid() + 1
            patch.setattr(os, "geteuid", lambda someone=someone: someone)
            watch.failing(storage.get_token_data, "a")
            watch.failing(storage.store_token_data_by_resource_server, tokens)
            storage.close()


def _renewal_that_takes_long(watch: Watch, storage: t.Any) -> None:
    def renew() -> None:
        watch.failing(storage.renewal_lock("a", timeout=0.01).__enter__)

    with storage.renewal_lock("a"):
        renew()
        other = threading.Thread(target=renew)
        other.start()
        other.join()


def _no_locks(*arguments: t.Any) -> t.NoReturn:
    raise OSError(37, "No locks available")


SCENARIOS = (older_adapters, files_in_trouble)
