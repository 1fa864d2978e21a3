"""
Token files where nothing can be written: tokens are read, and errors name the way out.
"""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys
import typing as t

import pytest

from globus_core.testing.stored_tokens import make_token
from globus_core_storage import JSONTokenStorage, SQLiteTokenStorage

READ_AND_STORE = """
import json, sys
from globus_core.exc import StorageError
from globus_core.testing.stored_tokens import make_token
from globus_core_storage import JSONTokenStorage, SQLiteTokenStorage

kind, path = sys.argv[1:]
storage = {"json": JSONTokenStorage, "sqlite": SQLiteTokenStorage}[kind](path)
try:
    for _ in range(2):
        found = storage.get_token_data("a")
        assert list(storage.get_token_data_by_resource_server()) == ["a"]
    print(found.access_token)
except StorageError as error:
    print(error)
try:
    storage.store_token_data_by_resource_server({"a": make_token("a")})
except StorageError as error:
    print(error)
"""
MOUNTED = (
    'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'  # in its own namespace
)


def _read_only(folder: pathlib.Path, *arguments: str) -> list[str]:
    """Run the program while a folder is mounted read-only, for itself alone."""
    namespace = ["unshare", "-rm", "sh", "-c"]
    if shutil.which("unshare") is None or not _works([*namespace, MOUNTED, str(folder), "true"]):
        pytest.skip("this machine allows no mount in a namespace")
    program = [sys.executable, "-c", READ_AND_STORE, *arguments]
    done = subprocess.run(
        [*namespace, MOUNTED, str(folder), *program], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def _works(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("kind", ["json", "sqlite"])
def test_tokens_on_read_only_media_are_read(tmp_path: pathlib.Path, kind: str) -> None:
    """Storing there is an error that says where tokens may be kept."""
    makers: dict[str, t.Any] = {"json": JSONTokenStorage, "sqlite": SQLiteTokenStorage}
    path = tmp_path / "tokens"
    with makers[kind](path) as storage:
        storage.store_token_data_by_resource_server({"a": make_token("a")})
    before = sorted(entry.name for entry in tmp_path.iterdir())

    found, error = _read_only(tmp_path, kind, str(path))

    assert found == make_token("a").access_token
    assert "Read-only file system" in error
    assert "'memory'" in error
    assert "GLOBUS_TOKENS" in error
    assert sorted(entry.name for entry in tmp_path.iterdir()) == before


def test_a_log_that_was_not_written_back_is_not_passed_over(tmp_path: pathlib.Path) -> None:
    """The database alone would give older tokens, so without the log's index it is an error."""
    path = tmp_path / "tokens"
    with SQLiteTokenStorage(path) as storage:
        storage.store_token_data_by_resource_server({"a": make_token("a")})
        content = path.read_bytes(), path.with_name("tokens-wal").read_bytes()
    path.write_bytes(content[0])
    path.with_name("tokens-wal").write_bytes(content[1])
    path.with_name("tokens-wal").chmod(0o600)

    error = _read_only(tmp_path, "sqlite", str(path))[0]

    assert "cannot be used" in error
    assert "GLOBUS_TOKENS" in error
